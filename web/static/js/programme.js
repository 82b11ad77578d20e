// Where in the day we are, for one viewer: pure, from the state and the time.

const inTime = (a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at);
export const isAway = (item) => Boolean(item) && item.lane !== "national";

/** The items a viewer of *lane* sees, in time order. In a regional block: the region's own, else what is for every region. */
export function mine(programme, lane) {
  const blocks = new Map();
  for (const item of programme ?? []) if (item.starts_at) blocks.set(item.block, [...(blocks.get(item.block) ?? []), item]);
  const chosen = [...blocks.values()].flatMap((items) => {
    const own = (wanted) => items.filter((item) => item.lane === wanted);
    return own("national").length ? own("national") : own(lane).length ? own(lane) : own("region");
  });
  return chosen.toSorted(inTime);
}

/**
 * How the day stands at *at* (ms).
 *
 * Returns `{items, current, next, crossing}`; `crossing` is the next item on the other side of a turn of the lane, when there is one.
 */
export function standing(state, at) {
  const lane = state.you?.lane ?? state.lane?.lane ?? "national";
  const items = mine(state.programme, lane);
  const begun = items.filter((item) => Date.parse(item.starts_at) <= at);
  const current = items.find((item) => item.item === state.now?.item) ?? begun.at(-1) ?? null;
  const later = current ? items.slice(items.indexOf(current) + 1) : items;
  const next = later[0] ?? null;
  const turned = lane === "national" ? undefined : later.find((item) => isAway(item) !== isAway(current));
  return { lane, items, current, next, crossing: (current && turned) || null };
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
