// Questions beyond those that a fresh page holds. More of a list is fetched when somebody asks for it; what has moved up into a first page
// and is not known here is fetched by itself.

export const AT_ONCE = 20; // as many as a first page has of each list
const SOME_MOST = 100;
const SPREAD_MS = 4000; // many screens miss the same question at the same moment

export class Pages {
  #live;
  #asked = new Set();
  #partly = new Set(); // one's own that stood on no page: what only a page tells of them is not known
  #waits = false;
  /** Ids of what was fetched: it is not new. */
  fetched = new Set();

  constructor(live) {
    this.#live = live;
    live.addEventListener("state", () => {
      this.#asked.clear();
      const { questions = [], piles = [] } = live.state;
      const paged = new Set(piles.flatMap((pile) => pile.page));
      this.#partly = new Set(questions.filter((one) => one.mine && !paged.has(one.question)).map((one) => one.question));
      this.#look();
    });
    live.addEventListener("news", ({ detail }) => detail.some(({ type }) => type.startsWith("questions.")) && this.#look());
  }

  /**
   * The next ones of a list.
   *
   * @param args `{of, order?, after?, lane?}`.
   * @returns the answer; its `data.questions` are in the state, too.
   */
  async more(args) {
    const answer = await this.#live.wish("questions.page", args);
    if (answer.ok) this.#take(answer.data.questions);
    return answer;
  }

  #take(questions) {
    for (const { question } of questions) {
      this.fetched.add(question);
      this.#partly.delete(question);
    }
    this.#live.patch("questions.fetched", ...questions);
  }

  get #missing() {
    const { questions = [], piles = [] } = this.#live.state ?? {};
    const known = new Set(questions.map((one) => one.question));
    return [...new Set(piles.flatMap((pile) => pile.page))].filter((id) => (!known.has(id) || this.#partly.has(id)) && !this.#asked.has(id)).slice(0, SOME_MOST);
  }

  #look() {
    if (this.#waits || !this.#missing.length) return;
    this.#waits = true;
    setTimeout(() => this.#fill(), Math.random() * SPREAD_MS);
  }

  async #fill() {
    this.#waits = false;
    const missing = this.#missing;
    if (!missing.length) return;
    for (const id of missing) this.#asked.add(id);
    const answer = await this.#live.wish("questions.some", { questions: missing, lane: this.#live.state.you?.lane ?? "national" });
    if (answer.ok) this.#take(answer.data.questions);
    for (const id of missing) this.#asked.delete(id);
  }
}
