// Wishes that have not been answered. They outlive a reload of the tab, and keep their id: asked again, they have the same answer.

const KEEP_MOST = 100; // a screen that was away for hours; the oldest go first

/** An id nobody else makes. `crypto.randomUUID` is missing on plain http, which an installation in a house may use. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Outbox {
  #name;
  #wishes;
  #person;

  /** @param name where in this tab's storage they are kept; storage may be full or forbidden, then they live in memory only. */
  constructor(name) {
    this.#name = name;
    try {
      this.#wishes = JSON.parse(sessionStorage.getItem(name)) ?? [];
    } catch {
      this.#wishes = [];
    }
  }

  /** Those that wait, in the order in which they were asked. */
  get waiting() {
    return [...this.#wishes];
  }

  /** The one with this id. */
  find(id) {
    return this.#wishes.find((wish) => wish.id === id);
  }

  /** The screen is this person's now; what somebody else left behind is forgotten. */
  belongTo(person) {
    this.#person = person;
    this.#wishes = this.#wishes.filter((wish) => !wish.person || wish.person === person);
    this.#save();
  }

  /** Keep a wish until it is answered. */
  add(wish) {
    this.#wishes = [...this.#wishes, { ...wish, person: this.#person }].slice(-KEEP_MOST);
    this.#save();
  }

  /** It was answered, or can never be. */
  drop(id) {
    this.#wishes = this.#wishes.filter((wish) => wish.id !== id);
    this.#save();
  }

  #save() {
    try {
      if (this.#wishes.length) sessionStorage.setItem(this.#name, JSON.stringify(this.#wishes));
      else sessionStorage.removeItem(this.#name);
    } catch {
      // Kept in memory.
    }
  }
}
