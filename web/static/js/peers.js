// Pictures and sound straight to and from the media process: WHIP out, WHEP in. One class each; both come back by themselves.

const GATHER_MS = 1500; // for the ways out of this network to be found; later ones are not waited for
const PATIENCE_MS = 12_000; // for a connection to come about
const BREATH_MS = 4000; // a break so short mends itself
const FIRST_TRY_MS = 2700; // long enough to hear that another window sends now
const LAST_TRY_MS = 20_000;
const SDP = "application/sdp";
const VIDEO_BITS = 1_800_000; // 720p30 of a face with slides behind it
const SCREEN_BITS = 1_500_000;
const RATE = 30;

/** The ways that this computer has found out of its network, or those it has found in time. */
export function gathered(peer) {
  if (peer.iceGatheringState === "complete") return Promise.resolve();
  return new Promise((go) => {
    const timer = setTimeout(go, GATHER_MS);
    peer.addEventListener("icegatheringstatechange", () => {
      if (peer.iceGatheringState !== "complete") return;
      clearTimeout(timer);
      go();
    });
  });
}

/** How a connection goes: `{path: "host" | "relay" | "", ms}`. */
export async function pathOf(peer) {
  const stats = await peer.getStats();
  const pairs = [...stats.values()].filter(({ type }) => type === "candidate-pair");
  const transport = [...stats.values()].find(({ type, selectedCandidatePairId }) => type === "transport" && selectedCandidatePairId);
  const pair = stats.get(transport?.selectedCandidatePairId) ?? pairs.find(({ nominated, state }) => nominated && state === "succeeded");
  if (!pair) return { path: "", ms: null };
  const relayed = stats.get(pair.localCandidateId)?.candidateType === "relay" || stats.get(pair.remoteCandidateId)?.candidateType === "relay";
  return { path: relayed ? "relay" : "host", ms: pair.currentRoundTripTime === undefined ? null : Math.round(pair.currentRoundTripTime * 1000) };
}

/** The codecs to send pictures with: H264, which lanes carry as it is. Empty where the browser has none. */
export function h264() {
  const all = globalThis.RTCRtpSender?.getCapabilities?.("video")?.codecs ?? [];
  const best = ({ sdpFmtpLine = "" }) => (/packetization-mode=1/.test(sdpFmtpLine) ? 0 : 2) + (/profile-level-id=42e0/i.test(sdpFmtpLine) ? 0 : 1);
  const found = all.filter(({ mimeType }) => mimeType.toLowerCase() === "video/h264").toSorted((a, b) => best(a) - best(b));
  return found.length ? [...found, ...all.filter(({ mimeType }) => mimeType.toLowerCase() === "video/rtx")] : [];
}

/** A connection that is wanted until it is not: tried again after a while, each time a little later, never all at once. */
class Lasting extends EventTarget {
  state = "off"; // off, connecting, on, lost, refused
  peer = null;
  why = ""; // with "lost" and "refused": the code of the answer, or "network"
  text = "";
  #tries = 0;
  #timer;
  #wanted = false;
  #round = 0;

  get wanted() {
    return this.#wanted;
  }

  start() {
    this.#wanted = true;
    this.#tries = 0;
    this.#connect();
  }

