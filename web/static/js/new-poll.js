// A poll on the spot: a question, its kind, its options a line each; open at once or kept for later. Without scripts the form is posted.

import { part, show, write } from "./page.js";
import { tell } from "./spoken.js";
import { word } from "./words.js";

const SCALE_STEPS = 5; // as the server takes them from the form
const WORDS_EACH = 3;

/** What the fields ask for. */
function argsOf({ title, kind, options, several, low, high, unit, open }) {
  const args = { kind: kind.value, title: title.value.trim(), open: open.checked };
  const lines = options.value.split("\n").map((line) => line.trim()).filter(Boolean);
  if (args.kind === "choice") Object.assign(args, { options: lines, most: several.checked ? Math.max(1, lines.length) : 1 });
  if (args.kind === "ranking" || args.kind === "points") args.options = lines;
  if (args.kind === "number") Object.assign(args, { low: Number(low.value), high: Number(high.value), unit: unit.value.trim() });
  if (args.kind === "scale") args.steps = SCALE_STEPS;
  if (args.kind === "words") args.most = WORDS_EACH;
  return args;
}

/** Wake the form up; gives what is to be done when it is sent. */
export function takeNewPoll(live, box) {
  const form = part(box, "new-poll-form");
  const { elements } = form;
  const showWhatIsNeeded = () => {
    const kind = elements.kind.value;
    show(part(box, "new-poll-options"), ["choice", "ranking", "points"].includes(kind));
    show(part(box, "new-poll-several"), kind === "choice");
    show(part(box, "new-poll-number"), kind === "number");
  };
  form.addEventListener("change", showWhatIsNeeded);
  box.addEventListener("toggle", () => box.open && elements.title.focus());
  showWhatIsNeeded();

  return async () => {
    const say = (text) => write(part(box, "new-poll-state"), text);
    const args = argsOf(elements);
    say(word("cockpit.sending"));
    const answer = await live.wish("polls.make", args);
    if (!answer.ok) {
      say(answer.error.text || word("wish.failed"));
      return tell(answer.error.text || word("wish.failed"));
    }
    form.reset();
    showWhatIsNeeded();
    say("");
    box.open = false;
    box.querySelector("summary").focus(); // where one came from; the poll stands first in the list below
    return tell(word(args.open ? "cockpit.made-open" : "cockpit.made"));
  };
}
