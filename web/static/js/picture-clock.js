// Polls follow the viewer's own picture: one opens, closes and shows its result when the picture has come to that moment of the studio.
// So everybody has the whole time to answer; the server takes answers for a while longer, as long as any picture may be behind.

import { now } from "./clock.js";

const LOOK_MS = 100;
const BEHIND_MOST_MS = 12_000; // whoever is further behind has paused, or looks at something else; `polls.rules.GRACE` is a second more

let picture = () => null;

/** Say where the picture is: `shows()` gives the time of the studio that is seen now, in ms, or `null` when nothing is seen. */
export function setPicture(shows) {
  picture = shows;
}

/** The moment of the studio that polls go by here, in ms: that of the picture, or now when there is none. */
export function seenAt() {
  const shown = picture();
  return shown === null ? now() : Math.min(now(), Math.max(shown, now() - BEHIND_MOST_MS));
}

/** Shows polls as they stand at the moment that the picture has come to. */
export class PictureClock {
  #live;
  #opened = new Map(); // poll -> when, as far as we heard it happen
  #shown = new Map(); // poll -> when its result was shown
  #timer;
  #drawn = "";
  #draw;

  /** @param draw called when the picture has come to something. */
  constructor(live, draw) {
    this.#live = live;
    this.#draw = draw;
    live.addEventListener("state", () => {
      this.#opened.clear();
      this.#shown.clear();
    });
    live.addEventListener("news", ({ detail }) => this.#hear(detail));
  }

  #hear(news) {
    const closed = new Set(news.filter(({ type }) => type === "polls.closed").map(({ data }) => data.poll));
    for (const { type, at, data } of news) {
      if (type === "polls.opened" && at) this.#opened.set(data.poll, Date.parse(at));
      else if (type === "polls.shown" && at && !closed.has(data.poll)) this.#shown.set(data.poll, Date.parse(at)); // with the close: it has waited already
    }
  }

  /** The polls as they stand for this viewer; `closes_at` is when they close here. Asking changes nothing. */
  seen(polls, at = seenAt()) {
    return polls.filter((poll) => poll.voting !== "open" || at >= (this.#opened.get(poll.poll) ?? 0)).map((poll) => this.#asSeen(poll, at));
  }

  /** The same, for who draws them: when they come to stand otherwise than that, they are drawn again. */
  toDraw(polls) {
    const at = seenAt();
    const found = this.seen(polls, at);
    this.#drawn = keyOf(found);
    if (!this.#waits(polls, at)) this.#rest();
    else this.#timer ??= setInterval(() => this.#look(), LOOK_MS);
    return found;
  }

  /** Whether the picture has yet to come to something. */
  #waits(polls, at) {
    return polls.some((poll) => (poll.voting === "open" && (poll.closes_at || this.#opened.get(poll.poll) > at)) || this.#shown.get(poll.poll) > at);
  }

  #asSeen(poll, at) {
    const seen = this.#shown.get(poll.poll) > at ? { ...poll, tally: null, result: "hidden" } : poll;
    if (poll.voting !== "open" || !poll.closes_at) return seen;
    const closes = Date.parse(poll.closes_at);
    if (at >= closes) return { ...seen, voting: "closed", closes_at: null };
    return { ...seen, closes_at: new Date(closes + now() - at).toISOString() };
  }

  /** Draw again when something stands otherwise than it was drawn. */
  #look() {
    const polls = this.#live.state?.polls ?? [];
    const at = seenAt();
    if (keyOf(this.seen(polls, at)) !== this.#drawn) this.#draw();
    else if (!this.#waits(polls, at)) this.#rest();
  }

  #rest() {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

const keyOf = (polls) => polls.map(({ poll, voting, tally }) => `${poll}:${voting}:${tally ? 1 : 0}`).join(" ");
