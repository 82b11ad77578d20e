// A film or a kit on its way to the server: how far it has come, and what the server makes of it. Without scripts the form posts by itself.

import { part, show, write } from "./page.js";

const form = document.querySelector("[data-upload]");
const ASK_MS = 2000;

function far(percent) {
  const bar = part(form, "upload-bar");
  show(bar, percent < 100);
  bar.firstElementChild.setAttribute("width", `${percent}%`);
}

async function follow(address, state) {
  for (;;) {
    const status = await (await fetch(address)).json();
    if (status.text) write(state, status.text);
    if (status.state === "ready") return location.reload();
    if (status.state === "refused") return undefined;
    await new Promise((resume) => setTimeout(resume, ASK_MS));
  }
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const state = part(form, "upload-state");
  const { most, tooLarge, failed } = form.dataset;
  if (most && form.elements.file.files[0]?.size > Number(most)) return write(state, tooLarge); // it is not sent in vain
  const request = new XMLHttpRequest(); // fetch cannot tell how much has been sent
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.upload.onprogress = ({ loaded, total }) => {
    far((100 * loaded) / total);
    write(state, `${Math.floor((100 * loaded) / total)} %`);
  };
  request.onload = () => {
    far(100);
    const where = request.getResponseHeader("Location");
    if (request.status === 202 && where) follow(where, state);
    else if (request.status === 201 && where) location.assign(where);
    else write(state, JSON.parse(request.responseText || "{}").detail ?? failed);
  };
  request.onerror = () => write(state, failed);
  request.send(new FormData(form));
});
