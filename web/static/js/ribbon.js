// The day as a line, lying down, with now marked on it. The same figure as on the server (web/ribbon.py).

import { time } from "./clock.js";
import { isAway } from "./programme.js";

const STEPS_MIN = [1, 2, 5, 10, 15, 30, 60, 120];
const MARKS_MOST = 8;
const SVG = "http://www.w3.org/2000/svg";

function merged(spans) {
  const made = [];
  for (const [start, end] of spans) {
    const last = made.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(end, last[1]);
    else made.push([start, end]);
  }
  return made;
}

function shape(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}

/** Draw *items* into *place*; *label* says the same in words. `now` is in ms, or null before and after the day. */
export function drawRibbon(place, items, now, label, live) {
  if (!items.length) return place.replaceChildren();
  const told = items.map((item) => [Date.parse(item.starts_at), Date.parse(item.ends_at ?? item.starts_at), item]);
  const spans = told.map(([start, end, item]) => [start, Math.max(start, end), item]); // one that began after its planned end has no length yet
  const first = Math.min(...spans.map(([start]) => start));
  const last = Math.max(...spans.map(([, end]) => end));
  const across = (at) => `${Math.round((10_000 * (at - first)) / Math.max(1, last - first)) / 100}%`;
  const wide = (start, end) => `${Math.round((10_000 * (end - start)) / Math.max(1, last - first)) / 100}%`;
  const of = (which) => merged(spans.filter(([, , item]) => which(item)));
  const svg = shape("svg", { class: "ribbon__svg", role: "img", "aria-label": label });
  for (const [start, end] of of(isAway)) svg.append(shape("rect", { class: "ribbon__region", x: across(start), y: 9, width: wide(start, end), height: 23, rx: 11 }));
  svg.append(shape("line", { class: "ribbon__common", x1: 0, x2: "100%", y1: 32, y2: 32 }));
  for (const [start, end] of of((item) => item.kind === "break")) svg.append(shape("line", { class: "ribbon__break", x1: across(start), x2: across(end), y1: 32, y2: 32 }));
  if (now !== null && now >= first && now <= last) {
    const away = of(isAway).some(([start, end]) => now >= start && now < end);
    svg.append(shape("line", { class: "ribbon__now", x1: across(now), x2: across(now), y1: 0, y2: 43 }));
    svg.append(shape("circle", { class: `ribbon__now-dot${live ? " ribbon__now-dot--live" : ""}`, cx: across(now), cy: away ? 9 : 32, r: 8 }));
  }
  const step = (STEPS_MIN.find((minutes) => (last - first) / (minutes * 60_000) <= MARKS_MOST) ?? 240) * 60_000;
  for (let at = Math.ceil(first / step) * step; at <= last; at += step) {
    const edge = at - first < step / 4 ? " ribbon__hour--first" : last - at < step / 4 ? " ribbon__hour--last" : "";
    svg.append(shape("text", { class: `ribbon__hour${edge}`, x: across(at), y: 60 }, time(at)));
  }
  return place.replaceChildren(svg);
}
