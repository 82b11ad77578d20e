// The picture: one HLS address all day. hls.js where it runs, the browser's own where it does not; native controls; nothing sounds before a tap.

import { now } from "./clock.js";

const LIVE_S = 4; // behind the newest second: two segments; by itself the library would stay nine
const STILL_MS = 3000; // no new picture for so long: fetch the lane anew (a server that came back, a long outage)
const STILL_MOST_MS = 6000; // a lane that does not come is asked for this often, for as long as it takes
const BEHIND_S = 15; // from here on there is a button to the present
const CAPTIONS = "samsyn:captions";

const remembered = () => {
  try {
    return localStorage.getItem(CAPTIONS);
  } catch {
    return null;
  }
};

/** Events: `change` (something a control shows), `captions` (`detail`: lines now, newest last), `trouble`, `none` (cannot be played here). */
export class Player extends EventTarget {
  captions = remembered() !== "off";
  delay = null; // seconds behind the studio
  audioOnly = false;
  canAudioOnly = false;
  #video;
  #library;
  #url;
  #hls = null;
  #wanted = false;
  #moved = { key: "", at: 0, patience: STILL_MS };
  #tracks = new WeakSet();

  /**
   * @param video the element.
   * @param url the lane.
   * @param library where hls.js is; it is fetched when it is first needed.
   */
  constructor(video, url, library) {
    super();
    this.#video = video;
    this.#url = url;
    this.#library = library;
    video.muted = true;
    for (const event of ["play", "pause", "volumechange", "ended"]) video.addEventListener(event, () => this.#changed());
    video.addEventListener("play", () => this.#wanted || this.play());
    video.textTracks.addEventListener("addtrack", ({ track }) => this.#listen(track));
    for (const event of ["fullscreenchange", "webkitbeginfullscreen", "webkitendfullscreen"]) {
      (event === "fullscreenchange" ? document : video).addEventListener(event, () => this.#showTracks(event === "webkitbeginfullscreen"));
    }
    new MutationObserver(() => emptyTracks(video)).observe(video, { childList: true });
    setInterval(() => this.#watch(), 1000);
  }

  get muted() {
    return this.#video.muted || this.#video.volume === 0;
  }

  get playing() {
    return this.#wanted && !this.#video.paused;
  }

  get wanted() {
    return this.#wanted;
  }

  /** Start, or start again. Resolves to `false` when the browser asks for a tap first. */
  async play({ muted = this.#video.muted } = {}) {
    this.#wanted = true;
    this.#video.muted = muted;
    this.#still();
    if (!this.#hls && !this.#video.src) await this.#load();
    try {
      await this.#video.play();
    } catch (error) {
      if (error.name === "NotAllowedError") {
        this.#wanted = false;
        this.#changed();
        return false;
      }
    }
    this.#changed();
    return true;
  }

  /** Watch another lane; the same one changes nothing. */
  watch(url) {
    if (url === this.#url) return;
    this.#url = url;
    if (this.#wanted) this.#again();
  }

  /** The server is there again: if the picture stands still, do not wait for the next try. */
  nudge() {
    if (this.#wanted && !this.#video.paused && performance.now() - this.#moved.at > 1500) this.#again();
  }

  stop() {
    this.#wanted = false;
    this.#drop();
    this.#video.removeAttribute("src");
    this.#video.load();
  }

  mute(muted) {
    this.#video.muted = muted;
    if (!muted && this.#video.volume === 0) this.#video.volume = 1;
  }

  setCaptions(on) {
    this.captions = on;
    try {
      localStorage.setItem(CAPTIONS, on ? "on" : "off");
    } catch {
      // For this page only, then.
    }
    if (this.#hls) this.#hls.subtitleTrack = on ? 0 : -1;
    this.#showTracks();
    this.#changed();
  }

  setAudioOnly(on) {
    const level = this.#hls?.levels.findIndex((one) => !one.videoCodec && one.audioCodec);
    if (level === undefined || level < 0) return;
    this.audioOnly = on;
    this.#hls.nextLevel = on ? level : -1;
    this.#changed();
  }

  toLive() {
    const { seekable } = this.#video;
    const end = this.#hls?.liveSyncPosition ?? (seekable.length ? seekable.end(seekable.length - 1) : null);
    if (end) this.#video.currentTime = end;
    this.#video.play().catch(() => undefined);
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }

  async #load() {
    const Hls = await this.#fetchLibrary();
    if (Hls?.isSupported()) return this.#attach(Hls); // asked first: Chrome says "maybe" to the native way and would take it silently
    if (this.#video.canPlayType("application/vnd.apple.mpegurl")) this.#video.src = this.#url;
    else this.dispatchEvent(new Event("none"));
    return undefined;
  }

  #fetchLibrary() {
    if (globalThis.Hls) return globalThis.Hls;
    return new Promise((resolve) => {
      const script = document.createElement("script");
      Object.assign(script, { src: this.#library, onload: () => resolve(globalThis.Hls), onerror: () => resolve(null) });
      document.head.append(script);
    });
  }

  #attach(Hls) {
    const live = { lowLatencyMode: true, liveSyncDuration: LIVE_S, liveMaxLatencyDuration: 6 * LIVE_S, maxLiveSyncPlaybackRate: 1.05 };
    const hls = new Hls({ ...live, backBufferLength: 60, capLevelToPlayerSize: true, subtitlePreference: { lang: "sv" } });
    this.#hls = hls;
    hls.on(Hls.Events.SUBTITLE_TRACKS_UPDATED, () => {
      hls.subtitleTrack = this.captions && hls.subtitleTracks.length ? 0 : -1;
      hls.subtitleDisplay = false; // they are read below the picture; in full screen the picture shows them
      this.#changed();
    });
    hls.on(Hls.Events.MANIFEST_PARSED, () => {
      this.canAudioOnly = hls.levels.some((one) => !one.videoCodec && one.audioCodec) && hls.levels.length > 1;
      this.#changed();
    });
    hls.on(Hls.Events.ERROR, (_, { fatal, type }) => {
      if (fatal && type === Hls.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
    });
    hls.attachMedia(this.#video);
    hls.loadSource(this.#url);
  }

  #drop() {
    this.#hls?.destroy();
    this.#hls = null;
  }

  /** Fetch the lane anew, as a fresh page would. */
  async #again() {
    this.#drop();
    this.#video.removeAttribute("src");
    this.#still();
    await this.#load();
    if (this.#wanted) this.#video.play().catch(() => undefined);
  }

  #still() {
    this.#moved.at = performance.now();
  }

  /** Each second: has the picture moved, and how far behind are we? A tab in the background draws nothing, so there the time counts. */
  #watch() {
    const video = this.#video;
    if (!this.#wanted || video.paused || video.ended) return this.#still();
    const frames = document.hidden || !video.videoWidth ? "" : video.getVideoPlaybackQuality?.().totalVideoFrames ?? "";
    const key = `${frames}|${frames === "" ? video.currentTime : ""}`;
    if (key !== this.#moved.key) {
      this.#moved.patience = this.#moved.key ? STILL_MS : this.#moved.patience;
      this.#moved.key = key;
      this.#still();
    } else if (performance.now() - this.#moved.at > this.#moved.patience) {
      this.#moved.patience = Math.min(STILL_MOST_MS, this.#moved.patience * 1.5) + Math.random() * 500;
      this.#moved.key = "";
      this.dispatchEvent(new Event("trouble"));
      this.#again();
    }
    return this.#measure();
  }

  #measure() {
    const date = this.#hls?.playingDate ?? (this.#video.getStartDate?.().getTime() > 0 ? new Date(this.#video.getStartDate().getTime() + 1000 * this.#video.currentTime) : null);
    const delay = date ? Math.max(0, Math.round((now() - date.getTime()) / 1000)) : null;
    if (delay !== this.delay) {
      this.delay = delay;
      this.#changed();
    }
  }

  /** Far enough behind, on purpose or not, that one may want to jump. */
  get behind() {
    return this.delay !== null && this.delay > BEHIND_S;
  }

  get hasCaptions() {
    return [...this.#video.textTracks].some((track) => track.kind === "subtitles" || track.kind === "captions");
  }

  #listen(track) {
    if (this.#tracks.has(track) || track.kind === "metadata" || track.kind === "chapters") return;
    this.#tracks.add(track);
    track.addEventListener("cuechange", () => this.#said(track));
    this.#showTracks();
  }

  #said(track) {
    if (!this.captions || track.mode === "disabled") return;
    const lines = [...(track.activeCues ?? [])].flatMap((cue) => (cue.getCueAsHTML?.().textContent ?? cue.text ?? "").split("\n"));
    const once = [...new Set(lines.map((line) => line.trim()).filter(Boolean))]; // a cue that lies in two segments comes twice
    this.dispatchEvent(new CustomEvent("captions", { detail: once }));
  }

  #showTracks(beginning = false) {
    const full = beginning || document.fullscreenElement?.contains(this.#video) || this.#video.webkitDisplayingFullscreen;
    if (this.#hls) this.#hls.subtitleDisplay = Boolean(full);
    for (const track of this.#video.textTracks) {
      if (this.#tracks.has(track)) track.mode = this.captions ? (full ? "showing" : "hidden") : "disabled";
    }
  }
}

let empty;

/** hls.js gives its tracks an empty file as a `data:` address, which our security policy refuses; a blob says the same. */
function emptyTracks(video) {
  for (const track of video.querySelectorAll('track[src^="data:"]')) {
    empty ??= URL.createObjectURL(new Blob(["WEBVTT\n\n"], { type: "text/vtt" }));
    track.src = empty;
  }
}
