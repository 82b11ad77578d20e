// The sources in the cockpit: who is there, who sends, how loud, what is on air; a look without delay; words with those who take part.

import { everySecond, time, until } from "./clock.js";
import { keep, mark, part, piece, show, write } from "./page.js";
import { Watcher } from "./peers.js";
import { said } from "./phrasing.js";
import { showTyped } from "./real-time-text.js";
import { tell } from "./spoken.js";
import { word } from "./words.js";

const RANK = { panel: 0, studio: 1, link: 2, person: 3, screen: 4 };
const RTMP_APP = "live";
const WHY = new Set(["source.key_wrong", "source.no_picture", "source.unreadable", "source.no_key_frames"]);

/** Draw, and keep drawn, what `cockpit-sources.html` put on the page. */
export function showSources(live, root = document) {
  const pane = part(root, "sources-pane");
  if (!pane) return;
  const open = new Set(); // rows that show more
  const watchers = new Map();
  const heard = new Set();
  let began = false;

  const sources = () => live.state?.sources ?? [];
  const nameOf = (one) => said(one.by, "name") || (one.kind === "person" ? word("studio.nameless") : one.title ?? one.source);
  const nameWithKind = (one) => (one.kind === "screen" && one.by ? `${nameOf(one)}, ${(one.title ?? "").toLowerCase()}` : nameOf(one));
  const panelOf = (one) => sources().find(({ source }) => source === one.panel);
  const seatsOf = (panel) => sources().filter(({ kind, panel: name }) => kind === "person" && name === panel.source);
  const membersOf = (panel) => panel.members ?? seatsOf(panel).filter(({ ready }) => ready).map(({ source }) => source);

  async function ask(name, args) {
    write(part(pane, "sources-state"), word("cockpit.sending"));
    const answer = await live.wish(name, args);
    write(part(pane, "sources-state"), answer.ok ? "" : answer.error.text || word("wish.failed"));
    if (!answer.ok) tell(answer.error.text || word("wish.failed"));
    return answer;
  }

  function make() {
    const row = piece("source");
    const id = () => row.dataset.source;
    const find = () => sources().find(({ source }) => source === id());
    const on = (name, act, event = "click") => part(row, name).addEventListener(event, act);
    on("look", () => toggle(row));
    on("choose", () => {
      const panel = panelOf(find());
      if (panel) ask("streaming.choose", { source: panel.chosen === id() ? null : id(), panel: panel.source });
    });
    on("loudest", () => ask("streaming.choose", { source: null, panel: id() }));
    on("guest-of", ({ target }) => ask("streaming.seat", { person: find().by.person, source: target.value || null }).then(draw), "change");
    on("member", ({ target }) => {
      const panel = panelOf(find());
      const members = membersOf(panel).filter((one) => one !== id());
      target.dataset.asked = "";  // until the answer is here the box shows what was asked for, whatever is drawn meanwhile
      ask("streaming.panel", { panel: panel.source, members: target.checked ? [...members, id()] : members }).then(() => {
        delete target.dataset.asked;
        draw();
      });
    }, "change");
    on("word-form", (event) => {
      event.preventDefault();
      const field = event.target.elements.text;
      const text = field.value.trim();
      field.value = "";
      if (text) ask("streaming.whisper", { text, person: find().by.person }).then((answer) => { if (!answer.ok && !field.value) field.value = text; });
    }, "submit");
    on("key-show", () => showKey(row));
    on("key-renew", () => ask("streaming.renew", { source: id() }).then((answer) => answer.ok && showKey(row)));
    return row;
  }

  async function showKey(row) {
    const answer = await ask("streaming.key", { source: row.dataset.source });
    if (!answer.ok) return;
    const { whip, token, rtmp } = answer.data;
    write(part(row, "key-whip"), new URL(whip, location.href).href);
    write(part(row, "key-token"), token);
    write(part(row, "key-rtmp"), rtmp ? `rtmp://${location.hostname}:${rtmp.port}/${RTMP_APP}/${rtmp.key}` : "");
    for (const name of ["rtmp-t", "rtmp-d"]) show(part(row, name), rtmp);
    show(part(row, "key-list"), true);
  }

  function toggle(row) {
    const { source } = row.dataset;
    if (open.has(source)) open.delete(source);
    else open.add(source);
    draw();
  }

  /** A look costs the network something: it lasts as long as the row is open and the source sends. */
  function look(row, one) {
    const wanted = open.has(one.source) && one.state === "live";
    const had = watchers.get(one.source);
    if (wanted && !had) {
      const watcher = new Watcher(part(row, "picture"), `/days/${encodeURIComponent(live.day)}/sources/${encodeURIComponent(one.source)}/whep`, live.day);
      watchers.set(one.source, watcher);
      watcher.addEventListener("change", () => {
        show(part(row, "picture"), watcher.state === "on");
        const lost = watcher.state === "lost" || watcher.state === "refused";
        if (lost) write(part(row, "no-picture"), watcher.why === "source.full" ? watcher.text : noPicture(one.source));
        if (lost || watcher.state === "on") show(part(row, "no-picture"), lost);
      });
      watcher.start();
    } else if (!wanted && had) {
      had.stop();
      watchers.delete(one.source);
      show(part(row, "picture"), false);
    }
  }

  /** Where the picture can be seen instead. */
  function noPicture(name) {
    const air = sources().find(({ source }) => source === name)?.on_air?.length;
    return word(air ? "sources.no-picture-on-air" : "sources.no-picture");
  }

  function fill(row, one) {
    const name = nameWithKind(one);
    const state = one.state === "live" ? "live" : one.state === "gone" ? "gone" : "waiting";
    const air = Boolean(one.on_air?.length);
    row.classList.toggle("source--on-air", air);
    write(part(row, "name"), name);
    write(part(row, "state"), word(`sources.${state}`));
    part(row, "state").className = `badge badge--${state === "live" ? "ready" : "quiet"}`;
    show(part(row, "tally"), air);
    part(row, "tally").className = `badge badge--${state === "live" ? "live" : "attention"}`;
    write(part(row, "tally"), word(state === "live" ? "sources.on-air" : "sources.taken"));
    show(part(row, "state"), !air || state === "live");
    show(part(row, "ready"), one.ready);
    row.querySelector('form[data-do="streaming.take"] input[name="source"]').value = one.source;
    mark(part(row, "take"), "aria-label", word("sources.take-label", { name }));
    fillSign(row, one, name);
    const wide = open.has(one.source);
    row.classList.toggle("source--open", wide);
    show(part(row, "look"), true);
    write(part(row, "look"), word(wide ? "sources.stop" : "sources.look"));
    mark(part(row, "look"), "aria-label", wide ? `${word("sources.stop")}: ${name}` : word("sources.look-label", { name }));
    mark(part(row, "look"), "aria-expanded", String(wide));
    show(part(row, "more"), wide);
    fillHow(row, one, state);
    fillTrouble(row, one, state);
    fillPanel(row, one, name);
    fillGuest(row, one, name);
    fillWords(row, one, name);
    show(part(row, "key"), one.kind !== "panel" && one.kind !== "person" && !one.sent_by);
    write(part(row, "key-summary"), word("sources.key-label", { name }));
    look(row, one);
  }

  /** Who interprets into sign language, beside whatever is on air; the same button again ends it. */
  function fillSign(row, one, name) {
    const { lane = {} } = live.state;
    const interprets = lane.sign_source === one.source;
    show(part(row, "sign"), one.kind !== "panel" && one.kind !== "screen");
    part(row, "sign").elements.source.value = interprets ? "" : one.source;
    mark(part(row, "sign-button"), "aria-pressed", String(interprets));
    mark(part(row, "sign-button"), "aria-label", word("sources.sign-label", { name }));
  }

  function fillHow(row, one, state) {
    show(part(row, "how"), state === "live");
    const db = one.level_db ?? null;
    part(row, "level").firstElementChild.setAttribute("width", `${db === null ? 0 : Math.round(Math.min(100, Math.max(0, (db + 60) / 0.6)))}%`);
    mark(part(row, "level"), "aria-label", db === null ? word("sources.silent") : word("sources.level", { n: db }));
    const size = one.height ? `${one.height}p` : "";
    const path = one.path ? word(`sources.path-${one.path}`) : "";
    const rate = one.kbit_s ? `${(one.kbit_s / 1000).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} Mbit/s` : "";
    write(part(row, "how-text"), [size, rate, path].filter(Boolean).join(", "));
  }

  /** What the operator may want to know of it, a sentence each; nothing that is in order is told. */
  function fillTrouble(row, one, state) {
    const says = [
      one.why && state !== "live" && WHY.has(one.why) ? word(`sources.${one.why.replace("source.", "")}`) : "",
      one.reencoded && state === "live" ? word("sources.reencoded") : "",
      one.disk_full ? word("sources.disk-full") : "",
      one.lost && state === "live" ? word("sources.lost", { n: one.lost }) : "",
    ].filter(Boolean);
    write(part(row, "trouble"), says.join(" "));
    show(part(row, "trouble"), says.length);
  }

  function fillPanel(row, one, name) {
    const panel = one.kind === "person" ? panelOf(one) : null;
    show(part(row, "panel-acts"), panel);
    show(part(row, "loudest-acts"), one.kind === "panel");
    if (one.kind === "panel") {
      const chosen = sources().find(({ source }) => source === one.chosen);
      mark(part(row, "loudest"), "aria-pressed", String(!one.chosen));
      write(part(row, "loudest"), word("sources.loudest"));
      if (chosen) write(part(row, "how-text"), `${word("sources.by-hand")}: ${nameOf(chosen)}`);
    }
    if (!panel) return;
    const box = part(row, "member");
    if (!("asked" in box.dataset)) box.checked = membersOf(panel).includes(one.source);
    mark(box, "aria-label", word("sources.member-label", { name }));
    const chosen = panel.chosen === one.source;
    mark(part(row, "choose"), "aria-pressed", String(chosen));
    write(part(row, "choose"), word(chosen ? "sources.chosen" : "sources.choose"));
    mark(part(row, "choose"), "aria-label", word("sources.choose-label", { says: word(chosen ? "sources.chosen" : "sources.choose"), name }));
  }

  /** Guests by link: their own camera is one of the day's sources for that, so that the run-of-show takes it by itself. */
  function fillGuest(row, one, name) {
    const sender = one.sent_by && sources().find(({ source }) => source === one.sent_by);
    if (sender) write(part(row, "name"), word("sources.sent-by", { title: name, name: nameOf(sender) }));
    const links = sources().filter(({ kind }) => kind === "link");
    show(part(row, "guest"), one.kind === "person" && links.length);
    if (one.kind !== "person") return;
    const choice = part(row, "guest-of");
    choice.id = `guest-${one.source}`;
    mark(part(row, "guest-label"), "for", choice.id);
    write(part(row, "guest-label"), word("sources.guest-label", { name }));
    const options = [{ source: "", title: word("sources.guest-none") }, ...links];
    keep(choice, "link", options, ({ source }) => source || "-", () => document.createElement("option"), (option, { source, title }) => {
      option.value = source;
      write(option, title);
    });
    choice.value = one.sends_as ?? "";
  }

  function fillWords(row, one, name) {
    show(part(row, "line"), one.kind === "person");
    if (one.kind !== "person") return;
    const field = part(row, "word-form").elements.text;
    field.id = `word-${one.source}`;
    mark(part(row, "word-label"), "for", field.id);
    write(part(row, "word-label"), word("sources.write", { name }));
    field.placeholder = word("sources.write", { name });
    const words = (live.state.whispers ?? []).filter((one_) => one_.with === one.by?.person);
    keep(part(row, "words"), "whisper", words, ({ whisper }) => whisper, () => piece("source-word"), (element, said_) => {
      element.className = `message ${said_.from === "desk" ? "message--staff" : ""}`;
      write(part(element, "who"), said_.from === "desk" ? word("studio.producer") : name);
      write(part(element, "time"), time(said_.at));
      write(part(element, "text"), said_.text);
    });
    for (const said_ of words) {
      if (heard.has(said_.whisper)) continue;
      heard.add(said_.whisper);
      if (!began || said_.from === "desk") continue;
      open.add(one.source); // a word that nobody sees is no word
      show(part(row, "more"), true);
      tell(word("sources.says", { name, text: said_.text }));
      part(row, "words").scrollTop = part(row, "words").scrollHeight;
    }
  }

  function draw() {
    if (!live.state) return;
    const list = sources().toSorted((a, b) => (RANK[a.kind] ?? 9) - (RANK[b.kind] ?? 9));
    const wakes = part(pane, "sources");
    for (const row of [...wakes.children]) if (!row.dataset.made) row.remove(); // drawn by the server: without their scripts
    keep(wakes, "source", list, ({ source }) => source, make, (row, one) => {
      row.dataset.made = "1";
      fill(row, one);
    });
    for (const [name, watcher] of watchers) {
      if (list.some(({ source }) => source === name)) continue;
      watcher.stop();
      watchers.delete(name);
    }
    markFilms();
    show(part(pane, "sources-none"), !list.length);
    write(part(pane, "sources-count"), word("sources.count", { live: list.filter(({ state }) => state === "live").length, ready: list.filter(({ ready }) => ready).length }));
    began = true;
  }

  /** A film that is over is a slate by itself, without news. */
  function markFilms() {
    const { source, until: ends } = live.state?.lane ?? {};
    for (const row of pane.querySelectorAll("[data-film]")) show(part(row, "film-air"), source === row.dataset.film && (!ends || until(ends) > 0));
  }

  live.addEventListener("state", draw);
  live.addEventListener("news", draw);
  everySecond(markFilms);
  showTyped(live, pane);
  addEventListener("pagehide", () => { for (const watcher of watchers.values()) watcher.stop(); });
  draw();
}
