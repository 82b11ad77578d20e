// The studio: camera and microphone on, a look at the network, ready; then on air, told in words and colour.

import { showNow } from "./announcements.js";
import { everySecond } from "./clock.js";
import { showConnection } from "./connection.js";
import { takeForms } from "./forms.js";
import { Live } from "./live.js";
import { mark, part, show, write } from "./page.js";
import { h264, pathOf, Sender } from "./peers.js";
import { said } from "./phrasing.js";
import { showTyped } from "./real-time-text.js";
import { tell, warn } from "./spoken.js";
import { Devices } from "./studio-devices.js";
import { drawBar, drawCaptions, drawCompany, drawDevices, drawLevel, drawNet, drawSound, drawTime, drawWhispers, takeWhispers } from "./studio-panes.js";
import { ReturnPicture } from "./studio-return.js";
import { Slides } from "./studio-slides.js";
import { word } from "./words.js";

const LEVEL_MS = 100;
const NET_MS = 2000;
const UNSEEN_MS = 6000; // connected, and the producer's side sees nothing
const TITLES = ["insecure", "denied", "no-camera", "no-mic", "busy", "no-h264", "elsewhere", "left"];

const page = document.getElementById("studio");
const live = new Live(document.body.dataset.day);
const devices = new Devices();
const camera = new Sender(sit);
const screen = new Sender(share, "screen");
const back = new ReturnPicture(page, live.day);
const slides = new Slides(page, live, () => screen.wanted && stopSharing());
let seat = null; // {source, panel, whip, token, ice}
let sharing = null; // {source}
let trouble = ""; // what stands in the way of the camera
let net = { path: "", ms: null };
let wasOnAir = false;
let unseenSince = 0;
const ours = new Set(); // names under which the media process has seen this window send

// Coming ---------------------------------------------------------------------------------------------------

/** Where to send to. Asked before each try: a key may be new, a password grows old. */
async function sit() {
  if (isElsewhere()) {
    stop("elsewhere");
    throw new Error("elsewhere");
  }
  const answer = await live.wish("streaming.sit");
  if (!answer.ok) throw new Error(answer.error.code);
  seat = answer.data;
  draw();
  return { url: seat.whip, token: seat.token, ice: seat.ice };
}

async function share() {
  const answer = await live.wish("streaming.share");
  if (!answer.ok) throw new Error(answer.error.code);
  sharing = answer.data;
  return { url: sharing.whip, token: sharing.token, ice: sharing.ice };
}

async function begin({ video = true } = {}) {
  if (!devices.allowed) return stop("insecure");
  if (!h264().length) return stop("no-h264");
  part(page, "begin").disabled = true;
  ours.clear();
  trouble = await devices.open({ video });
  if (!trouble) camera.send(devices.stream);
  draw();
  if (trouble) warn(`${word(`studio.${trouble}`)}. ${word(`studio.${trouble}-text`)}`);
  else part(page, "ready").focus({ preventScroll: true });
  return undefined;
}

/** Everything off, with the reason in place of the picture. */
function stop(why) {
  trouble = why;
  camera.stop();
  screen.stop();
  devices.close();
  draw();
}

async function leave() {
  await slides.hide();
  if (mine()?.ready) await live.wish("streaming.ready", { ready: false });
  stopSharing();
  stop("left");
  part(page, "begin").focus();
}

// What we know ---------------------------------------------------------------------------------------------

const source = (name) => live.state?.sources?.find((one) => one.source === name);
const mine = () => source(seat?.source ?? ownName()) ?? null;
const ownName = () => live.state?.sources?.find(({ kind, by }) => kind === "person" && by?.person === live.state.you?.person)?.source;
const panel = () => source(seat?.panel ?? mine()?.panel) ?? null;

/** Who sits in the panel: those who were chosen by hand, or all of it who are ready. */
function company() {
  const hall = panel();
  const seats = (live.state?.sources ?? []).filter((one) => one.kind === "person" && (!hall || one.panel === hall.source));
  const members = hall?.members ?? seats.filter(({ ready }) => ready).map((one) => one.source);
  return { hall, seats, members };
}

