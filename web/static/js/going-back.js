// When a region goes back to the country, and how, for those who run its programme: two minutes before, and ten when it takes too long.

import { countdown, until } from "./clock.js";
import { part, show, write } from "./page.js";
import { tell } from "./spoken.js";
import { word } from "./words.js";

const NEAR_MS = 120_000; // in time to round off
const LATE_MS = 600_000; // and to leave something out
const SPOKEN_MS = [NEAR_MS, 30_000];

let spoken = "";

/** Say it in its place on *page*; called every second, and after news. */
export function drawGoingBack(page, { day, now: moment }) {
  const place = part(page, "going-back");
  const back = day.state === "live" ? moment?.returns : null;
  const left = back ? until(back.at) : 0;
  const seen = left > 0 && left <= (back.how === "together" ? NEAR_MS : LATE_MS);
  show(place, seen);
  if (!seen) return;
  const text = word(`back.${back.how}`, { left: countdown(left) });
  write(part(place, "going-back-text"), text);
  const step = SPOKEN_MS.findLast((ms) => left <= ms) ?? "";
  const key = `${moment.block} ${back.how} ${step}`;
  if (spoken === key) return;
  spoken = key;
  tell(text);
}
