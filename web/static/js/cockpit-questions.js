// The moderator's queue: what is held, what is let through, what has come to an end. Each wish says how the question stood when it was pressed.

import { asker, bySupport, COUNTRY, standing, WAITING } from "./question-words.js";
import { argsOf } from "./forms.js";
import { AT_ONCE, Pages } from "./question-pages.js";
import { keep, mark, part, piece, show, write } from "./page.js";
import { word } from "./words.js";

const LONGEST = 70; // characters of a question in a list of choices
const BUTTONS = {
  "let-through": ({ state }) => state === "held",
  "take-up": ({ state }) => state === "held" || state === "open",
  answered: ({ state }) => state === "open" || state === "taken_up",
  "take-down": ({ state }) => state === "taken_up",
  escalate: ({ lane, lifted }) => lane !== COUNTRY && !lifted,
};

const divided = (one) => Math.min(one.backs, one.against ?? 0); // as many on the smaller side
/** What is on the stage first, then what has a star; then as the moderator chose (`web/phrasing.py` has the same without scripts). */
const ORDERS = {
  top: bySupport,
  new: (a, b) => (a.at < b.at ? 1 : -1),
  divided: (a, b) => divided(b) - divided(a) || bySupport(a, b),
};
const inOrder = (order) => (a, b) => (b.state === "taken_up") - (a.state === "taken_up") || Boolean(b.starred) - Boolean(a.starred) || (ORDERS[order] ?? bySupport)(a, b);

export class Queue {
  #live;
  #page;
  #order = {};
  #most = { held: AT_ONCE, open: AT_ONCE, done: AT_ONCE }; // rows of each list
  #last = {}; // the last row of each list's last page
  #pages;

