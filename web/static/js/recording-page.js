// A recording: lines and chapters jump, the text is searched as one types, and what happened beside the picture comes when the picture is there.

import { part, show, write } from "./page.js";
import { number } from "./phrasing.js";
import { tell } from "./spoken.js";

const page = document.getElementById("recording");
const video = part(page, "video");
const ASK_MS = 2000;
const TYPED_MS = 250;

// The picture ---------------------------------------------------------------------------------------------

let ready = null;
let hls = null;

function library() {
  if (globalThis.Hls) return Promise.resolve(globalThis.Hls);
  return new Promise((resolve) => {
    const script = document.createElement("script");
    Object.assign(script, { src: page.dataset.hls, onload: () => resolve(globalThis.Hls), onerror: () => resolve(null) });
    document.head.append(script);
  });
}

/** Attach the recording at its first use; where our player does not run, the browser takes the file that stands in the page. */
function load() {
  ready ??= library().then((Hls) => {
    if (!Hls?.isSupported()) return;
    for (const source of video.querySelectorAll("source")) source.remove();
    hls = new Hls({ enableWebVTT: false, backBufferLength: 120, capLevelToPlayerSize: true }); // captions are the page's own track
    let mended = 0;
    hls.on(Hls.Events.ERROR, (_, { fatal, type }) => {
      if (!fatal) return;
      mended += 1;
      if (type === Hls.ErrorTypes.MEDIA_ERROR && mended < 4) hls.recoverMediaError();
      else if (type === Hls.ErrorTypes.NETWORK_ERROR && mended < 30) setTimeout(() => hls.startLoad(), ASK_MS);
      else show(part(page, "trouble"), true);
    });
    hls.attachMedia(video);
    hls.loadSource(page.dataset.url);
  });
  return ready;
}

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
