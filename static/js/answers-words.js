// Questions and answers as the learner reads them, and a text file made of them: when saving fails, nothing of what
// stands on the page or waits in the queue is lost with the window.

const text = (element) => element?.textContent.replace(/\s+/g, " ").trim() ?? "";

// {stem, answer} of a question on the page.
export function wordsOf(section) {
  return { stem: text(section.querySelector(".stem")), answer: answerOf(section) };
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
    } else if (control.value.trim()) said.push(control.value.trim());
  }
  return said.join("; ");
}

// Offers a file of what is on the page and what waits in the queue.
export function download(button, waiting) {
  const { title, questionWord, none, notSent, file } = button.dataset;
  const entries = new Map();
  for (const section of document.querySelectorAll("[data-question]")) entries.set(section.dataset.question, wordsOf(section));
  const late = new Set();
  for (const entry of waiting) {
    late.add(entry.to);
    if (!entries.has(entry.to) && entry.words) entries.set(entry.to, entry.words);
  }
  const parts = [...entries].sort(([a], [b]) => a - b).map(([number, words]) => [
    `${questionWord} ${number}${late.has(number) ? ` (${notSent})` : ""}`, words.stem, `> ${words.answer || none}`,
  ].join("\n"));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([`${[title, ...parts].join("\n\n")}\n`], { type: "text/plain;charset=utf-8" }));
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
