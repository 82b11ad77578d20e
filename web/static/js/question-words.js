// How a question is told of, the same way on every page (templates/questions.html says it without scripts).

import { time } from "./clock.js";
import { regionName } from "./beside.js";
import { said } from "./phrasing.js";
import { word } from "./words.js";

export const COUNTRY = "national";
export const BACKABLE = new Set(["open", "taken_up"]);
const SEEN = new Set([...BACKABLE, "answered", "written"]);
export const WAITING = new Set([...BACKABLE, "held"]);

/** Whether everybody who sees that panel's questions is shown it. */
export const stands = (one) => SEEN.has(one.state) && !one.merged && !one.removed;

/** Those that the panel of *lane* may take up: its own and the country's. */
export const before = (state, lane) => (state.questions ?? []).filter((one) => [COUNTRY, lane].includes(one.lane) && !one.merged && !one.removed);

/** The one on the stage: the last that was taken up. */
export const onStage = (questions) => questions.filter((one) => one.state === "taken_up").toSorted((a, b) => (a.taken_up_at < b.taken_up_at ? -1 : 1)).at(-1);

/** What has most support first; of two with the same, the older one. */
export const bySupport = (a, b) => b.backs - a.backs || (a.at < b.at ? -1 : 1);

const panellist = (state, id) => said((state.panellists ?? []).find((one) => one.panellist === id) ?? { title: id }, "title");

/** A name, or nobody's; how many sit there; where. */
export function asker(state, { by, people = 1, region }) {
  const name = said(by ?? {}, "name");
  const who = people > 1 && !name ? word("question.group-anonymous", { people }) : people > 1 && !name.includes(String(people)) ? word("question.group", { name, people }) : name || word("question.anonymous");
  return region ? `${who}, ${regionName(state, region)}` : who;
}

/** Over a question in the hall: by whom it is. */
export function askedBy(state, one) {
  if (said(one.by ?? {}, "name") || one.people > 1) return word("question.asked-by", { name: asker(state, one) });
  return one.region ? word("question.asked-there", { region: regionName(state, one.region) }) : word("question.asked-unnamed");
}

/** How it stands, in a word or two. */
export function standing(state, one) {
  const told = [];
  if (one.removed) told.push(word("question.removed"));
  else if (one.merged) told.push(word("question.merged"));
  else if (one.state === "answered") told.push(word("question.answered", { time: time(one.answered_at) }));
  else if (one.state !== "open") told.push(word(`question.${one.state}`));
  if (one.reason && one.state === "aside") told.push(one.reason);
  if (one.assigned && WAITING.has(one.state)) {
    told.push(word("question.assigned", { name: panellist(state, one.assigned.to) }));
    if (one.assigned.due) told.push(word("question.due", { date: one.assigned.due }));
  }
  if (one.lifted_from) told.push(word("question.from", { region: regionName(state, one.lifted_from.region), n: one.lifted_from.backs }));
  else if (one.lifted) told.push(word("question.lifted"));
  if (one.to) told.push(word("question.to", { name: panellist(state, one.to) }));
  return told.join(" ");
}
