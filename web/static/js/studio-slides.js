// A speaker's own slides: a PDF is given, its pages come as pictures, and the one that is turned to stands on the screen.

import { mark, part, show, write } from "./page.js";
import { tell } from "./spoken.js";
import { word } from "./words.js";

const AGAIN_MS = 4000; // a page that was shown is on its way for so long
const KEYS = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };

/**
 * Takes care of the pane of slides.
 *
 * @param ours resolves when one has a seat: slides belong to it.
 * @param before is called before slides are shown: a shared screen ends.
 */
export class Slides {
  shown = null; // the source that they are shown as
  #root;
  #live;
  #before;
  #where;
  #deck = "";
  #pages = 0;
  #page = 1;
  #againAt = 0;
  #turning = Promise.resolve();

  constructor(root, live, before) {
    this.#root = part(root, "slides");
    this.#live = live;
    this.#before = before;
    this.#where = `/days/${encodeURIComponent(live.day)}/studio/slides`;
    const on = (name, act, event = "click") => part(this.#root, name).addEventListener(event, act);
    on("slides-form", (event) => this.#give(event), "submit");
    on("slides-back", () => this.turn(-1));
    on("slides-on", () => this.turn(1));
    on("slides-show", () => (this.shown ? this.hide() : this.#show()));
    on("slides-drop", () => this.#drop());
    document.addEventListener("keydown", (event) => this.#key(event));
    this.#draw();
  }

  /** What is there already, from before this page. */
  async find() {
    const answer = await fetch(this.#where, { headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.ok) this.#have(await answer.json());
  }

  /** So many pages on, or back. */
  turn(by) {
    const page = Math.min(this.#pages, Math.max(1, this.#page + by));
    if (page === this.#page) return;
    this.#page = page;
    this.#draw();
    tell(word("slides.of", { n: page, most: this.#pages }));
    if (this.shown) this.#send();
  }

  /** What the media process has forgotten is shown again. */
  again(state) {
    if (this.shown?.source && state && state !== "live" && Date.now() > this.#againAt) this.#send();
  }

  /** They are shown no longer. */
  async hide() {
    if (!this.shown) return;
    this.shown = null;
    this.#draw();
    await this.#live.wish("streaming.turn", { page: null });
  }

  async #show() {
    this.#before();
    this.shown = { source: "" };
    this.#draw();
    await this.#send();
  }

  /** One at a time, and of those that wait only the last. */
  #send() {
    this.#againAt = Date.now() + AGAIN_MS;
    const wanted = this.#page;
    this.#turning = this.#turning.then(async () => {
      if (wanted !== this.#page || !this.shown) return;
      const answer = await this.#live.wish("streaming.turn", { page: wanted });
      if (!this.shown) return;
      this.shown = answer.ok ? answer.data : null;
      write(part(this.#root, "slides-state"), answer.ok ? "" : answer.error.text || word("wish.failed"));
      this.#draw();
      this.#live.dispatchEvent(new Event("news")); // whether one is on air may have changed with it
    });
    return this.#turning;
  }

  async #give(event) {
    event.preventDefault();
    const form = event.target;
    const state = part(this.#root, "slides-state");
    const button = part(this.#root, "slides-give");
    await this.hide();
    button.disabled = true;
    write(state, word("slides.drawing"));
    const answer = await fetch(this.#where, { method: "POST", headers: { Accept: "application/json" }, body: new FormData(form) }).catch(() => null);
    button.disabled = false;
    const said = await answer?.json().catch(() => null);
    if (!answer?.ok) return write(state, said?.detail ?? said?.title ?? word("slides.failed"));
    write(state, "");
    form.reset();
    this.#have(said);
    tell(word("slides.there", { n: this.#pages }));
    part(this.#root, "slides-show").focus();
    return undefined;
  }

  async #drop() {
    await this.hide();
    await fetch(this.#where, { method: "DELETE" }).catch(() => undefined);
    this.#have({ pages: 0 });
    part(this.#root, "slides-file").focus();
  }

  #have({ deck = "", pages }) {
    [this.#deck, this.#pages, this.#page] = [deck, pages, 1];
    this.#draw();
  }

  #key(event) {
    const by = KEYS[event.key];
    if (!by || !this.#pages || event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select, video, dialog, [role=region][tabindex]")) return;
    if (!this.shown && !this.#root.contains(event.target)) return;
    event.preventDefault();
    this.turn(by);
  }

  #picture(name, page) {
    const image = part(this.#root, name);
    const there = page >= 1 && page <= this.#pages;
    show(image, there);
    if (!there) return;
    mark(image, "src", `${this.#where}/${page}.jpg?${this.#deck}`);
    mark(image, "alt", word("slides.of", { n: page, most: this.#pages }));
  }

  #draw() {
    const on = Boolean(this.shown);
    show(part(this.#root, "slides-deck"), this.#pages);
    show(part(this.#root, "slides-form"), !this.#pages);
    this.#picture("slides-now", this.#page);
    this.#picture("slides-next", this.#page + 1);
    show(part(this.#root, "slides-last"), this.#pages && this.#page === this.#pages);
    write(part(this.#root, "slides-count"), this.#pages ? word("slides.of", { n: this.#page, most: this.#pages }) : "");
    part(this.#root, "slides-back").disabled = this.#page <= 1;
    part(this.#root, "slides-on").disabled = this.#page >= this.#pages;
    mark(part(this.#root, "slides-show"), "aria-pressed", String(on));
    write(part(this.#root, "slides-show-text"), word(on ? "slides.hide" : "slides.show"));
  }
}
