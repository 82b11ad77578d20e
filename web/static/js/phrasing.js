// How numbers and shares are said; the same way as on the server (web/phrasing.py).

const NARROW = "\u00a0";
const english = document.documentElement.lang === "en";

/** `2 310`, in groups that never break over a line. */
export const number = (value) => String(value ?? "").replace(/\B(?=(\d{3})+(?!\d))/g, NARROW);

/** Per cent, halves upwards; 0 of nothing. */
export const share = (count, base) => (base ? Math.floor((200 * count + base) / (2 * base)) : 0);

/** `482 177`. */
export function joinCode(text) {
  const digits = text.replace(/\D/g, "").slice(0, 6);
  return digits.length > 3 ? `${digits.slice(0, 3)} ${digits.slice(3)}` : digits;
}

/** A text in the page's language; the English one stands beside it as `<key>_en`. */
export const said = (thing, key) => (english && thing?.[`${key}_en`]) || (thing?.[key] ?? "");
