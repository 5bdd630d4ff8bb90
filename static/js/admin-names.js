// What the admin leaves without a name gets one: autocomplete fields that of their label, for the widget that stands in
// for the select has none; dates and times that of their field; and a head without words is no head.
function name(root) {
  for (const select of root.querySelectorAll("select.admin-autocomplete")) {
    const label = document.querySelector(`label[for="${select.id}"]`)?.textContent.replace(/:\s*$/, "").trim()
      || select.getAttribute("aria-label");
    const widget = select.nextElementSibling;
    if (!label || !widget?.classList.contains("select2")) continue;
    for (const part of widget.querySelectorAll("[role=combobox], [role=textbox], .select2-search__field")) {
      part.removeAttribute("aria-labelledby");
      part.setAttribute("aria-label", label);
    }
  }
  for (const field of root.querySelectorAll(".datetime input:not([aria-label])")) {
    const group = field.closest("fieldset")?.querySelector("legend")?.textContent.replace(/:\s*$/, "").trim() || "";
    const part = field.previousSibling?.textContent.replace(/:\s*$/, "").trim() || "";
    field.setAttribute("aria-label", [group, part].filter(Boolean).join(", "));
  }
  for (const head of root.querySelectorAll("thead th.original:empty, .inline-group thead th:empty")) {
    const cell = document.createElement("td");
    cell.className = head.className;
    head.replaceWith(cell);
  }
}

// The admin's scripts make widgets some time after the document is ready, and again for every row that is added.
new MutationObserver(() => name(document)).observe(document.body, { childList: true, subtree: true });
name(document);

// The clock of a time field speaks in the hours of the site. Its script makes it when the page has loaded, after this.
if (window.DateTimeShortcuts) {
  const now = window.DateTimeShortcuts.clockHours.default_.find(([, hour]) => hour < 0);
  window.DateTimeShortcuts.clockHours.default_ = [now, ["00:00", 0], ["06:00", 6], ["12:00", 12], ["18:00", 18]];
}
