// What hls.js is told: how far behind the studio it stays, and which of a lane's two pictures it takes.

export const LIVE_S = 1.3; // behind the newest part: three parts and a little; a line that is not always equally fast stalls, and stays further behind then
export const LATE_S = 8; // further behind without having wanted to be: jump. Nearer, catch up a little faster than the day goes
const CATCH_UP = 1.08;
const STALL_S = 0.4; // each stall is answered by staying so much further behind
const LINE_BITS = 5_000_000; // a line is thought to be so wide until it is known: nobody begins with the small picture who need not

/** For what is now, or for the day from its start. */
export function settings(replay) {
  const live = { liveSyncDuration: LIVE_S, liveMaxLatencyDuration: LATE_S, maxLiveSyncPlaybackRate: CATCH_UP, liveSyncOnStallIncrease: STALL_S };
  const whole = { liveMaxLatencyDuration: Infinity, liveSyncDuration: LIVE_S, startPosition: 0 };
  return { lowLatencyMode: !replay, ...(replay ? whole : live), backBufferLength: 60, abrEwmaDefaultEstimate: LINE_BITS, subtitlePreference: { lang: "sv" } };
}

/** The small picture from the next segment on, or what the line carries: the large one until that is known. */
export function spare(hls, saving) {
  const heights = hls.levels.map(({ height }) => height);
  hls.loadLevel = saving ? heights.indexOf(Math.min(...heights)) : -1; // what is in the buffer is played: nothing stands still
  if (!saving) hls.nextAutoLevel = heights.indexOf(Math.max(...heights));
}

/** Where a moment of the studio lies in a list that begins at *start*. */
export const placeOf = (date, start) => (date && start > 0 ? Math.max(0, (date - start) / 1000) : 0);
