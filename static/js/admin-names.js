// Autocomplete fields of the admin get the name of their label: the widget that stands in for the select has none.
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
}

// The admin's scripts make widgets some time after the document is ready, and again for every row that is added.
new MutationObserver(() => name(document)).observe(document.body, { childList: true, subtree: true });
name(document);
