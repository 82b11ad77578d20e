// Items are dragged with the mouse to another place in their lane; what is sent is the form that the buttons send too.

let dragged = null;

function places(lane) {
  return [...lane.children];
}

for (const lane of document.querySelectorAll('[data-part="lane"]')) {
  for (const row of lane.children) {
    const form = row.querySelector('[data-part="moves"]');
    if (!form) continue;
    row.draggable = true;
    row.addEventListener("dragstart", (event) => {
      dragged = row;
      event.dataTransfer.effectAllowed = "move";
    });
    row.addEventListener("dragend", () => (dragged = null));
  }
  lane.addEventListener("dragover", (event) => dragged?.parentElement === lane && event.preventDefault());
  lane.addEventListener("drop", (event) => {
    if (dragged?.parentElement !== lane) return;
    event.preventDefault();
    const to = event.target.closest("li");
    const steps = places(lane).indexOf(to) - places(lane).indexOf(dragged);
    if (!to || steps === 0) return;
    const form = dragged.querySelector('[data-part="moves"]');
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "steps", value: String(steps) });
    form.append(field);
    form.submit(); // without a button, so without a way: the steps count
  });
}
