// One poll on the page: its question, the controls of its kind, what became of the vote, its result.

import { answerIn, putAnswer } from "./answers.js";
import { arrange, showLeft } from "./arranging.js";
import { time } from "./clock.js";
import { controls } from "./controls.js";
import { fillHands } from "./hands.js";
import { mark, part, piece, show, write } from "./page.js";
import { number, said } from "./phrasing.js";
import { showResult, whose } from "./results.js";
import { word } from "./words.js";

/** A card without its poll. */
export function makeCard(poll) {
  const card = piece("poll");
  card.id = `poll-${poll.poll}`;
  card.setAttribute("aria-labelledby", `${card.id}-q`);
  part(card, "title").id = `${card.id}-q`;
  card.querySelector("input[name=poll]").value = poll.poll;
  card.dataset.round = "";
  return card;
}

/**
 * Fill a card. What the person has chosen and not sent is never touched.
 *
 * @param vote how the vote stands here: {status: "pending" | "refused", text} or nothing.
 */
export function fillCard(card, poll, state, vote, connected) {
  const regional = poll.scope && poll.scope !== "country";
  const open = poll.voting === "open";
  for (const element of [card, part(card, "scope")]) {
    const block = element === card ? "card" : "lane-tag";
    element.classList.toggle(`${block}--region`, Boolean(regional));
    element.classList.toggle(`${block}--common`, !regional);
  }
  card.classList.toggle("poll--closed", !open);
  write(part(card, "scope"), whose(state, poll));
  write(part(card, "until"), !open ? word("poll.shut") : poll.closes_at ? word("poll.until", { time: time(poll.closes_at) }) : word("poll.open"));
  write(part(card, "title"), said(poll, "title"));
  write(part(card, "help"), poll.help ?? "");
  show(part(card, "help"), open && poll.help);
  fillForm(card, poll, state, open);
  fillHands(card, poll, state);
  fillState(card, poll, vote, connected);
  show(part(card, "promise"), open && !poll.receipt && !vote);
  show(part(card, "results"), poll.tally);
  if (poll.tally) showResult(part(card, "results"), poll, state);
}

function fillForm(card, poll, state, open) {
  const form = part(card, "form");
  const fields = form.querySelector("fieldset");
  const round = String(poll.round ?? 1);
  const wording = JSON.stringify([poll.title, poll.options, poll.statements]);
  if (card.dataset.round !== round) {
    card.dataset.round = round;
    fields.replaceChildren(fields.querySelector("legend"), ...controls(poll));
    write(fields.querySelector("legend"), said(poll, "title"));
    delete card.dataset.touched;
    delete card.dataset.mine;
  } else if (card.dataset.wording !== wording) mend(card, fields, poll);
  card.dataset.wording = wording;
  const mine = JSON.stringify(poll.mine ?? null);
  if (poll.receipt && !poll.hands && card.dataset.mine !== mine && !card.dataset.touched && open) say(fields, poll.mine);
  card.dataset.mine = mine;
  show(form, open && !poll.coming);
  const people = state.you?.people ?? 1;
  const behind = part(card, "behind");
  if (people > 1 && behind.dataset.people !== String(people)) {
    const link = Object.assign(document.createElement("a"), { href: "#du", textContent: word("vote.behind-change") });
    behind.replaceChildren(piece("icon-people"), ` ${word("vote.behind", { people: number(people) })} `, link);
  }
  behind.dataset.people = people;
  show(behind, people > 1);
  write(part(card, "send"), word(poll.receipt ? "vote.again" : "vote.vote"));
}

/** A misspelling was put right: the controls stand anew and say what they said, and whoever was in one of them still is. */
function mend(card, fields, poll) {
  const [given, { name, value } = {}] = [answerIn(fields), fields.contains(document.activeElement) ? document.activeElement : {}];
  fields.replaceChildren(fields.querySelector("legend"), ...controls(poll));
  write(fields.querySelector("legend"), said(poll, "title"));
  if (given !== undefined) say(fields, given);
  if (name) [...fields.elements].find((one) => one.name === name && (one.value === value || one.type !== "radio"))?.focus();
}

/** Make the controls say an answer, and what stands beside them with it. */
function say(fields, answer) {
  putAnswer(fields, answer);
  const box = fields.querySelector("[data-choices]");
  if (box?.dataset.choices === "ranking") arrange(box);
  if (box?.dataset.choices === "points") showLeft(box);
}

function fillState(card, poll, vote, connected) {
  const place = part(card, "state");
  const open = poll.voting === "open";
  const [icon, ...texts] = standing(poll, vote, connected, open);
  show(place, icon);
  place.classList.toggle("poll__state--refused", vote?.status === "refused");
  const said_ = texts.join(" ");
  if (!icon || place.dataset.said === said_) return;
  place.dataset.said = said_;
  const line = document.createElement("span");
  line.append(...texts.flatMap((text) => [text, " "]));
  place.replaceChildren(piece(`icon-${icon}`), line);
}

function standing(poll, vote, connected, open) {
  if (vote?.status === "pending") return ["clock", word(connected ? "vote.sending" : "vote.waiting")];
  if (vote?.status === "refused") return ["octagon", vote.text];
  const shut = !open && !poll.tally ? [word("vote.closed-hidden")] : [];
  if (poll.receipt) return ["check", word(poll.hands ? "hands.saved" : "vote.saved", { receipt: poll.receipt }), ...(open ? [word("vote.change")] : shut)];
  return shut.length ? ["clock", ...shut] : [];
}

/** What the card's controls say, or why it cannot be sent. */
export function answerOf(card) {
  const fields = part(card, "form");
  const answer = answerIn(fields);
  if (answer === undefined) return { why: word("vote.choose") };
  const most = Number(fields.querySelector("[data-most]")?.dataset.most ?? Infinity);
  if (Array.isArray(answer) && answer.length > most) return { why: word("vote.too-many", { most }) };
  return { answer };
}

/** Say why an answer cannot be sent, at the controls. */
export function complain(card, why) {
  mark(card.querySelector("fieldset"), "aria-describedby", why ? `${card.id}-why` : null);
  part(card, "state").id = `${card.id}-why`;
}
