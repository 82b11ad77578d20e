// Three ways to the server, one behind the other: a WebSocket; server-sent events with POST; asking for the state again and again.
// Each is `{start, send, stop}` and calls `on.frame(frame)`, `on.answer(answer)` and, once, `on.down(why)`.

const SILENT_MS = 5000; // a way that opens and then says nothing leads through a proxy that swallows it
const OPEN_MS = 10_000; // a handshake that is neither taken nor refused
const POLL_MS = 5000;
export const WISH_MOST_BYTES = 8 * 1024; // the server closes on more
const encoder = new TextEncoder();

/** Size of a wish on the wire. */
export const weight = (wish) => encoder.encode(JSON.stringify(wish)).length;

/** Where a day's data are; *lane* is what a big screen looks at when it is not its own. */
const address = ({ day, lane }, what, from) => {
  const url = new URL(`/days/${encodeURIComponent(day)}/${what}`, location.href);
  url.search = new URLSearchParams({ ...(from?.epoch ? { epoch: from.epoch, since: from.seq } : {}), ...(lane ? { lane } : {}) });
  return url;
};

export class SocketRoute {
  name = "socket";
  #socket;
  #timer;
  #over = false;
  #on;
  #heard = false;
  #opened = false;

  constructor(place, from, on) {
    this.#on = on;
    const url = address(place, "socket", from);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    this.#socket = new WebSocket(url);
    this.#timer = setTimeout(() => this.#down({ why: "closed" }), OPEN_MS);
    this.#socket.onopen = () => {
      this.#opened = true;
      this.#wait(SILENT_MS, "silent");
    };
    this.#socket.onmessage = ({ data }) => this.#take(data);
    this.#socket.onclose = ({ code }) => this.#down({ why: "closed", code });
  }

  send(wish) {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(wish));
  }

  stop() {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#socket.onclose = this.#socket.onmessage = this.#socket.onopen = null;
    this.#socket.close();
  }

  #wait(ms, why) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#down({ why }), ms);
  }

  #take(data) {
    const frame = JSON.parse(data);
    if (!this.#heard) clearTimeout(this.#timer);
    this.#heard = true;
    if ("re" in frame) this.#on.answer(frame);
    else this.#on.frame(frame);
  }

  #down(how) {
    if (this.#over) return;
    this.stop();
    this.#on.down({ opened: this.#opened, heard: this.#heard, ...how });
  }
}

/** What the two reserve ways have in common: wishes go by POST, the state is fetched. */
class PostRoute {
  heard = false;

  constructor(place, on) {
    this.place = place;
    this.on = on;
    this.over = false;
  }

  async send(wish) {
    try {
      const answer = await fetch(address(this.place, "wishes"), { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(wish) });
      if (answer.status === 401) return this.down({ why: "signed-out" });
      const body = await answer.json();
      if (answer.status < 500 && "ok" in body) this.on.answer({ ...body, re: wish.id });
      else this.on.unsent(wish);
    } catch {
      this.on.unsent(wish);
    }
  }

  /** Fetch the state and hand it over as a welcome; `null` when that ended this way. */
  async fetchState() {
    const found = await stateOf(this.place);
    if (this.over) return null;
    if (found === null) return this.down({ why: "signed-out" });
    const { epoch, seq, ...state } = found;
    this.on.frame({ welcome: { epoch, seq, state } });
    return { epoch, seq };
  }

  down(how) {
    if (!this.over) {
      this.stop();
      this.on.down({ heard: this.heard, ...how });
    }
    return null;
  }

  stop() {
    this.over = true;
    clearTimeout(this.timer);
  }
}

export class EventsRoute extends PostRoute {
  name = "events";
  #source;

  constructor(place, from, on) {
    super(place, on);
    this.#listen(from);
  }

  async #listen(from) {
    try {
      const start = from?.epoch ? from : await this.fetchState();
      if (!start || this.over) return;
      this.epoch = start.epoch;
      this.#source = new EventSource(address(this.place, "news", start));
      this.timer = setTimeout(() => this.down({ why: "silent" }), SILENT_MS);
      this.#source.onmessage = ({ data, lastEventId }) => this.#take(JSON.parse(data), lastEventId.split(":")[0]);
      this.#source.onerror = () => this.down({ why: "closed" });
    } catch {
      this.down({ why: "away" });
    }
  }

  #take(frame, epoch) {
    clearTimeout(this.timer);
    this.heard = true;
    if (frame.welcome) this.epoch = frame.welcome.epoch;
    else if (epoch && epoch !== this.epoch) return this.down({ why: "closed", afresh: true });
    this.on.frame(frame);
  }

  stop() {
    super.stop();
    this.#source?.close();
  }
}

export class PollingRoute extends PostRoute {
  name = "polling";

  constructor(place, _, on) {
    super(place, on);
    this.#ask();
  }

  async #ask() {
    try {
      this.heard = Boolean(await this.fetchState());
      if (!this.over) this.timer = setTimeout(() => this.#ask(), POLL_MS);
    } catch {
      this.down({ why: "away" });
    }
  }
}

/** The state as it is now, with `epoch` and `seq`; `null` for somebody who is signed out. */
export async function stateOf(place) {
  const answer = await fetch(address(place, "state"), { headers: { Accept: "application/json" } });
  if (answer.status === 401) return null;
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}
