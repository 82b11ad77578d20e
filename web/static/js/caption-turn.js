// Who writes now, who stands ready, who takes over: two captioners hand over between two lines.

import { fillLine } from "./captions.js";
import { time } from "./clock.js";
import { mark, part, show, write } from "./page.js";
import { tell } from "./spoken.js";
import { word } from "./words.js";

export class CaptionTurn {
  #live;
  #page;
  #lane;
  #finish;
  #mine = false;

  /** @param finish ends the line that is being written; resolves when it is kept. */
  constructor(live, page, lane, finish) {
    this.#live = live;
    this.#page = page;
    this.#lane = lane;
    this.#finish = finish;
  }

  get now() {
    return (this.#live.state?.turns ?? []).find((one) => one.turn === this.#lane) ?? {};
  }

  /** What the forms ask for. */
  get wishes() {
    return {
      "streaming.take_turn": () => this.#ask("streaming.take_turn"),
      "streaming.give_turn": () => this.#give(),
      "streaming.be_ready": () => this.#ask("streaming.be_ready", { ready: !this.#isMe(this.now.ready) }),
      "streaming.set_delay": (form) => this.#ask("streaming.set_delay", { seconds: Number(form.elements.seconds.value) }),
    };
  }

  /** Take over, or hand over. */
  pass() {
    const form = part(this.#page, this.#isMe(this.now.writer) ? "give" : "take");
    form.requestSubmit(form.querySelector("button"));
  }

  /** Whoever hands over ends the line first: not a word of it is lost. */
  async #give() {
    await this.#finish();
    await this.#ask("streaming.give_turn");
  }

  async #ask(name, args = {}) {
    const answer = await this.#live.wish(name, { lane: this.#lane, ...args });
    write(part(this.#page, "turn-state"), answer.ok ? "" : answer.error.text || word("wish.failed"));
  }

  #isMe(who) {
    return Boolean(who) && who.person === this.#live.state.you?.person;
  }

  #name(who) {
    return this.#isMe(who) ? word("captions.you") : who?.name || word("captions.other");
  }

  draw() {
    const page = this.#page;
    const { writer, ready, wanted, since, delay_ms: delay } = this.now;
    const writing = this.#isMe(writer);
    const badge = part(page, "turn");
    badge.className = `badge ${writing ? "badge--live" : writer ? "badge--attention" : "badge--quiet"}`;
    write(badge, writing ? word("captions.you-write") : writer ? word("captions.writes", { name: this.#name(writer) }) : word("captions.nobody"));
    if (writing !== this.#mine) tell(badge.textContent);
    this.#mine = writing;
    show(part(page, "give"), writing);
    show(part(page, "take"), !writing);
    show(part(page, "ready"), !writing);
    this.#drawHeir(wanted ? "captions.wants" : "captions.ready", wanted ?? ready);
    mark(part(page, "ready-button"), "aria-pressed", String(this.#isMe(ready)));
    write(part(page, "turn-since"), writer && since ? word("captions.since", { time: time(since) }) : "");
    this.#drawTheirs(writing);
    const seconds = part(page, "delay-field");
    if (delay !== undefined && document.activeElement !== seconds) seconds.value = delay / 1000;
  }

  #drawHeir(how, heir) {
    const partner = part(this.#page, "partner");
    partner.className = `badge ${heir ? "badge--ready" : "badge--quiet"}`;
    write(partner, heir ? word(how, { name: this.#name(heir) }) : word("captions.none-ready"));
    const other = heir && !this.#isMe(heir);
    write(part(this.#page, "give-text"), other ? word("captions.give-to", { name: this.#name(heir) }) : word("captions.give"));
  }

  #drawTheirs(writing) {
    const open = (this.#live.state.captions ?? []).find((line) => line.lane === this.#lane && line.open && line.text);
    const place = part(this.#page, "partner-line");
    show(place, open && !writing);
    if (open && !writing) fillLine(place, open.text);
  }
}
