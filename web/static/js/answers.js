// From the controls of a question to an answer as in docs/protocol.md, "Answers", and back. The controls say by `data-choices` what they hold.

const checked = (box) => [...box.querySelectorAll("input:checked")].map((input) => input.value);
const typed = (box) => [...box.querySelectorAll("input, textarea")].map((input) => input.value.trim()).filter(Boolean);
const step = (value) => (value === "dont_know" ? null : Number(value));

const READ = {
  one: (boxes) => boxes.flatMap(checked),
  many: (boxes) => boxes.flatMap(checked),
  word: (boxes) => boxes.flatMap(checked)[0],
  step: (boxes) => boxes.flatMap(checked).map(step)[0],
  words: (boxes) => boxes.flatMap(typed),
  text: (boxes) => boxes.flatMap(typed)[0],
};

/** What the controls in *root* say; `undefined` for nothing at all. */
export function answerIn(root) {
  const boxes = [...root.querySelectorAll("[data-choices]")];
  const answer = boxes.length ? READ[boxes[0].dataset.choices](boxes) : undefined;
  return Array.isArray(answer) && !answer.length ? undefined : answer;
}

/** Make the controls in *root* say *answer*. */
export function putAnswer(root, answer) {
  const chosen = new Set((Array.isArray(answer) ? answer : [answer === null ? "dont_know" : answer]).map(String));
  for (const input of root.querySelectorAll("input[type=radio], input[type=checkbox]")) input.checked = answer !== undefined && chosen.has(input.value);
  const fields = [...root.querySelectorAll("input:not([type]), textarea")];
  const texts = Array.isArray(answer) ? answer : [answer ?? ""];
  fields.forEach((field, n) => { field.value = texts[n] ?? ""; });
}

/** How many may be chosen; more than that and *tooMany* is told. */
export const mostIn = (root) => Number(root.querySelector("[data-most]")?.dataset.most ?? 1);
