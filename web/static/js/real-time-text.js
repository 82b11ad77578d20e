// Text that all in a panel and those who run the day read while it is written, letter by letter: for who cannot speak, or cannot hear.

import { LineSender } from "./line-sender.js";
import { keep, part, piece, show, write } from "./page.js";
import { said } from "./phrasing.js";
import { tell } from "./spoken.js";
import { word } from "./words.js";

const AT_END_PX = 24;

/** Draw, and keep drawn, what `real-time-text.html` put on the page. */
export function showTyped(live, root = document) {
  const place = part(root, "rtt");
  if (!place) return;
  const lane = place.dataset.lane;
  const sender = new LineSender(live, lane, "streaming.type");
  const form = part(place, "rtt-form");
  const field = form.elements.text;
  const told = new Set();
  let began = false;

  const nameOf = (one) => (one.from === "desk" ? word("studio.producer") : said(one.by, "name") || word("studio.nameless"));
  const isMine = (one) => one.by?.person === live.state.you?.person;
  /** Of what one is writing oneself the field shows as much. */
  const lines = () => (live.state.typed ?? []).filter((one) => one.lane === lane && one.text && !(one.open && isMine(one)));

  function draw() {
    if (!live.state) return;
    const log = part(place, "rtt-log");
    const atEnd = log.scrollHeight - log.clientHeight - log.scrollTop < AT_END_PX;
    const all = lines();
    keep(part(place, "rtt-lines"), "typed", all, (one) => one.typed, () => piece("typed"), (row, one) => {
      write(part(row, "who"), `${isMine(one) ? word("studio.you") : nameOf(one)}:`);
      write(part(row, "text"), one.text);
      row.classList.toggle("typed--open", Boolean(one.open));
    });
    show(part(place, "rtt-none"), !all.length);
    if (atEnd || !began) log.scrollTop = log.scrollHeight;
    const fold = place.closest("details");
    if (fold && began && all.some((one) => !isMine(one) && !told.has(one.typed))) fold.open = true; // a word that nobody sees is no word
    for (const one of all) {
      if (one.open || told.has(one.typed)) continue;
      told.add(one.typed);
      if (began && !isMine(one)) tell(`${nameOf(one)}: ${one.text}`); // half a line is not read out: it would be read again with each letter
    }
    began = true;
  }

  function finish() {
    const text = field.value.trim();
    if (!text) return;
    field.value = "";
    write(part(place, "rtt-state"), "");
    sender.finish(text);
  }

  field.addEventListener("input", () => sender.draft(field.value));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    finish();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation(); // it is not sent once more as a form
    finish();
  });
  sender.addEventListener("refused", ({ detail }) => {
    if (detail.final && !field.value) field.value = detail.text;
    write(part(place, "rtt-state"), detail.answer.error.text || word("wish.failed"));
  });
  live.addEventListener("state", draw);
  live.addEventListener("news", draw);
  draw();
}
