// What is wrong with an answer, at its question: in words in a live region, and as aria-invalid on what it was given with.
// It stands until an answer to the question was saved; then the summary of a refused form and the word in front of the
// title go as well, once they have nothing left to say.

// Everything that takes an answer. A radio button cannot be invalid, its group can.
const controls = (section) => section.querySelectorAll("input[type=text], input[type=checkbox], textarea, select, [role=radiogroup]");

export function showProblem(section, reason) {
  mark(section, true);
  const place = section.querySelector("[data-problem]");
  // The same words again would be read out again.
  if (place.textContent !== reason) place.textContent = reason;
}

export function clearProblem(form, number) {
  const section = form.querySelector(`[data-question="${number}"]`);
  if (section) {
    mark(section, false);
    section.querySelector("[data-problem]").textContent = "";
  }
  const summary = document.querySelector("[data-problems]");
  summary?.querySelector(`[data-problem-of="${number}"]`)?.remove();
  if (!summary || summary.querySelector("[data-problem-of]")) return;
  summary.remove();
  const { error } = form.dataset;
  if (document.title.startsWith(error)) document.title = document.title.slice(error.length).trimStart();
}

function mark(section, wrong) {
  for (const control of controls(section)) {
    if (wrong) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
    if (control.matches(".form-control, .form-select")) control.classList.toggle("is-invalid", wrong);
  }
}
