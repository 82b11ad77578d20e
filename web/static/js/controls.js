// The controls of a poll's kind, named as the form's fields are without scripts (templates/kinds.html): made of pieces that the page has.

import { part, piece, show, write } from "./page.js";
import { number, said } from "./phrasing.js";
import { cells } from "./result-lines.js";
import { word } from "./words.js";

const WORDS_MOST = 5;

const div = (name, tag = "div") => Object.assign(document.createElement(tag), { className: name });

function box(choices, made, ...inside) {
  made.dataset.choices = choices;
  made.append(...inside);
  return made;
}

function option(type, { key, text }) {
  const made = piece("option");
  Object.assign(made.querySelector("input"), { type, name: "answer", value: key });
  write(part(made, "text"), text);
  return made;
}

function field(name, id, longest, label) {
  const made = piece(name);
  Object.assign(part(made, "input"), { id, name: "answer", maxLength: longest });
  Object.assign(part(made, "label"), { htmlFor: id, textContent: label });
  return made;
}

/** What a step of a scale is called; with labels for the two ends alone, those between have none. */
export function labelOf(poll, n) {
  const labels = said(poll, "labels") || [];
  if (labels.length === poll.steps) return labels[n - 1];
  return (labels.length && ((n === 1 && labels[0]) || (n === poll.steps && labels.at(-1)))) || "";
}

function statement(poll, one) {
  const made = piece("statement");
  const name = `answer.${one.statement}`;
  made.dataset.of = one.statement;
  write(part(made, "statement"), said(one, "text"));
  part(made, "steps").append(...Array.from({ length: poll.steps }, (_, n) => {
    const step = piece("step");
    Object.assign(step.querySelector("input"), { name, value: n + 1 });
    write(part(step, "number"), n + 1);
    write(part(step, "text"), labelOf(poll, n + 1));
    return step;
  }));
  if (poll.labels?.length) {
    write(part(made, "low"), `1 ${labelOf(poll, 1)}`);
    write(part(made, "high"), `${poll.steps} ${labelOf(poll, poll.steps)}`);
  }
  part(made, "aside").querySelector("input").name = name;
  write(part(made, "aside-text"), said(poll, "dont_know"));
  show(part(made, "aside"), poll.dont_know);
  return made;
}

function ranked(poll, one) {
  const made = piece("ranked");
  const id = `p-${poll.poll}-${one.option}`;
  made.dataset.of = one.option;
  Object.assign(part(made, "text"), { htmlFor: id, textContent: said(one, "text") });
  const choice = Object.assign(part(made, "choice"), { id, name: `answer.${one.option}` });
  choice.append(...poll.options.map((_, n) => new Option(n + 1, n + 1)));
  for (const button of made.querySelectorAll("[data-move]")) button.setAttribute("aria-label", `${word(`rank.${button.dataset.move}`)}: ${said(one, "text")}`);
  return made;
}

function portion(poll, one) {
  const made = piece("portion");
  const id = `p-${poll.poll}-${one.option}`;
  made.dataset.of = one.option;
  Object.assign(part(made, "text"), { htmlFor: id, textContent: said(one, "text") });
  Object.assign(part(made, "points"), { id, name: `answer.${one.option}` }).setAttribute("aria-describedby", `p-${poll.poll}-left`);
  return made;
}

function portions(poll) {
  const left = piece("left");
  left.id = `p-${poll.poll}-left`;
  return box("points", div("portions"), ...poll.options.map((one) => portion(poll, one)), left);
}

function placing(poll, one) {
  const made = piece("placing");
  const key = one.statement ?? one.option;
  made.dataset.of = key;
  write(part(made, "text"), said(one, "text"));
  for (const side of ["y", "x"]) {
    const axis = poll.axes[side];
    const id = `p-${poll.poll}-${key}-${side}`;
    Object.assign(part(made, `${side}-label`), { htmlFor: id, textContent: said(axis, "title") });
    const end = (n) => (n === 1 ? ` ${said(axis, "low")}` : n === poll.steps ? ` ${said(axis, "high")}` : "");
    Object.assign(part(made, side), { id, name: `answer.${key}.${side}` }).append(...Array.from({ length: poll.steps }, (_, n) => new Option(`${n + 1}${end(n + 1)}`.trim(), n + 1)));
  }
  return made;
}

function amount(poll) {
  const made = piece("amount");
  const id = `p-${poll.poll}-1`;
  Object.assign(part(made, "input"), { id, name: "answer" });
  Object.assign(part(made, "label"), { htmlFor: id, textContent: word("poll.amount", { low: number(poll.low), high: number(poll.high) }) });
  write(part(made, "unit"), said(poll, "unit"));
  return made;
}

function scale(poll) {
  if (poll.statements) return [box("steps", div("statements"), ...poll.statements.map((one) => statement(poll, one)))];
  const steps = cells(poll).filter(({ key }) => key !== "dont_know");
  const made = [box("step", div("scale"), ...steps.map((cell) => option("radio", cell)))];
  if (poll.dont_know) made.push(box("step", div("poll__choices"), option("radio", { key: "dont_know", text: said(poll, "dont_know") })));
  made[1]?.firstElementChild.classList.add("option--aside");
  return made;
}

function choice(poll) {
  const several = (poll.most ?? 1) > 1;
  const made = box(several ? "many" : "one", div("poll__choices"), ...cells(poll).map((cell) => option(several ? "checkbox" : "radio", cell)));
  made.dataset.most = poll.most ?? 1;
  return [made];
}

const text = (poll) => [box("text", field("text", `p-${poll.poll}-1`, poll.longest || 1000, word("poll.your-answer")))];

/** A field for each idea that one may have. */
function ideas(poll) {
  if ((poll.ideas_each ?? 1) === 1) return text(poll);
  const fields = Array.from({ length: poll.ideas_each }, (_, n) => {
    const made = field("text", `p-${poll.poll}-${n + 1}`, poll.longest || 1000, word("ideas.nth", { n: n + 1 }));
    part(made, "label").className = "field__label";
    part(made, "input").rows = 2;
    return made;
  });
  return [box("words", div("words"), ...fields)];
}

const MAKE = {
  choice,
  quiz: choice,
  yesno: (poll) => [box("word", div("poll__choices"), ...cells(poll).map((cell) => option("radio", cell)))],
  scale,
  ranking: (poll) => [box("ranking", div("ranking", "ol"), ...poll.options.map((one) => ranked(poll, one)))],
  points: (poll) => [portions(poll)],
  number: (poll) => [amount(poll)],
  matrix: (poll) => [box("matrix", div("placings"), ...(poll.statements ?? poll.options).map((one) => placing(poll, one)))],
  words: (poll) => [box("words", div("words"), ...Array.from({ length: Math.min(poll.most ?? 1, WORDS_MOST) }, (_, n) => field("word", `p-${poll.poll}-${n + 1}`, poll.longest || 30, word("poll.word", { n: n + 1 }))))],
  text,
  ideas,
  backing: choice,
};

/** The controls of a poll; of a kind that this page does not know, a word about that. */
export const controls = (poll) => (MAKE[poll.kind] ?? (() => [piece("later")]))(poll);
