// Questions to the panel on the live page: ask, back, follow. What comes new stands last as long as there is room, and waits behind a button
// when there is not: nothing that one reads is moved.

import { asker, BACKABLE, bySupport, COUNTRY, onStage, standing, stands, WAITING } from "./question-words.js";
import { keep, mark, part, piece, show, write } from "./page.js";
import { number } from "./phrasing.js";
import { AT_ONCE, Pages } from "./question-pages.js";
import { homeOf } from "./programme.js";
import { tell } from "./spoken.js";
import { numbered, word } from "./words.js";

const SORTS = {
  top: (a, b) => (b.state === "taken_up") - (a.state === "taken_up") || bySupport(a, b),
  new: (a, b) => (a.at < b.at ? 1 : -1),
  mine: (a, b) => (a.at < b.at ? 1 : -1),
};

export class Questions {
  #live;
  #page;
  #sort = "top";
  #order = null; // ids as they stand; sorted anew only when somebody asks for it
  #further = new Set(); // ids further down, which nobody has asked for
  #edge = null; // the last one of the pages that stand here
  #pages;
  #stage = undefined; // the question that was on the stage when we drew last
  #said = ""; // what came of one's last question, until it may be asked no more

  constructor(live, page) {
    this.#live = live;
    this.#page = part(page, "questions");
    this.#pages = new Pages(live);
    show(part(this.#page, "questions-all"), false);
    part(this.#page, "question-more-button").addEventListener("click", () => this.#more());
    show(part(this.#page, "questions-sort"), true);
    for (const button of this.#page.querySelectorAll("[data-sort]")) button.addEventListener("click", () => this.#choose(button));
    part(this.#page, "question-new-button").addEventListener("click", () => {
      this.#again();
      part(this.#page, "questions-box").focus();
    });
  }

  async ask(form) {
    const { text, to, anonymous, quotable, mail, lang } = form.elements;
    const more = { ...(to?.value ? { to: to.value } : {}), ...(mail?.value.trim() ? { mail: mail.value.trim(), lang: lang.value } : {}) };
    const args = { text: text.value.trim(), anonymous: anonymous.checked, quotable: quotable.checked, ...more };
    if (!args.text) return;
    text.value = "";
    this.#say(word(this.#live.connected ? "question.sending" : "wish.offline"));
    const answer = await this.#live.wish("questions.ask", args);
    const told = answer.ok ? word(answer.data?.state === "open" ? "question.sent" : "question.sent-held") : answer.error.text || word("wish.failed");
    if (!answer.ok && !text.value) text.value = args.text;
    this.#say(told);
    tell(told);
  }

  /** For it, for another one rather, or neither any more: what the form's button stands for now. */
  async stand(form) {
    const answer = await this.#live.wish(form.dataset.do, { question: form.elements.question.value });
    if (answer.ok) this.#live.patch("questions.backed", answer.data);
    else tell(answer.error.text || word("wish.failed"));
  }

  async consent(form) {
    const { question, quotable } = form.elements;
    const answer = await this.#live.wish("questions.consent", { question: question.value, quotable: quotable.value === "true" });
    if (!answer.ok) tell(answer.error.text || word("wish.failed"));
  }

  draw() {
    const { state } = this.#live;
    const all = (state.questions ?? []).filter((one) => (this.#sort === "mine" ? one.mine : stands(one)));
    const there = new Map(all.map((one) => [one.question, one]));
    if (!this.#order?.length) this.#begin(all);
    const known = new Set(this.#order);
    const rest = all.filter((one) => !known.has(one.question));
    const fresh = rest.filter((one) => !this.#further.has(one.question) && !this.#pages.fetched.has(one.question));
    this.#order = this.#order.filter((id) => there.has(id));
    const hasRoom = this.#hasRoom;
    const last = fresh.filter((one) => one.mine || hasRoom).map((one) => one.question); // at the end, which moves nothing
    this.#order.push(...last);
    const waiting = fresh.length - last.length;
    const rows = this.#order.map((id) => there.get(id));
    keep(part(this.#page, "question-rows"), "question", rows, (one) => one.question, () => piece("question"), (element, one) => this.#fill(element, one));
    show(part(this.#page, "questions-empty"), !rows.length);
    const mine = this.#sort === "mine";
    write(part(this.#page, "questions-empty-title"), word(mine ? "question.none-mine" : "question.none"));
    write(part(this.#page, "questions-empty-text"), word(mine ? "question.none-mine-text" : "question.none-text"));
    write(part(this.#page, "question-new-button"), word("question.new", { n: number(waiting) }));
    show(part(this.#page, "question-new"), waiting);
    const count = Math.max((state.questions ?? []).filter(stands).length, this.#standing);
    show(part(this.#page, "question-more"), mine ? false : count > rows.length + waiting);
    write(part(this.#page, "questions-count"), numbered("question.count", count, number(count)));
    this.#drawForm();
    this.#tellStage();
  }

  /** The first page of a list; of one's own, all. */
  #begin(all) {
    const sorted = all.toSorted(SORTS[this.#sort]).map((one) => one.question);
    const most = this.#sort === "mine" ? sorted.length : AT_ONCE;
    this.#order = sorted.slice(0, most);
    this.#further = new Set(sorted.slice(most));
    this.#edge = this.#order.at(-1);
  }

  /** How many questions there are in all, as far as one sees them. */
  get #standing() {
    const { piles = [], you = {} } = this.#live.state;
    const lanes = new Set([homeOf(you), COUNTRY]);
    return piles.filter((one) => lanes.has(one.pile)).reduce((n, one) => n + one.n.standing, 0);
  }

  /** The next page, at the end: nothing that stands here is moved. */
  async #more() {
    const button = part(this.#page, "question-more-button");
    const sort = this.#sort;
    button.disabled = true;
    const answer = await this.#pages.more({ of: "standing", order: sort, after: this.#edge });
    button.disabled = false;
    if (!answer.ok) return tell(answer.error.text || word("wish.failed"));
    if (sort !== this.#sort || !this.#order) return undefined;
    const here = new Set(this.#order);
    const last = answer.data.questions.at(-1)?.question;
    const rest = (this.#live.state.questions ?? []).filter((one) => stands(one) && !here.has(one.question)).toSorted(SORTS[sort]).map((one) => one.question);
    const upto = answer.data.left ? rest.indexOf(last) + 1 : rest.length;
    this.#order.push(...rest.slice(0, upto));
    this.#further = new Set(rest.slice(upto));
    this.#edge = last ?? this.#edge;
    this.draw();
    return undefined;
  }

  /** Whether the list ends above the lower edge of its box. */
  get #hasRoom() {
    const box = part(this.#page, "questions-box");
    return box.scrollHeight <= box.clientHeight;
  }

  #drawForm() {
    const { queues = [], you = {} } = this.#live.state;
    const open = [homeOf(you), COUNTRY].map((lane) => queues.find((one) => one.queue === lane && one.open)).find(Boolean);
    const fields = part(this.#page, "ask-fields");
    if (!open || fields.disabled) this.#said = "";
    fields.disabled = !open;
    write(part(this.#page, "ask-state"), this.#said || word(!open ? "question.closed" : open.hold ? "question.hold" : "question.no-hold"));
  }

  #fill(element, one) {
    const { state } = this.#live;
    const merged = (state.questions ?? []).some((other) => other.merged === one.question && (other.backed || other.mine));
    const backed = one.backed ?? (merged || (state.stances?.backed ?? []).includes(one.question));
    element.classList.toggle("question--on-stage", one.state === "taken_up");
    const form = part(element, "support-form");
    form.elements.question.value = one.question;
    mark(form, "data-do", backed ? "questions.unback" : "questions.back");
    const button = part(element, "support");
    mark(button, "aria-pressed", String(Boolean(backed)));
    button.disabled = Boolean(one.mine) || !BACKABLE.has(one.state) || Boolean(one.merged);
    write(part(element, "backs"), number(one.backs));
    write(part(element, "text"), one.text);
    write(part(element, "standing"), standing(state, one));
    write(part(element, "who"), one.mine ? word("question.mine") : asker(state, one));
    write(part(element, "answer"), one.answer ?? "");
    show(part(element, "answer"), one.answer);
    const withdraw = part(element, "withdraw");
    withdraw.elements.question.value = one.question;
    show(withdraw, one.mine && !one.removed && WAITING.has(one.state));
    this.#fillLess(element, one);
  }

  #fillLess(element, one) {
    const [oppose, consent] = [part(element, "oppose"), part(element, "consent")];
    const opposed = one.opposed ?? (this.#live.state.stances?.opposed ?? []).includes(one.question);
    oppose.elements.question.value = consent.elements.question.value = one.question;
    mark(oppose, "data-do", opposed ? "questions.unback" : "questions.oppose");
    mark(part(oppose, "oppose-button"), "aria-pressed", String(Boolean(opposed)));
    show(oppose, !one.mine && BACKABLE.has(one.state) && !one.merged);
    consent.elements.quotable.value = String(!one.quotable);
    mark(part(consent, "consent-button"), "aria-pressed", String(Boolean(one.quotable)));
    show(consent, one.mine && !one.removed && !one.lifted_from);
    show(part(element, "moment"), one.answered_at && this.#live.state.day.state === "ended");
    mark(part(element, "moment-link"), "href", `/days/${encodeURIComponent(this.#live.day)}/questions/${encodeURIComponent(one.question)}/moment`);
  }

  /** Said once, to those who listen. */
  #tellStage() {
    const now = onStage((this.#live.state.questions ?? []).filter((one) => !one.merged));
    if (this.#stage !== undefined && now && now.question !== this.#stage) tell(word("question.on-stage", { text: now.text }));
    this.#stage = now?.question ?? null;
  }

  #choose(chosen) {
    for (const button of this.#page.querySelectorAll("[data-sort]")) mark(button, "aria-pressed", String(button === chosen));
    this.#sort = chosen.dataset.sort;
    this.#again();
  }

  #again() {
    this.#order = null;
    part(this.#page, "questions-box").scrollTop = 0;
    if (this.#live.state) this.draw();
  }

  #say(text) {
    this.#said = text;
    write(part(this.#page, "ask-state"), text);
  }
}
