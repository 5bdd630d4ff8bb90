// data-position: tells the server at which heading one is reading, so that "Continue" comes back to it. Enhancement only:
// without it "Continue" leads to the top of the section.

const LINGER = 2000;
const PAUSE = 15000;

const sheet = document.querySelector("[data-position]");
if (sheet) follow(sheet);

function follow(sheet) {
  const headings = [...sheet.querySelectorAll(".prose :is(h2, h3)[id]")];
  const token = document.querySelector("input[name=csrfmiddlewaretoken]");
  const hidden = document.querySelector("[data-anchor]");
  let told = null;
  let sentAt = -PAUSE;
  let timer = 0;

  const reading = () => {
    const passed = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight * 0.4);
    return passed.length ? passed.at(-1).id : "";
  };

  function tell() {
    const anchor = reading();
    if (!token || anchor === told || performance.now() - sentAt < PAUSE) return;
    told = anchor;
    sentAt = performance.now();
    fetch(sheet.dataset.position, {
      method: "POST",
      body: new URLSearchParams({ anchor, csrfmiddlewaretoken: token.value }),
      keepalive: true,
    }).catch(() => { told = null; });
  }

  addEventListener("scroll", () => {
    if (hidden) hidden.value = reading();
    clearTimeout(timer);
    timer = setTimeout(tell, LINGER);
  }, { passive: true });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") tell();
  });
  if (hidden) hidden.value = reading();
  timer = setTimeout(tell, LINGER);
}
