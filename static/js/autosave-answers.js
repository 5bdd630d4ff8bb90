// Saves each answer as it is given, in order, one at a time. What is not yet acknowledged by the server stands in a queue
// (answers-queue.js) and is sent again when the connection is back and on the next page of the attempt. Without this
// file the buttons of the form do the same with a page load.

import { means, openQueue, same } from "./answers-queue.js";
import { download, wordsOf } from "./answers-words.js";

const TYPING = 800; // ms after the last key; a choice is sent at once
const WAITING = 1500; // ms after the first key that was not sent, for who types without a pause
const RETRY = 5000;
const LIMIT = 20000; // ms until a request counts as failed
const OUTLIVES = 60000; // bytes of requests that may outlive their page; browsers allow 64 KiB
const ENOUGH = 2; // failures after which a copy is offered

const form = document.querySelector("[data-autosave-answers], [data-resend-answers]");
if (form) autosave(form);

function autosave(form) {
  const answering = "autosaveAnswers" in form.dataset;
  const address = form.dataset.save ?? form.action;
  const queue = openQueue(form.dataset.autosaveAnswers ?? form.dataset.resendAnswers);
  const status = document.querySelector("[data-status]");
  const banner = (name) => document.querySelector(`[data-${name}]`);
  const sectionOf = (number) => form.querySelector(`[data-question="${number}"]`);
  const revisionOf = (number) => form.elements[`q${number}-revision`];
  const copy = banner("download");
  let sending = null;
  let onItsWay = null;
  let retry = 0;
  let timer = 0;
  let since = 0;
  let failures = 0;
  let leaving = false;

  // ---- What the form holds ----

  function entryOf(section) {
    const number = section.dataset.question;
    // A button has no part in it, and the revision is added when it is sent.
    const fields = [...new FormData(form)].filter(([name]) => name.startsWith(`q${number}-`) && !name.endsWith("-revision"));
    return { question: number, revision: revisionOf(number).value, fields, words: wordsOf(section) };
  }

  function changed(section) {
    queue.put({ ...entryOf(section), chosen: true });
    say(form.dataset.unsaved);
    problem(section.dataset.question, "");
  }

  // A flag alone is saved like an answer, and also kept without a connection.
  function flag(button) {
    const number = button.name.slice(1, -"-flagged".length);
    const on = button.value === "1";
    queue.put({ ...entryOf(sectionOf(number)), flagged: button.value });
    say(form.dataset.unsaved);
    showFlag(number, on);
  }

  function showFlag(number, on) {
    const button = form.elements[`q${number}-flagged`];
    if (button) {
      button.value = on ? "0" : "1";
      button.setAttribute("aria-pressed", String(on));
    }
    const tag = document.querySelector(`[data-flag-of="${number}"]`);
    if (tag) tag.hidden = !on;
  }

  // ---- Sending ----

  function flush() {
    clearTimeout(timer);
    since = 0;
    sending ??= pump().finally(() => { sending = null; });
    return sending;
  }

  async function pump() {
    clearTimeout(retry);
    for (let entry = queue.waiting()[0]; entry; entry = queue.waiting()[0]) {
      if (!(await send(entry))) return;
    }
  }

  function bodyOf(entry, revision) {
    const body = new URLSearchParams(entry.fields);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("question", entry.question);
    // An order that was only looked at is no answer: saving says that it is one, a flag does not.
    body.set(entry.chosen ? "save" : "then", "stay");
    body.set(`q${entry.question}-revision`, revision);
    if (entry.flagged) body.set(`q${entry.question}-flagged`, entry.flagged);
    return body;
  }

  function post(body, options) {
    return fetch(address, { method: "POST", body, redirect: "manual", headers: { Accept: "application/json" }, ...options });
  }

  // Sends one entry; whether the next one may follow.
  async function send(entry) {
    const body = bodyOf(entry, entry.revision);
    queue.change(entry.question, { sent: [...entry.sent, entry.fields].slice(-5) });
    onItsWay = entry;
    let response, told;
    try {
      response = await post(body, {
        // The request outlives the page: leaving it does not lose the answer. A very long text waits in the queue instead.
        keepalive: body.toString().length < OUTLIVES,
        signal: AbortSignal.timeout(LIMIT),
      });
      told = response.type === "opaqueredirect" ? {} : await response.json().catch(() => ({}));
    } catch {
      return later(true);
    } finally {
      onItsWay = null;
    }
    if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) {
      // The session has ended, or the form is older than the sign-in: the queue is kept for the next page.
      banner("signed-out").hidden = false;
      copy.hidden = false;
      say(form.dataset.unsaved);
      return false;
    }
    if (response.status >= 500 || response.status === 429) return later(false);
    failures = 0;
    banner("offline").hidden = true;
    banner("signed-out").hidden = true;
    if (response.ok) acknowledged(entry, told);
    else refused(entry, told, response.status);
    if (!queue.all().length) copy.hidden = true;
    return response.ok || !told.closed;
  }

  function acknowledged(entry, told) {
    const own = revisionOf(entry.question);
    if (own) own.value = told.revision;
    queue.done(entry, told.revision);
    say(queue.all().length ? form.dataset.unsaved : told.message);
    document.dispatchEvent(new CustomEvent("answer-saved", { detail: told }));
    const answered = document.querySelector(".attempt-status [data-answered]");
    if (answered) answered.textContent = told.answered;
    const mark = document.querySelector(`[data-mark="${entry.question}"]`);
    if (mark && answering && entry.chosen) {
      const given = entry.fields.some(([, value]) => value);
      mark.textContent = given ? mark.dataset.answered : mark.dataset.open;
      mark.classList.toggle("mark-answered", given);
    }
  }

  function refused(entry, told, code) {
    say(form.dataset.unsaved);
    if (code !== 409 && revisionOf(entry.question)) {
      // It does not fit the question; it stands in the form, beside the reason.
      queue.drop(entry.question);
      problem(entry.question, told.reason ?? form.dataset.unsaved);
      return;
    }
    if (told.closed === false && !told.checked && entry.sent.some((fields) => means(fields, told.server.answer, entry.question))) {
      // "Another window" was this one: the acknowledgement of an earlier answer was lost on the way.
      queue.change(entry.question, { revision: told.server.revision, sent: [] });
      return;
    }
    queue.change(entry.question, { refused: { ...told, code } });
    ask();
  }

  // Closed, checked, or changed in another window: what the learner gave is kept until they decide.
  function ask() {
    const box = banner("refused");
    const [entry] = queue.refused();
    box.hidden = !entry;
    if (!entry) return;
    const { reason, closed, checked, server, code } = entry.refused;
    copy.hidden = false;
    box.querySelector("[data-reason]").textContent = `${copy.querySelector("button").dataset.questionWord} ${entry.question}: ${reason ?? form.dataset.unsaved}`;
    const choice = code === 409 && closed === false && !checked;
    box.querySelector("[data-two]").hidden = !server;
    if (server) {
      const none = copy.querySelector("button").dataset.none;
      box.querySelector("[data-mine]").textContent = entry.words?.answer || none;
      box.querySelector("[data-theirs]").textContent = `${server.words || none} (${server.message})`;
    }
    const keep = box.querySelector("[data-keep-mine]");
    keep.hidden = !choice;
    keep.onclick = () => {
      const own = revisionOf(entry.question);
      if (own) own.value = server.revision;
      queue.change(entry.question, { revision: server.revision, refused: undefined, sent: [] });
      ask();
      flush();
    };
    const theirs = box.querySelector("[data-use-theirs]");
    theirs.href = `${theirs.href.split("?")[0]}?q=${entry.question}`;
    theirs.onclick = () => queue.drop(entry.question);
  }

  function later(offline) {
    failures += 1;
    banner("offline").hidden = !offline;
    copy.hidden = failures < ENOUGH;
    say(form.dataset.retry);
    retry = setTimeout(flush, RETRY);
    return false;
  }

  function say(words) {
    if (status.textContent !== words) status.textContent = words;
  }

  function problem(number, reason) {
    const place = document.getElementById(`q${number}-problem`);
    if (place) place.textContent = reason;
  }

  // ---- When ----

  form.addEventListener("input", (event) => {
    const section = event.target.closest("[data-question]");
    if (!section || !isTyped(event.target)) return;
    changed(section);
    since ||= Date.now();
    clearTimeout(timer);
    timer = setTimeout(flush, Math.min(TYPING, Math.max(0, since + WAITING - Date.now())));
  });
  form.addEventListener("change", (event) => {
    const section = event.target.closest("[data-question]");
    if (!section) return;
    // A text was queued with its last key. Doing more on leaving the field would move the page under the pointer.
    if (!isTyped(event.target)) changed(section);
    flush();
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name$='-flagged']");
    if (!button) return;
    event.preventDefault();
    flag(button);
    flush();
  });
  form.addEventListener("submit", async (event) => {
    // A button also saves. What is on its way goes first, or the form would be older than the server.
    if (leaving || !queue.all().length) return;
    event.preventDefault();
    await flush();
    if (queue.waiting().length) await flush(); // changed while the first one was under way
    const undecided = queue.refused().filter((entry) => !entry.refused.closed);
    if (undecided.length) banner("refused").querySelector("button:not([hidden]), a").focus();
    if (queue.waiting().length || undecided.length) return;
    leaving = true;
    form.requestSubmit(event.submitter);
  });
  copy.querySelector("button").addEventListener("click", (event) => download(event.currentTarget, queue.all()));
  addEventListener("online", () => flush());
  addEventListener("offline", () => { banner("offline").hidden = false; });
  document.addEventListener("visibilitychange", () => { if (document.hidden) flush(); });
  addEventListener("pageshow", (event) => { if (event.persisted) flush(); });
  document.addEventListener("time-over", async () => {
    await flush();
    if (queue.waiting().length) await flush();
    document.dispatchEvent(new CustomEvent("answers-sent"));
  });

  // The page goes: everything that waits is sent at once, in order, by requests that outlive it.
  addEventListener("pagehide", () => {
    let room = OUTLIVES;
    for (const entry of leaving ? [] : queue.waiting()) {
      if (onItsWay && onItsWay.question === entry.question && same(onItsWay, entry)) continue;
      const ahead = onItsWay?.question === entry.question ? 1 : 0;
      const body = bodyOf(entry, Number(entry.revision) + ahead);
      room -= body.toString().length;
      if (room < 0) return;
      queue.change(entry.question, { sent: [...entry.sent, entry.fields].slice(-5) });
      post(body, { keepalive: true }).catch(() => {});
    }
  });

  // ---- What an earlier page could not send ----

  if (answering) for (const entry of queue.all()) restore(entry);
  ask();
  if (queue.waiting().length) {
    say(form.dataset.unsaved);
    // The review shows what the server has: once it has everything, it is shown anew.
    flush().then(() => { if (!answering && !queue.all().length) location.reload(); });
  }

  function restore(entry) {
    const section = sectionOf(entry.question);
    if (!section) return;
    if (entry.flagged) showFlag(entry.question, entry.flagged === "1");
    const values = (name) => entry.fields.filter(([other]) => other === name).map(([, value]) => value);
    for (const control of section.querySelectorAll("input, select, textarea")) {
      const sent = values(control.name);
      if (control.type === "radio" || control.type === "checkbox") control.checked = sent.includes(control.value);
      else if ((isTyped(control) || control.tagName === "SELECT") && sent.length) [control.value] = sent;
    }
    const list = section.querySelector("[data-ordering]");
    if (!list) return;
    for (const key of values(`q${entry.question}-order`)) {
      const item = list.querySelector(`input[value="${CSS.escape(key)}"]`)?.closest("[data-item]");
      if (item) list.append(item);
    }
    list.dispatchEvent(new CustomEvent("restored"));
  }
}

function isTyped(control) {
  return control.type === "text" || control.type === "textarea";
}
