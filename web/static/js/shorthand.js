// Words that a captioner writes short, and names of speakers on keys. They are the writer's own: kept in this browser and nowhere else.

const WORD = /[\p{L}\p{N}]+$/u;

function read(name, usual) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? usual;
  } catch {
    return usual;
  }
}

function save(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // For this page only, then.
  }
}

/** A list that outlives the page. */
export class OwnList {
  #name;

  constructor(name, usual) {
    this.#name = `samsyn:${name}`;
    this.items = read(this.#name, usual);
  }

  set(items) {
    this.items = items;
    save(this.#name, items);
  }
}

/** The word before *place* written out, with where it began; `null` when it stands for nothing. A capital first stays one. */
export function writtenOut(text, place, pairs) {
  const short = WORD.exec(text.slice(0, place))?.[0];
  const found = short && pairs.find(([from]) => from.toLocaleLowerCase("sv") === short.toLocaleLowerCase("sv"))?.[1];
  if (!found) return null;
  const capital = short.length > 1 && short[0] !== short[0].toLocaleLowerCase("sv") && short.slice(1) === short.slice(1).toLocaleLowerCase("sv");
  return { from: place - short.length, text: capital ? found[0].toLocaleUpperCase("sv") + found.slice(1) : found };
}
