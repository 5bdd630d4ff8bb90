// form[data-autosave-text="<scope>"]: a form of one text (name="text") and its revision is saved while one types, by the
// engine that saves answers (autosave.js). What the page says while it does stands in data attributes of the form; the
// form works without this file. Texts of other pages with the same scope that were not sent are sent from here too.

import { autosave } from "./autosave.js";

const forms = [...document.querySelectorAll("form[data-autosave-text]")];
for (const scope of new Set(forms.map((form) => form.dataset.autosaveText))) {
  watch(scope, new Map(forms.filter((form) => form.dataset.autosaveText === scope).map((form) => [new URL(form.action).pathname, form])));
}

async function watch(scope, byAddress) {
  const textOf = (fields) => fields.find(([name]) => name === "text")[1];
  const lines = (text) => text.replaceAll("\r\n", "\n");
  const [first] = byAddress.values();
  const saver = await autosave({
    scope,
    token: () => first.elements.csrfmiddlewaretoken.value,
    ownForm: (page) => page.querySelector(`form[data-autosave-text="${CSS.escape(scope)}"]`),
    means: (_entry, fields, server) => lines(textOf(fields)) === lines(server.text),
    tell: {
      sending: (entry) => own(entry) && say(own(entry), "saving"),
      saved,
      refused: (entry, told) => own(entry) && problem(own(entry), told.reason),
      conflict: (entry) => show(entry.to),
      signedOut: () => each((form) => say(form, "signedOut")),
      later: ({ seconds, offline }) => each((form) => say(form, offline && !navigator.onLine ? "offline" : "later", seconds)),
    },
  });
  const { queue } = saver;

  // The form that an entry stands in: what was left behind beside it stands in none.
  const own = (entry) => (entry.key === entry.to ? byAddress.get(entry.to) : undefined);
  const each = (act) => { for (const [address, form] of byAddress) if (queue.find(address)) act(form); };

  for (const [address, form] of byAddress) {
    const field = form.elements.text;
    const kept = queue.find(address);
    if (kept) {
      field.value = textOf(kept.fields);
      if (kept.refused && kept.refused.code !== 409) problem(form, kept.refused.reason);
      else say(form, "restored");
      field.dispatchEvent(new CustomEvent("restored"));
    } else if (field.value !== field.defaultValue) write(address, form); // sooner than this file was there
    field.addEventListener("input", () => {
      write(address, form);
      if (!queue.find(address).refused) saver.soon();
    });
    field.addEventListener("blur", () => saver.flush());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (asked(address)) form.querySelector("[data-keep-mine]").focus();
      saver.flush({ now: true });
    });
    form.querySelector("[data-keep-mine]").addEventListener("click", () => keepMine(address, form));
    form.querySelector("[data-take-theirs]").addEventListener("click", () => takeTheirs(address, form));
    show(address);
  }
  elsewhere();
  saver.flush();
  otherWindows();
  addEventListener("storage", otherWindows);

  // A text that an open window has not sent is not taken from it; this page says that there is one, as long as there is.
  async function otherWindows() {
    const held = new Set((await queue.elsewhere()).map(({ to }) => to));
    for (const [address, form] of byAddress) {
      const place = form.querySelector("[data-status]");
      if (held.has(address) && !queue.find(address)) say(form, "otherWindow");
      else if (place.textContent === form.dataset.otherWindow) place.textContent = "";
    }
  }

  function write(address, form) {
    queue.put({
      to: address,
      address: form.action,
      page: location.pathname,
      slot: "revision",
      revision: form.elements.revision.value,
      fields: [["text", form.elements.text.value]],
    });
    say(form, queue.find(address).refused ? "undecided" : "unsaved");
  }

  function saved(entry, told) {
    const form = byAddress.get(entry.to);
    if (!form) return;
    if (!own(entry)) {
      // What was left behind was not refused after all. Who has typed meanwhile is asked with the next save.
      if (queue.find(entry.to)) return;
      form.elements.text.value = textOf(entry.fields);
    }
    form.elements.revision.value = told.revision;
    problem(form, "");
    if (queue.find(entry.to)) say(form, "unsaved");
    else form.querySelector("[data-status]").textContent = told.message;
  }

  // The texts to choose from: of the other window, or what another window of this device has left behind.
  function asked(address) {
    return queue.refused().find((entry) => entry.to === address && entry.refused.code === 409 && entry.refused.server);
  }

  function show(address) {
    const form = byAddress.get(address);
    if (!form) {
      elsewhere();
      return;
    }
    const box = form.querySelector("[data-conflict]");
    const entry = asked(address);
    box.hidden = !entry;
    if (!entry) return;
    const left = !own(entry);
    box.querySelector("[data-lead]").textContent = left ? box.dataset.left : box.dataset.saved;
    box.querySelector("[data-theirs]").textContent = left ? textOf(entry.fields) : entry.refused.server.text;
    if (!left) form.querySelector("[data-status]").textContent = entry.refused.reason;
  }

  function keepMine(address, form) {
    const entry = asked(address);
    if (own(entry)) saver.insist(entry.key);
    else queue.drop(entry.key);
    form.elements.text.focus();
    show(address);
  }

  function takeTheirs(address, form) {
    const entry = asked(address);
    const { server } = entry.refused;
    form.elements.text.value = own(entry) ? server.text : textOf(entry.fields);
    form.elements.text.dispatchEvent(new CustomEvent("restored"));
    if (own(entry)) {
      queue.drop(entry.key);
      form.elements.revision.value = server.revision;
      form.querySelector("[data-status]").textContent = server.message;
    } else {
      // It replaces what stands above, which the learner has seen.
      write(address, form);
      queue.drop(entry.key);
      saver.flush({ now: true });
    }
    form.elements.text.focus();
    show(address);
  }

  // A text of another page that waits for a choice: it is made there.
  function elsewhere() {
    const place = first.querySelector("[data-elsewhere]");
    const entry = queue.refused().find(({ to, refused }) => refused.code === 409 && !byAddress.has(to));
    if (!place) return;
    place.hidden = !entry;
    if (entry) place.querySelector("a").href = `${entry.page}#${first.elements.text.id}`;
  }

  function problem(form, reason) {
    const field = form.elements.text;
    field.classList.toggle("is-invalid", Boolean(reason));
    if (reason) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
    if (reason) form.querySelector("[data-status]").textContent = reason;
  }

  function say(form, name, seconds) {
    const words = form.dataset[name].replace("%(seconds)s", seconds);
    const place = form.querySelector("[data-status]");
    if (place.textContent !== words) place.textContent = words;
  }
}
