// What the panel has before it: the question that is taken up, and those that come next. Nothing to press.

import { showConnection } from "./connection.js";
import { Live } from "./live.js";
import { keep, part, piece, show, write } from "./page.js";
import { asker, before, bySupport, COUNTRY, onStage } from "./question-words.js";
import { Pages } from "./question-pages.js";
import { tell } from "./spoken.js";
import { word } from "./words.js";

const NEXT = 3; // as many as one takes in at a glance
const page = document.getElementById("panel");
const live = new Live(document.body.dataset.day, document.body.dataset.lane);
new Pages(live); // what has moved up comes by itself
let stage;

function draw() {
  const { state } = live;
  const questions = before(state, state.you?.lane ?? COUNTRY);
  const now = onStage(questions);
  const next = questions.filter((one) => one.state === "open").toSorted(bySupport).slice(0, NEXT);
  write(part(page, "now-text"), now?.text ?? "");
  show(part(page, "now-none"), !now);
  write(part(page, "now-who"), now ? asker(state, now) : "");
  if (stage !== undefined && now && now.question !== stage) tell(word("question.on-stage", { text: now.text }));
  stage = now?.question ?? null;
  keep(part(page, "next-rows"), "question", next, (one) => one.question, () => piece("panel-row"), (row, one) => {
    write(part(row, "backs"), one.backs);
    write(part(row, "text"), one.text);
    write(part(row, "who"), asker(state, one));
  });
  show(part(page, "next-none"), !next.length);
}

live.addEventListener("state", draw);
live.addEventListener("news", ({ detail }) => detail.some(({ type }) => /^(questions|people)\./.test(type)) && draw());
showConnection(live);
live.start();
