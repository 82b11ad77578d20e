// Items are dragged with the mouse to another place in their lane, or to another lane or block; what is sent is the form that the buttons
// send too.

let dragged = null;

function places(lane) {
  return [...lane.children];
}

/** Send one of the row's own forms, with one field more or one set. */
function send(row, part, name, value) {
  const form = row.querySelector(`[data-part="${part}"]`);
  const field = form.elements[name] ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
  field.value = value;
  form.submit(); // without a button, so without a way: the steps count
}

const lanes = [...document.querySelectorAll('[data-part="lane"]')];

for (const lane of lanes) {
  for (const row of lane.children) {
    if (!row.querySelector('[data-part="moves"]')) continue;
    row.draggable = true;
    row.addEventListener("dragstart", (event) => {
      dragged = row;
      event.dataTransfer.effectAllowed = "move";
    });
    row.addEventListener("dragend", () => (dragged = null));
  }
  lane.addEventListener("dragover", (event) => dragged && event.preventDefault());
  lane.addEventListener("drop", (event) => {
    if (!dragged) return;
    event.preventDefault();
    if (dragged.parentElement !== lane) {
      send(dragged, "carry", "to", lane.dataset.to);
      return;
    }
    const to = event.target.closest("li");
    const steps = places(lane).indexOf(to) - places(lane).indexOf(dragged);
    if (to && steps !== 0) send(dragged, "moves", "steps", String(steps));
  });
}
