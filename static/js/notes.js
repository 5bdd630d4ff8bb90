// data-note: saves a note 0.8 s after the last key and when its field is left. The form works without this file.
// Text that the server has not confirmed is kept in localStorage, under the learner's place and the form's address, so
// that a lost connection or a closed tab loses nothing.

const IDLE = 800;
const RETRY = 5000;

for (const form of document.querySelectorAll("form[data-note]")) watch(form);

function watch(form) {
  const field = form.elements.text;
  const revision = form.elements.revision;
  const status = form.querySelector("[data-status]");
  const conflict = form.querySelector("[data-conflict]");
  const key = `note:${form.dataset.note}:${new URL(form.action).pathname}`;
  let confirmed = field.value;
  let timer = 0;
  let sending = false;
  let conflicted = false;

  const kept = recall();
  if (kept && kept.text !== confirmed) {
    field.value = kept.text;
    // Begun from the revision it was begun from: if the note has moved on since, the server says so.
    revision.value = kept.revision;
    say("restored");
    schedule(IDLE);
  }

  field.addEventListener("input", () => {
    say("unsaved");
    keep();
    if (!conflicted) schedule(IDLE);
  });
  field.addEventListener("blur", () => conflicted || save());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!conflicted) save();
  });
  addEventListener("online", () => conflicted || save());
  form.querySelector("[data-keep-mine]").addEventListener("click", () => settle(field.value));
  form.querySelector("[data-take-theirs]").addEventListener("click", () => settle(confirmed));

  function schedule(delay) {
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  }

  async function save() {
    clearTimeout(timer);
    if (sending || field.value === confirmed) return;
    const text = field.value;
    const body = new FormData(form);
    sending = true;
    say("saving");
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(body),
        headers: { Accept: "application/json" },
        keepalive: text.length < 20000,
      });
      const isJson = (response.headers.get("Content-Type") || "").startsWith("application/json");
      if (response.redirected || response.status === 403) say("signedOut");
      else if (!isJson) throw new Error(String(response.status));
      else settleAnswer(response.status, await response.json(), text);
    } catch {
      say(navigator.onLine ? "failed" : "offline");
      keep();
      schedule(RETRY);
    } finally {
      sending = false;
    }
  }

  function settleAnswer(code, answer, text) {
    if (code === 200) {
      confirmed = text;
      revision.value = answer.revision;
      if (field.value === text) {
        forget();
        status.textContent = answer.status;
      } else {
        // Typed on while the answer was under way.
        keep();
        say("unsaved");
        schedule(IDLE);
      }
      return;
    }
    status.textContent = answer.status;
    if (code !== 409) return;
    conflicted = true;
    confirmed = answer.text;
    revision.value = answer.revision;
    form.querySelector("[data-theirs]").textContent = answer.text;
    conflict.hidden = false;
  }

  function settle(text) {
    conflicted = false;
    conflict.hidden = true;
    field.value = text;
    field.focus();
    if (text === confirmed) {
      forget();
      status.textContent = "";
    } else {
      save();
    }
  }

  function say(name) {
    status.textContent = form.dataset[name];
  }

  // Storage may be switched off or full; the note is then kept by the page alone.
  function keep() {
    try {
      if (!conflicted) localStorage.setItem(key, JSON.stringify({ text: field.value, revision: revision.value }));
    } catch { /* see above */ }
  }
  function forget() {
    try { localStorage.removeItem(key); } catch { /* see above */ }
  }
  function recall() {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  }
}
