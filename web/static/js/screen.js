// The big screen of a hall, and the overlay: what matters most now, readable from the back. Nothing to click; it comes back by itself.

import { standsNow } from "./announcements.js";
import { CaptionPanel } from "./captions.js";
import { countdown, everySecond, now, time, until } from "./clock.js";
import { showConnection } from "./connection.js";
import { GesturesInHall } from "./gestures.js";
import { Live } from "./live.js";
import { keep, part, show, write } from "./page.js";
import { number, said } from "./phrasing.js";
import { isAway, standing } from "./programme.js";
import { askedBy, before, COUNTRY, onStage } from "./question-words.js";
import { cells } from "./result-lines.js";
import { regionName } from "./beside.js";
import { showResult, whose } from "./results.js";
import { word } from "./words.js";

const SHOWN_MS = 90_000; // a result that everybody may see stays so long; one that is on stage until it is taken away
const page = document.getElementById("screen");
const overlay = "overlay" in page.dataset;
const live = new Live(document.body.dataset.day, document.body.dataset.lane);
const shownAt = new Map();
const captions = part(page, "captions") && new CaptionPanel(part(page, "captions"));
const gestures = new GesturesInHall(page);

/** What to show, the most urgent first. */
function choose(state) {
  const { polls = [], day, now: moment = {}, you } = state;
  const question = onStage(before(state, you?.lane ?? COUNTRY));
  const open = polls.filter((poll) => poll.voting === "open" && !isOver(poll)).at(-1);
  const staged = polls.filter((poll) => poll.tally && poll.result === "stage").at(-1);
  const fresh = polls.filter((poll) => poll.tally && poll.result === "everyone" && poll.voting === "closed" && now() - (shownAt.get(poll.poll) ?? 0) < SHOWN_MS).at(-1);
  if (staged && (day.state !== "ended" || shownAt.has(staged.poll))) return ["result", staged];
  if (open) return ["vote", open];
  if (day.state === "ended") return ["slate", { text: word("screen.ended") }];
  const later = question && !(fresh && shownAt.get(fresh.poll) > Date.parse(question.taken_up_at));
  if (later) return ["question", question];
  if (fresh) return ["result", fresh];
  if (day.state === "published" && until(day.starts_at) > 0) return ["slate", { text: said(day, "title"), at: day.starts_at }];
  if (moment.countdown?.ends_at) return ["slate", { text: turning(state), at: moment.countdown.ends_at }];
  return ["join", null];
}

/** Where the lane of this screen goes next: out to its own region, or to the regions, as the country's own lane says; and back. */
const turning = ({ now: moment, you = {}, ...state }) => (moment.countdown.to !== "regions" ? word("screen.to-national") : you.region ? word("crossing.to", { region: regionName(state, you.region) }) : word("screen.to-regions"));

/** Whether its time has come; those whose picture is behind may still answer, and the hall looks on at what is now. */
const isOver = (poll) => Boolean(poll.closes_at) && until(poll.closes_at) <= 0;

const fillers = {
  join: () => undefined,
  slate: ({ text, at }) => {
    write(part(page, "slate-text"), text);
    const ms = at ? until(at) : 0;
    show(part(page, "countdown"), ms > 0);
    write(part(page, "countdown"), countdown(ms));
  },
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

function left(poll) {
  const ms = poll.closes_at ? until(poll.closes_at) : 0;
  write(part(page, "vote-left"), ms > 0 ? countdown(ms) : "");
  show(part(page, "vote-left").parentElement, ms > 0);
}

function draw() {
  const { state } = live;
  const [kind, what] = choose(state);
  captions?.write(state, now());
  gestures.draw(state);
  const told = standsNow(state, { hall: true });
  write(part(page, "told-text"), told?.text ?? "");
  show(part(page, "told"), told);
  for (const name of Object.keys(fillers)) if (name !== kind) show(part(page, name), false);
  if (part(page, kind)) {
    fillers[kind](what);
    show(part(page, kind), true);
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
  page.classList.toggle("big--joining", kind === "join");
  return next(state);
}

function next(state) {
  const here = standing(state, now());
  const coming = state.day.state === "live" ? here.next : here.items[0];
  show(part(page, "next"), coming && state.day.state !== "ended");
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
