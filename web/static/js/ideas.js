// The ideas that came in, on the pages of those who lead the day and in the hall. No news carries them: they are fetched when the poll is closed.

import { keep, show, write } from "./page.js";

const READ_MS = 10_000; // not oftener than this while there are none
const found = new Map(); // poll and round -> {at, ideas}

async function read(day, poll, key, then) {
  found.set(key, { at: Date.now(), ideas: found.get(key)?.ideas ?? [] });
  try {
    const answer = await fetch(`/days/${encodeURIComponent(day)}/polls/${encodeURIComponent(poll.poll)}/ideas`, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { ideas } = await answer.json();
    found.set(key, { at: Date.now(), ideas });
    then();
  } catch {
    // The next picture of the result brings us here again.
  }
}

/** List the ideas of a closed poll, for whoever has a role on the day. */
export function listIdeas(list, poll, state) {
  const asked = poll.kind === "ideas" && poll.voting === "closed" && state.you?.roles?.length > 0;
  const key = `${poll.poll}:${poll.round}`;
  const { at = 0, ideas = [] } = (asked && found.get(key)) || {};
  show(list, ideas.length);
  const texts = ideas.map((text, n) => ({ key: String(n), text }));
  keep(list, "idea", texts, (one) => one.key, () => document.createElement("li"), (item, { text }) => write(item, text));
  if (asked && !ideas.length && Date.now() - at > READ_MS) read(state.day.day, poll, key, () => listIdeas(list, poll, state));
}
