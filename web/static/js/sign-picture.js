// Somebody who interprets into sign language, in a second picture beside the first one and as large as one wants it. It has neither sound
// nor controls of its own; it follows the first picture wherever that is, live and in a recording.

import { fetchHls } from "./player-library.js";
import { mark, part, show, write } from "./page.js";

const KEPT = "samsyn:sign";
const SIZES = ["s", "m", "l"];
const FAR_S = 0.5; // further from the first picture: jump. Nearer, go a little faster or slower than it
const NEAR_S = 0.12;
const RATE_MOST = 0.1;
const STILL_MS = 5000; // no movement for so long: fetch it anew
const WORDLESS = { subtitleTrackController: undefined, subtitleStreamController: undefined, timelineController: undefined }; // captions are the first picture's

class Picture {
  #video;
  #library;
  #url = "";
  #hls = null;
  #moved = { at: 0, time: -1 };

  constructor(video, library) {
    this.#video = video;
    this.#library = library;
    video.muted = true;
  }

  /** Whether there is something to see. */
  get there() {
    return this.#video.readyState > 1;
  }

  /** Show what is at *url*; none stops it. */
  async watch(url) {
    if (url === this.#url) return;
    this.#url = url;
    this.#hls?.destroy();
    this.#hls = null;
    this.#video.removeAttribute("src");
    this.#still();
    if (!url) return void this.#video.load();
    const Hls = await fetchHls(this.#library);
    if (url !== this.#url) return;
    if (Hls?.isSupported()) this.#attach(Hls, url);
    else this.#video.src = url;
    this.#video.play().catch(() => undefined);
  }

  #attach(Hls, url) {
    const hls = new Hls({ lowLatencyMode: url.endsWith("/index.m3u8"), liveSyncDuration: 1.3, liveMaxLatencyDuration: Infinity, maxLiveSyncPlaybackRate: 1, capLevelToPlayerSize: true, backBufferLength: 60, ...WORDLESS });
    this.#hls = hls;
    hls.on(Hls.Events.ERROR, (_, { fatal, type }) => {
      if (fatal && type === Hls.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
    });
    hls.attachMedia(this.#video);
    hls.loadSource(url);
  }

  get #date() {
    const start = this.#video.getStartDate?.().getTime();
    return this.#hls?.playingDate?.getTime() ?? (start > 0 ? start + 1000 * this.#video.currentTime : null);
  }

  #still() {
    this.#moved = { at: performance.now(), time: this.#video.currentTime };
  }

  /** Be where the first picture is: at its moment of the studio, as fast as it goes, and at rest when it rests. */
  follow({ date, playing, rate = 1 }) {
    const video = this.#video;
    if (!this.#url) return;
    const gap = date && this.#date ? (date - this.#date) / 1000 : 0;
    if (Math.abs(gap) > FAR_S && video.seekable.length) this.#jump(gap);
    if (!playing) {
      video.pause();
      return this.#still();
    }
    if (video.ended) return this.#still(); // a recording's; told to play it would begin anew
    if (video.paused) video.play().catch(() => undefined);
    video.playbackRate = rate * (Math.abs(gap) > NEAR_S ? 1 + Math.max(-RATE_MOST, Math.min(RATE_MOST, gap / 4)) : 1);
    if (video.currentTime !== this.#moved.time) this.#still();
    else if (performance.now() - this.#moved.at > STILL_MS) this.#again();
  }

  #jump(gap) {
    const { seekable } = this.#video;
    this.#video.currentTime = Math.min(Math.max(this.#video.currentTime + gap, seekable.start(0)), seekable.end(seekable.length - 1));
  }

  #again() {
    const url = this.#url;
    this.#url = "";
    this.watch(url);
  }
}

/** The picture with its switch and its sizes. Whoever chooses otherwise has it drawn anew: `sign` is told on the frame. */
export class SignPane {
  #frame;
  #picture;
  #chosen = remembered();

  constructor(frame, library) {
    this.#frame = frame;
    this.#picture = new Picture(part(frame, "sign-video"), library);
    part(frame, "sign-switch").addEventListener("click", () => this.#choose({ on: !this.#chosen.on }));
    for (const size of SIZES) part(frame, `sign-${size}`).addEventListener("click", () => this.#choose({ size }));
  }

  #choose(some) {
    this.#chosen = { ...this.#chosen, ...some };
    try {
      localStorage.setItem(KEPT, JSON.stringify(this.#chosen));
    } catch {
      // For this page only, then.
    }
    this.#frame.dispatchEvent(new Event("sign"));
  }

  /** Offer it or not; at *url* it is seen if it is wanted, and without one it is not. */
  draw(offered, url) {
    const on = Boolean(offered && url && this.#chosen.on);
    const { size } = this.#chosen;
    show(part(this.#frame, "sign-switch"), offered);
    mark(part(this.#frame, "sign-switch"), "aria-pressed", String(on));
    show(part(this.#frame, "sign"), on);
    show(part(this.#frame, "sign-sizes"), on);
    this.#frame.dataset.sign = on ? size : "";
    for (const one of SIZES) mark(part(this.#frame, `sign-${one}`), "aria-pressed", String(one === size));
    this.#picture.watch(on ? url : "");
  }

  /** Each second: the first picture's moment, and whether it moves. */
  follow(first) {
    this.#picture.follow(first);
    const none = part(this.#frame, "sign-none");
    write(none, this.#picture.there ? "" : none.dataset.text);
  }
}

function remembered() {
  try {
    const { on = false, size = "m" } = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    return { on: on === true, size: SIZES.includes(size) ? size : "m" };
  } catch {
    return { on: false, size: "m" };
  }
}
