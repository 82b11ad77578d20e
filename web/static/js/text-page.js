// What is said, as text alone. New lines come at the bottom and the page goes along, gently, until somebody stops it or scrolls back.

import { fillLine, takeSizes, written } from "./captions.js";
import { time } from "./clock.js";
import { showConnection } from "./connection.js";
import { Live } from "./live.js";
import { keep, mark, part, show, write } from "./page.js";
import { writeSlide } from "./slide-text.js";
import { word } from "./words.js";

const AGAIN_MS = 3000; // a lane that this reader cannot follow is fetched so often
const READER_MS = 1500;
const NEAR_PX = 80; // from the bottom: still reading along
const LINES_MOST = 2000; // a long day; the oldest go first

const page = document.getElementById("text");
const log = part(page, "lines");
const pause = part(page, "pause");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const seen = new Map(); // all lines since the page was opened
let paused = false;
let movedAt = -Infinity; // when the reader last moved something: what scrolls soon after is theirs, all else is ours

function stop(now_) {
  paused = now_;
  mark(pause, "aria-pressed", String(paused));
  write(part(pause, "pause-text"), word(paused ? "text.go-on" : "text.pause"));
  if (paused) scrollTo({ top: scrollY, behavior: "instant" }); // what is still gliding stops here
  else follow();
}

function follow() {
  if (paused) return;
  scrollTo({ top: document.documentElement.scrollHeight, behavior: calm.matches ? "auto" : "smooth" });
}

function fill(row, { text, at }) {
  const clock = row.querySelector("time");
  clock.dateTime = at ?? "";
  write(clock, time(at));
  fillLine(row.querySelector("p"), text);
}

function make() {
  const row = document.createElement("li");
  row.className = "text-line";
  row.append(document.createElement("time"), document.createElement("p"));
  return row;
}

function draw(state) {
  for (const line of written(state)) seen.set(line.line, line);
  while (seen.size > LINES_MOST) seen.delete(seen.keys().next().value);
  const all = [...seen.values()].sort((a, b) => (a.line < b.line ? -1 : 1));
  const open = all.filter((line) => line.open && state.captions.some(({ line: id, open: still }) => id === line.line && still));
  keep(log, "line", all.filter((line) => !open.includes(line)), ({ line }) => line, make, fill);
  const place = part(page, "open");
  show(place, open.length);
  fillLine(place, open.map(({ text }) => text).join("\n"));
  show(part(page, "none"), !all.length);
  writeSlide(page, state.lane);
  follow();
}

/** The slide as a page that was fetched has it; what reads as before is left alone, and is not spoken again. */
function takeSlide(found) {
  const place = part(page, "slide");
  show(place, !found.hidden);
  for (const name of ["slide-of", "slide-text"]) write(part(place, name), part(found, name).textContent);
}

/** The lane of another region: the page is fetched again and its lines taken over. */
async function fetchAgain() {
  try {
    const answer = await fetch(location.href);
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#text");
    if (found) {
      log.replaceChildren(...part(found, "lines").children);
      takeSlide(part(found, "slide"));
      follow();
    }
  } catch {
    // The next time, then.
  }
  setTimeout(fetchAgain, AGAIN_MS);
}

takeSizes(page, page, follow);
pause.addEventListener("click", () => stop(!paused));
addEventListener("scroll", () => {
  const { scrollHeight, clientHeight, scrollTop } = document.documentElement;
  if (performance.now() - movedAt < READER_MS && scrollHeight - clientHeight - scrollTop > NEAR_PX && !paused) stop(true);
}, { passive: true });
for (const kind of ["wheel", "touchmove", "keydown", "mousedown"]) addEventListener(kind, ({ target }) => { if (!target.closest?.("button")) movedAt = performance.now(); }, { passive: true });

if ("follows" in page.dataset) {
  const live = new Live(document.body.dataset.day, document.body.dataset.lane);
  live.addEventListener("state", () => draw(live.state));
  live.addEventListener("news", ({ detail }) => detail.some(({ type }) => /^(captions|streaming)\./.test(type)) && draw(live.state));
  showConnection(live);
  live.start();
} else {
  fetchAgain();
}
