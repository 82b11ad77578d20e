// The chat: kept in order, never moving what one reads. What one writes oneself stands there at once, marked until it is saved.

import { History, readNow, roomOf } from "./chat-history.js";
import { now, time } from "./clock.js";
import { keep, mark, part, piece, show, write } from "./page.js";
import { number, said } from "./phrasing.js";
import { regionName } from "./beside.js";
import { homeOf } from "./programme.js";
import { recite, tell } from "./spoken.js";
import { calls, writeTalk } from "./talk-text.js";
import { word } from "./words.js";

const AT_END_PX = 40; // this near the end counts as following
const DIGEST_MS = 30_000;
const LINGER_MS = 3000; // a saved message waits so long for its news before it is taken away
const STAFF = new Set(["organizer", "moderator"]);
const OWN_MS = 120_000; // as long as one may change or take back what one has said
const CHANGES = new Set(["chat.edit", "chat.remove"]);

export class Chat {
  #live;
  #page;
  #own = new Map(); // wish -> {text, reply_to, status, why}
  #changed = new Map(); // message -> {status, why}: what is asked about one that stands there
  #history;
  #known = null; // messages seen before
  #unread = 0;
  #aloud = "off";
  #digest = 0;
  #decorate;

  /** @param decorate (element, message) -> undefined, for pages that put more into a message. */
  constructor(live, page, decorate = () => undefined) {
    this.#live = live;
    this.#page = page;
    this.#decorate = decorate;
    this.#history = new History(live);
    show(part(page, "chat-before"), false);
    part(page, "chat-earlier-button").addEventListener("click", () => this.#earlier());
    for (const wish of live.outbox.waiting) if (wish.do === "chat.say") this.#own.set(wish.id, { ...wish.args, status: "pending" });
    live.addEventListener("wish", ({ detail }) => this.#wish(detail));
    part(page, "chat-new-button").addEventListener("click", () => this.#toEnd());
    part(page, "chat-log").addEventListener("scroll", () => this.#scrolled(), { passive: true });
    const aloud = part(page, "aloud");
    show(part(page, "chat-aloud"), aloud);
    aloud?.addEventListener("change", () => { this.#aloud = aloud.value; });
    setInterval(() => this.#sayDigest(), DIGEST_MS);
  }

  /** Send what stands in the form. */
  say({ elements }) {
    const text = elements.text.value.trim();
    if (!text) return;
    elements.text.value = "";
    const where = ["room", "reply_to"].map((name) => [name, elements[name]?.value]).filter(([, value]) => value);
    this.#live.wish("chat.say", { text, ...Object.fromEntries(where) });
  }

  /** What may be done with a message changes with the time alone. */
  tick() {
    for (const { message, by, at, removed } of this.#history.messages) {
      const row = this.#row(message);
      if (row) this.#offer(row, { mine: this.#isMine(by) && !removed, at });
    }
  }

  draw() {
    const { state } = this.#live;
    const all = this.#history.messages;
    const messages = readNow(state, all);
    const following = this.#atEnd();
    const fresh = this.#known ? messages.filter((one) => !this.#known.has(one.message)) : [];
    const waits = (state.held ?? []).filter((one) => this.#isMine(one.by)).map(({ held, refused, ...one }) => ({ ...one, message: held, waits: refused ? "refused" : "waiting" }));
    const waiting = [...this.#own].map(([id, own]) => ({ message: `wish-${id}`, own }));
    keep(part(this.#page, "messages"), "message", [...messages, ...waits, ...waiting], (one) => one.message, () => piece("message"), (element, one) => this.#fill(element, one));
    show(part(this.#page, "chat-empty"), !messages.length && !waits.length && !waiting.length);
    const others = fresh.filter((one) => one.by?.person !== state.you?.person && !one.removed);
    if (following || !this.#known) this.#toEnd();
    else if (others.length) this.#wait(others.length);
    const open = !state.rooms || state.rooms.some((room) => room.open);
    show(part(this.#page, "chat-form"), open);
    show(part(this.#page, "chat-closed"), !open);
    this.#pace(state);
    this.#recite(others);
    this.#known = new Set(all.map((one) => one.message));
    show(part(this.#page, "chat-earlier"), this.#history.goesOn);
    const where = part(this.#page, "chat-where");
    if (where) write(where, roomOf(state) === "national" ? word("figures.country") : regionName(state, roomOf(state)));
  }

  /** The page before; what one reads stays where it is. */
  async #earlier() {
    const log = part(this.#page, "chat-log");
    const answer = await this.#history.more();
    if (!answer.ok) return tell(answer.error.text || word("wish.failed"));
    for (const { message } of answer.data.chat) this.#known.add(message);
    const below = log.scrollHeight - log.scrollTop;
    this.draw();
    log.scrollTop = log.scrollHeight - below;
    return undefined;
  }

  /** How the room is moderated in which one writes now. */
  #pace({ rooms = [], you }) {
    const room = rooms.find((one) => one.room === homeOf(you) && one.open) ?? rooms.find((one) => one.room === "national");
    const told = [room?.slow_s && word("chat.slow", { n: room.slow_s }), room?.hold && word("chat.looked-at")].filter(Boolean).join(" ");
    write(part(this.#page, "chat-pace"), told);
    show(part(this.#page, "chat-pace"), told);
  }

  #row(message) {
    return part(this.#page, "messages").querySelector(`[data-message="${CSS.escape(message)}"]`);
  }

  #isMine(by) {
    return Boolean(by?.person) && by.person === this.#live.state.you?.person;
  }

  /** The buttons for one's own words, and for an answer where one may write. */
  #offer(element, { mine, at, room }) {
    const fresh = mine && now() - Date.parse(at) < OWN_MS;
    show(part(element, "edit"), fresh);
    show(part(element, "withdraw"), fresh);
    if (room) show(part(element, "reply"), !this.#live.state.rooms || this.#live.state.rooms.some((one) => one.room === room && one.open));
  }

  /** What it answers, as that stands now. */
  #quote(element, { reply_to: to, removed }) {
    const about = to && this.#history.messages.find((one) => one.message === to && !one.removed);
    write(part(element, "quote"), about ? word("chat.replies", { name: nameOf(about.by), text: about.text }) : word("chat.replies-elsewhere"));
    show(part(element, "quote"), to && !removed);
  }

  #fill(element, { by = {}, text, at, removed, edited, own, waits, ...message }) {
    const mine = Boolean(own) || this.#isMine(by);
    const staff = STAFF.has(by.role);
    element.className = "message";
    element.classList.toggle("message--mine", mine);
    element.classList.toggle("message--staff", staff);
    element.classList.toggle("message--removed", Boolean(removed));
    element.classList.toggle("message--pending", own?.status === "pending" || Boolean(waits));
    element.classList.toggle("message--refused", own?.status === "refused");
    const name = own ? this.#live.state.you?.name : by.name;
    write(part(element, "name"), nameOf({ ...by, name }));
    const where = message.room && message.room !== "national" ? regionName(this.#live.state, message.room) : "";
    const about = [staff && name && word("chat.staff"), where, edited && word("chat.edited")].filter(Boolean).join(", ");
    write(part(element, "role"), about);
    show(part(element, "role"), about);
    write(part(element, "time"), time(at));
    mark(part(element, "time"), "datetime", at);
    const stands = standing(own, waits, this.#changed.get(message.message));
    write(part(element, "state"), stands);
    show(part(element, "state"), stands);
    element.classList.toggle("message--call", !removed && calls(text));
    writeTalk(part(element, "text"), removed ? word("chat.removed") : (own?.text ?? text ?? word("chat.own")));
    this.#quote(element, { reply_to: own?.reply_to ?? message.reply_to, removed });
    if (part(element, "tools")) this.#tools(element, { by, at, removed, own, waits, mine, ...message });
    this.#decorate(element, { by, removed, own, waits, ...message });
  }

  #tools(element, { by, at, removed, own, waits, mine, message, room }) {
    show(part(element, "tools"), !removed && !own && waits !== "refused");
    for (const field of element.querySelectorAll('[name="reply"], [name="edit"], [name="message"]')) field.value = message;
    mark(part(element, "reply").querySelector("button"), "aria-label", word("chat.reply-label", { name: nameOf(by) }));
    this.#offer(element, { mine: mine && !removed && !own, at, room: room ?? "national" });
    if (!waits) return;
    for (const name of ["reply", "edit"]) show(part(element, name), false);
    show(part(element, "withdraw"), true);
  }

  #wish({ id, do: name, args, status, answer }) {
    if (CHANGES.has(name)) this.#change(args.message, status, answer);
    if (name !== "chat.say") return;
    if (status === "pending") this.#own.set(id, { ...args, status });
    else if (status === "refused") {
      this.#own.set(id, { ...args, status, why: answer.error.text || word("wish.failed") });
      const field = part(this.#page, "chat-form").elements.text;
      if (!field.value) field.value = args.text;
      tell(answer.error.text || word("wish.failed"));
      setTimeout(() => this.#forget(id), DIGEST_MS);
    } else this.#landed(id, answer.data?.message);
    if (this.#live.state) this.draw();
    if (status === "pending") this.#toEnd();
  }

  /** It says so beside the message until it is answered, and for a while when it could not be done. */
  #change(message, status, answer) {
    if (status === "saved") this.#changed.delete(message);
    else this.#changed.set(message, { status, why: answer?.error.text || word("wish.failed") });
    if (status === "refused") {
      tell(answer.error.text || word("wish.failed"));
      setTimeout(() => this.#changed.delete(message) && this.draw(), DIGEST_MS);
    }
    if (this.#live.state) this.draw();
  }

  /** Saved: our own copy goes when the news has brought the real one. */
  #landed(id, message) {
    const come = () => !message || [...(this.#live.state?.chat ?? []), ...(this.#live.state?.held ?? [])].some((one) => (one.message ?? one.held) === message);
    if (come()) return void this.#own.delete(id);
    const heard = () => come() && done();
    const done = () => {
      this.#live.removeEventListener("news", heard);
      clearTimeout(late);
      this.#forget(id);
    };
    const late = setTimeout(done, LINGER_MS);
    this.#live.addEventListener("news", heard);
    return undefined;
  }

  #forget(id) {
    if (this.#own.delete(id)) this.draw();
  }

  #atEnd() {
    const log = part(this.#page, "chat-log");
    return log.scrollHeight - log.scrollTop - log.clientHeight < AT_END_PX;
  }

  /** At the end one follows; further up the browser holds on to what one reads. */
  #scrolled() {
    part(this.#page, "chat-log").classList.toggle("is-followed", this.#atEnd());
    if (this.#atEnd()) this.#read();
  }

  #toEnd() {
    const log = part(this.#page, "chat-log");
    log.classList.add("is-followed");
    log.scrollTop = log.scrollHeight;
    this.#read();
  }

  #wait(more) {
    this.#unread += more;
    write(part(this.#page, "chat-new-button"), word("chat.new", { n: number(this.#unread) }));
    show(part(this.#page, "chat-new"), true);
  }

  #read() {
    this.#unread = 0;
    show(part(this.#page, "chat-new"), false);
  }

  #recite(others) {
    if (this.#aloud === "all") for (const one of others) recite(word("chat.says", { name: nameOf(one.by), text: one.text }));
    if (this.#aloud === "digest") this.#digest += others.length;
  }

  #sayDigest() {
    if (this.#aloud === "digest" && this.#digest) recite(word("chat.digest", { n: number(this.#digest) }));
    this.#digest = 0;
  }
}

function standing(own, waits, change) {
  if (own) return own.status === "refused" ? word("chat.refused", { text: own.why }) : word("chat.sending");
  if (!change) return waits ? word(waits === "refused" ? "chat.not-through" : "chat.waits") : "";
  return change.status === "refused" ? word("chat.change-refused", { text: change.why }) : word("chat.changing");
}

/** Who wrote, as others see it. */
export function nameOf(by) {
  const name = said(by, "name") || word(STAFF.has(by?.role) ? "chat.staff" : "chat.anonymous");
  return by?.people > 1 ? word("chat.group", { name, people: number(by.people) }) : name;
}
