// The talk of those who run the day. News say only that a channel has come further; its words are asked for, and come to those who may
// read them. How far one has read is kept in this browser.

import { time } from "./clock.js";
import { nameOf } from "./chat.js";
import { keep, part, piece, show, write } from "./page.js";
import { number } from "./phrasing.js";
import { tell } from "./spoken.js";
import { word } from "./words.js";

const A_PAGE = 50; // words, as the server gives them

export class Backstage {
  #live;
  #box;
  #channel;
  #words = [];
  #asked = 0;

  constructor(live, page) {
    this.#live = live;
    this.#box = part(page, "backstage");
    if (!this.#box) return; // a role that does not reach here
    this.#channel = this.#box.dataset.channel;
    this.#box.addEventListener("toggle", () => live.state && this.draw());
    part(this.#box, "backstage-older-button").addEventListener("click", () => this.#older());
  }

  async say(form) {
    const { text } = form.elements;
    const said = text.value.trim();
    if (!said) return;
    text.value = "";
    const answer = await this.#live.wish("backstage.say", { text: said, lane: this.#channel });
    if (answer.ok) return;
    text.value ||= said;
    tell(answer.error.text || word("wish.failed"));
  }

  draw() {
    if (!this.#box) return;
    const { channels = [] } = this.#live.state;
    const here = channels.find((one) => one.channel === this.#channel)?.n ?? 0;
    if (this.#box.open) this.#read(here);
    this.#badge(part(this.#box, "backstage-unread"), here - this.#readTo(this.#channel));
    for (const row of this.#box.querySelectorAll('[data-part="backstage-elsewhere"] > li')) {
      const news = (channels.find((one) => one.channel === row.dataset.channel)?.n ?? 0) - this.#readTo(row.dataset.channel);
      show(row, news > 0);
      this.#badge(row.querySelector(".badge"), news);
    }
  }

  #badge(badge, news) {
    write(badge, news > 0 ? word("backstage.new", { n: number(news) }) : "");
    show(badge, news > 0);
  }

  /** The words up to *n*, unless they are here or on their way. */
  async #read(n) {
    if (n <= this.#asked) return this.#have(n);
    this.#asked = n;
    const found = await this.#page({});
    if (!found) return void (this.#asked = 0); // the next news ask again
    const first = found[0]?.n ?? 0;
    const joins = first <= (this.#words.at(-1)?.n ?? 0) + 1; // else there is a hole, which "older" would never fill
    this.#show([...(joins ? this.#words.filter((one) => one.n < first) : []), ...found], true);
    this.#have(n);
    return this.draw();
  }

  async #older() {
    const found = await this.#page({ before: this.#words[0].n });
    if (found) this.#show([...found, ...this.#words], false);
  }

  async #page(more) {
    const answer = await this.#live.wish("backstage.page", { lane: this.#channel, ...more });
    return answer.ok ? answer.data.words : null;
  }

  #show(words, atEnd) {
    this.#words = words;
    keep(part(this.#box, "backstage-rows"), "word", words, (one) => one.n, () => piece("word-row"), (row, one) => {
      write(part(row, "name"), nameOf(one.by));
      write(part(row, "role"), one.by.role ? word(`backstage.${one.by.role}`) : "");
      write(part(row, "time"), time(one.at));
      write(part(row, "text"), one.text);
    });
    show(part(this.#box, "backstage-older"), words.length >= A_PAGE && words[0].n > 1);
    if (atEnd) part(this.#box, "backstage-log").scrollTop = part(this.#box, "backstage-log").scrollHeight;
  }

  get #place() {
    return `samsyn:backstage:${this.#live.day}:`;
  }

  #readTo(channel) {
    try {
      return Number(localStorage.getItem(this.#place + channel) ?? 0);
    } catch {
      return 0;
    }
  }

  #have(n) {
    try {
      localStorage.setItem(this.#place + this.#channel, String(n));
    } catch {
      // Then all of it is new again on the next page.
    }
  }
}
