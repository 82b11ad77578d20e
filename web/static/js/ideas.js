// What people wrote in their own words, as a moderator has sorted it, on the pages of those who lead the day and in the hall. No news
// carries it: it is fetched when the poll is closed, and anew when it has been sorted.

import { keep, show, write } from "./page.js";
import { number } from "./phrasing.js";
import { numbered } from "./words.js";

const READ_MS = 10_000; // not oftener than this while there are none
const PAGE = 8; // texts that can be read at once from the back of a hall
const PAGE_MS = 12_000; // nothing is cut: the hall turns the pages
const WRITTEN = new Set(["ideas", "text"]);
const found = new Map(); // poll, round and how often it was sorted -> {at, ideas, themes}

async function read(day, poll, key, then) {
  found.set(key, { at: Date.now(), ideas: [], themes: [] });
  try {
    const answer = await fetch(`/days/${encodeURIComponent(day)}/polls/${encodeURIComponent(poll.poll)}/ideas`, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    found.set(key, { at: Date.now(), ...(await answer.json()) });
    then();
  } catch {
    // The next picture of the result brings us here again.
  }
}

/** Themes first, each with how many texts are in it, then the texts that are in none; in a hall one page of them. */
function lines({ ideas, themes }) {
  const all = [...themes.map(({ theme, n }) => ({ text: theme, n: numbered("texts.in-theme", n, number(n)) })), ...ideas.map((text) => ({ text, n: "" }))];
  const pages = document.getElementById("screen") ? Math.max(1, Math.ceil(all.length / PAGE)) : 1;
  const page = Math.floor(Date.now() / PAGE_MS) % pages;
  const shown = pages > 1 ? all.slice(page * PAGE, (page + 1) * PAGE) : all;
  return shown.map((one, n) => ({ key: String(n), ...one }));
}

function makeLine() {
  const item = document.createElement("li");
  item.append(document.createElement("span"), " ", Object.assign(document.createElement("strong"), { className: "texts__n" }));
  return item;
}

/** List what was written to a closed poll, for whoever has a role on the day. */
export function listIdeas(list, poll, state) {
  const asked = WRITTEN.has(poll.kind) && poll.voting === "closed" && state.you?.roles?.length > 0;
  const key = `${poll.poll}:${poll.round}:${poll.sorts ?? 0}:${poll.result}`;
  const { at = 0, ideas = [], themes = [] } = (asked && found.get(key)) || {};
  const some = ideas.length + themes.length;
  show(list, some);
  keep(list, "idea", lines({ ideas, themes }), (one) => one.key, makeLine, (item, { text, n }) => {
    write(item.firstChild, text);
    write(item.lastChild, n);
  });
  if (asked && !some && Date.now() - at > READ_MS) read(state.day.day, poll, key, () => listIdeas(list, poll, state));
}
