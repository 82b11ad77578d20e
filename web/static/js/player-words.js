// The captions of the picture: read below it, and on it in full screen; whether they are wanted is remembered.

const KEPT = "samsyn:captions";

/** The text tracks of a video; `said` hears the lines of this moment, newest last. */
export class Words {
  wanted = remembered() !== "off";
  #video;
  #said;
  #hls = null;
  #tracks = new WeakSet();

  constructor(video, said) {
    this.#video = video;
    this.#said = said;
    video.textTracks.addEventListener("addtrack", ({ track }) => this.#listen(track));
    document.addEventListener("fullscreenchange", () => this.#show());
    video.addEventListener("webkitbeginfullscreen", () => this.#show(true));
    video.addEventListener("webkitendfullscreen", () => this.#show());
    new MutationObserver(() => emptyTracks(video)).observe(video, { childList: true });
  }

  /** Whether there are any. */
  get there() {
    return [...this.#video.textTracks].some((track) => track.kind === "subtitles" || track.kind === "captions");
  }

  /** They come through this player library now, or through none. */
  from(hls) {
    this.#hls = hls;
  }

  /** The library has found its tracks: take the first, and do not let it draw. */
  found() {
    this.#hls.subtitleTrack = this.wanted && this.#hls.subtitleTracks.length ? 0 : -1;
    this.#hls.subtitleDisplay = false; // they are read below the picture; in full screen the picture shows them
  }

  want(on) {
    this.wanted = on;
    try {
      localStorage.setItem(KEPT, on ? "on" : "off");
    } catch {
      // For this page only, then.
    }
    if (this.#hls) this.#hls.subtitleTrack = on ? 0 : -1;
    this.#show();
  }

  #listen(track) {
    if (this.#tracks.has(track) || track.kind === "metadata" || track.kind === "chapters") return;
    this.#tracks.add(track);
    track.addEventListener("cuechange", () => this.#heard(track));
    this.#show();
  }

  #heard(track) {
    if (!this.wanted || track.mode === "disabled") return;
    const lines = [...(track.activeCues ?? [])].flatMap((cue) => (cue.getCueAsHTML?.().textContent ?? cue.text ?? "").split("\n"));
    this.#said([...new Set(lines.map((line) => line.trim()).filter(Boolean))]); // a cue that lies in two segments comes twice
  }

  #show(beginning = false) {
    const full = beginning || document.fullscreenElement?.contains(this.#video) || this.#video.webkitDisplayingFullscreen;
    if (this.#hls) this.#hls.subtitleDisplay = Boolean(full);
    for (const track of this.#video.textTracks) {
      if (this.#tracks.has(track)) track.mode = this.wanted ? (full ? "showing" : "hidden") : "disabled";
    }
  }
}

function remembered() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
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
