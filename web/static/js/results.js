// The result of a poll: bars that are SVG with attributes, and beside them the same figures as a table. A percentage never stands without n.

import { fillGroups, regionName, showOwn } from "./beside.js";
import { showHands } from "./hands.js";
import { listIdeas } from "./ideas.js";
import { keep, part, piece, pieces, show, write } from "./page.js";
import { number, said, share } from "./phrasing.js";
import { headline, lines, table } from "./result-lines.js";
import { showEarlier, showShift } from "./shift.js";
import { numbered, word } from "./words.js";

const WORDS_MOST = 30;
const SIZES = 4; // steps above the smallest word
const LISTED = new Set(["words", "text", "ideas"]); // kinds whose result is no bars
const PLOT = { from: 8, over: 84 }; // of a hundred: where the lowest step of a matrix lies, and how far from there the highest

/** How many have answered, and how many sit behind their screens. */
export function base({ n, behind }) {
  return behind > n ? word("figures.answers-behind", { n: number(n), people: number(behind) }) : numbered("figures.answers", n, number(n));
}

/** Draw the result of *poll* into *root*; the bars of one's own region too, when the poll is closed and it has enough answers. */
export function showResult(root, poll, state) {
  if (!part(root, "rows")) root.replaceChildren(pieces("results"));
  const { tally } = poll;
  const some = tally.n > 0; // bars of nothing would say that all have got as much
  show(part(root, "none"), !some);
  write(part(root, "none"), word(poll.voting === "open" ? "figures.none-yet" : "figures.none"));
  show(part(root, "base"), some);
  const bars = some && !LISTED.has(poll.kind);
  const own = tally.regions?.find((one) => one.region === state.you?.region && one.n);
  show(part(root, "rows"), bars);
  show(part(root, "table"), bars);
  show(part(root, "cloud"), some && poll.kind === "words");
  fillHead(part(root, "headline"), bars ? headline(poll) : []);
  show(part(root, "figure"), bars && poll.kind === "matrix");
  if (bars && poll.kind === "matrix") fillPlot(root, poll);
  showOwn(root, bars ? poll : { ...poll, tally: { ...tally, regions: undefined } }, state);
  showHands(root, poll);
  listIdeas(part(root, "ideas"), poll, state);
  const after = { words: `. ${word("poll.words-withheld")}`, text: `. ${word("poll.texts")}`, ideas: `. ${word("poll.texts")}` }[poll.kind] ?? "";
  write(part(root, "base"), base(tally) + after);
  if (poll.kind === "words") cloud(part(root, "cloud"), tally.counts);
  if (!bars) {
    for (const name of ["legend", "shift"]) show(part(root, name), false);
    return;
  }
  const drawn = lines(poll);
  keep(part(root, "rows"), "row", drawn, (line) => line.key, () => piece("result"), (row, line) => fillRow(row, line, poll, own));
  show(part(root, "legend"), own && drawn[0]?.counts && Object.values(own.counts).some((count) => typeof count === "number"));
  if (own) write(part(root, "legend-mine"), regionName(state, own.region));
  showShift(root, poll);
  fillTable(root, poll);
  fillGroups(root, poll, state);
}

/** Whose poll it is, over its question. */
export function whose(state, { scope }) {
  if (!scope || scope === "country") return word("poll.scope-country");
  return scope === "national" ? word("poll.scope-rest") : word("poll.scope-region", { region: regionName(state, scope) });
}

function fillHead(place, said_) {
  show(place, said_.length);
  place.replaceChildren(...said_.map(({ strong, text }) => Object.assign(document.createElement(strong ? "strong" : "span"), { textContent: text })));
}

/** Where each option lies; the same stands beside it in words. */
function fillPlot(root, poll) {
  const at = (step) => PLOT.from + (PLOT.over * (step - 1)) / (poll.steps - 1);
  const svg = (name, attributes, text = "") => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.textContent = text;
    return made;
  };
  const points = poll.tally.derived.rows.flatMap((row, n) => {
    if (!row.n) return [];
    const [x, y] = [at(row.effort), 100 - at(row.benefit)];
    return [svg("circle", { class: "plot__point", cx: x, cy: y, r: 5 }), svg("text", { class: "plot__number", x, y: y + 2.1 }, n + 1)];
  });
  part(root, "points").replaceChildren(...points);
  write(part(root, "plot-y"), `↑ ${said(poll.axes.y, "title")}`);
  write(part(root, "plot-x"), `${said(poll.axes.x, "title")} →`);
}

function fillRow(row, { key, text, share: value, value: shown, note, counts }, { tally, mine }, own) {
  write(part(row, "text"), text);
  write(part(row, "note"), note);
  show(part(row, "note"), note);
  write(part(row, "percent"), shown);
  show(row.querySelector(".bar"), value !== undefined);
  row.querySelector(".bar__fill").setAttribute("width", `${value ?? 0}%`);
  row.classList.toggle("result--right", Boolean(tally.derived?.right?.includes(key)));
  row.classList.toggle("result--mine", Boolean(counts) && [mine].flat().map(String).includes(key));
  showEarlier(row, key, tally);
  const thin = part(row, "mine");
  const count = counts ? own?.counts[key] : undefined;
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
  const title = said(poll, "title");
  const { heads, rows } = table(poll);
  write(part(root, "caption"), title);
  for (const name of ["table-box", "shift-table", "regions"]) {
    const box = part(root, name);
    box.setAttribute("aria-label", `${box.dataset.label}: ${title}`);
  }
  heads.forEach((text, n) => write(part(root, `head-${n + 1}`), text));
  const line = (text, one, other, total) => {
    const row = document.createElement("tr");
    if (total) row.className = "is-total";
    row.append(cell("th", text), cell("td", one, "n"), cell("td", other, "n"));
    return row;
  };
  part(root, "table-rows").replaceChildren(...rows.map((row) => line(...row)), line(word("figures.all"), number(poll.tally.n), "", true));
}
