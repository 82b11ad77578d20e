// Regions and kinds of organisation beside all who answered. What the figures carry is the server's to say (`verdict`, `sure`).

import { part, show, write } from "./page.js";
import { number, said, share } from "./phrasing.js";
import { columns, percent } from "./result-lines.js";
import { word } from "./words.js";

const CELLS_MOST = 6; // that a sentence has room for

export const regionName = (state, id) => state.regions?.find((one) => one.region === id)?.name ?? (id === "national" ? word("figures.no-region") : id);
const kindName = (id) => ({ region: word("beside.region"), kommun: word("beside.kommun"), unknown: word("beside.unknown") })[id] ?? id;
const points = (change) => (change > 0 ? `+${change}` : change < 0 ? `−${-change}` : "0");
const shareOf = (one, key) => share(one.counts[key] ?? 0, one.n);

function cell(kind, text, className = "") {
  const made = document.createElement(kind);
  if (kind === "th") made.scope = "row";
  made.className = className;
  made.textContent = text;
  return made;
}

/** What the figures of one group carry, in words. */
function carries(poll, group) {
  const texts = columns(poll).filter(({ key }) => group.sure.includes(key)).map(({ text }) => text);
  const told = { few: word("beside.few"), chance: word("shift.unsure"), carried: word("shift.sure", { texts: texts.join(", ") }) }[group.verdict];
  const ends = ["agreed", "divided"].filter((end) => group[end]).map((end) => `${word(`scale.${end}`, { text: statement(poll, group[end]) })}.`);
  return [told, ...ends].join(" ");
}

const statement = (poll, id) => said(poll.statements?.find((one) => one.statement === id) ?? {}, "text");

/** One group beside another: every share with the other one and the difference, and what that carries. */
function sentence(poll, [name, group], [otherName, other], told) {
  const both = columns(poll).filter(({ key }) => typeof group.counts[key] === "number" && typeof other.counts[key] === "number");
  const cells = both.length > CELLS_MOST ? [] : both.map(({ key, text }) => {
    const [here, there] = [shareOf(group, key), shareOf(other, key)];
    return word("beside.cell", { text, here: percent(here), there: percent(there), change: points(here - there) });
  });
  const about = word("beside.about", { name, n: number(group.n), other: otherName, all: number(other.n) });
  return `${about}${cells.length ? ` ${cells.join("; ")}.` : ""} ${carries(poll, told)}`;
}

/** One's own region beside all, over the table; in a hall that of the hall. */
export function showOwn(root, poll, state) {
  const own = poll.tally.regions?.find((one) => one.region === state.you?.region && one.verdict);
  show(part(root, "own"), own);
  if (own) write(part(root, "own"), sentence(poll, [regionName(state, own.region), own], [word("beside.all"), poll.tally], own));
}

/** Every group as a row, with the difference to all who answered in each cell, and below it what the figures carry. */
export function fillGroups(root, poll, state) {
  const { tally } = poll;
  const regions = (tally.regions ?? []).map((one) => [regionName(state, one.region), one]);
  const kinds = (tally.affiliations ?? []).map((one) => [kindName(one.affiliation), one]);
  show(part(root, "regions"), regions.length);
  show(part(root, "withheld"), [...regions, ...kinds].some(([, one]) => one.n === null || Object.values(one.counts).includes(null)));
  const head = part(root, "region-head");
  while (head.children.length > 2) head.lastElementChild.remove();
  for (const { text } of columns(poll)) head.append(Object.assign(cell("th", text, "n"), { scope: "col" }));
  const rows = [...regions, ...kinds].map(([name, group]) => row(poll, name, group, state));
  const all = cell("tr", "", "is-total");
  all.append(cell("th", word("figures.all")), cell("td", number(tally.n), "n"), ...columns(poll).map(({ key }) => cell("td", percent(shareOf(tally, key)), "n")));
  part(root, "region-rows").replaceChildren(...rows, all);
  fillWords(root, poll, [...regions, ...kinds], Object.fromEntries(kinds.map(([name, one]) => [one.affiliation, [name, one]])));
}

function row(poll, name, group, state) {
  const made = document.createElement("tr");
  if (group.region && group.region === state.you?.region) made.className = "is-mine";
  const hidden = (value) => value === null || value === undefined;
  const withheld = () => cell("td", word("figures.under"), "n suppressed");
  made.append(cell("th", name), hidden(group.n) ? withheld() : cell("td", number(group.n), "n"));
  for (const { key } of columns(poll)) {
    if (hidden(group.counts[key])) made.append(withheld());
    else {
      const change = group.verdict ? ` (${points(shareOf(group, key) - shareOf(poll.tally, key))})` : "";
      made.append(cell("td", percent(shareOf(group, key)) + change, "n"));
    }
  }
  return made;
}

function fillWords(root, poll, groups, kinds) {
  const { gap } = poll.tally;
  const told = groups.filter(([, one]) => one.verdict).map(([name, one]) => word("beside.group", { name, n: number(one.n), told: carries(poll, one) }));
  if (gap) told.unshift(sentence(poll, kinds[gap.a], kinds[gap.b], gap));
  show(part(root, "beside"), told.length);
  show(part(root, "beside-how"), told.length);
  part(root, "beside").replaceChildren(...told.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
}
