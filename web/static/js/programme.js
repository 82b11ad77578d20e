// Where in the day we are, for one viewer: pure, from the state and the time.

/** What is left comes after what has been, also when it keeps its planned hour and the day, run by hand, is later than that. */
const isLeft = ({ state }) => state === "upcoming";
const inTime = (a, b) => isLeft(a) - isLeft(b) || Date.parse(a.starts_at) - Date.parse(b.starts_at);

/** The lane of where somebody belongs; talk, questions and polls are those of that one, whatever lane they look at. */
export const homeOf = (you) => you?.region || "national";

/** An item of a regional block: the lane has turned out, also for a region that is shown what comes from the kit. */
export const isAway = (item) => Boolean(item?.regional);

/**
 * How the day stands at *at* (ms).
 *
 * Returns `{lane, items, current, next, crossing, away}`; `crossing` is the next item on the other side of a turn of the lane, when there is
 * one, and `away(item)` says whether this viewer is on its own then.
 */
export function standing(state, at) {
  const lane = state.you?.lane ?? state.lane?.lane ?? "national";
  const items = (state.programme ?? []).filter((item) => item.starts_at).toSorted(inTime);
  const begun = items.filter((item) => Date.parse(item.starts_at) <= at);
  const current = items.find((item) => item.item === state.now?.item) ?? begun.at(-1) ?? null;
  const later = current ? items.slice(items.indexOf(current) + 1) : items;
  const next = later[0] ?? null;
  const turned = lane === "national" ? undefined : later.find((item) => isAway(item) !== isAway(current));
  return { lane, items, current, next, crossing: (current && turned) || null, away: (item) => lane !== "national" && isAway(item) };
}

/** When the stretch that *current* belongs to began: since then we have been on this side. */
export function sideSince(items, current) {
  let first = current;
  for (const item of items.slice(0, items.indexOf(current)).toReversed()) {
    if (isAway(item) !== isAway(current)) break;
    first = item;
  }
  return Date.parse(first.starts_at);
}
