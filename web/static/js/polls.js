// The polls of the live page: which are shown, a new one announced without moving anybody, a vote sent and said truthfully.

import { takeArranging } from "./arranging.js";
import { until } from "./clock.js";
import { handsIn } from "./hands.js";
import { behind } from "./phones.js";
import { keep, part, show } from "./page.js";
import { said } from "./phrasing.js";
import { PictureClock } from "./picture-clock.js";
import { answerOf, complain, fillCard, makeCard } from "./poll-card.js";
import { inWords } from "./result-lines.js";
import { tell } from "./spoken.js";
import { word } from "./words.js";

const VOTING = new Set(["polls.vote", "polls.hands"]);
const CLOSED_MOST = 2; // older results are in the report; the page is for what is now
const NEAR_PX = 60; // a card whose beginning is nearer to the edge than this is not seen
const SPOKEN_S = [60, 10]; // seconds before it closes at which a poll one has not answered is said

export class Polls {
  #live;
  #page;
  #votes = new Map(); // poll -> {status, text}: what is not in the state
  #arrives = null; // sees when the card of a new poll comes into sight
  #open = null; // polls that were open when we last looked
  #seen = new Set(); // polls that have been open while this page was
  #results = new Set();
  #announced = new Set();
  #picture;

  constructor(live, page) {
    this.#live = live;
    this.#page = page;
    this.#picture = new PictureClock(live, () => this.draw());
    for (const wish of live.outbox.waiting) if (VOTING.has(wish.do)) this.#votes.set(wish.args.poll, { status: "pending" });
    live.addEventListener("wish", ({ detail }) => this.#wish(detail));
    page.addEventListener("input", ({ target }) => this.#touched(target.closest("[data-poll]")));
    page.addEventListener("change", ({ target }) => this.#touched(target.closest("[data-poll]")));
    takeArranging(part(page, "polls"));
    part(page, "poll-link").addEventListener("click", () => {
      this.#slot("polls");
      show(part(page, "poll-prompt"), false);
    });
    const box = part(page, "polls").parentElement;
    new ResizeObserver(() => box.parentElement.style.setProperty("--polls", `${box.offsetHeight}px`)).observe(box);
    part(page, "to-programme").addEventListener("click", () => this.#slot("programme"));
    part(page, "to-polls").addEventListener("click", () => this.#slot("polls"));
  }

  /** Draw them all. */
  draw() {
    const { state, connected } = this.#live;
    const polls = this.#picture.toDraw(state.polls ?? []);
    const open = polls.filter((poll) => poll.voting === "open");
    const closed = polls.filter((poll) => poll.voting === "closed" && (poll.tally || poll.receipt || this.#seen.has(poll.poll)));
    const shown = open.length ? open.toReversed() : closed.toReversed().slice(0, CLOSED_MOST); // a poll that opens takes the place of results
    keep(part(this.#page, "polls"), "poll", shown, (poll) => poll.poll, makeCard, (card, poll) => fillCard(card, poll, state, this.#votes.get(poll.poll), connected));
    show(part(this.#page, "to-programme"), shown.length && !open.length);
    show(part(this.#page, "to-polls"), shown.length);
    this.#announce(open, polls);
  }

  /** On a narrow page polls and programme share a place; a poll that opens takes it. */
  #slot(what) {
    part(this.#page, "polls").closest(".live-layout").dataset.slot = what;
  }

  /** Say once how long is left of a poll one has not answered. */
  tick() {
    for (const poll of this.#picture.seen(this.#live.state?.polls ?? [])) {
      if (poll.voting !== "open" || !poll.closes_at || poll.receipt) continue;
      const left = Math.round(until(poll.closes_at) / 1000);
      if (!SPOKEN_S.includes(left) || this.#announced.has(`${poll.poll}:${left}`)) continue;
      this.#announced.add(`${poll.poll}:${left}`);
      tell(word("poll.seconds", { n: left }));
    }
  }

  /** Send what the card says. */
  vote(form) {
    const card = form.closest("[data-poll]");
    const { answer, why } = answerOf(card);
    complain(card, why);
    if (why) return this.#refuse(card, why);
    delete card.dataset.touched;
    this.#live.wish("polls.vote", { poll: card.dataset.poll, answer });
    return undefined;
  }

  /** Send how many hands are up behind this screen. */
  hands(form) {
    const card = form.closest("[data-poll]");
    const { hands, why } = handsIn(form, behind(this.#live.state.you));
    if (why) return this.#refuse(card, why);
    this.#live.wish("polls.hands", { poll: card.dataset.poll, hands });
    return undefined;
  }

  #refuse(card, why) {
    this.#votes.set(card.dataset.poll, { status: "refused", text: why });
    tell(why);
    this.draw();
  }

  #touched(card) {
    if (!card) return;
    card.dataset.touched = "1";
    if (this.#votes.get(card.dataset.poll)?.status !== "refused") return;
    this.#votes.delete(card.dataset.poll);
    complain(card, null);
    this.draw();
  }

  #wish({ do: name, args, status, answer }) {
    if (!VOTING.has(name)) return;
    const { poll } = args;
    if (status === "pending") this.#votes.set(poll, { status });
    else if (status === "saved") {
      this.#votes.delete(poll);
      const receipt = answer.data?.receipt ?? "";
      this.#live.patch("polls.mine", { poll, mine: args.answer ?? null, hands: args.hands ?? null, receipt });
      tell(`${receipt ? word(args.hands ? "hands.saved" : "vote.saved", { receipt }) : word("vote.saved-bare")} ${word("vote.change")}`);
    } else {
      this.#votes.set(poll, { status, text: answer.error.text || word("wish.failed") });
      tell(answer.error.text || word("wish.failed"));
    }
    if (this.#live.state) this.draw();
  }

  #announce(open, polls) {
    const results = new Set(polls.filter((poll) => poll.tally && poll.voting === "closed").map((poll) => poll.poll));
    if (this.#open) {
      const fresh = open.find((poll) => !this.#open.has(poll.poll));
      const shown = polls.find((poll) => results.has(poll.poll) && !this.#results.has(poll.poll));
      const shut = polls.find((poll) => this.#open.has(poll.poll) && poll.voting === "closed");
      if (fresh) this.#invite(fresh);
      else if (shown) tell(word("poll.result", { title: said(shown, "title"), first: inWords(shown) }));
      else if (shut) tell(word("poll.closed", { title: said(shut, "title") }));
    }
    if (open.every((poll) => poll.receipt)) show(part(this.#page, "poll-prompt"), false);
    this.#open = new Set(open.map((poll) => poll.poll));
    this.#results = results;
    for (const id of this.#open) this.#seen.add(id);
  }

  /** Nobody is moved: the card stands in its place, a link lies under the picture for those who do not see that, and the question is said. */
  #invite(poll) {
    this.#slot("polls");
    const card = document.getElementById(`poll-${poll.poll}`);
    part(this.#page, "poll-link").href = `#${card.id}`;
    const { top } = card.getBoundingClientRect();
    const under = part(this.#page, "stage").getBoundingClientRect().bottom;
    show(part(this.#page, "poll-prompt"), top < under - NEAR_PX || top > innerHeight - NEAR_PX);
    this.#arrives?.disconnect();
    this.#arrives = new IntersectionObserver(([{ isIntersecting }], observer) => {
      if (!isIntersecting) return;
      show(part(this.#page, "poll-prompt"), false); // whoever has come to the question needs no way to it
      observer.disconnect();
    }, { rootMargin: `-${Math.max(0, Math.round(under))}px 0px -${NEAR_PX}px 0px` });
    this.#arrives.observe(card);
    tell(word("poll.new", { title: said(poll, "title") }));
  }
}
