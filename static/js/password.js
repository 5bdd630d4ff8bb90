// Adds a button that shows what was typed to every password field. Its words stand in <template id="password-toggle">.
const template = document.getElementById("password-toggle");

for (const field of document.querySelectorAll("input[type=password]")) {
  if (!template) break;
  const button = template.content.firstElementChild.cloneNode(true);
  const row = document.createElement("div");
  row.className = "with-button";
  field.before(row);
  row.append(field, button);
  // Two or three of them on one page are told apart by what each shows.
  const label = field.labels?.[0]?.textContent.trim();
  if (label) button.querySelector("span").textContent = `: ${label}`;
  button.setAttribute("aria-controls", field.id);
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  });
  // A password manager files what it finds in a password field.
  field.form?.addEventListener("submit", () => { field.type = "password"; });
}
