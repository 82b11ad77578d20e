// The chat: kept in order, never moving what one reads. What one writes oneself stands there at once, marked until it is saved.

import { time } from "./clock.js";
import { keep, mark, part, piece, show, write } from "./page.js";
import { number, said } from "./phrasing.js";
import { regionName } from "./results.js";
import { recite, tell } from "./spoken.js";
import { word } from "./words.js";

const AT_END_PX = 40; // this near the end counts as following
const DIGEST_MS = 30_000;
const LINGER_MS = 3000; // a saved message waits so long for its news before it is taken away
const STAFF = new Set(["organizer", "moderator"]);

export class Chat {
  #live;
  #page;
  #own = new Map(); // wish -> {text, status, why}
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
    for (const wish of live.outbox.waiting) if (wish.do === "chat.say") this.#own.set(wish.id, { text: wish.args.text, status: "pending" });
    live.addEventListener("wish", ({ detail }) => this.#wish(detail));
    part(page, "chat-new-button").addEventListener("click", () => this.#toEnd());
    part(page, "chat-log").addEventListener("scroll", () => this.#atEnd() && this.#read(), { passive: true });
    const aloud = part(page, "aloud");
    show(part(page, "chat-aloud"), aloud);
    aloud?.addEventListener("change", () => { this.#aloud = aloud.value; });
    setInterval(() => this.#sayDigest(), DIGEST_MS);
  }

  /** Send what stands in the form. */
  say(form) {
    const field = form.elements.text;
    const text = field.value.trim();
    if (!text) return;
    field.value = "";
    const room = form.elements.room?.value;
    this.#live.wish("chat.say", { text, ...(room ? { room } : {}) });
  }

  draw() {
    const { state } = this.#live;
    const messages = state.chat ?? [];
    const following = this.#atEnd();
    const fresh = this.#known ? messages.filter((one) => !this.#known.has(one.message)) : [];
    const waiting = [...this.#own].map(([id, own]) => ({ message: `wish-${id}`, own }));
    keep(part(this.#page, "messages"), "message", [...messages, ...waiting], (one) => one.message, () => piece("message"), (element, one) => this.#fill(element, one));
    show(part(this.#page, "chat-empty"), !messages.length && !waiting.length);
    const others = fresh.filter((one) => one.by?.person !== state.you?.person && !one.removed);
    if (following || !this.#known) this.#toEnd();
    else if (others.length) this.#wait(others.length);
    const open = !state.rooms || state.rooms.some((room) => room.open);
    show(part(this.#page, "chat-form"), open);
    show(part(this.#page, "chat-closed"), !open);
    this.#recite(others);
    this.#known = new Set(messages.map((one) => one.message));
  }

  #fill(element, { by = {}, text, at, removed, edited, own, ...message }) {
    const mine = Boolean(own) || by.person === this.#live.state.you?.person;
    const staff = STAFF.has(by.role);
    element.className = "message";
    element.classList.toggle("message--mine", mine);
    element.classList.toggle("message--staff", staff);
    element.classList.toggle("message--removed", Boolean(removed));
    element.classList.toggle("message--pending", own?.status === "pending");
    element.classList.toggle("message--refused", own?.status === "refused");
    const name = own ? this.#live.state.you?.name : by.name;
    write(part(element, "name"), nameOf({ ...by, name }));
    const where = message.room && message.room !== "national" ? regionName(this.#live.state, message.room) : "";
    const about = [staff && word("chat.staff"), where, edited && word("chat.edited")].filter(Boolean).join(", ");
    write(part(element, "role"), about);
    show(part(element, "role"), about);
    write(part(element, "time"), time(at));
    mark(part(element, "time"), "datetime", at);
    write(part(element, "state"), own ? (own.status === "refused" ? word("chat.refused", { text: own.why }) : word("chat.sending")) : "");
    show(part(element, "state"), own);
    write(part(element, "text"), removed ? word("chat.removed") : (own?.text ?? text));
    this.#decorate(element, { by, removed, own, ...message });
  }

  #wish({ id, do: name, args, status, answer }) {
    if (name !== "chat.say") return;
    if (status === "pending") this.#own.set(id, { text: args.text, status });
    else if (status === "refused") {
      this.#own.set(id, { text: args.text, status, why: answer.error.text || word("wish.failed") });
      const field = part(this.#page, "chat-form").elements.text;
      if (!field.value) field.value = args.text;
      tell(answer.error.text || word("wish.failed"));
      setTimeout(() => this.#forget(id), DIGEST_MS);
    } else this.#landed(id, answer.data?.message);
    if (this.#live.state) this.draw();
    if (status === "pending") this.#toEnd();
  }

  /** Saved: our own copy goes when the news has brought the real one. */
  #landed(id, message) {
    const come = () => !message || this.#live.state?.chat?.some((one) => one.message === message);
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

  #toEnd() {
    const log = part(this.#page, "chat-log");
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

/** Who wrote, as others see it. */
export function nameOf(by) {
  const name = said(by, "name") || word("chat.anonymous");
  return by?.people > 1 ? word("chat.group", { name, people: number(by.people) }) : name;
}
