// The answers of an attempt are saved as they are given, by the engine that saves all that is written (autosave.js): on
// the pages of its questions, and on the review, which sends what waits. Without this file the buttons of the form do
// the same with a page load.

import { autosave } from "./autosave.js";
import { download, wordsOf } from "./answers-words.js";
import { means } from "./answers-meaning.js";
import { clearProblem, showProblem } from "./answers-problems.js";

const ENOUGH = 2; // failures after which a copy is offered

const form = document.querySelector("[data-autosave-answers], [data-resend-answers]");
if (form) watch(form);

async function watch(form) {
  const answering = "autosaveAnswers" in form.dataset;
  const status = document.querySelector("[data-status]");
  const banner = (name) => document.querySelector(`[data-${name}]`);
  const sectionOf = (number) => form.querySelector(`[data-question="${number}"]`);
  const revisionOf = (number) => form.elements[`q${number}-revision`];
  const copy = banner("download");
  let leaving = false;

  const attempt = form.dataset.autosaveAnswers ?? form.dataset.resendAnswers;
  const saver = await autosave({
    scope: `answers:${attempt}`,
    token: () => form.elements.csrfmiddlewaretoken.value,
    complete(body, entry) {
      body.set("question", entry.to);
      // An order that was only looked at is no answer: saving says that it is one, a flag does not.
      body.set(entry.chosen ? "save" : "then", "stay");
      if (entry.flagged) body.set(`q${entry.to}-flagged`, entry.flagged);
    },
    ownForm: (page) => page.querySelector(`[data-autosave-answers="${attempt}"], [data-resend-answers="${attempt}"]`),
    means: (entry, fields, server) => means(fields, server.answer, entry.to),
    tell: { saved, refused, conflict: () => { say(form.dataset.unsaved); ask(); reached(); }, signedOut, later },
  });
  const { queue } = saver;

  // ---- What the form holds ----

  function put(section, given) {
    const number = section.dataset.question;
    const before = queue.find(number);
    queue.put({
      to: number,
      address: form.dataset.save ?? form.action,
      slot: `q${number}-revision`,
      revision: revisionOf(number).value,
      // A button has no part in it, and the revision is added when it is sent.
      fields: [...new FormData(form)].filter(([name]) => name.startsWith(`q${number}-`) && !name.endsWith("-revision")),
      words: wordsOf(section),
      chosen: Boolean(given.chosen || before?.chosen),
      flagged: given.flagged ?? before?.flagged,
    });
    if (given.chosen) showOrder(section, "changed");
    say(form.dataset.unsaved);
    const read = document.getElementById(`q${number}-read`);
    if (read && given.chosen) read.textContent = ""; // it was said of another number
    if (queue.find(number).refused) ask();
  }

  // A flag alone is saved like an answer, and also kept without a connection.
  function flag(button) {
    const number = button.name.slice(1, -"-flagged".length);
    put(sectionOf(number), { flagged: button.value });
    showFlag(number, button.value === "1");
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

  // ---- What the server says ----

  function reached() {
    delete status.dataset.late;
    banner("offline").hidden = true;
    banner("signed-out").hidden = true;
  }

  function saved(entry, told) {
    reached();
    const own = revisionOf(entry.to);
    if (own) own.value = told.revision;
    if (!queue.all().length) copy.hidden = true;
    say(queue.all().length ? form.dataset.unsaved : told.message);
    document.dispatchEvent(new CustomEvent("answer-saved", { detail: told }));
    const answered = document.querySelector(".attempt-status [data-answered]");
    if (answered) answered.textContent = told.answered;
    const mark = document.querySelector(`[data-mark="${entry.to}"]`);
    if (mark && answering && entry.chosen) {
      const given = entry.fields.some(([, value]) => value);
      mark.textContent = given ? mark.dataset.answered : mark.dataset.open;
      mark.classList.toggle("mark-answered", given);
    }
    if (!queue.find(entry.to)) {
      clearProblem(form, entry.to);
      if (entry.chosen) showOrder(sectionOf(entry.to), "saved");
    }
    const read = document.getElementById(`q${entry.to}-read`);
    if (read && "read" in told) read.textContent = told.read;
  }

  // It does not fit the question. It stays in the queue, so that it is there again, until it was changed.
  function refused(entry, told) {
    reached();
    say(form.dataset.unsaved);
    if (sectionOf(entry.to)) showProblem(sectionOf(entry.to), told.reason ?? form.dataset.unsaved);
    else ask();
  }

  function signedOut() {
    banner("signed-out").hidden = false;
    copy.hidden = false;
    say(form.dataset.unsaved);
  }

  function later({ seconds, offline, failures }) {
    banner("offline").hidden = !offline;
    copy.hidden = failures < ENOUGH;
    status.dataset.late = ""; // the head sticks, so that it is in sight where the answer is given
    say(form.dataset.retry.replace("%(seconds)s", seconds));
  }

  // ---- What the learner has to decide ----

  // Closed, checked, or changed in another window: what they gave is kept until they do. What does not fit a question on
  // this page is said at its field.
  const undecided = () => queue.refused().filter(({ refused, to }) => refused.code === 409 || !sectionOf(to));

  function ask() {
    const box = banner("refused");
    const [entry] = undecided();
    box.hidden = !entry;
    if (!entry) return;
    const { reason, closed, checked, server, code } = entry.refused;
    copy.hidden = false;
    box.querySelector("[data-reason]").textContent = `${copy.querySelector("button").dataset.questionWord} ${entry.to}: ${reason ?? form.dataset.unsaved}`;
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
      const own = revisionOf(entry.to);
      if (own) own.value = server.revision;
      restore(entry);
      saver.insist(entry.key);
      ask();
    };
    const theirs = box.querySelector("[data-use-theirs]");
    theirs.href = `${theirs.href.split("?")[0]}?q=${entry.to}`;
    theirs.textContent = code === 409 ? theirs.dataset.show : theirs.dataset.open;
    // What does not fit is opened to be changed; what was saved instead replaces it.
    theirs.onclick = () => code === 409 && queue.drop(entry.key);
  }

  function say(words) {
    if (status.textContent !== words) status.textContent = words;
  }

  // ---- When ----

  form.addEventListener("input", (event) => {
    const section = event.target.closest("[data-question]");
    if (!section || !isTyped(event.target)) return;
    put(section, { chosen: true });
    saver.soon();
  });
  form.addEventListener("change", (event) => {
    const section = event.target.closest("[data-question]");
    if (!section) return;
    // A text was queued with its last key. Doing more on leaving the field would move the page under the pointer.
    if (!isTyped(event.target)) put(section, { chosen: true });
    saver.flush();
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name$='-flagged']");
    if (!button) return;
    event.preventDefault();
    flag(button);
    saver.flush();
  });
  form.addEventListener("submit", async (event) => {
    // A button also saves. What is on its way goes first, or the form would be older than the server.
    if (leaving || !queue.all().length) return;
    event.preventDefault();
    await saver.everything();
    // What does not fit another question holds up the sending of everything, not the way to the next one.
    const open = undecided().filter(({ refused }) => !refused.closed && (refused.code === 409 || !answering));
    if (open.length) banner("refused").querySelector("button:not([hidden]), a").focus();
    if (queue.waiting().length || open.length) return;
    leaving = true;
    saver.leave();
    form.requestSubmit(event.submitter);
  });
  copy.querySelector("button").addEventListener("click", (event) => download(event.currentTarget, queue.all()));
  addEventListener("offline", () => { banner("offline").hidden = false; });
  document.addEventListener("time-over", async () => {
    await saver.everything();
    document.dispatchEvent(new CustomEvent("answers-sent"));
  });

  // ---- What an earlier page could not send ----

  if (answering) {
    for (const entry of queue.all()) if (entry.key === entry.to) restore(entry);
    for (const section of form.querySelectorAll("[data-question]")) {
      if (isTouched(section) && !queue.find(section.dataset.question)) put(section, { chosen: true });
    }
  }
  ask();
  // Answers that an open window has not sent are not taken from it.
  if (answering && !queue.all().length && (await queue.elsewhere()).some(({ to }) => sectionOf(to))) say(form.dataset.otherWindow);
  if (queue.waiting().length) {
    say(form.dataset.unsaved);
    // The review shows what the server has: once it has everything, it is shown anew.
    saver.flush().then(() => { if (!answering && !queue.all().length) location.reload(); });
  }

  function restore(entry) {
    const section = sectionOf(entry.to);
    if (!section) return;
    if (entry.flagged) showFlag(entry.to, entry.flagged === "1");
    if (entry.refused && entry.refused.code !== 409) showProblem(section, entry.refused.reason);
    const values = (name) => entry.fields.filter(([other]) => other === name).map(([, value]) => value);
    for (const control of section.querySelectorAll("input, select, textarea")) {
      const sent = values(control.name);
      if (control.type === "radio" || control.type === "checkbox") control.checked = sent.includes(control.value);
      else if ((isTyped(control) || control.tagName === "SELECT") && sent.length) [control.value] = sent;
      if (isTyped(control)) control.dispatchEvent(new CustomEvent("restored"));
    }
    const list = section.querySelector("[data-ordering]");
    if (!list) return;
    for (const key of values(`q${entry.to}-order`)) {
      const item = list.querySelector(`input[value="${CSS.escape(key)}"]`)?.closest("[data-item]");
      if (item) list.append(item);
    }
    list.dispatchEvent(new CustomEvent("restored"));
    if (entry.chosen) showOrder(section, "changed");
  }
}

// What the hint of a list that is put in order says of it: "changed" or "saved". Other questions have none.
function showOrder(section, state) {
  const hint = section?.querySelector("[data-order-hint]");
  if (hint) hint.textContent = hint.dataset[state];
}

function isTyped(control) {
  return control.type === "text" || control.type === "textarea";
}

// Whether something was answered sooner than this file was there.
function isTouched(section) {
  return [...section.querySelectorAll("input, textarea")].some((control) => (
    isTyped(control) ? control.value !== control.defaultValue : control.checked !== control.defaultChecked));
}
