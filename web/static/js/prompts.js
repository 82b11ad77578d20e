// What the day asks of a screen, just under the picture: how many are you, where do you belong, what did you think. And what it announces.

import { listAnnouncements } from "./announcements.js";
import { now } from "./clock.js";
import { part, show, write } from "./page.js";
import { said } from "./phrasing.js";
import { tell } from "./spoken.js";
import { word } from "./words.js";

const ANNOUNCED_MS = 60_000;
const SKIPPED = "samsyn:region-skipped"; // in this tab: the day at which somebody has said that they belong nowhere
const ASKED = "samsyn:people-asked"; // and the question about how many they are that is done with

export class Prompts {
  #live;
  #page;
  #asked = kept(ASKED); // the question about how many they are that was answered or put away
  #announced = null;
  #open = null; // surveys that were open when we last looked
  #skipped;

  constructor(live, page) {
    this.#live = live;
    this.#page = page;
    this.#skipped = kept(SKIPPED) === live.day;
    part(page, "where-skip").addEventListener("click", () => {
      this.#skipped = true;
      keep(SKIPPED, live.day);
      this.draw();
    });
    part(page, "ask-skip").addEventListener("click", () => {
      this.#asked = keep(ASKED, keyOf(live.state.now.ask_screens));
      this.draw();
    });
    live.addEventListener("wish", ({ detail }) => detail.do === "people.set" && this.#answered(detail.args));
  }

  draw() {
    const { state } = this.#live;
    const { ask_screens: ask, announcement: cued } = state.now ?? {};
    const announcement = [cued, ...(state.announcements ?? [])].filter(Boolean).toSorted((a, b) => ((a.at ?? "") < (b.at ?? "") ? -1 : 1)).at(-1);
    const live = state.day.state === "live";
    const asks = live && ask && this.#asked !== keyOf(ask) && !hasTold(state.you, ask);
    if (asks && part(this.#page, "ask").hidden) tell(ask.text);
    show(part(this.#page, "ask"), asks);
    write(part(this.#page, "ask-text"), ask?.text ?? "");
    show(part(this.#page, "where"), live && !asks && state.regions?.length && !state.you?.region && !this.#skipped);
    this.#survey(state);
    this.#announce(announcement);
    listAnnouncements(state, this.#page);
  }

  #answered(args) {
    const { ask_screens: ask } = this.#live.state?.now ?? {};
    if (ask && "people" in args) this.#asked = keep(ASKED, keyOf(ask));
    if ("region" in args) this.#skipped = true;
    if (this.#live.state) this.draw();
  }

  #survey(state) {
    const open = (state.surveys ?? []).filter((one) => one.state === "open" && one.mine !== "done" && one.asks !== false && !one.item);
    const before = state.day.state === "published"; // then it is not the day that is asked about
    const ended = state.day.state === "ended"; // then the link stands in the frame itself
    show(part(this.#page, "survey"), open.length && !ended);
    show(part(this.#page, "ended-survey"), open.length && ended);
    if (open.length) write(part(this.#page, "survey-title"), said(open[0], "title"));
    write(part(this.#page, "survey-about"), before ? word("survey.about-before") : word("survey.about"));
    write(part(this.#page, "survey-link"), before ? word("survey.answer-before") : word("survey.answer"));
    if (this.#open !== null && open.length > this.#open) tell(word("survey.open"));
    this.#open = open.length;
  }

  #announce(announcement) {
    const key = announcement ? keyOf(announcement) : "";
    if (key === this.#announced) return;
    const first = this.#announced === null;
    this.#announced = key;
    const left = announcement?.ends_at ? Date.parse(announcement.ends_at) - now() : ANNOUNCED_MS;
    show(part(this.#page, "announcement"), key && left > 0);
    if (!key || left <= 0) return;
    write(part(this.#page, "announcement-text"), announcement.text);
    if (!first) tell(word("chat.announcement", { text: announcement.text }));
    setTimeout(() => this.#announced === key && show(part(this.#page, "announcement"), false), left);
  }
}

/** What a tab was told, so that it does not ask twice when it is loaded anew. */
function kept(name) {
  try {
    return sessionStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
}

function keep(name, value) {
  try {
    sessionStorage.setItem(name, value);
  } catch {
    // The page asks again when it is loaded anew.
  }
  return value;
}


/** Whether somebody before this screen has told since it was asked how many they are, as when they joined; a paired phone is one. */
const hasTold = (you, ask) => you?.paired || Date.parse(you?.told_at) >= Date.parse(ask.at);

const keyOf = ({ text, at }) => `${at ?? ""}:${text}`;
