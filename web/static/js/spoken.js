// The three live regions of the shell. Screen readers speak what is written into them; nothing else on the page is live.

const regions = { status: document.getElementById("spoken-status"), alert: document.getElementById("spoken-alert"), log: document.getElementById("spoken-log") };
const QUIET_MS = 7000; // long enough to be spoken, short enough not to be found again by somebody who reads through the page
const LOG_MOST = 20;

function put(region, text) {
  region.textContent = text;
  clearTimeout(region.quiet);
  region.quiet = setTimeout(() => { region.textContent = ""; }, QUIET_MS);
}

/** Say it when there is a pause: a new poll, a vote that was registered. */
export const tell = (text) => put(regions.status, text);

/** Say it at once: contact was lost. */
export const warn = (text) => put(regions.alert, text);

/** Say it in order, for those who asked to hear the chat. */
export function recite(text) {
  const line = document.createElement("p");
  line.textContent = text;
  regions.log.append(line);
  while (regions.log.children.length > LOG_MOST) regions.log.firstElementChild.remove();
}
