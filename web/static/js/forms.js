// Forms that ask for a wish (`data-do`) send it over the live line in place of a page load. Without scripts the browser posts them.

import { write } from "./page.js";
import { word } from "./words.js";

const DONE_MS = 8000; // a "done" that stays is taken for the next one's

/** The fields of a form as the arguments of its wish. A field with `data-number` is a number, with `data-flag` yes or no; an empty choice of region or lane is none. */
export function argsOf(form, submitter) {
  const args = {};
  for (const [name, value] of new FormData(form, submitter)) if (name !== "wish") args[name] = value;
  for (const field of form.querySelectorAll("[data-number]")) if (field.name in args) args[field.name] = numberOf(args[field.name]);
  for (const field of form.querySelectorAll("[data-flag]")) if (field.name in args) args[field.name] = args[field.name] === "true";
  for (const name of ["region", "name", "lane"]) if (args[name] === "") args[name] = null;
  return args;
}

/** A field that somebody emptied counts as one; a nought that was meant is one. */
function numberOf(text) {
  const number = Number.parseInt(text, 10);
  return Number.isNaN(number) ? 1 : number;
}

/**
 * Take over the forms of a page.
 *
 * @param live the line.
 * @param own name of a wish -> function (form, submitter, event) for forms that need more than being sent.
 * @param stateOf where to say how a form's wish stands; may give nothing.
 */
export function takeForms(live, own, stateOf) {
  const waiting = new Map();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const name = event.submitter?.dataset.do ?? form.dataset.do;
    if (!name || form.hasAttribute("data-plain")) return;
    event.preventDefault();
    if (own[name]) return void own[name](form, event.submitter);
    const args = argsOf(form, event.submitter);
    form.closest("dialog")?.close();
    const asked = live.wish(name, args);
    const id = live.outbox.waiting.at(-1)?.id;
    if (id) waiting.set(id, stateOf(form, name));
    asked.then((answer) => { if (answer.ok && name === "people.set") live.patch("people.set", args); });
    stand({ id, status: "pending" });
  });

  const done = (place, text) => {
    write(place, text);
    setTimeout(() => place.textContent === text && write(place, ""), DONE_MS);
  };

  const stand = ({ id, status, answer }) => {
    const place = waiting.get(id);
    if (!place) return;
    if (status === "pending") write(place, word(live.connected ? "cockpit.sending" : "wish.offline"));
    else if (answer.ok) done(place, word(place.dataset.saved ?? "cockpit.done-wish"));
    else write(place, answer.error.text || word("wish.failed"));
    if (status !== "pending") waiting.delete(id);
  };
  live.addEventListener("wish", ({ detail }) => stand(detail));
}
