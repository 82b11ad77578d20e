// The second picture of a lane, on the live page: offered while somebody interprets there, and taken from where the first picture is.

import { SignPane } from "./sign-picture.js";

export class Sign {
  #live;
  #pane;

  constructor(live, frame, library) {
    this.#live = live;
    this.#pane = new SignPane(frame, library);
  }

  /** Beside the lane at *url*. What is interpreted there is known of one's own lane; another one's is tried. */
  draw(url, { isOwn, player }) {
    const { lane = {}, day } = this.#live.state;
    const interpreted = day.state === "live" && player.wanted && (!isOwn || lane.sign_kind === "source" || lane.sign_kind === "film");
    const beside = url.replace(/\/lanes\/([^/]+)\/[\w-]+\.m3u8/, `/lanes/$1+sign/${player.replay ? "replay" : "index"}.m3u8`);
    this.#pane.draw(interpreted, player.audioOnly ? "" : beside);
    this.follow(player);
  }

  /** Each second. */
  follow(player) {
    this.#pane.follow(player);
  }
}
