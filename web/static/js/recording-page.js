// A recording: lines and chapters jump, the text is searched as one types, and what happened beside the picture comes when the picture is there.

import { mark, part, show, write } from "./page.js";
import { number } from "./phrasing.js";
import { fetchHls } from "./player-library.js";
import { SignPane } from "./sign-picture.js";
import { tell } from "./spoken.js";

const page = document.getElementById("recording");
const video = part(page, "video");
const ASK_MS = 2000;
const TYPED_MS = 250;
const FOLLOW_MS = 500;

// The picture ---------------------------------------------------------------------------------------------

const player = document.getElementById("spelare");
let ready = null;
let hls = null;
let audioOnly = false;

/** Attach the recording at its first use; where our player does not run, the browser takes the file that stands in the page. */
function load() {
  ready ??= Promise.resolve(fetchHls(page.dataset.hls)).then((Hls) => {
    if (!Hls?.isSupported()) return;
    for (const source of video.querySelectorAll("source")) source.remove();
    attach(Hls);
    show(part(player, "bar"), true);
    drawSign();
  });
  return ready;
}

function attach(Hls, startPosition = -1) {
  hls?.destroy();
  hls = new Hls({ enableWebVTT: false, backBufferLength: 120, capLevelToPlayerSize: true, startPosition }); // captions are the page's own track
  let mended = 0;
  hls.on(Hls.Events.ERROR, (_, { fatal, type }) => {
    if (!fatal) return;
    mended += 1;
    if (type === Hls.ErrorTypes.MEDIA_ERROR && mended < 4) hls.recoverMediaError();
    else if (type === Hls.ErrorTypes.NETWORK_ERROR && mended < 30) setTimeout(() => hls.startLoad(), ASK_MS);
    else show(part(page, "trouble"), true);
  });
  hls.attachMedia(video);
  hls.loadSource(audioOnly ? page.dataset.url.replace("index.m3u8", "sound-only.m3u8") : page.dataset.url);
}

part(player, "audio-only").addEventListener("click", () => {
  const at = video.currentTime;
  const goesOn = !video.paused;
  audioOnly = !audioOnly;
  mark(part(player, "audio-only"), "aria-pressed", String(audioOnly));
  attach(globalThis.Hls, at);
  if (goesOn) video.play().catch(() => undefined);
  drawSign();
});

// Sign language ---------------------------------------------------------------------------------------------

const sign = part(player, "sign") && new SignPane(player, page.dataset.hls);

function drawSign() {
  sign?.draw(Boolean(hls), audioOnly ? "" : page.dataset.url.replace("index.m3u8", "sign.m3u8"));
  followSign();
}

const followSign = () => sign?.follow({ date: hls?.playingDate?.getTime() ?? null, playing: !video.paused && !video.ended, rate: video.playbackRate });

player.addEventListener("sign", drawSign);
for (const event of ["play", "pause", "seeked", "ratechange"]) video.addEventListener(event, followSign);
setInterval(followSign, FOLLOW_MS);

const known = () => video.readyState >= HTMLMediaElement.HAVE_METADATA;

async function jump(seconds) {
  await load();
  if (!known()) await new Promise((resolve) => video.addEventListener("loadedmetadata", resolve, { once: true }));
  video.currentTime = seconds;
  video.scrollIntoView({ block: "nearest", behavior: "instant" });
  video.play().catch(() => undefined);
}

page.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-at]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.replaceState(null, "", link.href);
  jump(Number(link.dataset.at));
});
addEventListener("pageshow", () => {
  load();
  const start = Number(page.dataset.start ?? 0);
  if (start) video.addEventListener("loadedmetadata", () => { video.currentTime = start; }, { once: true });
});

// What belongs to the moment --------------------------------------------------------------------------------

const chapters = [...part(page, "chapters").querySelectorAll("a[data-at]")];
const moments = [...(part(page, "moments")?.children ?? [])];
let reached = -1;

function follow() {
  const at = video.currentTime + 0.25;
  const current = chapters.findLast((link) => Number(link.dataset.at) <= at);
  for (const link of chapters) link.toggleAttribute("aria-current", false);
  current?.setAttribute("aria-current", "true");
  const there = moments.filter((one) => Number(one.dataset.at) <= at).length;
  if (there === reached) return;
  moments.forEach((one, place) => show(one, place < there));
  show(part(page, "waiting"), there === 0);
  if (there > reached && reached >= 0 && !video.seeking) moments[there - 1]?.scrollIntoView({ block: "nearest", behavior: "instant" });
  reached = there;
}

for (const event of ["timeupdate", "seeked"]) video.addEventListener(event, follow);
follow();

// The text --------------------------------------------------------------------------------------------------

const search = part(page, "search");
const lines = [...(part(page, "lines")?.children ?? [])].map((line) => ({ line, words: line.querySelector("a").lastElementChild.textContent.toLowerCase() }));
let typed = 0;

function filter() {
  const wanted = search.elements.q.value.trim().toLowerCase();
  let hits = 0;
  for (const { line, words } of lines) {
    const fits = !wanted || words.includes(wanted);
    hits += fits;
    show(line, fits);
  }
  const place = part(page, "hits");
  write(place, wanted ? place.dataset.text.replace("{n}", number(hits)) : "");
  if (wanted) tell(place.textContent);
}

if (search && !new URLSearchParams(location.search).has("q")) {
  search.addEventListener("submit", (event) => {
    event.preventDefault();
    filter();
  });
  search.elements.q.addEventListener("input", () => {
    clearTimeout(typed);
    typed = setTimeout(filter, TYPED_MS);
  });
}

// Files -----------------------------------------------------------------------------------------------------

async function fetchFile(link, state) {
  for (;;) {
    const answer = await fetch(link.href, { headers: { Accept: "application/json", Range: "bytes=0-0" } });
    if (answer.ok && answer.status !== 202) break;
    const told = await answer.json().catch(() => ({}));
    if (answer.status !== 202) return void write(state, told.detail ?? told.title ?? String(answer.status));
    write(state, `${told.text} ${Math.round((told.progress ?? 0) * 100)} %`);
    await new Promise((resume) => setTimeout(resume, ASK_MS));
  }
  write(state, "");
  location.assign(link.href);
  return undefined;
}

for (const link of page.querySelectorAll("a[data-file]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    fetchFile(link, part(link.parentElement, "file-state"));
  });
}
