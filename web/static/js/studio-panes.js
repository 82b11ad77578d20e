// The panes of the studio around the picture: devices, network, sound, company, the producer's words, captions, the time.

import { fillLine, written } from "./captions.js";
import { countdown, now, time, until } from "./clock.js";
import { keep, mark, part, piece, show, write } from "./page.js";
import { said } from "./phrasing.js";
import { standing } from "./programme.js";
import { tell } from "./spoken.js";
import { word } from "./words.js";

const SEATS_MOST = 12;
const SLOW_MS = 400; // a way so long is heard in a conversation
const LINES = 6;

/** What is on, and what may be turned on. */
export function drawBar(page, devices, screen) {
  for (const [name, kind] of [["mic", "audio"], ["cam", "video"]]) {
    const button = part(page, name);
    button.disabled = !devices.has(kind);
    mark(button, "aria-pressed", String(devices.isOn(kind)));
    write(part(page, `${name}-text`), word(`studio.${name}-${devices.isOn(kind) ? "on" : "off"}`));
  }
  const can = Boolean(navigator.mediaDevices?.getDisplayMedia);
  const button = part(page, "share");
  show(button, can);
  button.disabled = !devices.stream && !screen.wanted;
  mark(button, "aria-pressed", String(screen.wanted));
  write(part(page, "share-text"), word(screen.wanted ? "studio.sharing" : "studio.share"));
  part(page, "leave").disabled = !devices.stream;
  part(page, "test").disabled = !devices.stream;
}

/** The cameras and microphones there are. */
export function drawDevices(page, devices) {
  for (const [place, list, kind] of [["cameras", devices.cameras, "video"], ["mics", devices.mics, "audio"]]) {
    const choice = part(page, place);
    choice.disabled = !devices.stream || !list.length;
    const options = list.map(({ deviceId, label }, n) => ({ deviceId: deviceId || `d${n}`, label: label || `${n + 1}` }));
    keep(choice, "device", options, ({ deviceId }) => deviceId, () => document.createElement("option"), (option, { deviceId, label }) => {
      option.value = deviceId;
      write(option, label);
    });
    choice.value = devices.id(kind);
  }
  const name = devices.name("audio");
  write(part(page, "mic-name"), name ? word("studio.mic-name", { name }) : word("studio.mic-none"));
}

/** How the network is, and what to do about it. */
export function drawNet(page, camera, net) {
  const place = part(page, "net");
  const { state, why, text } = camera;
  const slow = state === "on" && net.ms > SLOW_MS;
  const says = { off: "", connecting: "connecting", on: slow ? "weak" : net.path || "connecting", refused: "refused" }[state] ?? { "media.away": "away", away: "away", network: net.path ? "lost" : "none" }[why] ?? "lost";
  if (says) write(place, word(`studio.net-${says}`, { ms: net.ms ?? 0, text }));
  mark(place, "data-path", state === "on" ? net.path : state);
  const advice = { weak: "studio.net-weak-advice", none: "studio.net-none-advice" }[says];
  write(part(page, "net-advice"), advice ? word(advice) : "");
  show(part(page, "net-advice"), advice);
}

let loud = 0;

/** How loud it is: `db`, or `null` when the microphone is off. */
export function drawLevel(page, db) {
  const share = db === null ? 0 : Math.round(Math.min(100, Math.max(0, (db + 60) / 0.6)));
  part(page, "level").firstElementChild.setAttribute("width", `${share}%`);
  loud = Math.max(loud * 0.97, share); // what is said of it follows the louder moments of the last seconds
}

/** In words, how loud the last seconds were. */
export function drawSound(page) {
  const says = word(`studio.level-${loud < 15 ? "silent" : loud < 40 ? "low" : loud > 97 ? "loud" : "good"}`);
  write(part(page, "sound-says"), says);
  mark(part(page, "level"), "aria-label", word("studio.level", { says }));
}

