// Where captions are written: one line, by the keyboard alone. Viewers read it while it is written; Enter ends it.

import { showNow } from "./announcements.js";
import { CaptionTurn } from "./caption-turn.js";
import { CaptionWords } from "./caption-words.js";
import { CaptionPanel, bySpeaker } from "./captions.js";
import { everySecond, now, timeWithSeconds } from "./clock.js";
import { showConnection } from "./connection.js";
import { takeForms } from "./forms.js";
import { LineSender } from "./line-sender.js";
import { Live } from "./live.js";
import { Monitor } from "./monitor.js";
import { keep, mark, part, piece, show, write } from "./page.js";
import { number } from "./phrasing.js";
import { word } from "./words.js";

const MINUTE_MS = 60_000;
const TIMED = 5; // the delay that is shown is the median of so many lines
const AT_END_PX = 60; // from the end of the log: it goes along
const TURN_KEY = "8";
const READY_KEY = "9";
const ENDS_WORD = /[\s.,;:!?)]$/;

const page = document.getElementById("captions");
const { lane, row: rowMost } = page.dataset;
const live = new Live(document.body.dataset.day, document.body.dataset.lane);
const sender = new LineSender(live, lane);
const field = document.getElementById("rad");
const panel = new CaptionPanel(part(page, "panel"));
const monitor = new Monitor(live.day, part(page, "video"), part(page, "near"), page.dataset.laneUrl, page.dataset.hls);
const words = new CaptionWords(page, field, () => typed({}));
const turn = new CaptionTurn(live, page, lane, finishAll);
const refused = [];
let correcting = null; // the id of the line that is being corrected
let kept = ""; // what was being written when correcting began
let spoken = []; // {at, words, behind}: the lines of the last minutes

const mine = () => (live.state.captions ?? []).filter((line) => line.lane === lane && !line.open && line.text);
const say = (text) => write(part(page, "line-state"), text);

// The line ------------------------------------------------------------------------------------------------

function begin(text, line = null) {
  correcting = line;
  field.value = text;
  field.setSelectionRange(text.length, text.length);
  page.classList.toggle("is-correcting", Boolean(line));
  draw();
  field.focus();
}

function finish() {
  words.spellOut(field.value.length);
  const text = field.value.trim();
  if (!text) return;
  const back = correcting ? kept : "";
  sender.finish(text, correcting);
  kept = "";
  say("");
  begin(back);
  if (back) sender.draft(back);
}

async function finishAll() {
  if (correcting) stopCorrecting();
  finish();
  await sender.done();
}

/** Arrow up in an empty line, or while correcting: the line before. */
function back() {
  const sent = mine();
  const place = correcting ? sent.findIndex(({ line }) => line === correcting) - 1 : sent.length - 1;
  if (sent[place]) correct(sent[place]);
}

function correct({ line, text }) {
  if (!correcting) kept = field.value;
  begin(text, line);
  say(word("captions.correcting"));
}

function stopCorrecting() {
  begin(kept);
  kept = "";
  say("");
}

function typed({ inputType }) {
  const place = field.selectionStart;
  if (inputType === "insertText" && ENDS_WORD.test(field.value.slice(0, place))) {
    const longer = words.spellOut(place - 1);
    field.setSelectionRange(place + longer, place + longer);
  }
  if (!correcting) sender.draft(field.value);
  count();
}

function key(event) {
  const { key: name, ctrlKey, metaKey, shiftKey, altKey, isComposing } = event;
  const splits = ctrlKey || metaKey || shiftKey;
  if (isComposing || altKey) return;
  if (name === "Enter" && splits) field.setRangeText("\n", field.selectionStart, field.selectionEnd, "end");
  else if (name === "Enter") finish();
  else if (name === "ArrowUp" && (correcting || !field.value)) back();
  else if (name === "Escape" && correcting) stopCorrecting();
  else return;
  event.preventDefault();
}

/** Function keys, wherever on the page one is. */
function functionKey(event) {
  const pressed = /^F([1-9])$/.exec(event.key)?.[1];
  if (!pressed || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || document.querySelector("dialog[open]")) return;
  if (pressed === TURN_KEY) turn.pass();
  else if (pressed === READY_KEY) part(page, "ready-button").click();
  else if (!words.press(Number(pressed))) return;
  event.preventDefault();
}

function count() {
  const [speaker] = bySpeaker(field.value);
  write(part(page, "count"), word("captions.count", { n: field.value.length, most: 2 * rowMost }));
  part(page, "count").classList.toggle("is-long", field.value.length > 2 * rowMost);
  write(part(page, "label"), correcting ? word("captions.correct-label") : speaker ? word("captions.next-by", { speaker }) : word("captions.next"));
  words.mark(speaker);
}

