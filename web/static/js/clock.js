// The server's clock. A device may be minutes wrong; the page says when it was made, and from there we count.

const root = document.documentElement;
const made = Date.parse(root.dataset.now ?? "");
const answered = performance.getEntriesByType("navigation")[0]?.responseStart ?? 0;
const ahead = Number.isNaN(made) ? 0 : made - (performance.timeOrigin + answered);
const language = root.lang === "en" ? "en-GB" : "sv-SE";
const parts = new Intl.DateTimeFormat(language, { timeZone: root.dataset.zone || undefined, hour: "numeric", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

/** Now, in milliseconds, by the server's clock. */
export const now = () => Date.now() + ahead;

/** Milliseconds until *at*; negative when it has been. */
export const until = (at) => Date.parse(at) - now();

/** Run *tick* at once and at every whole second, as long as the page is seen. */
export function everySecond(tick) {
  tick();
  setInterval(() => document.hidden || tick(), 1000);
  document.addEventListener("visibilitychange", () => document.hidden || tick());
}

function pieces(at) {
  const found = Object.fromEntries(parts.formatToParts(new Date(at)).map((piece) => [piece.type, piece.value]));
  return [String(Number(found.hour)), found.minute, found.second];
}

/** `9.56` in Swedish, `9:56` in English. */
export function time(at) {
  if (!at) return "";
  const [hour, minute] = pieces(at);
  return `${hour}${root.lang === "en" ? ":" : "."}${minute}`;
}

/** `09.56.18`, for a clock on the wall. */
export function timeWithSeconds(at) {
  const [hour, minute, second] = pieces(at);
  return [hour.padStart(2, "0"), minute, second].join(root.lang === "en" ? ":" : ".");
}

/** `4:12`, or `1:04:12` from an hour on; never below zero. */
export function countdown(ms) {
  const left = Math.max(0, Math.ceil(ms / 1000));
  const [hours, minutes, seconds] = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60].map(String);
  return hours === "0" ? `${minutes}:${seconds.padStart(2, "0")}` : `${hours}:${minutes.padStart(2, "0")}:${seconds.padStart(2, "0")}`;
}
