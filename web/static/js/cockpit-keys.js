// The cockpit by keyboard. Off until somebody switches it on, as a letter that is said to a machine that listens would else give a cue.
// A key presses the button of the page, so whatever holds for the button holds for the key.

import { part, show, write } from "./page.js";
import { tell } from "./spoken.js";

const KEPT = "samsyn:cockpit-keys";
const WRITES = "input, textarea, select, [contenteditable]";

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

function keep(what) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(what));
  } catch {
    // For this page only, then.
  }
}

/** The button that each key presses, or nothing when there is none now. */
const buttons = (live, page) => ({
  go: () => part(page, "go"),
  hold: () => part(page, "hold"),
  extend: () => page.querySelector('#pane-run [data-do="rundown.extend"] button'),
  undo: () => page.querySelector('#pane-run [data-do="rundown.undo"] button'),
  close: () => cardOf(page, live.state?.polls?.findLast((poll) => poll.voting === "open"))?.querySelector('[data-voting="closed"]'),
  show: () => cardOf(page, live.state?.polls?.findLast((poll) => poll.voting === "closed"))?.querySelector('[data-result="everyone"]'),
});

const cardOf = (page, poll) => poll && page.querySelector(`[data-poll="${CSS.escape(poll.poll)}"]`);

/** Let the keys of the page press its buttons, when somebody has switched them on. */
export function takeKeys(live, page) {
  const box = part(page, "keys");
  const fields = [...box.querySelectorAll("[data-key]")];
  const on = part(box, "keys-on");
  const why = part(box, "keys-why");
  const does = buttons(live, page);
  const { on: was = false, keys = {} } = kept();
  on.checked = was;
  for (const field of fields) field.value = keys[field.dataset.key] ?? field.value;
  show(box, true);

  const line = part(box, "keys-line");
  const save = () => {
    write(line, on.checked ? line.dataset.on : line.dataset.off);
    keep({ on: on.checked, keys: Object.fromEntries(fields.map((field) => [field.dataset.key, field.value])) });
  };
  write(line, on.checked ? line.dataset.on : line.dataset.off);
  on.addEventListener("change", save);
  for (const field of fields) {
    field.addEventListener("focus", () => field.select());
    field.addEventListener("input", () => {
      field.value = field.value.trim().toLowerCase();
      const taken = field.value && fields.some((one) => one !== field && one.value === field.value);
      if (taken) field.value = "";
      write(why, taken ? why.dataset.taken : "");
      if (taken) tell(why.dataset.taken);
      save();
    });
  }

  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (!on.checked || event.repeat || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (target.closest?.(WRITES) || document.querySelector("dialog[open]")) return;
    const field = fields.find((one) => one.value && one.value === key.toLowerCase());
    const button = field && does[field.dataset.key]();
    if (!button || button.disabled) return;
    event.preventDefault();
    button.click();
    tell(field.labels[0].textContent);
  });
}