  stop() {
    this.#wanted = false;
    clearTimeout(this.#timer);
    this.#drop();
    this.set("off");
  }

  /** The way may be free again: try now, unless it works. */
  nudge(ms = 500) {
    if (!this.#wanted || this.state === "on" || this.state === "connecting") return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), Math.random() * ms);
  }

  /** Try anew, although it seemed to work. */
  again(why) {
    if (this.#wanted) this.#lost(this.#round, why);
  }

  /** The same, and at once: nobody at the other end knows us. */
  anew() {
    this.again("network");
    this.nudge();
  }

  set(state, why = "", text = "") {
    [this.why, this.text] = [why, text];
    this.state = state;
    this.dispatchEvent(new Event("change"));
  }

  #drop() {
    this.#round += 1;
    const { peer } = this;
    this.peer = null;
    if (!peer) return;
    peer.close();
    if (peer.resource) fetch(peer.resource, { method: "DELETE", keepalive: true, headers: peer.bearer ?? {} }).catch(() => undefined);
  }

  async #connect() {
    this.#drop();
    const round = this.#round;
    this.set("connecting");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => round === this.#round && this.#lost(round, "network"), PATIENCE_MS);
    try {
      const place = await this.place();
      if (round !== this.#round) return;
      const peer = new RTCPeerConnection({ iceServers: place.ice ?? [], bundlePolicy: "max-bundle" });
      this.peer = peer;
      peer.onconnectionstatechange = () => round === this.#round && this.#stands(round, peer);
      this.fit(peer);
      await peer.setLocalDescription();
      await gathered(peer);
      if (round !== this.#round) return;
      await this.#offer(round, peer, place);
    } catch (error) {
      this.#lost(round, "away", String(error));
    }
  }

  async #offer(round, peer, { url, token }) {
    if (token) peer.bearer = { Authorization: `Bearer ${token}` };
    const answer = await fetch(url, { method: "POST", headers: { "Content-Type": SDP, ...peer.bearer }, body: peer.localDescription.sdp });
    if (answer.status !== 201) return this.#refused(round, answer);
    peer.resource = answer.headers.get("Location");
    const sdp = await answer.text();
    if (round === this.#round) await peer.setRemoteDescription({ type: "answer", sdp });
    else fetch(peer.resource, { method: "DELETE", headers: peer.bearer ?? {} }).catch(() => undefined);
    return undefined;
  }

  async #refused(round, answer) {
    const { code = "", title = "" } = await answer.json().catch(() => ({}));
    if (round !== this.#round) return;
    this.#lost(round, code || "away", title, answer.status === 422 || answer.status === 400);
  }

  #stands(round, peer) {
    const { connectionState } = peer;
    if (connectionState === "connected") {
      clearTimeout(this.#timer);
      this.#tries = 0;
      this.set("on");
    } else if (connectionState === "disconnected") {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => round === this.#round && this.#lost(round, "network"), BREATH_MS);
    } else if (connectionState === "failed" || connectionState === "closed") {
      this.#lost(round, "network");
    }
  }

  #lost(round, why, text = "", final = false) {
    if (round !== this.#round) return;
    this.#drop();
    clearTimeout(this.#timer);
    this.set(final ? "refused" : "lost", why, text);
    if (final) return;
    const most = Math.min(LAST_TRY_MS, FIRST_TRY_MS * 2 ** this.#tries);
    this.#tries += 1;
    this.#timer = setTimeout(() => this.#wanted && this.#connect(), most / 3 + (Math.random() * 2 * most) / 3);
  }
}

/** Sends a camera or a screen. Events: `change`. */
export class Sender extends Lasting {
  #stream;
  #kind;

  /**
   * @param place resolves to `{url, token, ice}`; asked before each try, for keys and passwords grow old.
   * @param kind `camera` or `screen`.
   */
  constructor(place, kind = "camera") {
    super();
    this.place = place;
    this.#kind = kind;
  }

  /** Who receives us, by the name that the media process gave. */
  get resource() {
    return this.peer?.resource?.split("/").at(-1) ?? "";
  }

  send(stream) {
    this.#stream = stream;
    this.start();
  }

  /** Another camera or microphone, without a break. */
  async swap(stream) {
    this.#stream = stream;
    const senders = this.peer?.getSenders() ?? [];
    for (const track of stream.getTracks()) {
      const sender = senders.find((one) => one.track?.kind === track.kind || one.kind === track.kind);
      if (!sender) return this.wanted ? this.again("changed") : undefined;
      await sender.replaceTrack(track);
    }
    return undefined;
  }

  fit(peer) {
    const [video] = this.#stream.getVideoTracks();
    const [audio] = this.#stream.getAudioTracks();
    const streams = [this.#stream];
    if (audio) peer.addTransceiver(audio, { direction: "sendonly", streams }).sender.kind = "audio";
    if (!video) return;
    const screen = this.#kind === "screen";
    video.contentHint = screen ? "detail" : "motion";
    const most = { maxBitrate: screen ? SCREEN_BITS : VIDEO_BITS, maxFramerate: RATE };
    const sending = peer.addTransceiver(video, { direction: "sendonly", streams, sendEncodings: [most] });
    sending.sender.kind = "video";
    const codecs = h264();
    if (codecs.length) sending.setCodecPreferences?.(codecs);
    const parameters = sending.sender.getParameters();
    parameters.degradationPreference = "maintain-resolution"; // a lane cannot change its size in the middle
    sending.sender.setParameters(parameters).catch(() => undefined);
  }
}

/** The servers by which this browser gets out of its network; without an answer there are none. */
export async function waysOut(day) {
  try {
    const answer = await fetch(`/days/${encodeURIComponent(day)}/sources/ways`, { headers: { Accept: "application/json" } });
    return answer.ok ? (await answer.json()).ice : [];
  } catch {
    return [];
  }
}

/** Shows a source without delay. Events: `change`. */
export class Watcher extends Lasting {
  #video;
  #url;
  #day;

  constructor(video, url, day) {
    super();
    this.#video = video;
    this.#url = url;
    this.#day = day;
    this.addEventListener("change", () => this.state !== "on" && this.state !== "connecting" && this.#clear());
  }

  async place() {
    return { url: this.#url, ice: await waysOut(this.#day) };
  }

  #clear() {
    if (this.#video.srcObject) this.#video.srcObject = null;
  }

  fit(peer) {
    const stream = new MediaStream();
    peer.ontrack = ({ track }) => {
      stream.addTrack(track);
      this.#video.srcObject = stream;
      this.#video.play().catch(() => undefined); // sound wants a tap first; the button is there
    };
    for (const kind of ["audio", "video"]) {
      const taken = peer.addTransceiver(kind, { direction: "recvonly" });
      if (kind === "video" && h264().length) taken.setCodecPreferences?.(receivable());
    }
  }
}

function receivable() {
  const all = globalThis.RTCRtpReceiver?.getCapabilities?.("video")?.codecs ?? [];
  return all.filter(({ mimeType }) => ["video/h264", "video/rtx"].includes(mimeType.toLowerCase()));
}
