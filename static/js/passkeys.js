// allauth's passkey scripts report on the document; this says it to the person. The words stand in <template id="passkey-problem">.
const template = document.getElementById("passkey-problem");
const status = document.querySelector("[data-passkey-status]");

document.addEventListener("allauth.error", (event) => {
  if (!template || !status) return;
  event.preventDefault();
  status.replaceChildren(template.content.cloneNode(true));
});
