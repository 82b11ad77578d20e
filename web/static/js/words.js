// What scripts say stands in the page, in its language (templates/words.html). Nothing is translated here.

const texts = new Map();
for (const template of document.querySelectorAll('template[id^="words"]')) {
  for (const one of template.content.querySelectorAll("[data-word]")) texts.set(one.dataset.word, one.textContent);
}

/** The text of *key* with its `{places}` filled in; the key itself when the page lacks it. */
export function word(key, values = {}) {
  return (texts.get(key) ?? key).replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

/** The text of *key* about *n* of something, or its `<key>-one` about one; *shown* is how the number is written. */
export const numbered = (key, n, shown = n) => word(n === 1 ? `${key}-one` : key, { n: shown });
