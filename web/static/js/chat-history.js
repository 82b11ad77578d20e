// What of the chat stands on the page: the room one talks in, and what was said before the last that a fresh page has.

import { homeOf } from "./programme.js";
import { over } from "./reduce.js";

const COUNTRY = "national";
const PAGE = 50; // messages on a page of history, as in the state
const STAFF = new Set(["organizer", "moderator"]);

/** The room one talks in now: one's own region's while that is open, in a regional block, else the country's. */
export const roomOf = ({ rooms = [], you }) => rooms.find((one) => one.room === homeOf(you) && one.open)?.room ?? COUNTRY;

/** While one's region talks among itself one reads that alone; staff read every room that they see. */
export function readNow(state, messages) {
  const room = roomOf(state);
  const staff = (state.you?.roles ?? []).some((role) => STAFF.has(role));
  return room === COUNTRY || staff ? messages : messages.filter((one) => one.room === room);
}

/** Fetched pages, before what the state holds; news change them as they change that. */
export class History {
  #live;
  #older = [];
  #last = [];
  #ended = false;

  constructor(live) {
    this.#live = live;
    live.addEventListener("state", () => {
      [this.#older, this.#last, this.#ended] = [[], live.state.chat ?? [], false];
    });
    live.addEventListener("news", ({ detail }) => this.#follow(detail));
  }

  /** All that is here, oldest first. */
  get messages() {
    return [...this.#older, ...(this.#live.state.chat ?? [])];
  }

  /** Whether there may be more. */
  get goesOn() {
    return !this.#ended && this.messages.length >= PAGE;
  }

  /** The page before; the answer. */
  async more() {
    const answer = await this.#live.wish("chat.page", { before: this.messages[0].message });
    if (!answer.ok) return answer;
    const here = new Set(this.messages.map((one) => one.message));
    this.#older.unshift(...answer.data.chat.filter((one) => !here.has(one.message)));
    this.#ended = answer.data.chat.length < PAGE;
    return answer;
  }

  /** What has left the state stays, when older ones stand before it. */
  #follow(detail) {
    const now = this.#live.state.chat ?? [];
    if (this.#older.length) {
      const here = new Set([...now, ...this.#older].map((one) => one.message));
      this.#older.push(...this.#last.filter((one) => !here.has(one.message)));
      for (const item of detail) this.#older = this.#older.map((one) => changed(one, item));
    }
    this.#last = now;
  }
}

function changed(one, { type, data }) {
  if (type === "chat.named") return one.by?.person === data.by.person ? { ...one, by: { ...one.by, ...data.by } } : one;
  return data.message === one.message && type.startsWith("chat.") ? over(one, data) : one;
}
