// [data-count-words="id"]: counts the words of a text while it is written. The number is no live region: it is read out
// with the field, not with every key. Without this file it is the number of the text as it was saved.
for (const field of document.querySelectorAll("[data-count-words]")) {
  const place = document.getElementById(field.dataset.countWords);
  const over = place.querySelector("[data-over]");
  function count() {
    const words = field.value.split(/\s+/).filter(Boolean).length;
    place.querySelector("[data-words]").textContent = words;
    if (over) over.hidden = words <= Number(place.dataset.most);
  }
  field.addEventListener("input", count);
  field.addEventListener("restored", count); // what an earlier page could not send was put back
  count(); // the browser may have put another text there
}
