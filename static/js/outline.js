// Brings the current section into the outline's view, in browsers that do not do it by the style sheet
// (scroll-initial-target in reader.css). Without this module it is a scroll away.
const current = document.querySelector(".outline-in [aria-current]");
const box = current?.closest(".outline-in");

if (box && !CSS.supports("scroll-initial-target", "nearest")) {
  box.scrollTop += current.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 2;
}
