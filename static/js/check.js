// A check between paragraphs, answered in place: the page with the answer is fetched, and what became different in the
// check is taken from it. The button keeps the focus and the status line is announced. Whatever fails loads the page.
for (const form of document.querySelectorAll("form.check")) {
  let last = 0;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const turn = ++last;
    const query = new URLSearchParams(new FormData(form));
    try {
      const response = await fetch(`${location.pathname}?${query}`);
      if (!response.ok || response.redirected) throw new Error(response.status);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      if (turn === last) show(page);
    } catch {
      if (turn === last) form.submit();
    }
  });

  // What was asked for is there.
  form.addEventListener("change", () => form.querySelector("[data-choose]")?.remove());

  function show(page) {
    const focused = document.activeElement.id;
    for (const part of ["choices", "status", "act"]) {
      const id = `${form.id}-${part}`;
      document.getElementById(id).replaceChildren(...page.getElementById(id).childNodes);
    }
    document.getElementById(focused)?.focus();
  }
}
