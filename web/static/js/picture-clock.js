// Polls are shown when the viewer's own picture has come to the moment at which they were opened: what the studio says comes first.

import { now, until } from "./clock.js";

const LOOK_MS = 100;
const HELD_MOST_MS = 10_000; // whoever is further behind has paused, or looks at something else
const LEFT_LEAST_MS = 20_000; // so long everybody has for an answer, picture or no picture

let picture = () => null;

/** Say where the picture is: `shows()` gives the time of the studio that is seen now, in ms, or `null` when nothing is seen. */
export function setPicture(shows) {
  picture = shows;
}

/** Holds polls back until the picture comes to them. */
export class PictureClock {
  #opened = new Map(); // poll -> when, as far as we heard it happen
  #timer;
  #draw;

  /** @param draw called when something is to be shown that was held back. */
  constructor(live, draw) {
    this.#draw = draw;
    live.addEventListener("state", () => this.#opened.clear());
    live.addEventListener("news", ({ detail }) => {
      for (const { type, at, data } of detail) if (type === "polls.opened" && at) this.#opened.set(data.poll, Date.parse(at));
    });
  }

  /** Those that the picture has come to. */
  reached(polls) {
    const held = polls.filter((poll) => poll.voting === "open" && !this.#isDue(poll));
    if (held.length && !this.#timer) {
      this.#timer = setInterval(() => {
        if (held.every((poll) => !this.#isDue(poll))) return;
        clearInterval(this.#timer);
        this.#timer = undefined;
        this.#draw();
      }, LOOK_MS);
    }
    return polls.filter((poll) => !held.includes(poll));
  }

  #isDue(poll) {
    const at = this.#opened.get(poll.poll);
    const shown = picture();
    if (at === undefined || shown === null || shown >= at || now() > at + HELD_MOST_MS) return true;
    return Boolean(poll.closes_at) && until(poll.closes_at) < LEFT_LEAST_MS;
  }
}
