// From the controls of a question to an answer as in docs/protocol.md, "Answers", and back. The controls say by `data-choices` what they hold;
// those of a part, such as a statement, stand in an element that has its id as `data-of`.

const checked = (box) => [...box.querySelectorAll("input:checked")].map((input) => input.value);
const typed = (box) => [...box.querySelectorAll("input, textarea")].map((input) => input.value.trim()).filter(Boolean);
const step = (value) => (value === "dont_know" ? null : Number(value));
const parts = (box) => [...box.querySelectorAll("[data-of]")];
const value = (root, name) => root.querySelector(`[data-part="${name}"]`).value.trim();

/** A number of a field; what is none stays a text, and is refused in words. */
const numeric = (text) => (/^-?\d+([.,]\d+)?$/.test(text.replaceAll(/\s/g, "")) ? Number(text.replaceAll(/\s/g, "").replace(",", ".")) : text);

/** What each part says, without those that say nothing; `undefined` for nothing at all. */
function each(box, say) {
  const said = parts(box).map((one) => [one.dataset.of, say(one)]).filter(([, answer]) => answer !== undefined);
  return said.length ? Object.fromEntries(said) : undefined;
}

const READ = {
  one: (boxes) => boxes.flatMap(checked),
  many: (boxes) => boxes.flatMap(checked),
  word: (boxes) => boxes.flatMap(checked)[0],
  step: (boxes) => boxes.flatMap(checked).map(step)[0],
  words: (boxes) => boxes.flatMap(typed),
  text: (boxes) => boxes.flatMap(typed)[0],
  number: (boxes) => boxes.flatMap(typed).map(numeric)[0],
  steps: ([box]) => each(box, (one) => checked(one).map(step)[0]),
  points: ([box]) => each(box, (one) => (value(one, "points") ? numeric(value(one, "points")) : undefined)),
  matrix: ([box]) => each(box, (one) => {
    const place = ["y", "x"].map((side) => value(one, side)).filter(Boolean).map(Number);
    return place.length ? place : undefined;
  }),
  ranking: ([box]) => parts(box).map((one) => [Number(value(one, "choice")), one.dataset.of]).filter(([place]) => place).toSorted(([a], [b]) => a - b).map(([, option]) => option),
};

/** What the controls in *root* say; `undefined` for nothing at all. */
export function answerIn(root) {
  const boxes = [...root.querySelectorAll("[data-choices]")];
  const answer = boxes.length ? READ[boxes[0].dataset.choices](boxes) : undefined;
  return Array.isArray(answer) && !answer.length ? undefined : answer;
}

const PUT = {
  steps: (one, said) => { for (const input of one.querySelectorAll("input")) input.checked = said !== undefined && input.value === String(said ?? "dont_know"); },
  points: (one, said) => { one.querySelector("input").value = said ?? ""; },
  matrix: (one, said) => { ["y", "x"].forEach((side, n) => { one.querySelector(`[data-part="${side}"]`).value = said?.[n] ?? ""; }); },
};

/** Make the controls in *root* say *answer*. */
export function putAnswer(root, answer) {
  const box = root.querySelector("[data-choices]");
  const put = PUT[box?.dataset.choices];
  if (put) return parts(box).forEach((one) => put(one, answer?.[one.dataset.of]));
  if (box?.dataset.choices === "ranking") return parts(box).forEach((one) => { one.querySelector("select").value = (answer ?? []).indexOf(one.dataset.of) + 1 || ""; });
  const chosen = new Set((Array.isArray(answer) ? answer : [answer === null ? "dont_know" : answer]).map(String));
  for (const input of root.querySelectorAll("input[type=radio], input[type=checkbox]")) input.checked = answer !== undefined && chosen.has(input.value);
  const fields = [...root.querySelectorAll("input:not([type]), textarea")];
  const texts = Array.isArray(answer) ? answer : [answer ?? ""];
  return fields.forEach((field, n) => { field.value = String(texts[n] ?? "").replace(".", box?.dataset.choices === "number" ? "," : "."); });
}
