// What a captioner need not type: speakers and sounds on keys, words that are written short.

import { bySpeaker } from "./captions.js";
import { keep, mark, part, piece, write } from "./page.js";
import { OwnList, writtenOut } from "./shorthand.js";
import { word } from "./words.js";

const SPEAKERS_MOST = 6;

export class CaptionWords {
  #page;
  #field;
  #typed;
  #speakers = new OwnList("speakers", word("captions.speakers").split("; "));
  #shorts = new OwnList("shorts", word("captions.shorts").split("; ").map((one) => one.split("=")));

  /** @param typed is called when something was put into *field*. */
  constructor(page, field, typed) {
    this.#page = page;
    this.#field = field;
    this.#typed = typed;
    const edit = part(page, "speakers-edit");
    edit.value = this.#speakers.items.join("\n");
    edit.addEventListener("change", () => this.#rename(edit.value));
    part(page, "word-form").addEventListener("submit", (event) => this.#add(event));
    this.#drawSpeakers();
    this.#drawShorts();
  }

  /** Put the speaker on key *number* before the line, or a sound where one writes; `false` when that key is free. */
  press(number) {
    const name = this.#speakers.items[number - 1];
    if (!name) return false;
    const field = this.#field;
    if (name.startsWith("(")) {
      field.setRangeText(name, field.selectionStart, field.selectionEnd, "end");
    } else {
      const [speaker, rest] = bySpeaker(field.value);
      field.value = speaker === name ? rest : `${name}: ${rest}`;
      field.setSelectionRange(field.value.length, field.value.length);
    }
    field.focus();
    this.#typed();
    return true;
  }

  /** Show which speaker the line has. */
  mark(speaker) {
    for (const button of part(this.#page, "speakers").children) mark(button, "aria-pressed", String(button.dataset.speaker === speaker));
  }

  /** Write out the word before *place*; returns by how much the line grew. */
  spellOut(place) {
    const found = writtenOut(this.#field.value, place, this.#shorts.items);
    if (!found) return 0;
    this.#field.setRangeText(found.text, found.from, place, "end");
    return found.text.length - (place - found.from);
  }

  #rename(text) {
    this.#speakers.set(text.split("\n").map((name) => name.trim().slice(0, 40)).filter(Boolean).slice(0, SPEAKERS_MOST));
    this.#drawSpeakers();
  }

  #add(event) {
    event.preventDefault();
    const [short, long] = ["kort", "langt"].map((id) => document.getElementById(id));
    this.#shorts.set([...this.#shorts.items.filter(([from]) => from !== short.value.trim()), [short.value.trim(), long.value.trim()]]);
    event.target.reset();
    this.#drawShorts();
    short.focus();
  }

  #drawSpeakers() {
    const list = this.#speakers.items.slice(0, SPEAKERS_MOST).map((name, place) => ({ name, number: place + 1 }));
    const make = () => {
      const button = piece("speaker");
      button.addEventListener("click", () => this.press(Number(button.dataset.number)));
      return button;
    };
    keep(part(this.#page, "speakers"), "number", list, ({ number }) => number, make, (button, { name, number }) => {
      button.dataset.speaker = name;
      write(button.querySelector("kbd"), `F${number}`);
      write(button.querySelector("span"), name);
    });
  }

  #drawShorts() {
    const make = () => {
      const row = piece("short");
      row.querySelector("button").addEventListener("click", () => {
        this.#shorts.set(this.#shorts.items.filter(([from]) => from !== row.dataset.short));
        this.#drawShorts();
        document.getElementById("kort").focus();
      });
      return row;
    };
    keep(part(this.#page, "words"), "short", this.#shorts.items, ([from]) => from, make, (row, [from, to]) => {
      write(row.children[0], from);
      write(row.children[1], to);
      mark(row.querySelector("button"), "aria-label", word("captions.remove-short", { short: from }));
    });
  }
}
