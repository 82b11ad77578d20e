// Phones of one's own at a group's screen: on the screen the code they pair by and how many have, on a phone that it is paired.

import { mark, part, show, write } from "./page.js";
import { number } from "./phrasing.js";
import { word } from "./words.js";

/** How many at the screen its own answer stands for: those without a phone of their own. */
export const behind = (you) => Math.max((you?.people ?? 1) - (you?.phones ?? 0), 0);

export class Phones {
  #page;
  #day;
  #was; // what the code belongs to that is drawn: the page came with the first one

  constructor(page, day) {
    this.#page = page;
    this.#day = day;
  }

  /** Draw what the state says; the code itself is in no news, and asked for when it may be another one. */
  draw(you = {}) {
    const group = !you.paired && (you.people ?? 1) > 1;
    show(part(this.#page, "phones"), group);
    show(part(this.#page, "paired"), you.paired);
    show(part(this.#page, "pair-here"), !you.paired && !group);
    for (const field of ["you-people-field", "you-region-field"]) show(part(this.#page, field), !you.paired);
    write(part(this.#page, "phones-line"), you.phones ? word("phones.line", { people: number(you.people), phones: number(you.phones) }) : "");
  }

  /** Something was told of this person: perhaps the screen shows another code now. */
  async look(you = {}) {
    if (you.paired || (you.people ?? 1) < 2) return;
    const answer = await fetch(`/days/${this.#day}/code`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) return;
    const { code } = await answer.json();
    if (code === this.#was) return;
    this.#was = code;
    show(part(this.#page, "code-box"), code);
    write(part(this.#page, "code-letters"), code ? `${code.slice(0, 3)}-${code.slice(3)}` : "");
    write(part(this.#page, "code-do"), word(code ? "phones.other-code" : "phones.show-code"));
    mark(part(this.#page, "code-qr"), "src", code ? `/days/${this.#day}/code.svg?${code}` : null);
  }
}
