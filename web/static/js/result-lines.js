// What a result comes to, kind by kind: the lines of its bars, what is said above them, its table. The figures are the server's (`tally.derived`).

import { number, said, share } from "./phrasing.js";
import { numbered, word } from "./words.js";

export const percent = (value) => word("figures.percent", { n: value }).replace(" ", "\u00a0");

/** What is chosen from, in its order: [{key, text}]. */
export function cells(poll) {
  if (poll.kind === "scale" && !poll.statements) {
    const labels = said(poll, "labels") || [];
    const named = labels.length === poll.steps;
    const steps = Array.from({ length: poll.steps ?? 0 }, (_, n) => ({ key: String(n + 1), text: named ? labels[n] : String(n + 1) }));
    return poll.dont_know ? [...steps, { key: "dont_know", text: said(poll, "dont_know") }] : steps;
  }
  if (poll.kind === "yesno" && !poll.options?.length) return ["yes", "no"].map((key) => ({ key, text: word(`poll.${key}`) }));
  return [...(poll.options ?? []), ...(poll.statements ?? [])].map((one) => ({ key: one.option ?? one.statement, text: said(one, "text") }));
}

const textOf = (poll, key) => cells(poll).find((cell) => cell.key === key)?.text ?? key;
const rowsOf = (poll) => poll.tally.derived?.rows ?? [];
const points = (value) => word("figures.points", { n: number(value) });
const binText = ({ low, high }) => (low === high ? number(low) : `${number(low)}–${number(high)}`);

/** The lines of a kind whose cells count answers. */
const counted = (named, note = () => "") => (poll) =>
  named(poll).map(({ key, text }) => {
    const value = share(poll.tally.counts[key] ?? 0, poll.tally.n);
    return { key, text, share: value, value: percent(value), note: note(poll, key), counts: true };
  });

const LINES = {
  quiz: counted(cells, (poll, key) => (poll.tally.derived?.right?.includes(key) ? word("quiz.right") : "")),
  number: counted((poll) => (poll.tally.derived?.bins ?? []).map((bin) => ({ key: bin.cell, text: binText(bin) }))),
  ranking: (poll) => rowsOf(poll).map((row) => ({ key: row.option, text: textOf(poll, row.option), share: row.share, value: points(row.points), note: word("rank.firsts", { n: number(row.firsts) }) })),
  points: (poll) => rowsOf(poll).map((row) => ({ key: row.option, text: textOf(poll, row.option), share: row.share, value: points(row.mean), note: word("points.firsts", { n: number(row.firsts) }) })),
  backing: (poll) => rowsOf(poll).map((row) => ({ key: row.option, text: textOf(poll, row.option), share: row.share, value: percent(row.share), note: numbered("ideas.backs", row.support, number(row.support)), counts: true })),
  matrix: (poll) => rowsOf(poll).map((row, n) => ({ key: row.option, text: `${n + 1}. ${textOf(poll, row.option)}`, value: row.n ? `${number(row.benefit)} / ${number(row.effort)}` : "–", note: numbered("figures.answers", row.n, number(row.n)) })),
  scale: (poll) => (poll.statements ? rowsOf(poll).map((row) => judged(poll, row)) : counted(cells)(poll)),
};

function judged(poll, row) {
  const away = row.dont_know ? word("scale.away", { n: number(row.dont_know) }) : "";
  const far = row.mean === null ? 0 : Math.round((100 * (row.mean - 1)) / (poll.steps - 1));
  return { key: row.statement, text: textOf(poll, row.statement), share: far, value: row.mean === null ? "–" : number(row.mean), note: numbered("figures.answers", row.n, number(row.n)) + away };
}

/** The lines of a result in their order: [{key, text, share?, value, note, counts?}]; `counts` when the bar is a share of the answers. */
export const lines = (poll) => (LINES[poll.kind] ?? counted(cells))(poll);

