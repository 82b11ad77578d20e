// The page from which a day is run: the run-of-show with KÖR, the polls with their two switches, the chat with what may not stand there.

import { announce, listAnnouncements } from "./announcements.js";
import { Backstage } from "./backstage.js";
import { Chat } from "./chat.js";
import { everySecond, now, time, timeWithSeconds, until } from "./clock.js";
import { showConnection } from "./connection.js";
import { cueTitle } from "./cue-words.js";
import { takeForms } from "./forms.js";
import { Queue } from "./cockpit-questions.js";
import { takeKeys } from "./cockpit-keys.js";
import { showSources } from "./cockpit-sources.js";
import { drawGoingBack } from "./going-back.js";
import { Live } from "./live.js";
import { Desk, moderate } from "./moderating.js";
import { showNotices } from "./notices.js";
import { keep, mark, part, piece, show, write } from "./page.js";
import { drift as inColumn, driftInWords, number, said } from "./phrasing.js";
import { drawTracks } from "./cockpit-tracks.js";
import { takeNewPoll } from "./new-poll.js";
import { regionName } from "./beside.js";
import { showResult } from "./results.js";
import { tell } from "./spoken.js";
import { numbered, word } from "./words.js";

const READ_MS = 400; // news of a cue come in threes; the run-of-show is read once after them
const SEEN_CUES = 3; // rows above the present one that stay in sight
const LATE_S = 30;
const SORTED = new Set(["words", "text", "ideas", "backing"]); // kinds whose answers a moderator sorts

const page = document.getElementById("cockpit");
const live = new Live(document.body.dataset.day, document.body.dataset.lane);
const own = live.lane ? { lane: live.lane } : {}; // what is asked of the run-of-show is asked of the lane one looks at
let run = null; // {cues, figures, run}: what /days/{day}/cockpit/run gives, which no news carries

// The run-of-show ------------------------------------------------------------------------------------------

