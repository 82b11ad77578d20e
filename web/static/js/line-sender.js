// How words that are read while they are written reach the others: one wish at a time, so that nothing overtakes anything. Of an unfinished line only the newest
// words matter; finished lines are kept, in order, also over a reload and without contact.

const DRAFT_MS = 250; // as often as viewers are shown unfinished words

/** Events: `change` (what waits), `refused` (`detail`: {text, answer}), `saved` (`detail`: {text}). */
export class LineSender extends EventTarget {
  #live;
  #lane;
  #wish;
  #name;
  #draft = "";
  #sent = "";
  #sentAt = -Infinity;
  #timer = null;

  constructor(live, lane, wish = "streaming.caption") {
    super();
    this.#wish = wish;
    this.#live = live;
    this.#lane = lane;
    this.#name = `samsyn:lines:${live.day}:${lane}${wish === "streaming.caption" ? "" : `:${wish}`}`;
    this.waiting = this.#kept();
    live.addEventListener("wish", ({ detail }) => this.#told(detail));
    live.addEventListener("connection", () => this.#pump());
  }

  /** The line as it reads now. */
  draft(text) {
    this.#draft = text;
    this.#pump();
  }

  /** The line is finished; with *line* a finished one reads so from now on. */
  finish(text, line = null) {
    this.waiting = [...this.waiting, { text, ...(line ? { line } : {}) }];
    if (!line) this.#draft = this.#sent = "";
    this.#keep();
    this.#pump();
  }

  /** Resolves when all that was finished has been answered. */
  async done() {
    while (this.waiting.length || this.#busy) await new Promise((go) => setTimeout(go, 20));
  }

  get #busy() {
    return this.#live.outbox.waiting.some((wish) => wish.do === this.#wish);
  }

  #pump() {
    if (this.#busy || !this.#live.connected) return;
    const next = this.waiting[0];
    if (next) {
      this.waiting = this.waiting.slice(1); // from here on the outbox keeps it
      this.#live.wish(this.#wish, { ...next, final: true, lane: this.#lane });
      this.#keep();
      return;
    }
    if (this.#draft === this.#sent) return;
    const early = this.#sentAt + DRAFT_MS - performance.now();
    clearTimeout(this.#timer);
    if (early > 0) {
      this.#timer = setTimeout(() => this.#pump(), early);
      return;
    }
    this.#sent = this.#draft;
    this.#sentAt = performance.now();
    this.#live.wish(this.#wish, { text: this.#draft, final: false, lane: this.#lane });
  }

  #told({ do: name, args, status, answer }) {
    if (name !== this.#wish || status === "pending") return;
    if (status === "refused" && (args.final || answer.error.code !== "text.too_long")) {
      if (!args.final) this.#sent = "";
      this.dispatchEvent(new CustomEvent("refused", { detail: { ...args, answer } }));
    } else if (args.final) {
      this.dispatchEvent(new CustomEvent("saved", { detail: args }));
    }
    this.dispatchEvent(new Event("change"));
    queueMicrotask(() => this.#pump());
  }

  #kept() {
    try {
      return JSON.parse(sessionStorage.getItem(this.#name)) ?? [];
    } catch {
      return [];
    }
  }

  #keep() {
    try {
      sessionStorage.setItem(this.#name, JSON.stringify(this.waiting));
    } catch {
      // Kept in memory.
    }
    this.dispatchEvent(new Event("change"));
  }
}
