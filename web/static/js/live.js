// The line to a day: its state, kept up to date by news, and the wishes of the person at this screen. One for each tab.
//
// A wish is kept (outbox.js) until it is answered, whatever the network does, and is asked again under the same id; so "saved" is said only
// of what is on disk, and nothing is lost or done twice. When a WebSocket cannot be had the same goes on over the reserve ways (routes.js).

import { Outbox, newId } from "./outbox.js";
import { reduce } from "./reduce.js";
import { EventsRoute, PollingRoute, SocketRoute, WISH_MOST_BYTES, stateOf, weight } from "./routes.js";

const ROUTES = { socket: SocketRoute, events: EventsRoute, polling: PollingRoute };
const FINAL = { 4500: "signed-out", 4501: "removed", 4502: "broken" }; // all others are come back from
const BAD_FRAME = new Set([1003, 1007, 1009]); // something we sent cannot be taken; asking again would only close the line again
const FIRST_TRY_MS = 2000; // spreads thousands of screens over two seconds when a server comes back
const LAST_TRY_MS = 20_000;
const ANSWER_MS = 10_000; // a line that answers nothing for so long is dead, whatever it says
const BACK_TO_SOCKET_MS = { worked: 20_000, never: 300_000 }; // from a reserve way: soon if a socket has ever worked here, else seldom
const WAIT_MOST_MS = 15_000; // "come back later" up to here is waited for; beyond it the person is told
const ASLEEP_MS = 45_000; // a tab that was hidden longer has perhaps a line that died unnoticed

const random = (ms) => Math.random() * ms;

/**
 * Events: `state` (a fresh one), `news` (`detail`: the items that were new), `connection` (`detail`: {status, route, since}), `wish` (`detail`:
 * {id, do, args, status: "pending" | "saved" | "refused", answer}).
 */
export class Live extends EventTarget {
  state = null;
  status = "connecting"; // on, reserve, lost, off
  #at = null; // {epoch, seq}: how far the state has come
  #route = null;
  #probe = null; // a socket that is being tried while a reserve way is in use
  #next = "socket";
  #failed = 0; // handshakes since a socket last worked
  #tries = 0;
  #worked = false;
  #drainMs = 0;
  #held = null; // news that wait for a state that is being fetched
  #timers = {};
  #sentAt = new Map();
  #settle = new Map();

  /** @param lane what to look at in place of one's own; for big screens and staff. */
  constructor(day, lane = "") {
    super();
    this.day = day;
    this.lane = lane;
    this.outbox = new Outbox(`samsyn:outbox:${day}`);
  }

  /** Connect, and stay connected for as long as the page lives. */
  start() {
    addEventListener("offline", () => this.connected && this.#set("lost"));
    addEventListener("online", () => this.status === "lost" && this.#again(random(FIRST_TRY_MS)));
    addEventListener("pagehide", () => this.#route?.stop());
    addEventListener("pageshow", ({ persisted }) => persisted && this.#again(0));
    document.addEventListener("visibilitychange", () => this.#wake());
    this.#timers.answers = setInterval(() => this.#check(), 2000);
    this.#connect();
    return this;
  }

  /**
   * Ask for something. Resolves with the answer, which may take hours; follow the `wish` events to show how it stands.
   *
   * @param name as in docs/protocol.md, `polls.vote`.
   */
  wish(name, args = {}) {
    const wish = { id: newId(), do: name, args };
    if (weight(wish) > WISH_MOST_BYTES) {
      const answer = { re: wish.id, ok: false, error: { code: "wire.too_large", text: "" } };
      queueMicrotask(() => this.#tell(wish, "refused", answer));
      return Promise.resolve(answer);
    }
    this.outbox.add(wish);
    const answered = new Promise((resolve) => this.#settle.set(wish.id, resolve));
    this.#tell(wish, "pending");
    if (this.connected) this.#send(wish);
    return answered;
  }

  /** Ask for something that is worth nothing later: it is not kept, not asked again, and nobody hears the answer. */
  once(name, args) {
    if (this.connected) this.#route.send({ id: newId(), do: name, args });
  }

  get connected() {
    return this.status === "on" || this.status === "reserve";
  }

  /** Lay something over the state that no news will tell, such as one's own vote, or what was fetched. */
  patch(type, ...all) {
    if (!this.state) return;
    for (const data of all) this.state = reduce(this.state, { type, data });
    this.#emit("news", all.map((data) => ({ type, data })));
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #tell(wish, status, answer = null) {
    this.#emit("wish", { ...wish, status, answer });
  }

  // The way ------------------------------------------------------------------------------------------------

  #connect(name = this.#next) {
    this.#route?.stop();
    this.#route = this.#open(name);
  }

  #open(name) {
    const mine = () => route === this.#route;
    const route = new ROUTES[name](this, this.#at, {
      frame: (frame) => this.#heard(route) && this.#frame(frame),
      answer: (answer) => mine() && this.#answer(answer),
      unsent: (wish) => mine() && this.#later(wish, random(LAST_TRY_MS)),
      down: (how) => mine() && this.#down(route, how),
    });
    return route;
  }

  /** `true` when *route* is the one we use. The first word on a new way makes it that. */
  #heard(route) {
    if (route === this.#probe) {
      this.#route.stop();
      [this.#route, this.#probe] = [route, null];
    }
    if (route !== this.#route) return false;
    if (route.used) return true;
    route.used = true;
    this.#next = route.name;
    if (route.name === "socket") [this.#worked, this.#failed] = [true, 0];
    else this.#look();
    clearTimeout(this.#timers.stable);
    this.#timers.stable = setTimeout(() => { this.#tries = 0; }, LAST_TRY_MS / 2);
    return true;
  }

  /** From a reserve way, see now and then whether a socket can be had. */
  #look() {
    clearTimeout(this.#timers.look);
    const ms = this.#worked ? BACK_TO_SOCKET_MS.worked : BACK_TO_SOCKET_MS.never;
    this.#timers.look = setTimeout(() => {
      if (this.status !== "reserve") return;
      this.#probe?.stop();
      this.#probe = this.#open("socket");
      this.#look();
    }, ms / 2 + random(ms));
  }

  #down(route, { why, code, heard, opened, afresh }) {
    if (why === "signed-out" || code in FINAL) return this.#end(FINAL[code] ?? why);
    if (BAD_FRAME.has(code)) this.#dropBad(code);
    if (afresh) this.#at = null;
    this.#next = this.#after(route.name, { why, heard, opened });
    this.#set("lost");
    const wait = this.#drainMs || (this.#tries ? Math.min(LAST_TRY_MS, FIRST_TRY_MS * 2 ** this.#tries) : FIRST_TRY_MS);
    this.#tries += 1;
    this.#drainMs = 0;
    this.#again(random(wait));
  }

  #after(name, { why, heard, opened }) {
    if (heard) return name;
    if (name === "socket") {
      this.#failed += 1;
      if (!opened && this.#failed < 2) return "socket";
      this.#failed = 0;
      return "events";
    }
    return name === "events" && why !== "away" ? "polling" : "socket";
  }

  #again(ms) {
    clearTimeout(this.#timers.again);
    this.#timers.again = setTimeout(() => this.#connect(), ms);
  }

  #end(why) {
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    this.#route?.stop();
    this.#probe?.stop();
    this.#set("off", why);
  }

  #set(status, why) {
    if (status === this.status && !why) return;
    this.status = status;
    this.#emit("connection", { status, why, route: this.#route?.name });
  }

  #wake() {
    if (document.hidden) this.#timers.hidden = Date.now();
    else if (this.connected && Date.now() - this.#timers.hidden > ASLEEP_MS) this.#again(random(FIRST_TRY_MS));
  }

  // What comes in ------------------------------------------------------------------------------------------

  #frame(frame) {
    if (frame.welcome) this.#welcome(frame.welcome);
    else if (frame.drain) this.#drainMs = frame.drain.within_ms;
    else if (frame.news && this.#held) this.#held.push(frame);
    else if (frame.news) this.#news(frame);
  }

  #welcome({ epoch, seq, state, recovered }) {
    if (state) this.#fresh(state, { epoch, seq });
    else if (!recovered || !this.state) this.#fetch();
    this.#there();
  }

  #fresh(state, at) {
    const held = this.#held ?? [];
    [this.state, this.#at, this.#held] = [state, at, null];
    this.outbox.belongTo(state.you?.person);
    this.#emit("state", state);
    for (const frame of held) this.#news(frame);
  }

  async #fetch() {
    this.#held = [];
    try {
      const found = await stateOf(this);
      if (found === null) return this.#end("signed-out");
      const { epoch, seq, ...state } = found;
      this.#fresh(state, { epoch, seq });
    } catch {
      this.#held = null;
      this.#at = null;
      this.#again(random(FIRST_TRY_MS));
    }
  }

