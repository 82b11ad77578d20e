// The programme for somebody who works with it: without delay from the source that is on air (WHEP) where that can be had, else by the lane.

import { gathered, waysOut } from "./peers.js";
import { Player } from "./player.js";

const PATIENCE_MS = 4000; // a source that answers and then shows nothing

/** Events: `change`. */
export class Monitor extends EventTarget {
  direct = false;
  #day;
  #video;
  #player;
  #peer = null;
  #source = null;
  #on = false;

  /** @param video plays the lane, @param near plays the source itself. */
  constructor(day, video, near, laneUrl, library) {
    super();
    this.#day = day;
    this.#video = near;
    this.#player = new Player(video, laneUrl, library);
    this.#player.addEventListener("change", () => this.dispatchEvent(new Event("change")));
  }

  get on() {
    return this.#on;
  }

  get muted() {
    return this.direct ? this.#video.muted : this.#player.muted;
  }

  /** Seconds behind the studio; `null` when unknown. */
  get delay() {
    return this.direct ? 0 : this.#player.delay;
  }

  /** Sound on; the browser wants a tap for it. */
  async start() {
    this.#on = true;
    this.#video.muted = false;
    await this.#player.play({ muted: this.direct });
    if (this.#source && !this.direct) await this.#connect(this.#source);
    this.dispatchEvent(new Event("change"));
  }

  stop() {
    this.#on = false;
    this.#leave();
    this.#player.stop();
    this.dispatchEvent(new Event("change"));
  }

  /** What the lane shows now. */
  follow(lane) {
    const source = lane?.kind === "source" ? lane.source : null;
    if (source === this.#source) return;
    this.#source = source;
    this.#leave();
    if (source && this.#on) this.#connect(source);
  }

  async #connect(source) {
    const wanted = {}; // whoever wants another one meanwhile is seen by it
    this.#peer = wanted;
    const iceServers = await waysOut(this.#day);
    if (this.#peer !== wanted) return;
    const peer = new RTCPeerConnection({ iceServers, bundlePolicy: "max-bundle" });
    this.#peer = peer;
    const stream = new MediaStream();
    peer.ontrack = ({ track }) => stream.addTrack(track);
    peer.onconnectionstatechange = () => peer === this.#peer && this.#stands(peer, stream);
    for (const kind of ["audio", "video"]) peer.addTransceiver(kind, { direction: "recvonly" });
    try {
      await peer.setLocalDescription();
      await gathered(peer);
      const where = `/days/${encodeURIComponent(this.#day)}/sources/${encodeURIComponent(source)}/whep`;
      const answer = await fetch(where, { method: "POST", headers: { "Content-Type": "application/sdp" }, body: peer.localDescription.sdp });
      if (answer.status !== 201) throw new Error(String(answer.status));
      peer.resource = answer.headers.get("Location");
      await peer.setRemoteDescription({ type: "answer", sdp: await answer.text() });
      setTimeout(() => peer === this.#peer && peer.connectionState !== "connected" && this.#leave(), PATIENCE_MS);
    } catch {
      if (peer === this.#peer) this.#leave();
    }
  }

  #stands(peer, stream) {
    if (peer.connectionState === "connected") {
      this.#video.srcObject = stream;
      this.#video.play().catch(() => undefined);
      this.direct = true;
      this.#player.mute(true);
    } else if (["failed", "closed", "disconnected"].includes(peer.connectionState)) {
      this.#leave();
    }
    this.dispatchEvent(new Event("change"));
  }

  #leave() {
    const peer = this.#peer;
    this.#peer = null;
    this.#video.srcObject = null;
    if (this.direct && this.#on) this.#player.mute(false);
    this.direct = false;
    if (peer?.resource) fetch(peer.resource, { method: "DELETE" }).catch(() => undefined);
    peer?.close?.();
    this.dispatchEvent(new Event("change"));
  }
}
