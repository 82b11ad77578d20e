// Tells the day now and then that somebody is at this screen, and once that it would: a tab that was forgotten after that is not
// counted as a person. Whoever follows by another program tells neither, and is counted.

const EVERY_MS = 120_000; // a block of the programme is longer than a few of these
const TOUCHES = ["pointerdown", "pointermove", "keydown", "wheel", "scroll"];

/** Listen for somebody, and tell of it on a clock of its own, so that nothing is told by when it is told. */
export function tellOfPeople(live) {
  let touched = false;
  let told = false;
  for (const touch of TOUCHES) addEventListener(touch, () => (touched = true), { passive: true, capture: true });
  setInterval(() => {
    const seen = touched && !document.hidden;
    if (!live.connected || (told && !seen)) return;
    live.once("people.here", { touched: seen });
    told = true;
    if (seen) touched = false;
  }, EVERY_MS);
}
