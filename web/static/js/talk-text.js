// What people write, in pieces: words, addresses that may be followed, and roles that are called. web/talk_text.py does the same, held to the same vectors.

const CALLED = "moderatorn?|värdskapet|studion?|panelen|panel|textningen|host|captions";
const PIECE = new RegExp(`(?<link>https?://[^\\s<>"']+)|(?<![\\p{L}\\p{N}_@])@(?:${CALLED})(?![\\p{L}\\p{N}_])`, "giu");
const AFTER = /[.,;:!?)\]}»”’]+$/u; // what stands after an address, and belongs to the sentence

/** Somewhere on the web, and not where something before an @ only looks like. */
function mayBeFollowed(address) {
  try {
    return Boolean(new URL(address).hostname) && !/^https?:\/\/[^/?#]*@/i.test(address) && !address.includes("\\");
  } catch {
    return false;
  }
}

/** `[{kind: "words" | "link" | "call", text}]`, which put together are the text again. */
export function pieces(text) {
  const found = [];
  let place = 0;
  for (const { 0: whole, index, groups } of text.matchAll(PIECE)) {
    const address = groups.link?.replace(AFTER, "");
    if (groups.link && !mayBeFollowed(address)) continue;
    const end = index + (address ?? whole).length;
    found.push({ kind: "words", text: text.slice(place, index) }, { kind: address ? "link" : "call", text: text.slice(index, end) });
    place = end;
  }
  return [...found, { kind: "words", text: text.slice(place) }].filter((piece) => piece.text);
}

/** Whether a role is called in it. */
export const calls = (text) => pieces(text ?? "").some(({ kind }) => kind === "call");

function made({ kind, text }) {
  if (kind === "words") return text;
  if (kind === "call") return Object.assign(document.createElement("mark"), { className: "call", textContent: text });
  return Object.assign(document.createElement("a"), { href: text, rel: "noopener nofollow ugc", target: "_blank", referrerPolicy: "no-referrer", textContent: text });
}

/** Put *text* there with its links, unless it stands there already: what one reads or has marked is left alone. */
export function writeTalk(element, text) {
  if (element.textContent !== text) element.replaceChildren(...pieces(text).map(made));
}