  constructor(live, page) {
    this.#live = live;
    this.#page = page.querySelector("#pane-questions");
    this.#pages = new Pages(live);
    show(part(this.#page, "queue-order-go"), false);
    for (const name of Object.keys(this.#most)) {
      show(part(this.#page, `queue-${name}-all`), false);
      part(this.#page, `queue-${name}-more`).addEventListener("click", () => this.#more(name));
    }
    part(this.#page, "queue-order").addEventListener("change", () => {
      this.#order = {};
      this.#most.open = AT_ONCE;
      if (this.#live.state) this.draw();
    });
  }

  /** Forms whose fields are no texts. */
  get forms() {
    const send = (name, more) => async (form, submitter) => {
      const { seen, ...args } = argsOf(form, submitter);
      const answer = await this.#live.wish(name, { ...args, ...(seen ? { seen } : {}), ...more(args) });
      write(part(this.#page, "questions-state"), answer.ok ? word("cockpit.done-wish") : answer.error.text || word("wish.failed"));
    };
    return {
      "questions.star": send("questions.star", ({ starred }) => ({ starred: starred === "true" })),
      "questions.hold": send("questions.hold", ({ hold }) => ({ hold: hold === "true" })),
      "questions.assign": (form, submitter) => {
        form.elements.due.disabled = !form.elements.due.value; // no date is none
        const sent = send("questions.assign", () => ({}))(form, submitter);
        form.elements.due.disabled = false;
        return sent;
      },
    };
  }

  draw() {
    const { state } = this.#live;
    const lane = state.you?.lane ?? COUNTRY;
    const mine = (state.questions ?? []).filter((one) => one.lane === lane);
    const held = mine.filter((one) => one.state === "held" && !one.merged);
    const open = mine.filter((one) => (one.state === "open" || one.state === "taken_up") && !one.merged);
    this.#list("held", held, (a, b) => (a.at < b.at ? -1 : 1));
    this.#list("open", open, inOrder(part(this.#page, "queue-order").value));
    this.#list("done", mine.filter((one) => !held.includes(one) && !open.includes(one)), (a, b) => (a.at < b.at ? 1 : -1));
    const topics = [...new Set((state.questions ?? []).map((one) => one.label).filter(Boolean))].toSorted();
    const offered = part(this.#page, "topics");
    if (offered.dataset.holds !== topics.join("\n")) {
      offered.dataset.holds = topics.join("\n");
      offered.replaceChildren(...topics.map((one) => new Option(one, one)));
    }
    const queue = (state.queues ?? []).find((one) => one.queue === lane) ?? { open: false, hold: true };
    mark(part(this.#page, "queue-taking"), "aria-pressed", String(queue.open));
    mark(part(this.#page, "queue-taking-form"), "data-do", queue.open ? "questions.close" : "questions.open");
    mark(part(this.#page, "queue-hold"), "aria-pressed", String(queue.hold));
    part(this.#page, "queue-hold-form").elements.hold.value = String(!queue.hold);
  }

  /** The list in its order; while somebody points or writes in it, what is new comes at its end. */
  #list(name, questions, compare) {
    const rows = part(this.#page, `queue-${name}-rows`);
    const busy = rows.matches(":hover") || rows.contains(document.activeElement);
    const place = new Map((this.#order[name] ?? []).map((id, index) => [id, index]));
    const inTurn = questions.toSorted(compare);
    const sorted = inTurn.filter((one, index) => index < this.#most[name] || (busy && place.has(one.question)));
    this.#last[name] = inTurn[Math.min(inTurn.length, this.#most[name]) - 1]?.question;
    if (busy) sorted.sort((a, b) => (place.get(a.question) ?? Infinity) - (place.get(b.question) ?? Infinity) || 0);
    this.#order[name] = sorted.map((one) => one.question);
    keep(rows, "question", sorted, (one) => one.question, (one) => this.#made(one), (element, one) => this.#fill(element, one));
    const { piles = [], you } = this.#live.state;
    const n = Math.max(questions.length, piles.find((one) => one.pile === `queue:${you?.lane ?? COUNTRY}`)?.n[name] ?? 0);
    write(part(this.#page, `queue-${name}-n`), n);
    show(part(this.#page, `queue-${name}-more`), n > sorted.length);
  }

  /** The next page of a list. */
  async #more(name) {
    const order = name === "open" ? part(this.#page, "queue-order").value : null;
    const answer = await this.#pages.more({ of: name, ...(order ? { order } : {}), after: this.#last[name], lane: this.#live.state.you?.lane ?? COUNTRY });
    if (!answer.ok) write(part(this.#page, "questions-state"), answer.error.text || word("wish.failed"));
    else this.#most[name] += AT_ONCE;
    this.draw();
  }

  /** A row of its own for each question: labels belong to fields by their ids. */
  #made({ question }) {
    const row = piece("queue-item");
    for (const field of row.querySelectorAll("[id$='-new']")) field.id = field.id.replace(/new$/, question);
    for (const label of row.querySelectorAll("label[for$='-new']")) label.htmlFor = label.htmlFor.replace(/new$/, question);
    return row;
  }

  #fill(element, one) {
    const { state } = this.#live;
    const waiting = WAITING.has(one.state) && !one.merged;
    element.classList.toggle("question--on-stage", one.state === "taken_up" && waiting);
    for (const field of element.querySelectorAll('input[name="question"]')) field.value = one.question;
    for (const field of element.querySelectorAll('input[name="seen"]')) field.value = one.state;
    write(part(element, "backs"), one.backs);
    write(part(element, "text"), one.text);
    write(part(element, "standing"), standing(state, one));
    write(part(element, "who"), asker(state, one));
    write(part(element, "topic"), one.label ?? "");
    show(part(element, "topic"), one.label);
    write(part(element, "against"), one.against ? word("question.against", { n: one.against }) : "");
    part(element, "star").elements.starred.value = String(!one.starred);
    mark(part(element, "star-button"), "aria-pressed", String(Boolean(one.starred)));
    show(part(element, "star"), !one.removed);
    this.#fillTopic(part(element, "topic-field"), one.label ?? "");
    write(part(element, "answer"), one.answer ?? "");
    show(part(element, "answer"), one.answer);
    for (const [name, fits] of Object.entries(BUTTONS)) show(part(element, name), waiting && fits(one));
    show(part(element, "bring-back"), one.state === "aside" && !one.merged && !one.removed);
    show(part(element, "more"), waiting);
    show(part(element, "remove"), !one.removed); // also when it has ended: somebody may be named in it
    this.#fillInto(part(element, "into"), one);
  }

  /** What one is writing there is left alone. */
  #fillTopic(field, label) {
    if (field === document.activeElement || field.dataset.was === label) return;
    field.value = field.dataset.was = label;
  }

  #fillInto(select, one) {
    if (select === document.activeElement) return;
    const others = (this.#live.state.questions ?? []).filter((other) => other.question !== one.question && other.lane === one.lane && (other.state === "open" || other.state === "taken_up") && !other.merged);
    const key = others.map((other) => other.question).join(" ");
    if (select.dataset.holds === key) return;
    select.dataset.holds = key;
    const chosen = select.value;
    select.replaceChildren(select.options[0], ...others.map((other) => new Option(other.text.length > LONGEST ? `${other.text.slice(0, LONGEST)}…` : other.text, other.question)));
    select.value = others.some((other) => other.question === chosen) ? chosen : "";
  }
}
