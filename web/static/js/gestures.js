// Gestures of the audience: sent from the live page, and shown calmly there and on the hall's screen. What comes is how many there are of
// each, once a second at most; nobody is told who made one, and nothing of it is kept here.

import { part, show, write } from "./page.js";
import { number } from "./phrasing.js";
import { tell } from "./spoken.js";
import { word } from "./words.js";

const KINDS = ["clap", "heart", "agree", "wonder"];
const MOST = 6; // at once, and in any so many milliseconds: the server's limit (web/limits.py)
const WITHIN_MS = 10_000;
const TOLD_EVERY_MS = 60_000; // how often a screen reader is told, at most
const AIR_MOST = 6; // that rise at the same time; more is a storm
const HALL_MS = 15_000; // how long the hall sees them after the last one

const still = matchMedia("(prefers-reduced-motion: reduce)");
const counted = (counts) => KINDS.filter((kind) => counts[kind]);

/** What is shown of gestures on a lane: nothing of an item that is over, and nothing where they are off. */
function toThis({ gestures = {}, now = {} }) {
  const open = Boolean(now.item) && !(gestures.off ?? []).includes(now.lane ?? "national");
  return { open, counts: open && gestures.item === now.item ? gestures.counts ?? {} : {} };
}

function fillCounts(row, counts) {
  for (const kind of KINDS) write(row.querySelector(`[data-count="${kind}"]`), counts[kind] ? number(counts[kind]) : "");
}

export class Gestures {
  #live;
  #row;
  #air;
  #sent = []; // when, of those that count against the limit
  #item = undefined;
  #counts = {};
  #toldAt = Date.now();
  #told = "";

  constructor(live, page) {
    this.#live = live;
    this.#row = part(page, "gestures");
    this.#air = part(page, "air");
  }

  /** Make one. It is worth something now and nothing later, so it is not kept for when the line is back. */
  send(button) {
    const now = Date.now();
    this.#sent = this.#sent.filter((at) => now - at < WITHIN_MS);
    if (!this.#live.connected) return tell(word("wish.offline"));
    if (this.#sent.length >= MOST) return tell(word("gesture.enough"));
    this.#sent.push(now);
    this.#live.once("gestures.send", { gesture: button.value });
    button.classList.add("is-sent");
    setTimeout(() => button.classList.remove("is-sent"), 900);
    if (this.#sent.length >= MOST) this.#rest(this.#sent[0] + WITHIN_MS - now);
    return tell(word("gesture.sent", { gesture: word(`gesture.${button.value}`) }));
  }

  /** That is enough for a while; the buttons keep the focus. */
  #rest(ms) {
    const buttons = this.#row.querySelectorAll("button");
    for (const button of buttons) button.setAttribute("aria-disabled", "true");
    setTimeout(() => { for (const button of buttons) button.removeAttribute("aria-disabled"); }, ms);
  }

  draw() {
    const { open, counts } = toThis(this.#live.state);
    const item = this.#live.state.now?.item;
    show(this.#row, open);
    fillCounts(this.#row, counts);
    if (this.#item === item) this.#rise(counts);
    [this.#item, this.#counts] = [item, counts];
    this.#speak(counts);
  }

  /** What has come since, as a few pictures over the picture; none for those who want no motion. */
  #rise(counts) {
    if (still.matches) return;
    const more = KINDS.flatMap((kind) => Array(Math.min(Math.max((counts[kind] ?? 0) - (this.#counts[kind] ?? 0), 0), 3)).fill(kind));
    for (const kind of more.slice(0, AIR_MOST - this.#air.children.length)) {
      const one = this.#row.querySelector(`[value="${kind}"] svg`).cloneNode(true);
      one.classList.add("gesture-up", `gesture-up--${1 + Math.floor(Math.random() * 6)}`);
      one.addEventListener("animationend", () => one.remove());
      this.#air.append(one);
    }
  }

  #speak(counts) {
    const told = counted(counts).map((kind) => `${word(`gesture.${kind}`)} ${number(counts[kind])}`).join(", ");
    if (told === this.#told || Date.now() - this.#toldAt < TOLD_EVERY_MS) return;
    [this.#told, this.#toldAt] = [told, Date.now()];
    if (told) tell(word("gesture.told", { counts: told }));
  }
}

/** The hall's screen: how many there are of each, for a while after the last one. */
export class GesturesInHall {
  #row;
  #before = null;
  #movedAt = -Infinity;

  constructor(page) {
    this.#row = part(page, "gestures");
  }

  draw(state) {
    if (!this.#row) return;
    const { counts } = toThis(state);
    const stands = `${state.now?.item} ${JSON.stringify(counts)}`;
    if (this.#before !== null && stands !== this.#before) this.#movedAt = Date.now();
    this.#before = stands;
    const seen = counted(counts);
    show(this.#row, seen.length && Date.now() - this.#movedAt < HALL_MS);
    fillCounts(this.#row, counts);
    for (const one of this.#row.querySelectorAll("[data-gesture]")) show(one, seen.includes(one.dataset.gesture));
  }
}
