// [data-sign-of="id"]: a key that changes the sign of a number. With it the field may have a keypad of digits, which has no
// minus on some phones; without this file the field has the whole keyboard. Every number gets both: which of them need a
// minus would tell part of the answer.
for (const key of document.querySelectorAll("[data-sign-of]")) {
  const field = document.getElementById(key.dataset.signOf);
  field.inputMode = "decimal";
  key.hidden = false;
  key.addEventListener("click", () => {
    const text = field.value.trimStart();
    field.value = /^[-−–]/.test(text) ? text.slice(1) : `−${text}`;
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
