// What is written on the slide that the lane shows, for those who cannot see it.

import { part, show, write } from "./page.js";
import { word } from "./words.js";

/** Write it below *root*; nothing where no slides are shown. */
export function writeSlide(root, lane) {
  const place = part(root, "slide");
  const slide = lane?.slide;
  show(place, slide);
  if (!slide) return;
  write(part(place, "slide-of"), word("slide.of", { n: slide.page, most: slide.pages }));
  write(part(place, "slide-text"), slide.text || word("slide.wordless"));
}
