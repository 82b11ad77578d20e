// A lane's picture in somebody else's page: the player alone, without the day's news. What changes between before, live and after, a reload brings.

import { CaptionPanel } from "./captions.js";
import { mark, part, show, write } from "./page.js";
import { number } from "./phrasing.js";
import { takeKeys } from "./player-keys.js";
import { Player } from "./player.js";
import { word } from "./words.js";

const AGAIN_MS = 30_000; // a page that waits looks again this often, and up to half as long later: intranets open it for many at once

const frame = document.getElementById("embed");
const { state, laneUrl, hls } = frame.dataset;
const again = () => setTimeout(() => location.reload(), AGAIN_MS * (1 + Math.random() / 2));

if (state !== "live") {
  if (state !== "ended") again();
} else begin();

function begin() {
  const video = part(frame, "video");
  const player = new Player(video, laneUrl, hls);
  const captions = new CaptionPanel(part(frame, "captions"));
  const on = (name, act) => part(frame, name).addEventListener("click", act);
  const draw = () => bar(player);
  on("play", () => player.play({ muted: false }));
  const pause = () => void (video.paused ? player.play() : video.pause());
  const full = () => void (video.requestFullscreen ? video.requestFullscreen().catch(() => undefined) : video.webkitEnterFullscreen?.());
  on("pause", pause);
  on("sound", () => player.mute(!player.muted));
  on("captions-switch", () => player.setCaptions(!player.captions));
  on("audio-only", () => player.setAudioOnly(!player.audioOnly));
  on("save-data", () => player.save(!player.saving));
  on("to-live", () => player.toLive());
  on("full", full);
  takeKeys(frame, player, { pause, full });
  show(part(frame, "full"), document.fullscreenEnabled || video.webkitEnterFullscreen);
  document.addEventListener("fullscreenchange", () => { video.controls = document.fullscreenElement === video; }); // there our own are not in sight
  player.addEventListener("change", draw);
  player.addEventListener("captions", ({ detail }) => captions.tell(detail));
  player.addEventListener("trouble", () => write(part(frame, "delay"), word("player.trouble")));
  player.addEventListener("none", () => sorry());
  video.addEventListener("ended", () => location.reload());
  draw();
}

function bar(player) {
  show(part(frame, "start"), !player.wanted);
  show(part(frame, "bar"), player.wanted);
  const paused = player.wanted && !player.playing;
  part(frame, "pause").querySelector("use").setAttribute("href", paused ? "#i-play" : "#i-pause");
  write(part(frame, "pause-text"), word(paused ? "player.play" : "player.pause"));
  write(part(frame, "sound-text"), word(player.muted ? "player.sound-on" : "player.sound-off"));
  mark(part(frame, "captions-switch"), "aria-pressed", String(player.captions));
  show(part(frame, "audio-only"), player.canAudioOnly);
  mark(part(frame, "audio-only"), "aria-pressed", String(player.audioOnly));
  show(part(frame, "save-data"), player.canSave);
  mark(part(frame, "save-data"), "aria-pressed", String(player.saving));
  show(part(frame, "to-live"), player.behind);
  write(part(frame, "delay"), player.delay === null ? "" : word("player.behind", { n: number(player.delay) }));
  show(part(frame, "captions"), player.captions && player.wanted);
}

function sorry() {
  const text = part(frame, "text");
  write(text, text.dataset.none);
  show(text, true);
  show(part(frame, "play"), false);
  show(part(frame, "start"), true);
}
