// A button that copies a link. Without scripts there is the field beside it, whose text can be marked.

import { write } from "./page.js";

/** Copy what stands in *field*. Where the browser gives no clipboard, as without https, it is marked and copied the old way. */
async function copy(field) {
  field.select();
  if (navigator.clipboard) return navigator.clipboard.writeText(field.value).then(() => true, () => false);
  return document.execCommand("copy");
}

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button || !(await copy(document.getElementById(button.dataset.copy)))) return;
  write(button, button.dataset.done);
  write(document.getElementById("spoken-status"), button.dataset.done);
});
document.addEventListener("focusin", ({ target }) => target.matches("[data-select]") && target.select());
for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
