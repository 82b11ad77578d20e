// What the house has told: all of it to be read again, on the live page and in the cockpit.

import { now, time } from "./clock.js";
import { keep, part, piece, show, write } from "./page.js";
import { regionName } from "./beside.js";
import { homeOf } from "./programme.js";
import { tell } from "./spoken.js";
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

/** What stands on this screen now: the newest that is for its lane, and has not ended. The hall is told nothing that is for a role. */
export function standsNow(state, { hall = false } = {}) {
  const mine = (one) => (!one.to || one.to === homeOf(state.you)) && !(hall && one.role);
  return (state.announcements ?? []).filter((one) => one.ends_at && Date.parse(one.ends_at) > now() && mine(one)).toSorted((a, b) => (a.at < b.at ? -1 : 1)).at(-1);
}

let stood; // what stood there when we drew last

/** Show it in its place, and say it once to those who listen; not what stood there before one came. */
export function showNow(state, page) {
  const told = standsNow(state);
  write(part(page, "told-text"), told?.text ?? "");
  show(part(page, "told"), told);
  if (told && stood !== undefined && stood !== told.announcement) tell(word("chat.announcement", { text: told.text }));
  stood = told?.announcement ?? "";
}

/** The form of the cockpit: an empty choice is everybody. */
export async function announce(live, form) {
  const { text, lane, role, seconds } = form.elements;
  if (!text.value.trim()) return;
  const about = Object.entries({ lane: lane.value, role: role.value }).filter(([, value]) => value);
  const answer = await live.wish("chat.announce", { text: text.value.trim(), seconds: Number(seconds.value), ...Object.fromEntries(about) });
  if (answer.ok) text.value = "";
}
