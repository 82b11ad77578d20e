// Camera and microphone: asked for, chosen, changed, switched off and on, and how loud it is.

const VIDEO = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } };
const AUDIO = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const CHOSEN = "samsyn:devices";
const FLOOR_DB = -60;
const WHY = { NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "no-camera", OverconstrainedError: "no-camera", NotReadableError: "busy", AbortError: "busy" };

const remembered = () => {
  try {
    return JSON.parse(localStorage.getItem(CHOSEN)) ?? {};
  } catch {
    return {};
  }
};

/** Events: `change` (tracks, switches, devices). */
export class Devices extends EventTarget {
  stream = null;
  cameras = [];
  mics = [];
  #chosen = remembered();
  #meter = null;

  constructor() {
    super();
    navigator.mediaDevices?.addEventListener?.("devicechange", () => this.stream && this.#list());
  }

  get allowed() {
    return Boolean(globalThis.isSecureContext && navigator.mediaDevices?.getUserMedia && globalThis.RTCPeerConnection);
  }

  /** Ask for both. Resolves to why it could not be: `denied`, `no-camera`, `no-mic`, `busy`; `""` when it could. */
  async open({ video = true } = {}) {
    try {
      this.#take(await navigator.mediaDevices.getUserMedia(this.#wanted(video)));
    } catch (error) {
      if (video && error.name === "OverconstrainedError" && (this.#chosen.camera || this.#chosen.mic)) {
        this.#chosen = {};
        return this.open({ video });
      }
      return video ? this.#why(error) : { denied: "denied", busy: "busy" }[WHY[error.name]] ?? "no-mic";
    }
    await this.#list();
    return "";
  }

  async #why(error) {
    const why = WHY[error.name] ?? "busy";
    if (why !== "no-camera") return why;
    const kinds = (await navigator.mediaDevices.enumerateDevices().catch(() => [])).map(({ kind }) => kind);
    return kinds.includes("videoinput") && !kinds.includes("audioinput") ? "no-mic" : why;
  }

  #wanted(video) {
    const { camera, mic } = this.#chosen;
    return { audio: mic ? { ...AUDIO, deviceId: { exact: mic } } : AUDIO, video: video && (camera ? { ...VIDEO, deviceId: { exact: camera } } : VIDEO) };
  }

  #take(stream) {
    this.close();
    this.stream = stream;
    for (const track of stream.getTracks()) track.addEventListener("ended", () => this.stream === stream && this.dispatchEvent(new CustomEvent("lost", { detail: track.kind })));
    this.#meter = meter(stream);
    this.dispatchEvent(new Event("change"));
  }

  async #list() {
    const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    this.cameras = all.filter(({ kind }) => kind === "videoinput");
    this.mics = all.filter(({ kind }) => kind === "audioinput");
    this.dispatchEvent(new Event("change"));
  }

  /** Another device; `kind` is `camera` or `mic`. */
  async choose(kind, id) {
    this.#chosen = { ...this.#chosen, [kind]: id };
    try {
      localStorage.setItem(CHOSEN, JSON.stringify(this.#chosen));
    } catch {
      // For this page only, then.
    }
    const off = this.stream?.getTracks().filter((track) => !track.enabled).map(({ kind: one }) => one) ?? [];
    const why = await this.open({ video: this.has("video") || kind === "camera" });
    for (const track of this.stream?.getTracks() ?? []) track.enabled = !off.includes(track.kind);
    return why;
  }

  has(kind) {
    return Boolean(this.stream?.getTracks().some((track) => track.kind === kind));
  }

  isOn(kind) {
    return Boolean(this.stream?.getTracks().some((track) => track.kind === kind && track.enabled));
  }

  /** Off is black and still, at once; the light of the camera stays, for it is only a moment. */
  turn(kind, on) {
    for (const track of this.stream?.getTracks() ?? []) if (track.kind === kind) track.enabled = on;
    this.dispatchEvent(new Event("change"));
  }

  name(kind) {
    return this.stream?.getTracks().find((track) => track.kind === kind)?.label ?? "";
  }

  id(kind) {
    return this.stream?.getTracks().find((track) => track.kind === kind)?.getSettings().deviceId ?? "";
  }

  /** dB below full scale, from -60 to 0; `null` when nothing is heard at all. */
  get level() {
    return this.#meter?.read() ?? null;
  }

  close() {
    this.#meter?.close();
    this.#meter = null;
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.dispatchEvent(new Event("change"));
  }
}

function meter(stream) {
  if (!globalThis.AudioContext || !stream.getAudioTracks().length) return null;
  const context = new AudioContext();
  const analyser = Object.assign(context.createAnalyser(), { fftSize: 2048 });
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    read() {
      if (context.state === "suspended") context.resume().catch(() => undefined);
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, one) => sum + one * one, 0) / samples.length;
      return power > 0 ? Math.max(FLOOR_DB, 10 * Math.log10(power)) : null;
    },
    close: () => context.close().catch(() => undefined),
  };
}
