// Questions and answers as the learner reads them, and a text file of those that are not saved: when saving fails, nothing
// of what waits in the queue is lost with the window.

const text = (element) => element?.textContent.replace(/\s+/g, " ").trim() ?? "";

// {stem, answer} of a question on the page.
export function wordsOf(section) {
  return { stem: stemOf(section), answer: answerOf(section) };
}

// What can be chosen in a gap is no part of the text around it.
function stemOf(section) {
  const stem = section.querySelector(".stem")?.cloneNode(true);
  for (const label of stem?.querySelectorAll(".gap-field label") ?? []) label.textContent = `[${text(label)}]`;
  for (const control of stem?.querySelectorAll("select") ?? []) control.remove();
  return text(stem);
}

function answerOf(section) {
  const ordered = [...section.querySelectorAll("[data-ordering] [data-text]")].map(text);
  if (ordered.length) return ordered.map((item, place) => `${place + 1}. ${item}`).join("; ");
  const said = [];
  for (const control of section.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    const label = text(section.querySelector(`label[for="${CSS.escape(control.id)}"]`));
    if (control.type === "radio" || control.type === "checkbox") {
      if (control.checked) said.push(label);
    } else if (control.tagName === "SELECT") {
      if (control.value) said.push(`${label}: ${text(control.selectedOptions[0])}`);
    } else if (control.value.trim()) {
      said.push(control.closest(".gap-field") ? `${label}: ${control.value.trim()}` : control.value.trim());
    }
  }
  return said.join("; ");
}

// Offers a file of what waits in the queue, as it stands on the page where it does. What is saved has a file of its own.
export function download(button, waiting) {
  const { title, questionWord, none, notSent, file } = button.dataset;
  const entries = new Map();
  for (const entry of waiting) if (entry.words) entries.set(entry.to, entry.words);
  for (const section of document.querySelectorAll("[data-question]")) {
    if (waiting.some((entry) => entry.to === section.dataset.question)) entries.set(section.dataset.question, wordsOf(section));
  }
  const parts = [...entries].sort(([a], [b]) => a - b).map(([number, words]) => [
    `${questionWord} ${number} (${notSent})`, words.stem, `> ${words.answer || none}`,
  ].join("\n"));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([`${[title, ...parts].join("\n\n")}\n`], { type: "text/plain;charset=utf-8" }));
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
