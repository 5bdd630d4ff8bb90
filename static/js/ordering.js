// Ordering without a page load: the same buttons and selects as the form, moved in place. The hidden inputs stand in
// the items, so the order of the list is the order that is sent.
for (const list of document.querySelectorAll("[data-ordering]")) {
  const items = () => [...list.querySelectorAll("[data-item]")];
  const said = list.closest("fieldset").querySelector("[data-order-status]");

  function tidy() {
    const all = items();
    all.forEach((item, index) => {
      item.querySelector("select").value = String(index + 1);
      const [up, down] = item.querySelectorAll("button");
      up.disabled = index === 0;
      down.disabled = index === all.length - 1;
    });
  }

  function place(item, index) {
    const others = items().filter((other) => other !== item);
    list.insertBefore(item, others[index] ?? null);
    tidy();
    said.textContent = list.dataset.said
      .replace("%(item)s", item.querySelector("[data-text]").textContent.trim())
      .replace("%(place)s", index + 1)
      .replace("%(count)s", others.length + 1);
    list.dispatchEvent(new Event("change", { bubbles: true }));
  }

  list.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    event.preventDefault();
    const item = button.closest("[data-item]");
    const step = button.value.startsWith("up:") ? -1 : 1;
    place(item, items().indexOf(item) + step);
    // Focus goes with the item; at either end to the button that still works.
    (button.disabled ? item.querySelector("button:not(:disabled)") : button).focus();
  });

  list.addEventListener("change", (event) => {
    if (event.target.tagName !== "SELECT") return;
    event.stopPropagation();
    place(event.target.closest("[data-item]"), Number(event.target.value) - 1);
    event.target.focus();
  });

  list.addEventListener("restored", tidy);
}
