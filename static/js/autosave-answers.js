// Saves each answer as it is given, in order, one at a time. What is not yet acknowledged by the server stands in a queue
// in localStorage, keyed by attempt and question, and is sent again when the connection is back and on the next page of
// the attempt. Without this file the buttons of the form do the same with a page load.

const TYPING = 800; // ms after the last key; a choice is sent at once
const WAITING = 1500; // ms after the first key that was not sent, for who types without a pause
const RETRY = 5000;
const LIMIT = 20000; // ms until a request counts as failed
const OUTLIVES = 60000; // bytes of a request that may outlive its page; browsers allow 64 KiB

const form = document.querySelector("[data-autosave-answers], [data-resend-answers]");
if (form) autosave(form);

function autosave(form) {
  const attempt = form.dataset.autosaveAnswers ?? form.dataset.resendAnswers;
  const address = form.dataset.save ?? form.action;
  const queue = openQueue(attempt);
  const status = document.querySelector("[data-status]");
  const banner = (name) => document.querySelector(`[data-${name}]`);
  let sending = null;
  let retry = 0;
  let timer = 0;
  let since = 0;
  let leaving = false;

  // ---- What the form holds ----

  function fieldsOf(question) {
    const number = question.dataset.question;
    // A button has no part in it, and the revision is added when it is sent.
    const all = [...new FormData(form)].filter(([name]) => name.startsWith(`q${number}-`) && !name.endsWith("-revision"));
    return { question: number, revision: revisionOf(number).value, fields: all };
  }

  function revisionOf(number) {
    return form.elements[`q${number}-revision`];
  }

  function changed(question) {
    queue.put(fieldsOf(question));
    say(form.dataset.unsaved);
    problem(question.dataset.question, "");
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
    for (let entry = queue.first(); entry; entry = queue.first()) {
      if (!(await send(entry))) return;
    }
  }

  // Sends one entry; whether the next one may follow.
  async function send(entry) {
    const own = revisionOf(entry.question);
    const body = new URLSearchParams(entry.fields);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("question", entry.question);
    body.set("save", "stay");
    body.set(`q${entry.question}-revision`, own?.value ?? entry.revision);
    let response;
    try {
      response = await fetch(address, {
        method: "POST", body, redirect: "manual", headers: { Accept: "application/json" },
        // The request outlives the page: leaving it does not lose the answer. A very long text waits in the queue instead.
        keepalive: body.toString().length < OUTLIVES,
        signal: AbortSignal.timeout(LIMIT),
      });
    } catch {
      return later(true);
    }
    if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) {
      // The session has ended, or the form is older than the sign-in: the queue is kept for the next page.
      banner("signed-out").hidden = false;
      return false;
    }
    if (response.status >= 500 || response.status === 429) return later(false);
    const told = await response.json().catch(() => ({}));
    banner("offline").hidden = true;
    banner("signed-out").hidden = true;
    if (response.ok) acknowledged(entry, own, told);
    else refused(entry, told, response.status);
    return response.ok || response.status === 400;
  }

  function acknowledged(entry, own, told) {
    if (own) own.value = told.revision;
    queue.done(entry, told.revision);
    say(queue.first() ? form.dataset.unsaved : told.message);
    const answered = document.querySelector(".attempt-status [data-answered]");
    if (answered) answered.textContent = told.answered;
    const mark = document.querySelector(`[data-mark="${entry.question}"]`);
    if (mark && form.dataset.autosaveAnswers) {
      const given = entry.fields.some(([name, value]) => value && !name.endsWith("-flagged"));
      mark.textContent = given ? mark.dataset.answered : mark.dataset.open;
      mark.classList.toggle("mark-answered", given);
    }
  }

  function refused(entry, told, code) {
    queue.done(entry);
    say(form.dataset.unsaved);
    if (code === 400 && form.dataset.autosaveAnswers) {
      problem(entry.question, told.reason);
      return;
    }
    // Closed, or changed in another window: the learner's text stays in the form until they decide.
    const box = banner("refused");
    box.querySelector("[data-reason]").textContent = told.reason;
    const keep = box.querySelector("[data-keep-mine]");
    keep.hidden = told.closed !== false;
    keep.onclick = () => {
      const own = revisionOf(entry.question);
      if (own) own.value = told.server.revision;
      queue.put({ ...entry, revision: told.server.revision });
      box.hidden = true;
      flush();
    };
    const theirs = box.querySelector("[data-use-theirs]");
    theirs.href = `${theirs.href.split("?")[0]}?q=${entry.question}`;
    box.hidden = false;
  }

  function later(offline) {
    banner("offline").hidden = !offline;
    say(form.dataset.retry);
    retry = setTimeout(flush, RETRY);
    return false;
  }

  function say(text) {
    if (status.textContent !== text) status.textContent = text;
  }

  function problem(number, reason) {
    const place = document.getElementById(`q${number}-problem`);
    if (place) place.textContent = reason;
  }

  // ---- When ----

  form.addEventListener("input", (event) => {
    const question = event.target.closest("[data-question]");
    if (!question || !isTyped(event.target)) return;
    changed(question);
    since ||= Date.now();
    clearTimeout(timer);
    timer = setTimeout(flush, Math.min(TYPING, Math.max(0, since + WAITING - Date.now())));
  });
  form.addEventListener("change", (event) => {
    const question = event.target.closest("[data-question]");
    if (!question) return;
    // A text was queued with its last key. Doing more on leaving the field would move the page under the pointer.
    if (!isTyped(event.target)) changed(question);
    flush();
  });
  form.addEventListener("submit", async (event) => {
    // A button also saves. What is on its way goes first, or the form would be older than the server.
    if (leaving || !queue.first()) return;
    event.preventDefault();
    await flush();
    if (queue.first()) await flush(); // changed while the first one was under way
    if (queue.first() || !banner("refused").hidden) return;
    leaving = true;
    form.requestSubmit(event.submitter);
  });
  addEventListener("online", () => flush());
  addEventListener("offline", () => { banner("offline").hidden = false; });
  addEventListener("pagehide", () => { if (!leaving && queue.first()) flush(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && queue.first()) flush(); });

  // ---- What an earlier page could not send ----

  for (const entry of queue.all()) restore(entry);
  if (queue.first()) {
    say(form.dataset.unsaved);
    flush();
  }

  function restore(entry) {
    if (!form.dataset.autosaveAnswers) return;
    for (const [name, value] of entry.fields) {
      for (const control of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (isTyped(control) || control.tagName === "SELECT") control.value = value;
        if (control.type === "radio" || control.type === "checkbox") {
          control.checked = entry.fields.some(([other, sent]) => other === name && sent === control.value);
        }
      }
    }
  }
}

const isTyped = (control) => control.type === "text" || control.type === "textarea";

// The unsent answers of one attempt, oldest first; the newest answer to a question replaces the one before.
function openQueue(attempt) {
  const key = `answers:${attempt}`;
  const read = () => {
    try { return JSON.parse(localStorage.getItem(key)) ?? []; } catch { return memory; }
  };
  let memory = [];
  const write = (entries) => {
    memory = entries;
    try {
      if (entries.length) localStorage.setItem(key, JSON.stringify(entries));
      else localStorage.removeItem(key);
    } catch { /* private windows may have no storage: memory holds it for this page */ }
  };
  const same = (a, b) => a.question === b.question && JSON.stringify(a.fields) === JSON.stringify(b.fields);
  return {
    all: read,
    first: () => read()[0],
    put: (entry) => write([...read().filter((other) => other.question !== entry.question), entry]),
    // Only what was acknowledged goes: an answer changed meanwhile stays, now based on the new revision.
    done: (entry, revision) => write(read().filter((other) => !same(other, entry))
      .map((other) => (other.question === entry.question && revision !== undefined ? { ...other, revision } : other))),
  };
}
