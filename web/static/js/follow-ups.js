// Which questions of a survey are asked: a follow-up only on the answers that it follows. Without scripts it stands there and says so.

import { answerIn } from "./answers.js";

export const isAsked = (box) => !box.dataset.after || "asked" in box.dataset;

/** Show the follow-ups of the answers that now stand there. Their own answers are kept in their fields, also while they are not asked. */
export function follow(questions) {
  for (const box of questions.filter((one) => one.dataset.after)) {
    const lead = questions.find((one) => one.dataset.question === box.dataset.after);
    const given = isAsked(lead) ? [answerIn(lead)].flat().map((one) => (one === null ? "dont_know" : String(one))) : [];
    box.toggleAttribute("data-asked", given.some((one) => box.dataset.answers.split(" ").includes(one)));
  }
}
