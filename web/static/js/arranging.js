// What answers with parts need beside their fields: a ranking is moved by buttons, and of a hundred points it is said how many are left.

import { part, write } from "./page.js";
import { tell } from "./spoken.js";
import { word } from "./words.js";

const POINTS = 100;

const placeOf = (one) => Number(part(one, "choice").value) || Infinity;

/** Put the options of a ranking in the order of their places, those without one last, and say the places beside them. */
export function arrange(list) {
  const items = [...list.children];
  const held = items.find((one) => one.contains(document.activeElement));
  const ordered = items.toSorted((a, b) => (placeOf(a) === placeOf(b) ? 0 : placeOf(a) - placeOf(b)));
  const place = ordered.indexOf(held);
  // The one that has focus is never moved: the others are moved around it.
  if (held) held.before(...ordered.slice(0, place));
  if (held) held.after(...ordered.slice(place + 1));
  else list.append(...ordered);
  const places = ordered.filter((one) => placeOf(one) < Infinity).length;
  ordered.forEach((one, n) => {
    if (n < places) part(one, "choice").value = String(n + 1);
    write(part(one, "place"), n < places ? n + 1 : "–");
    one.classList.toggle("ranked--placed", n < places);
  });
}

/** One step up or down; the first step of an option without a place gives it the last one, and a step down from the last place takes it away. */
function move(button) {
  const one = button.closest("[data-of]");
  const list = one.parentElement;
  const placed = [...list.children].filter((other) => placeOf(other) < Infinity);
  const at = placed.indexOf(one);
  const to = button.dataset.move === "up" ? (at < 0 ? placed.length : at - 1) : at < 0 ? placed.length : at + 1;
  if (to < 0) return;
  const rest = placed.filter((other) => other !== one);
  const goesOut = button.dataset.move === "down" && at === placed.length - 1 && at >= 0;
  const order = goesOut ? rest : rest.toSpliced(to, 0, one);
  for (const other of list.children) part(other, "choice").value = order.includes(other) ? String(order.indexOf(other) + 1) : "";
  arrange(list);
  const place = order.indexOf(one) + 1;
  tell(word(place ? "rank.placed" : "rank.out", { text: part(one, "text").textContent, place, of: list.children.length }));
  one.dispatchEvent(new Event("change", { bubbles: true }));
}

/** How many points are left of the hundred; fewer than none is said too. */
export function showLeft(box) {
  const given = [...box.querySelectorAll("input")].reduce((sum, { value }) => sum + (Number.parseInt(value, 10) || 0), 0);
  write(part(box, "left"), POINTS - given);
  box.classList.toggle("portions--over", given > POINTS);
}

/** Wake up all controls in *root*, now and whenever others come. */
export function takeArranging(root) {
  root.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-move]");
    if (button) move(button);
  });
  root.addEventListener("input", ({ target }) => {
    const box = target.closest('[data-choices="points"]');
    if (box) showLeft(box);
  });
}
