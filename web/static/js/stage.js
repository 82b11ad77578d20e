// The frame around the picture: what stands over it before, between and after; the bar below it; captions; the name plate.

import { CaptionPanel, takeSizes } from "./captions.js";
import { countdown, now, until } from "./clock.js";
import { mark, part, piece, show, write } from "./page.js";
import { number, said } from "./phrasing.js";
import { takeKeys } from "./player-keys.js";
import { Player } from "./player.js";
import { isAway, standing } from "./programme.js";
import { regionName } from "./beside.js";
import { Sign } from "./sign.js";
import { writeSlide } from "./slide-text.js";
import { tell } from "./spoken.js";
import { word } from "./words.js";

const TONE_S = 0.9;
const AIRS_MOST = 8;
const PLATE_MS = 10_000; // long enough to read a name and a title, short enough not to cover a film

export class Stage {
  #live;
  #page;
  #frame;
  #player;
  #joined;
  #captions;
  #sign;
  #airs = []; // what the lane has shown lately
  #none = false;

  constructor(live, page) {
    this.#live = live;
    this.#page = page;
    this.#frame = part(page, "stage");
    this.#player = new Player(part(page, "video"), page.dataset.laneUrl, page.dataset.hls);
    this.#joined = takeNote();
    this.#captions = new CaptionPanel(part(this.#frame, "captions"));
    takeSizes(part(this.#frame, "sizes"), part(this.#frame, "captions"));
    this.#sign = new Sign(live, this.#frame, page.dataset.hls);
    this.#wire();
  }

  #wire() {
    const player = this.#player;
    const on = (name, act) => part(this.#frame, name).addEventListener("click", act);
    on("play", () => player.play({ muted: false }));
    on("pause", () => this.#pause());
    on("full", () => this.#full());
    on("sound", () => (player.playing ? player.mute(!player.muted) : player.play({ muted: false })));
    on("captions-switch", () => player.setCaptions(!player.captions));
    on("audio-only", () => player.setAudioOnly(!player.audioOnly));
    on("save-data", () => player.save(!player.saving));
    on("to-live", () => player.toLive());
    on("from-start", () => player.fromStart());
    on("sound-test", tone);
    player.addEventListener("change", () => {
      this.#bar();
      if (this.#live.state) this.#lane();
    });
    player.addEventListener("captions", ({ detail }) => this.#captions.tell(detail));
    player.addEventListener("trouble", () => this.#live.connected && write(part(this.#frame, "delay"), word("player.trouble")));
    player.addEventListener("none", () => this.#sorry());
    this.#frame.addEventListener("sign", () => this.#lane());
    this.#live.addEventListener("connection", () => this.#live.connected && player.nudge());
    takeKeys(this.#frame, this.#player, { pause: () => this.#pause(), full: () => this.#full() });
    show(part(this.#frame, "sound-test"), globalThis.AudioContext);
    const video = part(this.#frame, "video");
    video.tabIndex = 0; // its keys hold while one is at it
    show(part(this.#frame, "full"), video.requestFullscreen || video.webkitEnterFullscreen);
    document.addEventListener("fullscreenchange", () => { video.controls = document.fullscreenElement === video; }); // there our own are not in sight
  }

  #pause() {
    const video = part(this.#frame, "video");
    if (video.paused) this.#player.play();
    else video.pause();
  }

  /** The picture alone, with the browser's own controls. */
  #full() {
    const video = part(this.#frame, "video");
    if (video.requestFullscreen) video.requestFullscreen().catch(() => undefined); // refused: it stays as it is
    else video.webkitEnterFullscreen?.();
  }

  draw() {
    const { state } = this.#live;
    const { day, now: moment = {} } = state;
    const before = day.state === "published" || day.state === "draft";
    show(part(this.#frame, "lobby"), before);
    show(part(this.#frame, "ended"), day.state === "ended");
    show(part(this.#frame, "on-air"), day.state === "live");
    this.#follow(state.lane);
    this.#plate(moment.name_plate);
    this.#lane();
    this.#captions.write(state, now());
    if (day.state === "live") this.#begin();
    else if (this.#player.wanted) this.#player.stop();
    this.#bar();
  }

  /** What the lane shows, with when it began: the picture comes later to the page than the news of it. */
  #follow(lane) {
    if (lane?.since && this.#airs.at(-1)?.since !== lane.since) this.#airs = [...this.#airs.slice(-AIRS_MOST), lane];
    else if (lane?.since) this.#airs[this.#airs.length - 1] = lane; // its source came, or went
    this.#slate();
  }

  /** Words over the slate, from the moment it is seen here. */
  #slate() {
    const seen = now() - 1000 * (this.#player.delay ?? 0);
    const lane = this.#airs.findLast((one) => Date.parse(one.since) <= seen);
    const over = lane && (lane.kind === "slate" || (lane.until && Date.parse(lane.until) <= seen));
    const text = this.#live.state.day.state === "live" && over && this.#player.wanted && lane.text;
    show(part(this.#frame, "slate"), text);
    write(part(this.#frame, "slate-text"), text || "");
  }

  tick() {
    this.#slate();
    this.#sign.follow(this.#player);
    this.#plate(this.#live.state.now?.name_plate);
    const { day } = this.#live.state;
    const left = until(day.starts_at);
    show(part(this.#frame, "countdown"), left > 0 && left < 86_400_000);
    write(part(this.#frame, "countdown"), countdown(left));
    if (left < 0) write(part(this.#frame, "lobby-title"), word("lobby.soon")); // later than planned, and nobody knows how much
  }

  #lane() {
    const { state } = this.#live;
    const { current, lane } = standing(state, now());
    const away = isAway(current) && lane !== "national";
    const tag = part(this.#frame, "lane-tag");
    tag.className = `lane-tag lane-tag--${away ? "region" : "common"}`;
    write(tag, away ? regionName(state, lane) : word("lane.common"));
    show(tag, state.day.state === "live");
    const { laneUrl, lane: first } = this.#page.dataset;
    const url = lane === first ? laneUrl : laneUrl.replace(`/lanes/${first}/`, `/lanes/${lane}/`);
    this.#player.watch(url);
    writeSlide(this.#frame, state.lane);
    this.#sign.draw(url, { isOwn: lane === state.lane?.lane, player: this.#player });
  }

  #plate(plate) {
    const place = part(this.#frame, "plate");
    const seen = now() - 1000 * (this.#player.delay ?? 0) - Date.parse(plate?.at ?? 0); // since its picture reached this page
    const stands = plate?.name && seen >= 0 && seen < PLATE_MS;
    show(place, stands);
    if (!stands) return;
    place.classList.toggle("screen-frame__name--region", isAway(standing(this.#live.state, now()).current));
    const about = [plate.role, plate.organisation].filter(Boolean).join(", ");
    place.replaceChildren(plate.name, ...(about ? [Object.assign(document.createElement("small"), { textContent: about })] : []));
  }

  /** Muted at once for those who joined by a tap; a button for all others. */
  #begin() {
    if (this.#player.wanted || this.#begun) return;
    this.#begun = true;
    if (this.#joined) this.#player.play({ muted: true });
    this.#bar();
  }

  #begun = false;

  #bar() {
    const player = this.#player;
    const live = this.#live.state?.day.state === "live";
    const frame = this.#frame;
    show(part(frame, "start"), live && (!player.wanted || this.#none));
    if (live && !this.#none) write(part(frame, "start-title"), said(standing(this.#live.state, now()).current, "title"));
    show(part(frame, "bar"), live && player.wanted);
    const paused = live && player.wanted && !player.playing;
    part(frame, "pause").querySelector("use").setAttribute("href", paused ? "#i-play" : "#i-pause");
    write(part(frame, "pause-text"), word(paused ? "player.play" : "player.pause"));
    const sound = part(frame, "sound");
    const icon = player.muted ? "mute" : "sound";
    if (sound.dataset.icon !== icon) sound.replaceChildren(piece(`icon-${icon}`), ` ${word(player.muted ? "player.sound-on" : "player.sound-off")}`);
    sound.dataset.icon = icon;
    sound.classList.toggle("button--call", player.muted);
    sound.removeAttribute("aria-pressed");
    mark(part(frame, "captions-switch"), "aria-pressed", String(player.captions));
    show(part(frame, "audio-only"), player.canAudioOnly);
    mark(part(frame, "audio-only"), "aria-pressed", String(player.audioOnly));
    show(part(frame, "save-data"), player.canSave);
    mark(part(frame, "save-data"), "aria-pressed", String(player.saving));
    show(part(frame, "to-live"), player.behind);
    write(part(frame, "delay"), !live || player.delay === null ? "" : word("player.behind", { n: number(player.delay) }));
    show(part(frame, "captions"), live && player.captions && (player.wanted || this.#captions.speaks));
    show(part(frame, "sizes"), live && player.captions && (player.wanted || this.#captions.speaks));
  }

  /** What somebody writes live. */
  written() {
    this.#captions.write(this.#live.state, now());
    this.#bar();
  }

  #sorry() {
    write(part(this.#frame, "start-title"), word("player.none"));
    show(part(this.#frame, "play"), false);
    this.#none = true;
    this.#bar();
    tell(word("player.none"));
  }
}

function takeNote() {
  try {
    const joined = sessionStorage.getItem("samsyn:joined");
    sessionStorage.removeItem("samsyn:joined");
    return Boolean(joined);
  } catch {
    return false;
  }
}

/** A soft tone, so that one knows before the day that sound comes out. */
function tone() {
  const sound = new AudioContext();
  const [wave, loud] = [sound.createOscillator(), sound.createGain()];
  wave.frequency.value = 440;
  loud.gain.setValueAtTime(0, sound.currentTime);
  loud.gain.linearRampToValueAtTime(0.2, sound.currentTime + 0.05);
  loud.gain.linearRampToValueAtTime(0, sound.currentTime + TONE_S);
  wave.connect(loud).connect(sound.destination);
  wave.start();
  wave.stop(sound.currentTime + TONE_S);
  wave.onended = () => sound.close();
}
