// The picture: one HLS address all day. hls.js where it runs, the browser's own where it does not; nothing sounds before a tap.

import { now } from "./clock.js";
import { setPicture } from "./picture-clock.js";
import { fetchHls } from "./player-library.js";
import { LATE_S, LIVE_S, placeOf, settings, spare } from "./player-settings.js";
import { Words } from "./player-words.js";

const WINDOW_MS = 45_000; // what was paused longer is not in the live list any more
const STILL_MS = 3000; // no new picture for so long: fetch the lane anew (a server that came back, a long outage)
const STILL_MOST_MS = 6000; // a lane that does not come is asked for this often, for as long as it takes
const BEHIND_S = 10; // from here on there is a button to the present

/** Events: `change` (something a control shows), `captions` (`detail`: lines now, newest last), `trouble`, `none` (cannot be played here). */
export class Player extends EventTarget {
  delay = null; // seconds behind the studio
  audioOnly = false;
  canAudioOnly = false;
  saving = false; // the small picture, to spare data
  canSave = false;
  replay = false; // the day from its start, and not what is now
  #video;
  #library;
  #url;
  #hls = null;
  #wanted = false;
  #paused = { at: 0, date: null };
  #moved = { key: "", at: 0, patience: STILL_MS };
  #words;
  #seen = 0; // the latest moment of the studio that was shown

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
    video.addEventListener("play", () => (this.#wanted ? this.#goOn() : this.play()));
    video.addEventListener("pause", () => this.#rest());
    setPicture(() => (this.playing && !this.replay ? this.date : null));
    this.#words = new Words(video, (lines) => this.dispatchEvent(new CustomEvent("captions", { detail: lines })));
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
    this.replay = false;
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

  louder(by) {
    this.#video.volume = Math.min(1, Math.max(0, this.#video.volume + by));
  }

  /** Whether captions are wanted. */
  get captions() {
    return this.#words.wanted;
  }

  get hasCaptions() {
    return this.#words.there;
  }

  setCaptions(on) {
    this.#words.want(on);
    this.#changed();
  }

  /** Sound alone, for a narrow line or to spare data; the place in the day stays. */
  setAudioOnly(on) {
    if (on === this.audioOnly) return;
    this.audioOnly = on;
    this.#again(this.replay ? this.date : null);
    this.#changed();
  }

  /** The small picture, or what the line carries. */
  save(on) {
    this.saving = on;
    if (this.#hls) spare(this.#hls, on);
    this.#changed();
  }

  /** The present: as one key and one button. */
  toLive() {
    if (this.replay) {
      this.replay = false;
      this.#again();
    } else {
      const { seekable } = this.#video;
      const end = this.#hls?.liveSyncPosition ?? (seekable.length ? seekable.end(seekable.length - 1) : null);
      if (end) this.#video.currentTime = end;
      if (this.#hls) this.#hls.config.liveMaxLatencyDuration = LATE_S;
    }
    this.#paused.date = null;
    this.#video.play().catch(() => undefined);
    this.#changed();
  }

  /** The day from its start. */
  fromStart() {
    this.#replayFrom(0);
  }

  /** So many seconds on, or back; what is no longer in the live list is taken from the whole day. */
  seek(seconds) {
    const video = this.#video;
    if (!this.#wanted || !video.seekable.length) return;
    const to = video.currentTime + seconds;
    if (seconds > 0 && !this.replay && (this.delay ?? 0) - seconds < LIVE_S) return this.toLive();
    if (to < video.seekable.start(0) && !this.replay) return this.#replayFrom((this.date ?? now()) + 1000 * seconds);
    if (this.#hls) this.#hls.config.liveMaxLatencyDuration = Infinity; // it is wanted
    video.currentTime = Math.min(Math.max(to, video.seekable.start(0)), video.seekable.end(video.seekable.length - 1));
    return undefined;
  }

  /** The time of the studio that is seen now, in ms; `null` when that is not known. */
  get date() {
    const start = this.#video.getStartDate?.().getTime();
    return this.#hls?.playingDate?.getTime() ?? (start > 0 ? start + 1000 * this.#video.currentTime : null);
  }

  #replayFrom(date) {
    this.replay = true;
    this.#again(date);
    this.#changed();
  }

  #rest() {
    if (this.#wanted) this.#paused = { at: performance.now(), date: this.date };
    if (this.#hls) this.#hls.config.liveMaxLatencyDuration = Infinity;
  }

  /** After a pause the day goes on where it was left. */
  #goOn() {
    const { at, date } = this.#paused;
    this.#paused.date = null;
    if (date && !this.replay && performance.now() - at > WINDOW_MS) this.#replayFrom(date);
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }

  get #source() {
    const name = this.replay ? (this.audioOnly ? "replay-sound" : "replay") : this.audioOnly ? "sound" : "index";
    return this.#url.replace(/[\w-]+\.m3u8/, `${name}.m3u8`);
  }

  async #load(date = null) {
    const Hls = await fetchHls(this.#library);
    if (Hls?.isSupported()) return this.#attach(Hls, date); // asked first: Chrome says "maybe" to the native way and would take it silently
    if (!this.#video.canPlayType("application/vnd.apple.mpegurl")) return this.dispatchEvent(new Event("none"));
    this.canAudioOnly = true;
    this.#video.src = this.#source;
    const place = () => { this.#video.currentTime = placeOf(date, this.#video.getStartDate?.().getTime()); };
    if (this.replay) this.#video.addEventListener("loadedmetadata", place, { once: true });
    return undefined;
  }

  #attach(Hls, date) {
    const hls = new Hls(settings(this.replay));
    this.#hls = hls;
    this.#words.from(hls);
    hls.on(Hls.Events.SUBTITLE_TRACKS_UPDATED, () => {
      this.#words.found();
      this.#changed();
    });
    hls.on(Hls.Events.MANIFEST_PARSED, () => {
      this.canAudioOnly = true;
      this.canSave = hls.levels.length > 1;
      if (this.saving) spare(hls, true);
      this.#changed();
    });
    if (this.replay && date) hls.once(Hls.Events.LEVEL_LOADED, (_, { details }) => this.#goTo(hls, placeOf(date, details.fragments[0]?.programDateTime)));
    hls.on(Hls.Events.ERROR, (_, { fatal, type }) => {
      if (fatal && type === Hls.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
    });
    hls.attachMedia(this.#video);
    hls.loadSource(this.#source);
  }

  /** The list is begun at its start, and left for *place* once there is a picture: told to load from there at once, hls.js at times loads nothing. */
  #goTo(hls, place) {
    this.#video.addEventListener("loadedmetadata", () => { if (this.#hls === hls) this.#video.currentTime = place; }, { once: true });
  }

  #drop() {
    this.#hls?.destroy();
    this.#hls = null;
    this.canSave = false;
    this.#words.from(null);
  }

  /** Fetch the lane anew, as a fresh page would. */
  async #again(date = null) {
    if (date === null && this.replay) return this.#again(this.#seen);
    this.#drop();
    this.#video.removeAttribute("src");
    this.#still();
    if (!this.#wanted) return undefined;
    await this.#load(date);
    if (this.#wanted) this.#video.play().catch(() => undefined);
    return undefined;
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
    const { date } = this;
    if (date) this.#seen = date;
    const delay = date ? Math.max(0, Math.round((now() - date) / 1000)) : null;
    if (delay !== this.delay) {
      this.delay = delay;
      this.#changed();
    }
  }

  /** Far enough behind, on purpose or not, that one may want to jump. */
  get behind() {
    return this.replay || (this.delay !== null && this.delay > BEHIND_S);
  }
}
