// A survey before it opens: follow-ups come and go as they will. Nothing is sent.

import { takeArranging } from "./arranging.js";
import { follow } from "./follow-ups.js";

const root = document.getElementById("preview");
const questions = [...root.querySelectorAll("[data-question]")];

takeArranging(root);
root.addEventListener("change", () => follow(questions));
follow(questions);