// The page ---------------------------------------------------------------------------------------------------

function fillRow(row, { line, text, at, state }) {
  row.className = `caption-line ${state ? "" : "caption-line--sent"} ${line === correcting ? "is-corrected" : ""}`;
  write(row.querySelector("time"), at ? timeWithSeconds(at) : "");
  const [speaker, said] = bySpeaker(text);
  write(row.querySelector("b"), speaker);
  write(row.querySelector("p"), state ? `${said} (${state})` : said);
  show(part(row, "correct"), !state);
  mark(part(row, "correct"), "aria-label", word("captions.correct", { text: said.slice(0, 60) }));
}

function makeRow() {
  const row = piece("caption");
  part(row, "correct").addEventListener("click", () => correct(mine().find(({ line }) => line === row.dataset.line)));
  return row;
}

function rows() {
  const asked = live.outbox.waiting.filter(({ do: name, args }) => name === "streaming.caption" && args.final).map(({ args }) => args);
  const waiting = [...asked, ...sender.waiting].filter(({ line }) => !line);
  return [
    ...mine(),
    ...waiting.map(({ text }, place) => ({ line: `w${place}`, text, state: word("captions.sending") })),
    ...refused.map(({ text, answer }, place) => ({ line: `r${place}`, text, state: answer.error.text })),
  ];
}

function draw() {
  if (!live.state) return;
  const scroll = part(page, "scroll");
  const atEnd = scroll.scrollHeight - scroll.clientHeight - scroll.scrollTop < AT_END_PX;
  const all = rows();
  keep(part(page, "log"), "line", all, ({ line }) => line, makeRow, fillRow);
  show(part(page, "log-empty"), !all.length);
  if (atEnd) scroll.scrollTop = scroll.scrollHeight;
  panel.write(live.state, now());
  monitor.follow(live.state.lane);
  turn.draw();
  count();
}

function heard({ type, data, at }) {
  if (type !== "captions.finished" || data.lane !== lane || !data.text) return;
  const behind = Date.parse(at) - Date.parse(data.at) + (turn.now.delay_ms ?? 0);
  spoken = [...spoken, { at: now(), words: data.text.split(/\s+/).length, behind }].filter((one) => now() - one.at < 10 * MINUTE_MS);
}

function drawFigures() {
  write(part(page, "clock"), timeWithSeconds(now()));
  const timed = spoken.slice(-TIMED).map(({ behind }) => behind).sort((a, b) => a - b);
  const median = timed[Math.floor(timed.length / 2)];
  const point = document.documentElement.lang === "en" ? "." : ",";
  write(part(page, "behind"), median === undefined ? "–" : `${(median / 1000).toFixed(1).replace(".", point)} s`);
  write(part(page, "pace"), number(spoken.filter((one) => now() - one.at < MINUTE_MS).reduce((sum, one) => sum + one.words, 0)));
}

function drawMonitor() {
  write(part(page, "listen-text"), word(monitor.on ? "captions.stop-listening" : "captions.listen"));
  const { delay } = monitor;
  write(part(page, "delay"), !monitor.on ? "" : monitor.direct ? word("captions.direct") : delay === null ? "" : word("player.behind", { n: delay }));
  show(part(page, "near"), monitor.direct);
  show(part(page, "video"), !monitor.direct);
  show(part(page, "sound-only"), monitor.on);
}

function soundOnly({ currentTarget }) {
  mark(currentTarget, "aria-pressed", String(page.classList.toggle("is-sound-only")));
}

/** A line that was refused is given back; where the next one stands already it is shown with the reason. */
function giveBack({ detail }) {
  say(detail.answer.error.text || word("wish.failed"));
  if (!detail.final || detail.line) return;
  if (field.value) refused.push(detail);
  else begin(detail.text);
}

field.addEventListener("keydown", key);
field.addEventListener("input", typed);
document.addEventListener("keydown", functionKey);
part(page, "listen").addEventListener("click", () => (monitor.on ? monitor.stop() : monitor.start()));
part(page, "sound-only").addEventListener("click", soundOnly);
monitor.addEventListener("change", drawMonitor);
sender.addEventListener("change", draw);
sender.addEventListener("refused", giveBack);
live.addEventListener("state", draw);
live.addEventListener("news", ({ detail }) => {
  detail.forEach(heard);
  draw();
});
showConnection(live);
takeForms(live, { "streaming.caption": finish, ...turn.wishes }, () => part(page, "turn-state"));
show(part(page, "speakers-box"), true);
show(part(page, "listen"), true);
live.start();
field.focus();
everySecond(() => {
  drawFigures();
  if (!live.state) return;
  drawMonitor();
  showNow(live.state, page);
});
