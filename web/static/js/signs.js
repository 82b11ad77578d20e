// Tells the day now and then that somebody is at this screen. A tab that was forgotten tells nothing, and is not counted as a person.

const EVERY_MS = 120_000; // a block of the programme is longer than a few of these
const TOUCHES = ["pointerdown", "pointermove", "keydown", "wheel", "scroll"];

/** Listen for somebody, and tell of it on a clock of its own, so that nothing is told by when it is told. */
export function tellOfPeople(live) {
  let touched = false;
  for (const touch of TOUCHES) addEventListener(touch, () => (touched = true), { passive: true, capture: true });
  setInterval(() => {
    if (!touched || document.hidden || !live.connected) return;
    touched = false;
    live.once("people.here");
  }, EVERY_MS);
}
