// Where in the day we are, said beside the picture: now and next, the ribbon, the crossing to the own region and back.

import { countdown, now, time } from "./clock.js";
import { keep, part, show, write } from "./page.js";
import { said } from "./phrasing.js";
import { regionName } from "./beside.js";
import { homeOf, isAway, sideSince, standing } from "./programme.js";
import { drawRibbon } from "./ribbon.js";
import { tell } from "./spoken.js";
import { word } from "./words.js";

const NEAR_MS = 300_000; // the crossing is said five minutes before, or halfway there in a day that runs faster
const SPOKEN_S = 30;
const MINUTE_MS = 60_000;
const LATER_MOST = 6; // lines; the whole programme is a page of its own
const RIBBON_MS = 15_000; // the line moves slowly; it is drawn anew this often

export class Guide {
  #live;
  #page;
  #drawn = 0;
  #spoken = "";

  constructor(live, page) {
    this.#live = live;
    this.#page = page;
  }

  draw() {
    this.#drawn = 0;
    this.tick();
  }

  tick() {
    const { state } = this.#live;
    const at = now();
    const here = standing(state, at);
    this.#nowNext(here, state);
    this.#crossing(here, state, at);
    this.#followed(here.lane, state);
    if (at - this.#drawn < RIBBON_MS) return;
    this.#drawn = at;
    this.#later(here, state);
    const live = state.day.state === "live";
    const label = word("ribbon.label", { time: time(at), now: here.away(here.current) ? word("ribbon.region", { region: this.#region(here, state) }) : word("ribbon.common") });
    drawRibbon(part(this.#page, "ribbon"), here.items, live ? at : null, label, live);
  }

  #region({ lane }, state) {
    return regionName(state, lane);
  }

  #nowNext(here, state) {
    const { current, next, away } = here;
    const region = this.#region(here, state);
    const begun = state.day.state !== "published" && state.day.state !== "draft";
    const first = begun ? current : here.items[0];
    const second = begun ? next : here.items[1];
    part(this.#page, "now").classList.toggle("now-next__item--region", away(first));
    part(this.#page, "next").classList.toggle("now-next__item--region", away(second));
    if (first) {
      const key = !begun ? "now.next" : away(first) ? "now.until-region" : "now.until";
      const began = begun && offPlan(first) ? `. ${sentence(word("now.began", { began: time(first.starts_at), planned: time(first.planned_at) }))}` : "";
      write(part(this.#page, "now-when"), state.now?.hold ? word("now.paused") : word(key, { time: time(begun ? first.ends_at : first.starts_at), region }) + began);
      write(part(this.#page, "now-title"), titleOf(first));
    }
    show(part(this.#page, "next"), second && state.day.state !== "ended");
    if (!second) return;
    write(part(this.#page, "next-when"), word(away(second) === away(first) ? "now.next" : away(second) ? "now.next-region" : "now.next-common", { time: time(second.starts_at), region }));
    write(part(this.#page, "next-title"), titleOf(second));
  }

  /** What comes after the next item. */
  #later({ items, current, next }, state) {
    const rest = items.slice(items.indexOf(next ?? current) + 1, items.indexOf(next ?? current) + 1 + LATER_MOST);
    show(part(this.#page, "later"), rest.length && state.day.state !== "ended");
    keep(part(this.#page, "later-list"), "item", rest, (item) => item.item, laterLine, (line, item) => {
      line.classList.toggle("is-away", isAway(item));
      line.classList.toggle("is-break", item.kind === "break");
      write(line.firstElementChild, time(item.starts_at));
      write(line.lastElementChild, titleOf(item));
    });
  }

  #crossing(here, state, at) {
    const { crossing, current, items } = here;
    const place = part(this.#page, "crossing");
    const away = here.away(current);
    const back = away ? state.now?.returns?.at : null; // also when the region is late, and the others have met
    const told = back ?? state.now?.countdown?.ends_at; // the run-of-show knows to the second
    const left = crossing || back ? Date.parse(told ?? crossing.starts_at) - at : Infinity;
    const near = crossing && Math.min(NEAR_MS, (Date.parse(crossing.starts_at) - sideSince(items, current)) / 2);
    const seen = (crossing || back) && state.day.state === "live" && left > 0 && (away || told || left < near);
    show(place, seen);
    if (!seen) return;
    const region = this.#region(here, state);
    place.classList.toggle("crossing--back", away);
    write(part(place, "crossing-time"), countdown(left));
    write(part(place, "crossing-what"), away ? word("crossing.back") : word("crossing.to", { region }));
    write(part(place, "crossing-how"), word(away || here.lane !== homeOf(state.you) ? "crossing.back-how" : "crossing.how"));
    show(part(place, "crossing-stay"), !state.you?.roles?.length);
    this.#say(crossing ?? current, left, away, region);
  }

  /** What somebody has chosen to look at in place of their own, with the way back; and the choice itself. */
  #followed(lane, { you = {}, regions = [], day, ...state }) {
    const home = homeOf(you);
    const place = part(this.#page, "followed");
    const on = day.state === "published" || day.state === "live";
    show(place, lane !== home && on);
    show(part(this.#page, "follow-form"), regions.length && on && !you.roles?.length);
    const name = (one) => (one === "national" ? word("lane.common") : regionName({ ...state, regions }, one));
    write(part(place, "followed-what"), lane === "national" ? word("follow.common") : word("follow.region", { region: name(lane) }));
    write(part(place, "followed-back"), home === "national" ? word("follow.back-common") : word("follow.back", { region: name(home) }));
    const choice = part(this.#page, "follow-lane");
    if (choice.dataset.was === lane || choice === document.activeElement) return;
    choice.value = choice.dataset.was = lane;
  }

  #say(turn, left, away, region) {
    const seconds = Math.round(left / 1000);
    if (seconds > SPOKEN_S || this.#spoken === turn.item) return;
    this.#spoken = turn.item;
    tell(word(away ? "crossing.said-back" : "crossing.said", { seconds, region }));
  }
}

function laterLine() {
  const line = document.createElement("li");
  line.append(document.createElement("time"), document.createElement("span"));
  return line;
}

/** Whether an item began at another minute than the printed programme says. */
const offPlan = ({ starts_at: at, planned_at: planned }) => planned && Math.abs(Date.parse(at) - Date.parse(planned)) >= MINUTE_MS;

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

const titleOf = (item) => said(item, "title");
