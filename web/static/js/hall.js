// What the big screen of a hall shows: the most urgent first; of what is as urgent, and of what may stand while nothing is, one after the
// other. Pure, and by the clock alone, so that two screens beside each other turn together.

import { standing } from "./programme.js";
import { until } from "./clock.js";
import { before, COUNTRY, onStage } from "./question-words.js";

const SHOWN_MS = 90_000; // a result that everybody may see stays so long; one that is on stage until it is taken away
const TURN_MS = 20_000; // time to take out a telephone and read the code, or a result from the back
const EARLIER_MOST = 3; // results that come back while nothing else is on, the newest ones

/** Whether its time has come; those whose picture is behind may still answer, and the hall looks on at what is now. */
const isOver = (poll) => Boolean(poll.closes_at) && until(poll.closes_at) <= 0;
const answered = (poll) => poll.tally?.n > 0;

/**
 * The cards that may stand at *at* (ms), `[kind, what]` each.
 *
 * *shownAt*: poll -> when its result was shown; *cued*: whether the screen does what is cued alone, and turns through nothing of its own.
 */
export function cards(state, at, shownAt, cued) {
  const { polls = [], day, now: moment = {}, you } = state;
  const question = onStage(before(state, you?.lane ?? COUNTRY));
  const open = polls.filter((poll) => poll.voting === "open" && !isOver(poll));
  const staged = polls.filter((poll) => poll.tally && poll.result === "stage").at(-1);
  const told = polls.filter((poll) => poll.tally && poll.result === "everyone" && poll.voting === "closed");
  const fresh = told.filter((poll) => at - (shownAt.get(poll.poll) ?? 0) < SHOWN_MS).at(-1);
  if (staged && (day.state !== "ended" || shownAt.has(staged.poll))) return [["result", staged]];
  if (open.length) return open.map((poll) => ["vote", poll]);
  if (day.state === "ended") return [["ended", null]];
  if (question && !(fresh && shownAt.get(fresh.poll) > Date.parse(question.taken_up_at))) return [["question", question]];
  if (fresh) return [["result", fresh]];
  if (day.state === "published" && until(day.starts_at) > 0) return cued ? [["begins", day]] : [["begins", day], ["join", null]];
  if (moment.countdown?.ends_at) return [["turning", moment.countdown]];
  const { current, next } = standing(state, at);
  if (cued) return [current && day.state === "live" ? ["item", { item: current, on: true }] : ["join", null]];
  const earlier = told.filter(answered).slice(-EARLIER_MOST);
  const coming = day.state === "live" && next ? [["item", { item: next, on: false }]] : [];
  return [["join", null], ...coming, ...earlier.map((poll) => ["result", poll])];
}

/** Whose turn it is of them. */
export const turn = (all, at) => all[Math.floor(at / TURN_MS) % all.length];
