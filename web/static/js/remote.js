// The run-of-show in the moderator's pocket: KÖR, HÅLL, a little more time, the poll that is open and the result of the last one.

import { everySecond } from "./clock.js";
import { showConnection } from "./connection.js";
import { cueTitle } from "./cue-words.js";
import { takeForms } from "./forms.js";
import { drawGoingBack } from "./going-back.js";
import { Live } from "./live.js";
import { keep, mark, part, piece, show, write } from "./page.js";
import { number, said } from "./phrasing.js";
import { tell } from "./spoken.js";
import { numbered, word } from "./words.js";

const page = document.getElementById("remote");
const live = new Live(document.body.dataset.day, document.body.dataset.lane);
const own = live.lane ? { lane: live.lane } : {};
let asked = false; // a KÖR that is not answered yet: the button is not given twice

/** A region in a common block has no run-of-show to give: the country's is given for it. */
const follows = () => live.state.now?.lane === "national" && page.dataset.of !== "national";

function draw() {
  const { day, now = {}, programme = [] } = live.state;
  const running = day.state === "live";
  write(part(page, "now"), said(programme.find((one) => one.item === now.item) ?? day, "title"));
  write(part(page, "air"), word(!running ? "cockpit.not-begun" : now.hold ? "cockpit.held" : "cockpit.on-air"));
  part(page, "after").value = now.cue ?? "";
  write(part(page, "go-title"), now.next ? cueTitle(now.next) : word(running || day.state === "ended" ? "cockpit.last" : "cockpit.before"));
  write(part(page, "go-note"), follows() ? word("cockpit.follows") : "");
  part(page, "go").disabled = asked || !running || !now.next || follows();
  write(part(page, "hold-text"), word(now.hold ? "cockpit.resume" : "cockpit.hold"));
  mark(part(page, "hold"), "aria-pressed", String(Boolean(now.hold)));
  part(page, "hold-form").dataset.do = now.hold ? "rundown.resume" : "rundown.hold";
  drawGoingBack(page, live.state);
  drawPolls();
}

function drawPolls() {
  const polls = live.state.polls ?? [];
  const shown = [...polls.filter((poll) => poll.voting === "open"), ...polls.filter((poll) => poll.voting === "closed").slice(-1)];
  keep(part(page, "polls"), "poll", shown, (poll) => poll.poll, () => piece("remote-poll"), (row, poll) => {
    for (const field of row.querySelectorAll('input[name="poll"]')) field.value = poll.poll;
    write(part(row, "title"), said(poll, "title"));
    write(part(row, "answers"), poll.tally ? numbered("figures.answers", poll.tally.n, number(poll.tally.n)) : "");
    show(part(row, "closing"), poll.voting === "open");
    show(part(row, "showing"), poll.voting === "closed");
    for (const button of row.querySelectorAll("[data-result]")) mark(button, "aria-pressed", String(button.dataset.result === (poll.result ?? "hidden")));
  });
  show(part(page, "none"), !shown.length);
}

/** KÖR says which cue one saw as the last; another one meanwhile is refused, and nobody doubles it. */
async function go(form) {
  if (part(page, "go").disabled) return;
  asked = true;
  part(page, "go").disabled = true;
  write(part(page, "state"), word("cockpit.sending"));
  const answer = await live.wish("rundown.go", { after: form.elements.after.value || null, ...own });
  asked = false;
  write(part(page, "state"), answer.ok ? word("cockpit.done-wish") : answer.error.text || word("wish.failed"));
  if (!answer.ok) tell(answer.error.text);
  draw();
}

live.addEventListener("state", draw);
live.addEventListener("news", draw);
showConnection(live);
takeForms(live, { "rundown.go": go }, () => part(page, "state"));
live.start();
everySecond(() => live.state && drawGoingBack(page, live.state));
