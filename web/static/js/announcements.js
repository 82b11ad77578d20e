// What the house has told: all of it to be read again, on the live page and in the cockpit.

import { time } from "./clock.js";
import { keep, part, piece, show, write } from "./page.js";
import { regionName } from "./results.js";
import { writeTalk } from "./talk-text.js";
import { word } from "./words.js";

/** List everything that was told, the newest first. */
export function listAnnouncements(state, page) {
  const told = (state.announcements ?? []).toSorted((a, b) => (a.at < b.at ? 1 : -1));
  keep(part(page, "announcements-rows"), "announcement", told, (one) => one.announcement, () => piece("announced"), (row, one) => {
    write(part(row, "time"), time(one.at));
    write(part(row, "to"), [one.to && regionName(state, one.to), one.role && word(`chat.to-${one.role}`)].filter(Boolean).join(", "));
    writeTalk(part(row, "text"), one.text);
    for (const field of row.querySelectorAll('[name="announcement"]')) field.value = one.announcement;
  });
  const box = part(page, "announcements");
  write(box && part(box, "announcements-n"), told.length);
  show(box, told.length);
}

/** The form of the cockpit: an empty choice is everybody. */
export async function announce(live, form) {
  const { text, lane, role } = form.elements;
  if (!text.value.trim()) return;
  const about = Object.entries({ lane: lane.value, role: role.value }).filter(([, value]) => value);
  const answer = await live.wish("chat.announce", { text: text.value.trim(), ...Object.fromEntries(about) });
  if (answer.ok) text.value = "";
}