/** How one is on air: `""`, `picture`, `sound`, `muted`, `nothing`. */
function onAir() {
  const own = mine();
  if (!own?.on_air?.length || live.state.day?.state !== "live") return "";
  if (camera.state !== "on") return "nothing";
  if (!devices.isOn("audio")) return "muted";
  const { hall } = company();
  return hall?.on_air?.length && hall.chosen && hall.chosen !== own.source ? "sound" : "picture";
}

// Drawing --------------------------------------------------------------------------------------------------

function draw() {
  drawTrouble();
  drawBar(page, devices, screen);
  drawDevices(page, devices);
  if (!live.state) return;
  drawTally();
  drawReady();
  drawGuest();
  drawCompany(page, mine(), company());
  drawWhispers(page, live);
  drawCaptions(page, live);
  drawTime(page, live.state, Boolean(onAir()));
  back.follow(seat, panel()?.state === "live" && company().members.length > 0, live.state.day?.state === "live");
}

function drawTrouble() {
  const on = Boolean(devices.stream);
  show(part(page, "before"), !on || trouble);
  const told = TITLES.includes(trouble);
  if (told) {
    write(part(page, "before-title"), word(`studio.${trouble}`));
    write(part(page, "before-text"), word(`studio.${trouble}-text`));
  }
  const button = part(page, "begin");
  button.disabled = trouble === "insecure" || trouble === "no-h264" || (on && !trouble);
  show(button, trouble !== "insecure" && trouble !== "no-h264");
  write(part(page, "begin-text"), word(trouble === "elsewhere" ? "studio.here" : told && trouble !== "left" ? "studio.again" : "studio.begin"));
  show(part(page, "sound-only"), trouble === "no-camera");
  const video = part(page, "mine");
  if (video.srcObject !== devices.stream) video.srcObject = devices.stream;
  if (devices.stream) video.play().catch(() => undefined);
  const name = said(live.state?.you, "name") || "";
  write(part(page, "plate"), name);
  show(part(page, "plate"), on && name && !trouble);
}

function drawTally() {
  const air = onAir();
  const showing = (screen.state === "on" && sharing) || slides.shown;
  const shown = showing && source(showing.source)?.on_air?.length && live.state.day?.state === "live";
  const tally = part(page, "tally");
  const ready = Boolean(mine()?.ready) && camera.state === "on";
  tally.className = `tally tally--${air || shown ? "live" : ready ? "ready" : "off"}`;
  write(part(page, "tally-word"), word(air || shown ? "studio.on-air" : ready ? "studio.ready" : "studio.off"));
  write(part(page, "tally-aside"), word(air ? `studio.on-air-${air}` : shown ? "studio.screen-on-air" : ready ? "studio.ready-aside" : "studio.off-aside"));
  part(page, "frame").classList.toggle("on-air-frame", Boolean(air));
  if (Boolean(air) !== wasOnAir) {
    wasOnAir = Boolean(air);
    warn(word(air ? "studio.spoken-on" : "studio.spoken-off"));
    document.title = `${air ? "● " : ""}${document.title.replace(/^● /, "")}`;
  }
  back.draw(Boolean(air));
}

/** The run-of-show may know one by another name: the guest by link. */
function drawGuest() {
  const as = source(mine()?.sends_as);
  show(part(page, "guest"), as);
  write(part(page, "guest-text"), as ? word("studio.sent-as", { title: as.title }) : "");
}

function drawReady() {
  const own = mine();
  const button = part(page, "ready");
  const on = camera.state === "on";
  button.disabled = !own?.ready && !on;
  mark(button, "aria-pressed", String(Boolean(own?.ready)));
  button.classList.toggle("button--primary", !own?.ready);
  write(part(page, "ready-text"), word(own?.ready ? "studio.not-ready" : "studio.be-ready"));
  const why = onAir() ? "air" : own?.ready ? "done" : on ? "go" : devices.stream ? "connecting" : "first";
  write(part(page, "ready-why"), word(`studio.ready-${why}`));
}

// Watching over the connection -----------------------------------------------------------------------------

/** Another window of ours sends: it has the place now, and we do not take it back unasked. */
function isElsewhere() {
  const own = mine();
  return ours.size > 0 && own?.state === "live" && Boolean(own.publisher) && !ours.has(own.publisher);
}

