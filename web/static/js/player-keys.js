// The keys of the picture: the same on the day's page and in an intranet's frame.

const SEEK_S = 10;

/** Take the keys of *place* for *player*; `pause` and `full` are its own. Whoever writes or chooses there, writes and chooses. */
export function takeKeys(place, player, { pause, full }) {
  place.addEventListener("keydown", (event) => {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey || target.closest("input, textarea, select, [contenteditable]")) return;
    const acts = {
      " ": () => !target.closest("button, a, summary, video[controls]") && pause(),
      k: pause,
      m: () => player.mute(!player.muted),
      c: () => player.setCaptions(!player.captions),
      l: () => player.toLive(),
      f: full,
      ArrowLeft: () => player.seek(-SEEK_S),
      ArrowRight: () => player.seek(SEEK_S),
      ArrowUp: () => player.louder(0.1),
      ArrowDown: () => player.louder(-0.1),
      Home: () => player.fromStart(),
    };
    if (!player.wanted || !Object.hasOwn(acts, key) || acts[key]() === false) return;
    event.preventDefault();
  });
}
