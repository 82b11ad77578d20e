// The big screen of a hall, and the overlay: what matters most now, readable from the back. Nothing to click; it comes back by itself.

import { standsNow } from "./announcements.js";
import { CaptionPanel } from "./captions.js";
import { countdown, everySecond, now, time, until } from "./clock.js";
import { showConnection } from "./connection.js";
import { GesturesInHall } from "./gestures.js";
import { cards, turn } from "./hall.js";
import { Live } from "./live.js";
import { keep, part, show, write } from "./page.js";
import { number, said } from "./phrasing.js";
import { isAway, standing } from "./programme.js";
import { askedBy } from "./question-words.js";
import { cells } from "./result-lines.js";
import { regionName } from "./beside.js";
import { showResult, whose } from "./results.js";
import { word } from "./words.js";

const page = document.getElementById("screen");
const overlay = "overlay" in page.dataset;
const cued = overlay || document.body.dataset.follow === "cues"; // over a picture nothing comes of itself
const live = new Live(document.body.dataset.day, document.body.dataset.lane);
const shownAt = new Map();
const captions = part(page, "captions") && new CaptionPanel(part(page, "captions"));
const gestures = new GesturesInHall(page);

/** Where the lane of this screen goes next: out to its own region, or to the regions, as the country's own lane says; and back. */
const turning = ({ now: moment, you = {}, ...state }) => (moment.countdown.to !== "regions" ? word("screen.to-national") : you.region ? word("crossing.to", { region: regionName(state, you.region) }) : word("screen.to-regions"));

const fillers = {
  join: () => undefined,
  item: ({ item, on }) => {
    write(part(page, "item-when"), on ? word("screen.now") : word("screen.next", { time: time(item.starts_at) }));
    write(part(page, "item-title"), said(item, "title"));
  },
  begins: (day) => slate(said(day, "title"), day.starts_at),
  turning: ({ ends_at }) => slate(turning(live.state), ends_at),
  ended: () => slate(word("screen.ended")),
  vote: (poll) => {
    write(part(page, "vote-title"), said(poll, "title"));
    write(part(page, "vote-n"), number(poll.tally?.n ?? 0));
    show(part(page, "vote-n").parentElement, poll.tally);
    const options = part(page, "vote-options");
    if (options) keep(options, "option", cells(poll), (cell) => cell.key, () => document.createElement("li"), (item, { text }) => write(item, text));
    left(poll);
  },
  question: (one) => {
    write(part(page, "question-who"), askedBy(live.state, one));
    write(part(page, "question-text"), one.text);
    write(part(page, "question-backs"), one.backs ? word(one.backs === 1 ? "question.backs-one" : "question.backs", { n: number(one.backs) }) : "");
  },
  result: (poll) => {
    write(part(page, "result-title"), said(poll, "title"));
    showResult(part(page, "result-body"), poll, live.state);
    const table = part(page, "table");
    if (table) show(table, false);
  },
};

/** Which part of the page a card is drawn in, where it is not called as the card is. */
const PARTS = { begins: "slate", turning: "slate", ended: "slate" };
const DRAWN = [...new Set(Object.keys(fillers).map((kind) => PARTS[kind] ?? kind))];

function slate(text, at) {
  write(part(page, "slate-text"), text);
  const ms = at ? until(at) : 0;
  show(part(page, "countdown"), ms > 0);
  write(part(page, "countdown"), countdown(ms));
}

function left(poll) {
  const ms = poll.closes_at ? until(poll.closes_at) : 0;
  write(part(page, "vote-left"), ms > 0 ? countdown(ms) : "");
  show(part(page, "vote-left").parentElement, ms > 0);
}

function draw() {
  const { state } = live;
  const [kind, what] = turn(cards(state, now(), shownAt, cued), now());
  captions?.write(state, now());
  gestures.draw(state);
  const told = standsNow(state, { hall: true });
  write(part(page, "told-text"), told?.text ?? "");
  show(part(page, "told"), told);
  const drawn = PARTS[kind] ?? kind;
  for (const name of DRAWN) if (name !== drawn) show(part(page, name), false);
  if (part(page, drawn)) {
    fillers[kind](what);
    show(part(page, drawn), true);
  }
  if (overlay) return plate(state);
  const poll = kind === "vote" || kind === "result" ? what : null;
  const tag = part(page, "tag");
  show(tag, poll);
  if (poll) {
    const regional = poll.scope && poll.scope !== "country";
    tag.className = `lane-tag lane-tag--${regional ? "region" : "common"}`;
    write(tag, whose(state, poll));
  }
  write(part(page, "note"), [said(state.day, "title"), state.you?.region && regionName(state, state.you.region)].filter(Boolean).join(", "));
  const asks = state.day.state === "ended" && (state.surveys ?? []).some((one) => one.state === "open" && !one.item);
  write(part(page, "join-how"), word(asks ? "screen.answer-at" : "screen.join-at"));
  page.classList.toggle("big--joining", kind === "join" || (state.day.state === "ended" && !asks)); // nobody joins a day that is over but to answer
  return next(state, kind === "item" && !what.on);
}

function next(state, isTold) {
  const here = standing(state, now());
  const coming = state.day.state === "live" ? here.next : here.items[0];
  show(part(page, "next"), coming && state.day.state !== "ended" && !isTold);
  if (!coming) return;
  part(page, "next").classList.toggle("now-next__item--region", isAway(coming));
  write(part(page, "next-when"), word("screen.next", { time: time(coming.starts_at) }));
  write(part(page, "next-title"), said(coming, "title"));
}

const PLATE_MS = 10_000; // as on the live page

function plate(state) {
  const place = part(page, "plate");
  const { name_plate: told } = state.now ?? {};
  const stands = told?.name && now() - Date.parse(told.at) < PLATE_MS;
  show(place, stands);
  if (!stands) return;
  const about = [told.role, told.organisation].filter(Boolean).join(", ");
  place.replaceChildren(told.name, Object.assign(document.createElement("small"), { textContent: about }));
}

live.addEventListener("state", draw);
live.addEventListener("news", ({ detail }) => {
  for (const { type, data } of detail) {
    if (type === "day.ended") shownAt.clear(); // what stood there then is over; what is shown from now on stays
    if (type === "polls.shown" && data.result !== "hidden") shownAt.set(data.poll, now());
  }
  draw();
});
showConnection(live);
live.start();
everySecond(() => live.state && draw());
