// [data-time-zone]: a hidden field that carries the browser's time zone. Without it times are shown in UTC until chosen.
for (const field of document.querySelectorAll("[data-time-zone]")) {
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}
