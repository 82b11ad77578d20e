// A rehearsal under way: how far it has come is read again until it is over; then the page is, with what is missing.

import { part, write } from "./page.js";
import { time } from "./clock.js";

const AGAIN_MS = 2000;

const section = document.querySelector('[data-part="playing"]');

async function look() {
  try {
    const answer = await fetch(`/days/${encodeURIComponent(section.dataset.day)}/rehearsal/progress`, { headers: { Accept: "application/json" } });
    const told = await answer.json();
    if (answer.ok && !["playing", "stopping"].includes(told.state)) return location.reload();
    if (answer.ok) {
      part(section, "percent").value = told.percent;
      write(part(section, "at"), told.at ? time(told.at) : "");
      write(part(section, "item"), told.item);
    }
  } catch {
    // The server is away for a moment: the next look finds it.
  }
  return setTimeout(look, AGAIN_MS);
}

if (section) setTimeout(look, AGAIN_MS);
