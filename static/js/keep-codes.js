// [data-keep]: buttons beside a text that is shown once. They copy it or save it as a file; without them it is selected by hand.
for (const field of document.querySelectorAll("[data-keep]")) {
  const template = document.getElementById(field.dataset.keep);
  if (!template) continue;
  field.after(template.content.cloneNode(true));
  const row = field.nextElementSibling;
  const status = row.querySelector("[role=status]");
  row.querySelector("[data-copy]").addEventListener("click", async (event) => {
    try {
      await navigator.clipboard.writeText(field.value);
      status.textContent = event.target.dataset.done;
    } catch {
      field.select();
    }
  });
  row.querySelector("[data-download]").addEventListener("click", (event) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([field.value + "\n"], { type: "text/plain" }));
    link.download = event.target.dataset.name;
    link.click();
    URL.revokeObjectURL(link.href);
    status.textContent = event.target.dataset.done;
  });
}