/** Who else sits here. */
export function drawCompany(page, own, { seats, members }) {
  const others = seats.filter((one) => one.source !== own?.source && (one.state === "live" || one.ready || members.includes(one.source)));
  keep(part(page, "company"), "source", others, (one) => one.source, () => piece("companion"), (element, one) => {
    write(part(element, "name"), said(one.by, "name") || word("studio.nameless"));
    const stands = one.on_air?.length ? "on-air" : one.state !== "live" ? "gone" : one.ready ? "ready" : "here";
    const badge = part(element, "stands");
    badge.className = `badge badge--${{ "on-air": "live", ready: "ready" }[stands] ?? "quiet"}`;
    write(badge, word(`studio.is-${stands}`));
  });
  show(part(page, "company-none"), !others.length);
  write(part(page, "company-count"), members.length ? word("studio.count", { n: members.length, most: SEATS_MOST }) : "");
}

let heard = null;

/** The words between us and the producer. */
export function drawWhispers(page, live) {
  const words = (live.state.whispers ?? []).filter((one) => one.with === live.state.you?.person);
  const log = part(page, "whispers-log");
  keep(part(page, "whispers"), "whisper", words, (one) => one.whisper, () => piece("whisper"), (element, one) => {
    const own = one.from === "seat";
    element.className = `message ${own ? "message--mine" : "message--staff"}`;
    write(part(element, "who"), word(own ? "studio.you" : "studio.producer"));
    write(part(element, "time"), time(one.at));
    mark(part(element, "time"), "datetime", one.at);
    write(part(element, "text"), one.text);
  });
  show(part(page, "whispers-empty"), !words.length);
  const fresh = heard ? words.filter((one) => !heard.has(one.whisper)) : [];
  if (fresh.length || !heard) log.scrollTop = log.scrollHeight;
  for (const one of fresh) if (one.from === "desk") tell(word("studio.says", { text: one.text }));
  heard = new Set(words.map((one) => one.whisper));
}

/** What is written of what is said. */
export function drawCaptions(page, live) {
  const lines = written(live.state).slice(-LINES);
  keep(part(page, "captions"), "line", lines, (one) => one.line, () => document.createElement("p"), (element, one) => fillLine(element, one.text));
  show(part(page, "captions-none"), !lines.length);
}

/** The time to what comes next. */
export function drawTime(page, state, isOnAir) {
  const { current, next } = standing(state, now());
  const set = (count, what, base) => {
    write(part(page, "count"), count);
    write(part(page, "count-what"), what);
    write(part(page, "count-base"), base);
  };
  if (state.day.state === "ended") return set("–", word("studio.over"), "");
  if (state.day.state !== "live") return set(until(state.day.starts_at) > 0 ? countdown(until(state.day.starts_at)) : "–", word("studio.not-begun"), word("studio.begins", { time: time(state.day.starts_at) }));
  write(part(page, "item"), said(current, "title") || said(state.day, "title"));
  if (isOnAir && current) return set(countdown(until(current.ends_at)), word("studio.left-of", { title: said(current, "title") }), word("studio.ends", { time: time(current.ends_at) }));
  if (next) return set(countdown(until(next.starts_at)), word("studio.until", { title: said(next, "title") }), word("studio.begins", { time: time(next.starts_at) }));
  return current ? set(countdown(until(current.ends_at)), word("studio.left-of", { title: said(current, "title") }), word("studio.ends", { time: time(current.ends_at) })) : undefined;
}

/** Words to the producer; what was refused comes back into the field, unless something else is there by then. */
export function takeWhispers(page, live) {
  part(page, "whisper-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const field = event.target.elements.text;
    const text = field.value.trim();
    if (!text) return;
    field.value = "";
    live.wish("streaming.whisper", { text }).then((answer) => {
      if (answer.ok) return;
      if (!field.value) field.value = text;
      tell(answer.error.text || word("wish.failed"));
    });
  });
}
