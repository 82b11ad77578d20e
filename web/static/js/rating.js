// One tap about the item that just ended. It lies over what stands under the picture, so that nothing moves, and goes when it is answered.

import { part, piece, show, write } from "./page.js";
import { tell } from "./spoken.js";
import { said } from "./phrasing.js";
import { word } from "./words.js";

const THANKS_MS = 12_000; // long enough to begin a line; whoever has begun one keeps the field

export class Rating {
  #live;
  #page;
  #card;
  #shown = ""; // the survey that stands there
  #away = new Set(); // those that were answered before, or put away

  constructor(live, page) {
    this.#live = live;
    this.#page = page;
    this.#card = part(page, "rating");
    const skip = part(page, "rating-skip");
    show(skip, true);
    skip.addEventListener("click", () => this.#put(this.#shown));
  }

  draw() {
    const { surveys = [], programme = [] } = this.#live.state;
    const survey = surveys.findLast((one) => one.item && one.state === "open");
    if (!survey) return this.#put(this.#shown);
    if (survey.survey === this.#shown || this.#away.has(survey.survey)) return;
    if (survey.mine === "done") return void this.#away.add(survey.survey);
    this.#ask(survey, programme.find((one) => one.item === survey.item));
  }

  /** A step, or the line that follows it. */
  async answer(form, submitter) {
    const { survey, ...fields } = Object.fromEntries(new FormData(form, submitter));
    const answers = {};
    for (const [name, value] of Object.entries(fields)) if (name.startsWith("answers.")) answers[name.slice(8)] = submitter?.name === name ? Number(value) : value;
    if (submitter?.name) for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", button === submitter);
    write(part(this.#card, "rating-state"), word(this.#live.connected ? "survey.saving" : "survey.waiting"));
    const answer = await this.#live.wish("surveys.answer", { survey, answers, final: true });
    if (survey !== this.#shown) return;
    if (!answer.ok) return write(part(this.#card, "rating-state"), answer.error.text || word("wish.failed"));
    write(part(this.#card, "rating-state"), word("rating.saved"));
    tell(word("rating.saved"));
    const line = document.getElementById("rating-text");
    const written = form === part(this.#card, "rating-more");
    show(part(this.#card, "rating-more"), line.name && !written);
    setTimeout(() => (written || !(line.value || line === document.activeElement)) && this.#put(survey), THANKS_MS);
  }

  #ask(survey, item) {
    const steps = survey.questions.find((one) => one.kind === "scale");
    const line = survey.questions.find((one) => one.kind === "text");
    if (!steps) return;
    this.#shown = survey.survey;
    for (const form of this.#card.querySelectorAll("form")) form.elements.survey.value = survey.survey;
    write(part(this.#card, "rating-item"), said(item, "title"));
    write(part(this.#card, "rating-question"), said(steps, "title"));
    const labels = said(steps, "labels");
    part(this.#card, "rating-steps").replaceChildren(...Array.from({ length: steps.steps }, (_, n) => {
      const button = piece("rating-step");
      button.name = `answers.${steps.question}`;
      button.value = n + 1;
      button.textContent = labels?.length === steps.steps ? labels[n] : n + 1;
      return button;
    }));
    const field = document.getElementById("rating-text");
    field.value = "";
    field.name = line ? `answers.${line.question}` : "";
    show(part(this.#card, "rating-more"), false);
    write(part(this.#card, "rating-state"), word("rating.ask"));
    if (this.#card.hidden) tell(word("rating.opened"));
    show(this.#card, true);
  }

  #put(survey) {
    if (!survey || survey !== this.#shown) return;
    this.#away.add(survey);
    this.#shown = "";
    show(this.#card, false);
  }
}