/** What stands above the bars: [{strong?, text}]. */
export function headline(poll) {
  const { n, counts, derived = {} } = poll.tally;
  if (poll.kind === "number" && derived.median !== undefined) {
    const [low, high] = derived.quartiles.map(number);
    return [{ strong: true, text: `${word("number.median", { n: number(derived.median) })} ${said(poll, "unit")}`.trim() }, { text: word("number.half", { low, high }) }];
  }
  if (poll.kind === "number" && derived.median_within) {
    const [{ low }, { high }] = derived.quartiles_within;
    return [{ strong: true, text: `${word("number.median", { n: binText(derived.median_within) })} ${said(poll, "unit")}`.trim() }, { text: word("number.half-within", { low: number(low), high: number(high) }) }];
  }
  if (poll.kind === "quiz" && derived.right) return [{ strong: true, text: word("quiz.count", { count: number(counts["is:right"]), n: number(n) }) }, { text: said(derived, "explanation") }].filter(({ text }) => text);
  const mean = { text: word("scale.mean", { steps: poll.steps }) };
  if (derived.agreed) return [{ text: word("scale.agreed", { text: textOf(poll, derived.agreed) }) }, { text: word("scale.divided", { text: textOf(poll, derived.divided) }) }, mean];
  if (poll.statements && poll.kind === "scale") return [mean];
  if (poll.kind === "matrix") return [{ text: word("matrix.mean", { y: said(poll.axes.y, "title"), x: said(poll.axes.x, "title"), steps: poll.steps }) }];
  if (poll.kind === "ranking") return [{ text: word("rank.how") }];
  if (poll.kind === "points") return [{ text: word("points.how") }];
  if (poll.kind === "backing") return [{ text: word("ideas.how") }];
  return [];
}

/** The result as one sentence, for those who hear the page. */
export function inWords(poll) {
  const { n, derived = {} } = poll.tally;
  const all = lines(poll);
  const answers = numbered("figures.answers", n, number(n));
  if (!n || !all.length) return answers;
  if (derived.median !== undefined || derived.median_within || derived.right) return `${headline(poll)[0].text}.`;
  if (!all[0].counts) return poll.kind === "matrix" ? answers : word("poll.first-value", { text: all[0].text, value: all[0].value, n: number(n) });
  const first = all.toSorted((a, b) => b.share - a.share)[0];
  return word("poll.first", { text: first.text, percent: first.share, n: number(n) });
}

/** The same as a table: the heads of its two columns of figures, and its rows. */
export function table(poll) {
  const rows = rowsOf(poll);
  if (poll.kind === "ranking") return { heads: [word("rank.first-head"), word("figures.points-head")], rows: rows.map((row) => [textOf(poll, row.option), number(row.firsts), number(row.points)]) };
  if (poll.kind === "points") return { heads: [word("points.first-head"), word("points.mean-head")], rows: rows.map((row) => [textOf(poll, row.option), number(row.firsts), number(row.mean)]) };
  if (poll.kind === "matrix") return { heads: ["y", "x"].map((side) => said(poll.axes[side], "title")), rows: rows.map((row) => [textOf(poll, row.option), row.n ? number(row.benefit) : "–", row.n ? number(row.effort) : "–"]) };
  if (poll.kind === "backing") return { heads: [word("figures.count-head"), word("figures.share-head")], rows: rows.map((row) => [textOf(poll, row.option), number(row.support), percent(row.share)]) };
  const { n, counts } = poll.tally;
  return { heads: [word("figures.count-head"), word("figures.share-head")], rows: columns(poll).map(({ key, text }) => [text, number(counts[key] ?? 0), percent(share(counts[key] ?? 0, n))]) };
}

/** The cells that a split by region shows: [{key, text}]. */
export function columns(poll) {
  if (poll.kind === "ranking") return cells(poll).map(({ key, text }) => ({ key: `first:${key}`, text }));
  if (poll.kind === "points") return cells(poll).map(({ key, text }) => ({ key: `top:${key}`, text }));
  if (poll.kind === "number") return lines(poll);
  if (poll.kind === "matrix" || poll.kind === "backing") return [];
  if (!poll.statements) return cells(poll);
  const steps = cells({ ...poll, statements: undefined });
  return poll.statements.flatMap((one) => steps.map(({ key, text }) => ({ key: `${one.statement}:${key}`, text: `${said(one, "text")}: ${text}` })));
}
