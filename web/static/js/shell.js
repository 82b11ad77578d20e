// On every page: what forms do better with scripts. Without them they work all the same.

import { joinCode } from "./phrasing.js";

/** Two buttons beside a number. */
function step({ target }) {
  const button = target.closest("[data-stepper] button");
  if (!button) return;
  const field = button.parentElement.querySelector("input");
  const { least, most } = field.dataset;
  const value = (Number.parseInt(field.value, 10) || Number(least)) + Number(button.dataset.by);
  field.value = Math.min(Number(most), Math.max(Number(least), value));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** The day's code in groups of three, whatever is pasted. The place of the cursor is kept. */
function group({ target }) {
  if (!target.matches?.("[data-code]")) return;
  const before = target.value.slice(0, target.selectionStart).replace(/\D/g, "").length;
  target.value = joinCode(target.value);
  const place = before > 3 ? before + 1 : before;
  target.setSelectionRange(place, place);
}

/** Who joins by a tap may be shown moving pictures, muted; who comes by a link chooses first. */
function note({ target }) {
  if (!target.matches("[data-join]")) return;
  try {
    sessionStorage.setItem("samsyn:joined", "1");
  } catch {
    // Then there is a button.
  }
}

function dialogs({ target }) {
  const opener = target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  if (target.closest("[data-closes]")) target.closest("dialog").close();
}

document.addEventListener("click", step);
document.addEventListener("click", dialogs);
document.addEventListener("input", group);
document.addEventListener("submit", note);
for (const opener of document.querySelectorAll("[data-opens]")) opener.hidden = false;
document.querySelector("[data-focus-first]")?.focus();
