// What a cue is called. A title may be a text with a place in it; scripts have the same texts in the page's language.

import { word } from "./words.js";

/** The title of a cue of the run-of-show or of `now.next`. */
export function cueTitle({ do: name, title, what }) {
  const told = word(`cue.${name}`, { what: what ?? "" });
  return told === `cue.${name}` ? (title ?? name) : told;
}
