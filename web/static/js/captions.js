// Lines of captions, drawn: who speaks stands out, the size is the reader's own and remembered.

import { keep, mark, part } from "./page.js";

const SIZE = "samsyn:captions-size";
const SIZES = ["s", "m", "l", "xl", "xxl"];
const STANDS_MS = 8000; // after the last word a line may go
const FRESH_MS = 20_000; // a page that is opened shows a line that is no older
const SPEAKER = /^([^:\n]{2,40}): /;

/** The lines with words in them, oldest first. */
export const written = ({ captions = [] }) => captions.filter(({ text }) => text);

/** Put a line of captions into *element*: the speaker before the colon by itself. Text is only ever text. */
export function fillLine(element, text) {
  const key = `line:${text}`;
  if (element.dataset.filled === key) return;
  element.dataset.filled = key;
  const speaker = SPEAKER.exec(text)?.[1];
  if (!speaker) return void element.replaceChildren(text);
  const name = Object.assign(document.createElement("span"), { className: "speaker", textContent: `${speaker}:` });
  element.replaceChildren(name, text.slice(speaker.length + 1));
}

/** `[speaker, words]`; no speaker is `""`. */
export function bySpeaker(text) {
  const speaker = SPEAKER.exec(text)?.[1] ?? "";
  return [speaker, speaker ? text.slice(speaker.length + 2) : text];
}

function remembered() {
  try {
    return localStorage.getItem(SIZE);
  } catch {
    return null;
  }
}

/** The three buttons A−, A, A+ of *root* set how large *panel* is written; *changed* is called when they did. */
export function takeSizes(root, panel, changed = () => undefined) {
  let at = Math.max(0, SIZES.indexOf(remembered() ?? "m"));
  const set = (place) => {
    at = Math.min(SIZES.length - 1, Math.max(0, place));
    panel.dataset.size = SIZES[at];
    part(root, "smaller").disabled = at === 0;
    part(root, "larger").disabled = at === SIZES.length - 1;
    mark(part(root, "usual"), "aria-pressed", String(SIZES[at] === "m"));
  };
  const choose = (place) => {
    set(place);
    changed();
    try {
      localStorage.setItem(SIZE, SIZES[at]);
    } catch {
      // For this page only, then.
    }
  };
  part(root, "smaller").addEventListener("click", () => choose(at - 1));
  part(root, "usual").addEventListener("click", () => choose(SIZES.indexOf("m")));
  part(root, "larger").addEventListener("click", () => choose(at + 1));
  set(at);
}

/**
 * The panel below a picture: the line now and the one before.
 *
 * What somebody writes live stands at once. A film brings captions of its own, with its picture. The lane brings the live lines again some
 * seconds later, for players without this page; here they have been read by then.
 */
export class CaptionPanel {
  #panel;
  #earlier = "";
  #last = "";
  #known = new Set();
  #writtenAt = -Infinity;
  #silence;

  constructor(panel) {
    this.#panel = panel;
  }

  /** Something stands in it. */
  get speaks() {
    return this.#panel.childElementCount > 0;
  }

  /** What is written live. *now* is the server's clock. */
  write(state, now) {
    const lines = written(state);
    this.#known = new Set(lines.flatMap(({ text }) => text.split("\n")));
    const [before, line] = lines.length > 1 ? lines.slice(-2) : [null, lines[0]];
    if (this.#last === "" && line) this.#panel.replaceChildren(); // what the server drew
    const last = line ? `${line.line}:${line.text}:${line.open ?? ""}` : "";
    if (!line || last === this.#last) return;
    const first = this.#last === "";
    this.#last = last;
    if (first && now - Date.parse(line.at) > FRESH_MS) return;
    this.#writtenAt = performance.now();
    this.#show(before ? [before.text, line.text] : [line.text]);
    this.#fallSilent();
  }

  /** What the player says now: lines, newest last; none when nobody speaks. */
  tell(lines) {
    const fresh = lines.filter((line) => !this.#known.has(line));
    if (performance.now() - this.#writtenAt < STANDS_MS || (lines.length && !fresh.length)) return;
    const text = fresh.join(" ");
    if (!text) return void this.#fallSilent(STANDS_MS - 3000);
    clearTimeout(this.#silence);
    this.#show(this.#earlier && this.#earlier !== text ? [this.#earlier, text] : [text]);
    this.#earlier = text;
  }

  #show(texts) {
    const lines = texts.map((text, place) => ({ text, place: place - texts.length }));
    keep(this.#panel, "place", lines, ({ place }) => place, () => document.createElement("p"), (element, { text, place }) => {
      element.className = place === -1 ? "" : "earlier";
      fillLine(element, text);
    });
  }

  #fallSilent(ms = STANDS_MS) {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.#panel.replaceChildren();
      this.#earlier = "";
    }, ms);
  }
}

