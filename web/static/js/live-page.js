// The page one stays on all day. Here its parts meet: the line to the day, and those that draw what it tells.

import { Chat } from "./chat.js";
import { ChatForm } from "./chat-form.js";
import { everySecond } from "./clock.js";
import { showConnection } from "./connection.js";
import { takeForms } from "./forms.js";
import { Gestures } from "./gestures.js";
import { Guide } from "./guide.js";
import { Live } from "./live.js";
import { moderate, offerUndo } from "./moderating.js";
import { part, write } from "./page.js";
import { Phones } from "./phones.js";
import { Polls } from "./polls.js";
import { Questions } from "./questions.js";
import { Prompts } from "./prompts.js";
import { Rating } from "./rating.js";
import { regionName } from "./beside.js";
import { tellOfPeople } from "./signs.js";
import { Stage } from "./stage.js";
import { word } from "./words.js";

const page = document.getElementById("live");
const live = new Live(document.body.dataset.day);
const polls = new Polls(live, page);
const chat = new Chat(live, page, moderate);
const writing = new ChatForm(live, page, chat);
const questions = new Questions(live, page);
const stage = new Stage(live, page);
const guide = new Guide(live, page);
const prompts = new Prompts(live, page);
const rating = new Rating(live, page);
const gestures = new Gestures(live, page);
const phones = new Phones(page, live.day);

/** Who sits here, as others see it. Fields that somebody is writing in are left alone. */
function drawYou() {
  const { you = {}, ...state } = live.state;
  phones.draw(you);
  const region = you.region ? `, ${regionName(state, you.region)}` : "";
  write(part(page, "you-line"), (you.name || word("you.anonymous")) + region);
  const values = { "you-people": you.people ?? 1, "ask-people": you.people ?? 1, "you-name": you.name ?? "", "you-region": you.region ?? "" };
  for (const [id, value] of Object.entries(values)) {
    const field = document.getElementById(id);
    if (field.dataset.was === String(value) || field.form.contains(document.activeElement)) continue;
    field.value = field.dataset.was = value;
  }
}

const drawn = { polls: () => polls.draw(), chat: () => chat.draw(), questions: () => questions.draw(), stage: () => stage.draw(), captions: () => stage.written(), guide: () => guide.draw(), prompts: () => prompts.draw(), rating: () => rating.draw(), gestures: () => gestures.draw(), you: drawYou };
const drawAll = () => Object.values(drawn).forEach((draw) => draw());

/** News of a feature draw what shows it; a new tally must not touch the chat. */
const SHOWN_BY = {
  polls: ["polls"],
  chat: ["chat", "prompts"],
  questions: ["questions"],
  surveys: ["prompts", "rating"],
  programme: ["guide", "stage"],
  rundown: ["guide", "stage", "prompts", "gestures"],
  gestures: ["gestures"],
  streaming: ["stage"],
  captions: ["captions"],
  people: Object.keys(drawn),
  day: Object.keys(drawn),
};

/** A link to one's own details opens them; where they are closed there is nothing to see. */
document.addEventListener("click", ({ target }) => {
  if (target.closest('a[href="#du"]')) document.getElementById("du-panel").open = true;
});
live.addEventListener("state", drawAll);
live.addEventListener("news", ({ detail }) => {
  const parts = new Set(detail.flatMap(({ type }) => SHOWN_BY[type.split(".")[0]] ?? []));
  for (const name of parts) drawn[name]();
  if (detail.some(({ type }) => type === "people.changed")) phones.look(live.state.you);
});
live.addEventListener("connection", () => live.state && polls.draw());
offerUndo(live, page);
showConnection(live);
takeForms(live, { "polls.vote": (form) => polls.vote(form), "polls.hands": (form) => polls.hands(form), "chat.say": () => writing.send(), "chat.edit": () => writing.send(), "gestures.send": (form, submitter) => gestures.send(submitter), "surveys.answer": (form, submitter) => rating.answer(form, submitter), "questions.ask": (form) => questions.ask(form), "questions.back": (form) => questions.stand(form), "questions.unback": (form) => questions.stand(form), "questions.oppose": (form) => questions.stand(form), "questions.consent": (form) => questions.consent(form) }, (form) => part(form, "you-state"));
live.start();
tellOfPeople(live);
everySecond(() => {
  if (!live.state) return;
  stage.tick();
  chat.tick();
  guide.tick();
  polls.tick();
});
