// The evaluation: every answer is saved as it is given, and said to be saved only when it is. Without scripts the form is sent as a whole.

import { answerIn } from "./answers.js";
import { takeArranging } from "./arranging.js";
import { now, time } from "./clock.js";
import { showConnection } from "./connection.js";
import { follow, isAsked } from "./follow-ups.js";
import { Live } from "./live.js";
import { part, piece, show, write } from "./page.js";
import { tell } from "./spoken.js";
import { word } from "./words.js";

const TYPED_MS = 1500; // after the last key; a choice is saved at once

const page = document.getElementById("evaluation");
const form = part(page, "form");
const { survey } = page.dataset;
const live = new Live(document.body.dataset.day);
const group = form.elements.namedItem("people"); // how many answer together; not every survey asks
const questions = [...page.querySelectorAll("[data-question]")];
const waiting = new Set();
let isSent = !part(page, "done").hidden;
const typing = new Map();
const sent = new Map(); // what was last sent of each question
const EMPTY = { choice: [], quiz: [], words: [], text: "", ideas: "", number: "", ranking: [], points: {}, matrix: {}, scale: "" };

/** What a question's controls say now, with the consent beside it; what was emptied is taken back. */
function answersOf(box) {
  const { question, kind } = box.dataset;
  const answers = {};
  const answer = answerIn(box);
  if (answer !== undefined) answers[question] = answer;
  else if (kind in EMPTY) answers[question] = EMPTY[kind];
  const consent = box.querySelector("[data-consent]");
  if (consent) answers[consent.name.replace("answers.", "")] = consent.checked;
  return answers;
}

/** What a question's controls say, and those of the follow-ups that it brings: the house forgets the answers of one that was not asked. */
function answersWith(box) {
  const followed = questions.filter((one) => one.dataset.after === box.dataset.question && isAsked(one));
  return Object.assign(answersOf(box), ...followed.map(answersWith));
}

function save(box) {
  clearTimeout(typing.get(box));
  typing.delete(box);
  const answers = answersWith(box);
  const same = JSON.stringify(answers);
  if (same === "{}" || sent.get(box) === same) return;
  sent.set(box, same);
  live.wish("surveys.answer", { survey, answers, ...together() });
}

/** How many answer together, where that is asked. */
function together() {
  const people = Number(group?.value);
  return Number.isInteger(people) && people > 0 ? { people } : {};
}

function say(icon, text) {
  for (const name of ["save-state", "save-state-foot"]) part(page, name).replaceChildren(piece(`icon-${icon}`), ` ${text}`);
}

function progress() {
  const asked = questions.filter(isAsked);
  const given = asked.filter((box) => answerIn(box) !== undefined).length;
  write(part(page, "progress-text"), word("survey.progress", { n: given, all: asked.length }));
  part(page, "progress-bar").setAttribute("width", `${(100 * given) / asked.length}%`);
}

/** A required question without an answer: what is answered is saved all the same. */
function comeBack(box) {
  const title = box.querySelector("legend").textContent.trim();
  say("octagon", word("survey.lacks", { title }));
  tell(word("survey.lacks", { title }));
  box.querySelector("input, textarea, select, button").focus();
}

takeArranging(form);
form.addEventListener("change", ({ target }) => {
  if (target === group) live.wish("surveys.answer", { survey, answers: {}, ...together() });
  const box = target.closest("[data-question]");
  if (!box) return;
  follow(questions);
  save(box);
  progress();
});

form.addEventListener("input", ({ target }) => {
  const box = target.closest("[data-question]");
  if (!box || target.matches("[type=radio], [type=checkbox]")) return;
  clearTimeout(typing.get(box));
  typing.set(box, setTimeout(() => save(box), TYPED_MS));
  progress();
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  for (const timer of typing.values()) clearTimeout(timer);
  typing.clear();
  const lacking = questions.find((box) => "required" in box.dataset && isAsked(box) && answerIn(box) === undefined);
  if (lacking) return comeBack(lacking);
  const answers = Object.assign({}, ...questions.filter(isAsked).map(answersOf));
  const answer = await live.wish("surveys.answer", { survey, answers, final: true, ...together() });
  if (!answer.ok) return;
  const done = part(page, "done");
  show(done, true);
  done.tabIndex = -1;
  done.focus(); // the person has pressed the button; this is what came of it
  tell(word("survey.done"));
});

live.addEventListener("wish", ({ detail: { id, do: name, args, status, answer } }) => {
  if (name !== "surveys.answer") return;
  if (status === "saved" && args.final) isSent = true;
  if (status === "pending") waiting.add(id);
  else waiting.delete(id);
  if (status === "refused") return say("octagon", answer.error.text || word("wish.failed"));
  if (waiting.size) return say("clock", word(live.connected ? "survey.saving" : "survey.waiting"));
  return say("check", isSent ? word("you.saved") : word("survey.draft", { time: time(now()) })); // what was sent is no draft any more
});
live.addEventListener("connection", () => waiting.size && say("clock", word(live.connected ? "survey.saving" : "survey.waiting")));

showConnection(live);
show(part(page, "progress"), true);
follow(questions); // a browser that comes back to the page may have filled in its fields by itself
progress();
live.start();
