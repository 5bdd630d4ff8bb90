// "Add a row" in place: the empty row that the page carries is copied. Without this script the button asks the server.
for (const rows of document.querySelectorAll("[data-rows]")) {
  const total = rows.querySelector("[name$='-TOTAL_FORMS']");
  const empty = rows.querySelector("template[data-empty]");
  rows.querySelector("[data-add]").addEventListener("click", (event) => {
    event.preventDefault();
    const number = Number(total.value);
    const copy = empty.content.cloneNode(true);
    for (const part of copy.querySelectorAll("[name], [id], [for], [aria-describedby]")) {
      for (const name of ["name", "id", "for", "aria-describedby"]) {
        if (part.hasAttribute(name)) part.setAttribute(name, part.getAttribute(name).replaceAll("__prefix__", number));
      }
    }
    copy.querySelector("[data-number]").textContent = number + 1;
    const first = copy.querySelector("textarea, input, select");
    empty.before(copy);
    total.value = number + 1;
    first.focus();
  });
}