  #news({ upto, news }) {
    if (!this.state) return;
    const fresh = news.filter((item) => item.seq === undefined || item.seq > this.#at.seq);
    for (const item of fresh) this.state = reduce(this.state, item);
    this.#at = { ...this.#at, seq: Math.max(this.#at.seq, upto ?? 0) };
    if (fresh.length) this.#emit("news", fresh);
    if (this.status === "lost") this.#there();
  }

  #there() {
    this.#set(this.#route.name === "socket" ? "on" : "reserve");
    for (const wish of this.outbox.waiting) this.#send(wish);
  }

  // Wishes -------------------------------------------------------------------------------------------------

  #send(wish) {
    const sent = this.#sentAt.get(wish.id);
    this.#sentAt.set(wish.id, { at: Date.now(), times: (sent?.times ?? 0) + 1 });
    this.#route.send({ id: wish.id, do: wish.do, args: wish.args });
  }

  #later(wish, ms) {
    this.#sentAt.delete(wish.id);
    setTimeout(() => this.connected && this.outbox.find(wish.id) && this.#send(wish), ms);
  }

  #answer(answer) {
    const wish = this.outbox.find(answer.re) ?? (answer.re === null ? this.outbox.waiting[0] : undefined);
    if (!wish) return;
    const later = answer.error?.retry_after_ms;
    if (!answer.ok && later !== undefined && later <= WAIT_MOST_MS) return this.#later(wish, later + random(1000));
    this.#done(wish, answer);
  }

  #done(wish, answer) {
    this.outbox.drop(wish.id);
    this.#sentAt.delete(wish.id);
    this.#tell(wish, answer.ok ? "saved" : "refused", answer);
    this.#settle.get(wish.id)?.(answer);
    this.#settle.delete(wish.id);
  }

  /** A line on which wishes stay unanswered is dead: take another. Each time we are twice as patient. */
  #check() {
    if (this.status !== "on") return;
    const late = (wish) => {
      const sent = this.#sentAt.get(wish.id);
      return sent && Date.now() - sent.at > ANSWER_MS * 2 ** Math.min(sent.times - 1, 3);
    };
    if (this.outbox.waiting.some(late)) {
      this.#set("lost");
      this.#again(0);
    }
  }

  #dropBad(code) {
    const sent = this.outbox.waiting.filter((wish) => this.#sentAt.has(wish.id));
    const bad = code === 1009 ? sent.sort((a, b) => weight(b) - weight(a))[0] : sent.at(-1);
    if (bad) this.#done(bad, { re: bad.id, ok: false, error: { code: "wire.unreadable", text: "" } });
  }
}
