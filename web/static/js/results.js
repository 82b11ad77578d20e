// The result of a poll: bars that are SVG with attributes, and beside them the same figures as a table. A percentage never stands without n.

import { keep, part, piece, pieces, show, write } from "./page.js";
import { number, said, share } from "./phrasing.js";
import { word } from "./words.js";

const WORDS_MOST = 30;
const SIZES = 4; // steps above the smallest word
const percent = (value) => word("figures.percent", { n: value }).replace(" ", "\u00a0");

/** The cells of a poll in the order in which they are shown: [{key, text}]. */
export function cells(poll) {
  if (poll.kind === "scale") {
    const labels = said(poll, "labels") || [];
    const named = labels.length === poll.steps;
    const steps = Array.from({ length: poll.steps ?? 0 }, (_, n) => ({ key: String(n + 1), text: named ? labels[n] : String(n + 1) }));
    return poll.dont_know ? [...steps, { key: "dont_know", text: said(poll, "dont_know") }] : steps;
  }
  if (poll.kind === "yesno" && !poll.options?.length) return ["yes", "no"].map((key) => ({ key, text: word(`poll.${key}`) }));
  return (poll.options ?? []).map((one) => ({ key: one.option, text: said(one, "text") }));
}

/** The most chosen cell as one sentence, for those who hear the page. */
export function inWords(poll) {
  const { n, counts } = poll.tally;
  const first = cells(poll).toSorted((a, b) => (counts[b.key] ?? 0) - (counts[a.key] ?? 0))[0];
  if (!first || !n) return word("figures.answers", { n: number(n) });
  return word("poll.first", { text: first.text, percent: share(counts[first.key] ?? 0, n), n: number(n) });
}

/** How many have answered, and how many sit behind their screens. */
export function base({ n, behind }) {
  return behind > n ? word("figures.answers-behind", { n: number(n), people: number(behind) }) : word("figures.answers", { n: number(n) });
}

/** Draw the result of *poll* into *root*; the bars of one's own region too, when the poll is closed and it has enough answers. */
export function showResult(root, poll, state) {
  if (!part(root, "rows")) root.replaceChildren(pieces("results"));
  const { tally } = poll;
  const some = tally.n > 0; // bars of nothing would say that all have got as much
  show(part(root, "none"), !some);
  write(part(root, "none"), word(poll.voting === "open" ? "figures.none-yet" : "figures.none"));
  show(part(root, "base"), some);
  const bars = some && poll.kind !== "words" && poll.kind !== "text";
  const own = tally.regions?.find((one) => one.region === state.you?.region && one.n);
  show(part(root, "rows"), bars);
  show(part(root, "table"), bars);
  show(part(root, "cloud"), some && poll.kind === "words");
  const after = { words: `. ${word("poll.words-withheld")}`, text: `. ${word("poll.texts")}` }[poll.kind] ?? "";
  write(part(root, "base"), base(tally) + after);
  if (poll.kind === "words") cloud(part(root, "cloud"), tally.counts);
  if (!bars) {
    show(part(root, "legend"), false);
    return;
  }
  keep(part(root, "rows"), "row", cells(poll), (cell) => cell.key, () => piece("result"), (row, cell) => fillRow(row, cell, poll, own));
  show(part(root, "legend"), own && Object.values(own.counts).some((count) => typeof count === "number"));
  if (own) write(part(root, "legend-mine"), regionName(state, own.region));
  fillTable(root, poll);
  fillRegions(root, poll, state);
}

export const regionName = (state, id) => state.regions?.find((one) => one.region === id)?.name ?? (id === "national" ? word("figures.no-region") : id);

function fillRow(row, { key, text }, { tally, mine }, own) {
  const value = share(tally.counts[key] ?? 0, tally.n);
  write(part(row, "text"), text);
  write(part(row, "percent"), percent(value));
  row.querySelector(".bar__fill").setAttribute("width", `${value}%`);
  row.classList.toggle("result--mine", [mine].flat().map(String).includes(key));
  const thin = part(row, "mine");
  const count = own?.counts[key];
  show(thin, typeof count === "number");
  if (typeof count === "number") thin.firstElementChild.setAttribute("width", `${share(count, own.n)}%`);
}

function cloud(list, counts) {
  const words = Object.entries(counts).toSorted((a, b) => b[1] - a[1]).slice(0, WORDS_MOST);
  const top = words[0]?.[1] ?? 1;
  const make = () => {
    const item = document.createElement("li");
    item.append("", document.createElement("sup"));
    return item;
  };
  keep(list, "word", words, ([text]) => text, make, (item, [text, count]) => {
    item.className = `w${1 + Math.floor((SIZES * count) / top)}`;
    item.firstChild.data = `${text} `;
    write(item.lastChild, number(count));
  });
}

function cell(kind, text, className = "") {
  const made = document.createElement(kind);
  if (kind === "th") made.scope = "row";
  made.className = className;
  made.textContent = text;
  return made;
}

function fillTable(root, poll) {
  const { n, counts } = poll.tally;
  const title = said(poll, "title");
  write(part(root, "caption"), title);
  for (const name of ["table-box", "regions"]) {
    const box = part(root, name);
    box.setAttribute("aria-label", `${box.dataset.label}: ${title}`);
  }
  const line = (text, count, value, total) => {
    const row = document.createElement("tr");
    if (total) row.className = "is-total";
    row.append(cell("th", text), cell("td", number(count), "n"), cell("td", value, "n"));
    return row;
  };
  const lines = cells(poll).map(({ key, text }) => line(text, counts[key] ?? 0, percent(share(counts[key] ?? 0, n))));
  part(root, "table-rows").replaceChildren(...lines, line(word("figures.all"), n, "", true));
}

function fillRegions(root, poll, state) {
  const regions = poll.tally.regions ?? [];
  show(part(root, "regions"), regions.length);
  show(part(root, "withheld"), regions.some((one) => one.n === null || Object.values(one.counts).includes(null)));
  const head = part(root, "region-head");
  while (head.children.length > 2) head.lastElementChild.remove();
  for (const { text } of cells(poll)) {
    const th = cell("th", text, "n");
    th.scope = "col";
    head.append(th);
  }
  const figure = (value, text) => (value === null || value === undefined ? cell("td", word("figures.under"), "n suppressed") : cell("td", text, "n"));
  part(root, "region-rows").replaceChildren(...regions.map(({ region, n, counts }) => {
    const row = document.createElement("tr");
    if (region === state.you?.region) row.className = "is-mine";
    row.append(cell("th", regionName(state, region)), figure(n, number(n)));
    for (const { key } of cells(poll)) row.append(figure(counts[key], percent(share(counts[key] ?? 0, n ?? 0))));
    return row;
  }));
}
