// Every lane at a glance while they are apart, for whoever sees to all of them.

import { time } from "./clock.js";
import { keep, mark, part, piece, show, write } from "./page.js";
import { drift, said } from "./phrasing.js";
import { regionName } from "./beside.js";
import { word } from "./words.js";

const minutes = (seconds) => Math.round((seconds ?? 0) / 60);

const HOW = { held: "held-for", cut: "cut", late: "late" };
const over = ({ how, over_s: n, returns_at: at }) => word(`cockpit.track-${HOW[how]}`, { n, time: time(at) });

/** Draw the lanes of `/cockpit/run`; whoever looks at one region sees that one, and only while it takes too long. */
export function drawTracks(page, live, { tracks, run }) {
  const place = part(page, "tracks");
  if (!place) return;
  const seen = run.lane === "national" ? tracks : tracks.filter((track) => track.lane === run.lane && track.how !== "together");
  show(place, seen.length);
  keep(part(place, "tracks-list"), "track", seen, (track) => track.lane, () => piece("track"), (row, track) => {
    write(part(row, "name"), track.lane === "national" ? word("cockpit.no-region") : regionName(live.state, track.lane));
    mark(part(row, "name"), "href", `/days/${encodeURIComponent(live.day)}/cockpit?lane=${encodeURIComponent(track.lane)}`);
    write(part(row, "item"), said(track, "title"));
    const late = minutes(track.drift_s);
    write(part(row, "drift"), drift(late));
    part(row, "drift").classList.toggle("drift--late", late > 0);
    write(part(row, "state"), track.hold ? word("cockpit.track-held") : track.how === "together" ? "" : over(track));
    show(part(row, "state"), track.hold || track.how !== "together");
  });
}
