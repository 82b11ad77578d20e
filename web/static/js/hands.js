// A show of hands: the host of a group's screen tells how many are for each answer. It stands beside the answers, never among them.

import { keep, part, piece, show, write } from "./page.js";
import { behind } from "./phones.js";
import { number, share } from "./phrasing.js";
import { cells, percent } from "./result-lines.js";
import { word } from "./words.js";

/** Whether hands can be counted: each has one answer, known beforehand. The server rules (polls/hands.py). */
const offered = (poll) => !poll.statements && (poll.kind === "yesno" || poll.kind === "scale" || (poll.kind === "choice" && (poll.most ?? 1) === 1));

/** The form of an open poll, where two or more without a phone of their own sit at the screen. What the host has written and not sent is never touched. */
export function fillHands(card, poll, state) {
  const box = part(card, "hands");
  const people = behind(state.you);
  const seen = poll.voting === "open" && people > 1 && offered(poll);
  show(box, seen);
  if (!seen) return;
  write(part(box, "hands-people"), number(people));
  box.querySelector("input[name=poll]").value = poll.poll;
  const rows = part(box, "hands-rows");
  const round = String(poll.round ?? 1);
  if (box.dataset.round !== round) {
    box.dataset.round = round;
    rows.replaceChildren();
    delete box.dataset.told;
  }
  const told = JSON.stringify(poll.hands ?? null);
  const anew = box.dataset.told !== told;
  box.dataset.told = told;
  keep(rows, "cell", cells(poll), (cell) => cell.key ?? cell.option, () => piece("hand"), (row, cell) => fillRow(row, poll, cell, anew));
}

function fillRow(row, poll, cell, anew) {
  const input = part(row, "up");
  const key = row.dataset.cell;
  input.id = `h-${poll.poll}-${key}`;
  input.name = `hands.${key}`;
  part(row, "label").htmlFor = input.id;
  write(part(row, "text"), cell.text);
  if (anew && poll.hands) input.value = poll.hands[key] ?? "";
}

/** What the form says as the wish takes it, or why it cannot be sent: {hands} or {why}. */
export function handsIn(form, people) {
  const fields = [...form.querySelectorAll('[data-part="up"]')].filter((input) => input.value.trim());
  const hands = Object.fromEntries(fields.map((input) => [input.name.slice("hands.".length), Number(input.value.trim())]));
  const sum = Object.values(hands).reduce((a, b) => a + b, 0);
  if (!(sum > 0)) return { why: word("hands.none") };
  return sum > people ? { why: word("hands.too-many", { people: number(people) }) } : { hands };
}

/** The hands of a closed poll, each share of the hands alone. */
export function showHands(root, poll) {
  const told = poll.tally.hands;
  show(part(root, "up"), told);
  if (!told) return;
  keep(part(root, "up-rows"), "row", cells(poll), (cell) => cell.key ?? cell.option, () => piece("result"), (row, cell) => {
    const value = share(told.counts[row.dataset.row] ?? 0, told.n);
    write(part(row, "text"), cell.text);
    write(part(row, "percent"), percent(value));
    row.querySelector(".bar__fill").setAttribute("width", `${value}%`);
  });
  write(part(root, "up-base"), told.screens === 1 ? word("hands.told-one", { n: number(told.n) }) : word("hands.told", { n: number(told.n), screens: number(told.screens) }));
}
