// How numbers and shares are said; the same way as on the server (web/phrasing.py).

const NARROW = "\u00a0";
const english = document.documentElement.lang === "en";

/** `2 310`, in groups that never break over a line; decimals after a comma. */
export const number = (value) => {
  const [whole, decimals] = String(value ?? "").split(".");
  return whole.replace(/\B(?=(\d{3})+(?!\d))/g, NARROW) + (decimals ? `,${decimals}` : "");
};

/** Per cent, halves upwards; 0 of nothing. */
export const share = (count, base) => (base ? Math.floor((200 * count + base) / (2 * base)) : 0);

const split = (minutes) => [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];

/** How far off plan, in a column: `+3`, `−3`, `0`, and from an hour on `−5 h 38`. */
export function drift(minutes) {
  const [hours, rest] = split(minutes);
  return (minutes > 0 ? "+" : minutes < 0 ? "−" : "") + (hours ? `${hours}${NARROW}h${NARROW}${String(rest).padStart(2, "0")}` : rest);
}

/** How far off plan, beside the words "before plan" and "after plan": `+3 min` late, `3 min` early, `5 h 38 min`. */
export function driftInWords(minutes) {
  const [hours, rest] = split(minutes);
  return `${minutes > 0 ? "+" : ""}${hours ? `${hours}${NARROW}h${NARROW}` : ""}${rest}${NARROW}min`;
}

/** `482 177`. */
export function joinCode(text) {
  const digits = text.replace(/\D/g, "").slice(0, 6);
  return digits.length > 3 ? `${digits.slice(0, 3)} ${digits.slice(3)}` : digits;
}

/** A text in the page's language; the English one stands beside it as `<key>_en`. */
export const said = (thing, key) => (english && thing?.[`${key}_en`]) || (thing?.[key] ?? "");
