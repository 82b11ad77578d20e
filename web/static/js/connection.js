// How the line stands, said truthfully: a badge in the masthead, a banner and a word to screen readers when it has been lost a while.

import { part, piece, show, write } from "./page.js";
import { tell, warn } from "./spoken.js";
import { word } from "./words.js";

const LONG_MS = 10_000; // a blink of the network is no news
const BADGES = { connecting: "badge--quiet", on: "badge--ready", reserve: "badge--reserve", lost: "badge--lost", off: "badge--lost" };

/** Follow *live* on this page. */
export function showConnection(live) {
  const badge = document.querySelector("[data-connection]");
  const banner = part(document, "connection");
  let long;
  let warned = false;

  const announce = (text) => {
    warn(text);
    if (!banner) return;
    write(part(banner, "connection-text"), text);
    show(banner, true);
  };

  const lost = () => {
    announce(word(live.outbox.waiting.length ? "connection.lost-long" : "connection.lost-empty"));
    warned = true;
  };

  live.addEventListener("connection", ({ detail: { status, why } }) => {
    if (badge) badge.className = `badge ${BADGES[status]}`;
    write(badge, word(`connection.${status}`));
    if (badge?.hasAttribute("data-only-lost")) show(badge, status !== "on" && status !== "reserve");
    clearTimeout(long);
    if (status === "off") {
      announce(word(`connection.${why}`));
      if (why !== "broken" && banner) part(banner, "connection-text").append(" ", piece("way-back"));
    } else if (status === "lost") {
      long = setTimeout(lost, LONG_MS);
    } else {
      show(banner, false);
      if (warned) tell(word("connection.back"));
      warned = false;
    }
  });
}