/** What the producer's side does not see has to be sent anew. */
function watchOver() {
  const own = mine();
  if (camera.state !== "on" || !own?.state) return;
  if (own.state === "live" && own.publisher === camera.resource) ours.add(camera.resource);
  if (ours.has(camera.resource) && isElsewhere()) return stop("elsewhere");
  if (ours.has(camera.resource) && own.state !== "live" && !own.publisher) return camera.anew(); // whom we sent to was started anew
  if (own.state === "live") unseenSince = 0;
  else unseenSince ||= Date.now();
  if (unseenSince && Date.now() - unseenSince > UNSEEN_MS) {
    unseenSince = 0;
    camera.again("network");
  }
  return undefined;
}

async function measure() {
  if (camera.state === "on" && camera.peer) net = await pathOf(camera.peer).catch(() => net);
  drawNet(page, camera, net);
}

// Sharing a screen -----------------------------------------------------------------------------------------

async function toggleShare() {
  if (screen.wanted) return stopSharing();
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 15 } }, audio: false });
    stream.getVideoTracks()[0].addEventListener("ended", stopSharing);
    await slides.hide();
    screen.stream = stream;
    screen.send(stream);
  } catch (error) {
    if (error.name !== "NotAllowedError") tell(word("studio.share-failed")); // else they have changed their mind
  }
  return draw();
}

function stopSharing() {
  screen.stop();
  for (const track of screen.stream?.getTracks() ?? []) track.stop();
  [screen.stream, sharing] = [null, null];
  draw();
}

// The page -------------------------------------------------------------------------------------------------

const on = (name, act, event = "click") => part(page, name).addEventListener(event, act);
on("begin", () => begin());
on("sound-only", () => begin({ video: false }));
on("mic", () => devices.turn("audio", !devices.isOn("audio")));
on("cam", () => devices.turn("video", !devices.isOn("video")));
on("share", toggleShare);
on("leave", leave);
on("test", () => camera.again("changed"));
on("ready", () => live.wish("streaming.ready", { ready: !mine()?.ready }).then((answer) => {
  if (!answer.ok) tell(answer.error.text || word("wish.failed"));
}));
for (const [name, kind] of [["cameras", "camera"], ["mics", "mic"]]) {
  on(name, async ({ target }) => {
    trouble = await devices.choose(kind, target.value);
    if (!trouble) await camera.swap(devices.stream);
    draw();
  }, "change");
}
takeWhispers(page, live);
devices.addEventListener("change", draw);
devices.addEventListener("lost", ({ detail }) => detail === "audio" || detail === "video" ? begin({ video: detail !== "video" || devices.cameras.length > 1 }) : undefined);
camera.addEventListener("change", () => {
  if (camera.state !== "on") unseenSince = 0;
  if (camera.state === "off") net = { path: "", ms: null };
  measure();
  draw();
});
screen.addEventListener("change", draw);
live.addEventListener("state", draw);
live.addEventListener("news", () => [draw, watchOver].forEach((act) => act()));
live.addEventListener("connection", ({ detail: { status } }) => {
  if (status !== "on" && status !== "reserve") return;
  camera.nudge();
  screen.nudge();
});
addEventListener("online", () => [camera, screen].forEach((one) => one.nudge()));
addEventListener("pagehide", () => [camera, screen].forEach((one) => one.stop()));
showConnection(live);
showTyped(live, page);
takeForms(live, {}, (form) => part(form, "name-state"));
if (!devices.allowed) trouble = "insecure";
else if (!h264().length) trouble = "no-h264";
draw();
live.start();
live.addEventListener("state", () => seat ?? (live.state.sources && sit().then(() => slides.find()).catch(() => undefined)), { once: true });
setInterval(() => drawLevel(page, devices.isOn("audio") ? devices.level : null), LEVEL_MS);
setInterval(measure, NET_MS);
everySecond(() => {
  drawSound(page);
  watchOver();
  slides.again(source(slides.shown?.source)?.state);
  if (!live.state) return;
  drawTime(page, live.state, Boolean(onAir()));
  showNow(live.state, page);
});
