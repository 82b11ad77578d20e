// A poll that was asked again: how the shares of this round moved since the one before. The figures are the server's (`tally.shift`).

import { part, show, write } from "./page.js";
import { number } from "./phrasing.js";
import { cells, percent } from "./result-lines.js";
import { word } from "./words.js";

const difference = ({ before, after }) => (after > before ? `+${after - before}` : after < before ? `−${before - after}` : "0");

/** The thin bar of the earlier round in a row of the result, and in words what it was. */
export function showEarlier(row, key, { shift }) {
  const moved = shift?.cells[key];
  const bar = part(row, "earlier");
  show(bar, moved);
  show(part(row, "moved"), moved);
  if (!moved) return;
  bar.firstElementChild.setAttribute("width", `${moved.before}%`);
  write(part(row, "moved"), word("shift.was", { percent: percent(moved.before), round: shift.round }));
}

/** What the thin bars are, whether the figures carry the difference, and the same as a table. */
export function showShift(root, poll) {
  const { shift } = poll.tally;
  show(part(root, "shift"), shift);
  show(part(root, "shift-table"), shift);
  if (!shift) return;
  const named = cells(poll).filter(({ key }) => shift.cells[key]);
  const sure = named.filter(({ key }) => shift.cells[key].sure);
  const about = word("shift.about", { round: shift.round + 1, before: shift.round, n: number(shift.n) });
  const carries = sure.length ? word("shift.sure", { texts: sure.map(({ text }) => text).join(", ") }) : word("shift.unsure");
  write(part(root, "shift-text"), `${about} ${carries}`);
  write(part(root, "shift-caption"), word("shift.caption", { before: shift.round, round: shift.round + 1 }));
  write(part(root, "shift-before"), word("shift.head", { round: shift.round, n: number(shift.n) }));
  write(part(root, "shift-after"), word("shift.head", { round: shift.round + 1, n: number(poll.tally.n) }));
  part(root, "shift-rows").replaceChildren(...named.map(({ key, text }) => {
    const { before, after } = shift.cells[key];
    const line = document.createElement("tr");
    const head = Object.assign(document.createElement("th"), { scope: "row", textContent: text });
    const figures = [percent(before), percent(after), difference(shift.cells[key])];
    line.append(head, ...figures.map((figure) => Object.assign(document.createElement("td"), { className: "n", textContent: figure })));
    return line;
  }));
}
