// What a moderator does in the chat, on the live page and in the cockpit: with one press, and the way back for ten seconds.

import { time, until } from "./clock.js";
import { nameOf } from "./chat.js";
import { keep, mark, part, piece, show, write } from "./page.js";
import { tell } from "./spoken.js";
import { writeTalk } from "./talk-text.js";
import { word } from "./words.js";

const STAFF = new Set(["organizer", "moderator"]);
const UNDO_MS = 10_000;
const DID = { "chat.remove": "remove", "chat.ban": "ban", "chat.unban": "free", "chat.let_through": "let_through", "chat.refuse": "refuse", "chat.slow": "room", "chat.hold": "room", "chat.words": "room", "chat.announce": "announce" };

/** The buttons beside a message, for whoever has them. */
export function moderate(element, { by = {}, removed, own, waits, message }) {
  const tools = part(element, "moderate");
  if (!tools) return;
  show(tools, !removed && !own && !waits);
  for (const field of tools.querySelectorAll('[name="message"]')) field.value = message ?? "";
  for (const field of tools.querySelectorAll('[name="person"]')) field.value = by.person ?? "";
  const name = nameOf(by);
  mark(part(tools, "remove"), "aria-label", word("chat.remove-label", { name }));
  mark(part(tools, "silence-short"), "aria-label", word("chat.silence-short", { name }));
  mark(part(tools, "silence-long"), "aria-label", word("chat.silence-long", { name }));
  mark(part(tools, "ban").querySelector("button"), "aria-label", word("chat.ban-label", { name }));
  for (const one of ["silence", "ban"]) show(part(tools, one), !STAFF.has(by.role));
}

function said({ do: name, args }) {
  if (name === "chat.silence") return word(args.seconds ? "chat.did-silence" : "chat.did-free");
  return word(`chat.did-${DID[name]}`);
}

/** After each step that can be taken back: what was done, and the button. */
export function offerUndo(live, page) {
  const notice = part(page, "undo");
  if (!notice) return;
  let step = null;
  let timer;
  const hide = () => {
    if (notice.contains(document.activeElement)) part(page, "chat-log").focus();
    show(notice, false);
  };
  live.addEventListener("wish", ({ detail }) => {
    if (detail.status !== "saved" || !detail.answer.data?.step) return;
    step = detail.answer.data.step;
    const what = said(detail);
    write(part(notice, "undo-text"), what);
    show(notice, true);
    tell(word("chat.can-undo", { what }));
    clearTimeout(timer);
    timer = setTimeout(hide, UNDO_MS);
  });
  part(notice, "undo-button").addEventListener("click", async () => {
    clearTimeout(timer);
    const answer = await live.wish("chat.undo", { step, ...(live.lane ? { lane: live.lane } : {}) });
    tell(answer.ok ? word("chat.did-undo") : answer.error.text || word("wish.failed"));
    hide();
  });
}

/** The moderator's side of the cockpit's chat: what waits, how the room is moderated, and who may not write. */
export class Desk {
  #live;
  #page;
  #words = null;

  constructor(live, page) {
    this.#live = live;
    this.#page = page;
    offerUndo(live, page);
  }

  draw() {
    const { held = [], rooms = [], restraints = [], wordlists = [], you } = this.#live.state;
    keep(part(this.#page, "held-rows"), "held", held, (one) => one.held, () => piece("held"), fillHeld);
    write(part(this.#page, "held-n"), held.length);
    show(part(this.#page, "held-box"), held.length);
    this.#switches(rooms.find((one) => one.room === (you?.lane ?? "national")) ?? {});
    this.#list(wordlists[0]?.words ?? []);
    const stopped = restraints.filter((one) => one.banned || (one.until && until(one.until) > 0));
    keep(part(this.#page, "stopped"), "restraint", stopped, (one) => one.restraint, () => piece("stopped"), fillStopped);
    show(part(this.#page, "stopped-none"), !stopped.length);
  }

  /** Whether the audience may make gestures to what this lane shows of its own; in a common block the country's lane decides. */
  drawGestures() {
    const { gestures: { off = [] } = {}, you } = this.#live.state;
    const on = !off.includes(you?.lane ?? "national");
    for (const [name, pressed] of [["gestures-on", on], ["gestures-off", !on]]) mark(part(this.#page, name).querySelector("button"), "aria-pressed", String(pressed));
  }

  #switches(room) {
    for (const [what, name] of [["all", "hold"], ["links", "hold_links"], ["words", "hold_words"]]) {
      const form = part(this.#page, `hold-${what}`);
      form.elements.hold.value = String(!room[name]);
      mark(form.querySelector("button"), "aria-pressed", String(Boolean(room[name])));
    }
    for (const button of part(this.#page, "slow").querySelectorAll("button")) mark(button, "aria-pressed", String(Number(button.value) === (room.slow_s ?? 0)));
  }

  /** The list as it is, unless somebody is changing it here. */
  #list(words) {
    const field = part(this.#page, "word-list").elements.words;
    const text = words.join("\n");
    if (text === this.#words || field === document.activeElement) return;
    this.#words = field.value = text;
  }
}

function fillHeld(row, { held, by, text, at, why }) {
  const name = nameOf(by);
  for (const field of row.querySelectorAll('[name="message"]')) field.value = held;
  write(part(row, "name"), name);
  writeTalk(part(row, "text"), text);
  write(part(row, "time"), time(at));
  write(part(row, "why"), why === "link" ? word("chat.why-link") : why === "word" ? word("chat.why-word") : "");
  mark(part(row, "let-through"), "aria-label", word("chat.let-through-label", { name }));
  mark(part(row, "refuse"), "aria-label", word("chat.refuse-label", { name }));
}

function fillStopped(row, { by, until: end, banned }) {
  const form = row.querySelector("form");
  const name = nameOf(by);
  write(part(row, "name"), name);
  write(part(row, "how"), banned ? word("chat.banned") : word("chat.silenced", { time: time(end) }));
  form.elements.person.value = by.person;
  form.dataset.do = banned ? "chat.unban" : "chat.silence";
  form.elements.seconds.disabled = Boolean(banned);
  mark(form.querySelector("button"), "aria-label", word("chat.free-label", { name }));
}