async function readRun() {
  try {
    const answer = await fetch(`/days/${encodeURIComponent(live.day)}/cockpit/run?${new URLSearchParams(own)}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    run = await answer.json();
    drawRun();
  } catch {
    // The next news brings us here again.
  }
}

let reading;
function readSoon() {
  clearTimeout(reading);
  reading = setTimeout(readRun, READ_MS);
}

function drawRun() {
  if (run) {
    keep(part(page, "cues"), "cue", run.cues, (cue) => cue.cue, () => piece("cue"), fillCue);
    drawTracks(page, live, run);
    write(part(page, "screens"), number(run.figures.screens));
    write(part(page, "people"), number(run.figures.people));
    followRun();
    drawAuto();
  }
  drawTransport();
}

function fillCue(row, cue) {
  const present = cue.cue === run.run.after;
  row.className = [present ? "cue--now" : cue.state === "next" ? "cue--next" : `cue--${cue.state}`, cue.regional ? "cue--region" : ""].join(" ").trim();
  write(part(row, "planned"), time(cue.planned_at));
  write(part(row, "at"), time(cue.at));
  write(part(row, "title"), cueTitle(cue));
  write(part(row, "mark"), word(present ? "cockpit.now" : cue.state === "next" ? "cockpit.next" : "cockpit.passed"));
  show(part(row, "mark"), present || cue.state === "next" || cue.state === "passed");
  const by = cue.by === "hand" && (cue.state === "next" || cue.state === "coming") ? word("cockpit.by-hand") : "";
  write(part(row, "note"), [cue.note, by].filter(Boolean).join(". "));
  const where = !cue.regional ? "" : cue.track === "national" ? word("cockpit.fill") : regionName(live.state, cue.track);
  write(part(row, "where"), where);
  show(part(row, "where"), where);
  write(part(row, "lane"), where ? "" : word("cockpit.common"));
  const late = minutes(cue.late_s);
  write(part(row, "drift"), late === null ? "" : inColumn(late));
  part(row, "drift").classList.toggle("drift--late", late > 0);
}

const minutes = (seconds) => (seconds === null || seconds === undefined ? null : Math.round(seconds / 60));

/** Keep the present row in sight, inside its own box, unless somebody reads there. */
let followed = "";
function followRun() {
  const box = part(page, "run-scroll");
  const rows = [...box.querySelectorAll("tbody tr")];
  const place = rows.findIndex((row) => row.classList.contains("cue--now") || row.classList.contains("cue--next"));
  const key = rows[place]?.dataset.cue ?? "";
  if (key === followed || box.contains(document.activeElement) || box.matches(":hover")) return;
  followed = key;
  const top = rows[Math.max(0, place - SEEN_CUES)];
  if (top) box.scrollTop = top.offsetTop - rows[0].offsetTop;
}

/** In a demo somebody presses for one until one has pressed oneself; that it is over is said, as it does not come back. */
let auto = false;
function drawAuto() {
  const place = part(page, "auto");
  const runs = Boolean(run?.run.operator_auto) && live.state.day.state === "live";
  if (auto && !runs && live.state.day.state === "live") {
    write(place, word("cockpit.yours"));
    tell(word("cockpit.yours"));
  } else if (runs) show(place, true);
  if (live.state.day.state !== "live") show(place, false);
  auto = runs;
}

function drawTransport() {
  const { day, now: moment = {} } = live.state;
  const { next, hold, drift_s: drift = run?.run.drift_s } = moment;
  const running = day.state === "live";
  part(page, "after").value = moment.cue ?? "";
  const coming = next ?? run?.cues.find(({ state }) => state === "next" || state === "coming"); // before the day, and in its first moment, there is none yet
  write(part(page, "go-title"), coming ? cueTitle(coming) : word("cockpit.last"));
  part(page, "go").disabled = !running || !next || follows();
  drawGoNote();
  write(part(page, "hold-text"), word(hold ? "cockpit.resume" : "cockpit.hold"));
  mark(part(page, "hold"), "aria-pressed", String(Boolean(hold)));
  part(page, "hold-form").dataset.do = hold ? "rundown.resume" : "rundown.hold";
  const air = part(page, "on-air");
  air.className = `badge ${running && !hold ? "badge--live" : running ? "badge--attention" : "badge--quiet"}`;
  show(part(page, "end"), running);
  const start = page.querySelector("[data-part=start-day]"); // who organizes the day may start it
  if (start) show(start, day.state === "draft" || day.state === "published");
  write(air, word(day.state === "ended" ? "cockpit.ended" : !running ? "cockpit.not-begun" : hold ? "cockpit.held" : "cockpit.on-air"));
  const late = Math.abs(drift ?? 0) < LATE_S ? 0 : minutes(drift);
  write(part(page, "drift"), late ? driftInWords(late) : word("cockpit.on-time"));
  write(part(page, "drift-what"), word(late > 0 ? "cockpit.after-plan" : late < 0 ? "cockpit.before-plan" : "cockpit.as-planned"));
}

/** A region in a common block, or without an item of its own, has no run-of-show to give: the country's is given for it. */
const follows = () => live.state.now?.lane === "national" && run?.run.lane !== undefined && run.run.lane !== "national";

function drawGoNote() {
  const { next, hold } = live.state.now ?? {};
  const left = next?.at ? Math.round(until(next.at) / 1000) : null;
  const when = !next ? "" : next.by === "hand" ? word("cockpit.by-hand") : left > 0 ? word("cockpit.in", { time: `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` }) : word("cockpit.by-clock");
  if (follows()) return write(part(page, "go-note"), word("cockpit.follows"));
  if (hold && next) return write(part(page, "go-note"), word("cockpit.held-note"));
  return write(part(page, "go-note"), run?.run.operator_auto && next?.by === "hand" ? `${when}, ${word("cockpit.auto")}` : when);
}

/** GO says which cue one saw as the last; another one meanwhile is refused, and nobody doubles it. */
async function go(form) {
  const button = part(page, "go");
  if (button.disabled) return;
  button.disabled = true;
  write(part(page, "run-state"), word("cockpit.sending"));
  const answer = await live.wish("rundown.go", { after: form.elements.after.value || null, ...own });
  write(part(page, "run-state"), answer.ok ? "" : answer.error.text || word("wish.failed"));
  if (!answer.ok) tell(answer.error.text);
  drawTransport();
  readSoon();
}

// Polls ----------------------------------------------------------------------------------------------------

function makePoll(poll) {
  const item = piece("poll-item");
  for (const field of item.querySelectorAll('input[name="poll"]')) field.value = poll.poll;
  for (const what of ["sort", "correct"]) part(item, what).firstElementChild.href = `/days/${encodeURIComponent(live.day)}/polls/${encodeURIComponent(poll.poll)}/${what}`;
  return item;
}

function standsOf({ voting, closes_at: at }) {
  if (voting !== "open") return word("poll.shut");
  if (!at) return word("poll.open");
  return until(at) > 0 ? word("poll.until", { time: time(at) }) : word("poll.closing");
}

function fillPoll(item, poll) {
  const { state } = live;
  const regional = poll.scope && poll.scope !== "country";
  item.classList.toggle("poll-item--draft", poll.voting === "draft");
  item.classList.toggle("poll-item--region", Boolean(regional));
  mark(item, "aria-label", said(poll, "title"));
  const opener = part(item, "open-now").querySelector("button");
  mark(opener, "aria-label", [`${word("cockpit.open")}: ${said(poll, "title")}`, regional && regionName(state, poll.scope)].filter(Boolean).join(", "));
  write(part(item, "title"), said(poll, "title"));
  write(part(item, "scope"), regional ? regionName(state, poll.scope) : word("figures.country"));
  part(item, "scope").className = `lane-tag lane-tag--${regional ? "region" : "common"}`;
  const open = poll.voting === "open";
  write(part(item, "until"), standsOf(poll));
  for (const button of item.querySelectorAll("[data-voting]")) {
    mark(button, "aria-pressed", String(button.dataset.voting === poll.voting));
    button.disabled = !(button.dataset.voting === "closed" && open);
  }
  for (const button of item.querySelectorAll("[data-result]")) mark(button, "aria-pressed", String(button.dataset.result === (poll.result ?? "hidden")));
  const sort = part(item, "sort");
  show(sort, SORTED.has(poll.kind) && poll.round);
  show(part(item, "correct"), poll.round);
  for (const place of [sort, part(item, "correct")]) mark(place.firstElementChild, "aria-label", `${place.textContent}: ${said(poll, "title")}`);
  show(part(item, "timing"), open && poll.closes_at);
  show(part(item, "let-back"), poll.kind === "ideas" && poll.voting === "closed");
  show(part(item, "again"), poll.voting === "closed");
  show(part(item, "results"), poll.tally);
  if (poll.tally) showResult(part(item, "results"), poll, state);
}

/** What is open, then what was closed last (its result waits to be shown), what is prepared, and the rest. */
function drawPolls() {
  const all = (live.state.polls ?? []).filter((poll) => poll.voting !== "archived" && !poll.coming);
  const later = (live.state.polls ?? []).filter((poll) => poll.coming).length;
  write(part(page, "polls-later"), numbered("cockpit.later", later));
  show(part(page, "polls-later"), later);
  const last = all.findLast((poll) => poll.voting === "closed");
  const rank = (poll) => (poll.voting === "open" ? 0 : poll === last ? 1 : poll.voting === "draft" ? 2 : 3);
  const polls = all.toSorted((a, b) => rank(a) - rank(b));
  keep(part(page, "polls"), "poll", polls, (poll) => poll.poll, makePoll, fillPoll);
  show(part(page, "polls-empty"), !polls.length);
}

// Chat -----------------------------------------------------------------------------------------------------

const chat = new Chat(live, page, moderate);
const desk = new Desk(live, page);
const backstage = new Backstage(live, page);

function drawChat() {
  chat.draw();
  desk.draw();
  listAnnouncements(live.state, part(page, "announcing"));
}

const queue = new Queue(live, page);

// The page -------------------------------------------------------------------------------------------------

/** On a narrow screen one pane at a time; the buttons are a switch, and KÖR stays at the foot. */
function panes() {
  page.classList.add("cockpit-scripted");
  const buttons = [...page.querySelectorAll("[data-shows]")];
  for (const button of buttons) {
    button.addEventListener("click", () => {
      for (const one of buttons) {
        mark(one, "aria-pressed", String(one === button));
        document.getElementById(one.dataset.shows).classList.toggle("is-shown", one === button);
      }
    });
  }
}

const STATES = { rundown: "run-state", day: "run-state", polls: "polls-state", chat: "chat-state", gestures: "chat-state", backstage: "chat-state", questions: "questions-state" };
const drawn = { rundown: drawRun, polls: drawPolls, chat: drawChat, gestures: () => desk.drawGestures(), backstage: () => backstage.draw(), questions: () => queue.draw() };
const ALSO = { programme: ["rundown"], day: Object.keys(drawn), people: Object.keys(drawn) };

panes();
live.addEventListener("state", () => {
  Object.values(drawn).forEach((draw) => draw());
  readRun();
});
live.addEventListener("news", ({ detail }) => {
  const features = new Set(detail.map(({ type }) => type.split(".")[0]).flatMap((feature) => ALSO[feature] ?? [feature]));
  for (const feature of features) drawn[feature]?.();
  if (features.has("rundown")) readSoon();
});
showSources(live);
takeKeys(live, page);
showConnection(live);
showNotices(live);
takeForms(live, { "rundown.go": go, "polls.make": takeNewPoll(live, part(page, "new-poll")), "chat.say": (form) => chat.say(form), "backstage.say": (form) => backstage.say(form), "chat.announce": (form) => announce(live, form), ...queue.forms }, (form, name) => part(page, STATES[name.split(".")[0]] ?? "run-state"));
live.start();
everySecond(() => {
  write(part(page, "clock"), timeWithSeconds(now()));
  if (!live.state) return;
  drawGoNote();
  drawGoingBack(page, live.state);
});
setInterval(() => live.connected && readRun(), 15_000); // people come and go without news
