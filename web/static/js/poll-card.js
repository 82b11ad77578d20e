// One poll on the page: its question, the controls of its kind, what became of the vote, its result.

import { answerIn, putAnswer } from "./answers.js";
import { time } from "./clock.js";
import { mark, part, piece, show, write } from "./page.js";
import { number, said } from "./phrasing.js";
import { cells, regionName, showResult } from "./results.js";
import { word } from "./words.js";

const WORDS_MOST = 5;

/** Make the controls of a poll's kind, named as the form's fields are without scripts. */
function controls(poll) {
  const box = (choices, made, ...inside) => {
    made.dataset.choices = choices;
    made.append(...inside);
    return made;
  };
  const div = (name) => Object.assign(document.createElement("div"), { className: name });
  const option = (type, { key, text }) => {
    const made = piece("option");
    Object.assign(made.querySelector("input"), { type, name: "answer", value: key });
    write(part(made, "text"), text);
    return made;
  };
  const several = (poll.most ?? 1) > 1;
  const id = `p-${poll.poll}`;
  switch (poll.kind) {
    case "choice":
    case "quiz": {
      const made = box(several ? "many" : "one", div("poll__choices"), ...cells(poll).map((cell) => option(several ? "checkbox" : "radio", cell)));
      made.dataset.most = poll.most ?? 1;
      return [made];
    }
    case "yesno":
      return [box("word", div("poll__choices"), ...cells(poll).map((cell) => option("radio", cell)))];
    case "scale": {
      const steps = cells(poll).filter(({ key }) => key !== "dont_know");
      const made = [box("step", div("scale"), ...steps.map((cell) => option("radio", cell)))];
      if (poll.dont_know) made.push(box("step", div("poll__choices"), option("radio", { key: "dont_know", text: said(poll, "dont_know") })));
      made[1]?.firstElementChild.classList.add("option--aside");
      return made;
    }
    case "words":
      return [box("words", div("words"), ...Array.from({ length: Math.min(poll.most ?? 1, WORDS_MOST) }, (_, n) => field("word", `${id}-${n + 1}`, poll.longest || 30, word("poll.word", { n: n + 1 }))))];
    case "text":
      return [box("text", field("text", `${id}-1`, poll.longest || 1000, word("poll.your-answer")))];
    default:
      return [piece("later")];
  }
}

function field(name, id, longest, label) {
  const made = piece(name);
  Object.assign(part(made, "input"), { id, name: "answer", maxLength: longest });
  Object.assign(part(made, "label"), { htmlFor: id, textContent: label });
  return made;
}

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
  write(part(card, "scope"), regional ? word("poll.scope-region", { region: regionName(state, poll.scope) }) : word("poll.scope-country"));
  write(part(card, "until"), !open ? word("poll.shut") : poll.closes_at ? word("poll.until", { time: time(poll.closes_at) }) : word("poll.open"));
  write(part(card, "title"), said(poll, "title"));
  write(part(card, "help"), poll.help ?? "");
  show(part(card, "help"), open && poll.help);
  fillForm(card, poll, state, open);
  fillState(card, poll, vote, connected);
  show(part(card, "promise"), open && !poll.receipt && !vote);
  show(part(card, "results"), poll.tally);
  if (poll.tally) showResult(part(card, "results"), poll, state);
}

function fillForm(card, poll, state, open) {
  const form = part(card, "form");
  const fields = form.querySelector("fieldset");
  const round = String(poll.round ?? 1);
  if (card.dataset.round !== round) {
    card.dataset.round = round;
    fields.replaceChildren(fields.querySelector("legend"), ...controls(poll));
    write(fields.querySelector("legend"), said(poll, "title"));
    delete card.dataset.touched;
    delete card.dataset.mine;
  }
  const mine = JSON.stringify(poll.mine ?? null);
  if (poll.receipt && card.dataset.mine !== mine && !card.dataset.touched && open) putAnswer(fields, poll.mine);
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
  if (poll.receipt) return ["check", word("vote.saved", { receipt: poll.receipt }), ...(open ? [word("vote.change")] : shut)];
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
