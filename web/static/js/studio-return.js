// What somebody in the studio sees and hears: the panel without delay and without oneself; where that cannot be had, the lane.

import { Watcher } from "./peers.js";
import { mark, part, show, write } from "./page.js";
import { Player } from "./player.js";
import { word } from "./words.js";

const REST_MS = 15_000; // after the panel could not be had, before it is tried again

export class ReturnPicture {
  #page;
  #day;
  #player;
  #watcher = null;
  #key = "";
  #tiredUntil = 0;
  #hearing = false;
  #lane = false;
  #near;

  constructor(page, day) {
    this.#page = page;
    this.#day = day;
    this.#near = part(page, "near");
    this.#player = new Player(part(page, "far"), page.dataset.laneUrl, page.dataset.hls);
    this.#player.addEventListener("change", () => this.draw());
    part(page, "hear").addEventListener("click", () => this.hear(!this.#hearing));
  }

  /** Sound on or off. On air the lane stays silent: it would bring one's own words back seconds later. */
  hear(on) {
    this.#hearing = on;
    this.draw();
  }

  /**
   * @param seat `{source, panel}` once one has come; `null` before.
   * @param panelLive whether the panel is sending, @param dayLive whether lanes are.
   */
  follow(seat, panelLive, dayLive) {
    const wanted = seat && panelLive && Date.now() > this.#tiredUntil ? `/days/${encodeURIComponent(this.#day)}/sources/${encodeURIComponent(seat.panel)}/whep?without=${encodeURIComponent(seat.source)}` : "";
    if (wanted !== this.#key) {
      this.#key = wanted;
      this.#watcher?.stop();
      this.#watcher = wanted ? this.#watch(wanted) : null;
    }
    if (dayLive !== this.#lane) {
      this.#lane = dayLive;
      if (dayLive) this.#player.play({ muted: true });
      else this.#player.stop();
    }
    this.draw();
  }

  #watch(url) {
    const watcher = new Watcher(this.#near, url, this.#day);
    watcher.addEventListener("change", () => {
      if (watcher.state === "lost" || watcher.state === "refused") {
        this.#tiredUntil = Date.now() + REST_MS;
        watcher.stop();
        this.#key = "";
        if (this.#watcher === watcher) this.#watcher = null;
      }
      this.draw();
    });
    watcher.start();
    return watcher;
  }

  draw(onAir = this.onAir) {
    this.onAir = onAir;
    const direct = this.#watcher?.state === "on";
    show(this.#near, direct);
    show(part(this.#page, "far"), !direct);
    show(part(this.#page, "return-none"), !direct && !this.#lane);
    write(part(this.#page, "return-title"), word(direct ? "studio.panel" : "studio.audience"));
    write(part(this.#page, "return-delay"), direct ? word("studio.no-delay") : this.#lane && this.#player.delay !== null ? word("studio.delay", { n: this.#player.delay }) : "");
    this.#near.muted = !(direct && this.#hearing);
    this.#player.mute(direct || !this.#hearing || Boolean(onAir));
    const button = part(this.#page, "hear");
    button.disabled = !direct && (!this.#lane || Boolean(onAir));
    mark(button, "aria-pressed", String(this.#hearing));
    write(part(this.#page, "hear-text"), word(this.#hearing ? "studio.hearing" : "studio.hear"));
  }
}
