// What whoever runs the day must know of the house: that nothing can be saved, that many are slowed down at the door. Calm, and gone when it is over.

import { show } from "./page.js";
import { number } from "./phrasing.js";

/** @param live a Live; the state's `house` is kept up by news. */
export function showNotices(live) {
  const box = document.getElementById("notices");
  const draw = () => {
    const told = live.state?.house ?? {};
    for (const notice of box.querySelectorAll("[data-notice]")) {
      const value = told[notice.dataset.notice];
      const text = notice.querySelector("span");
      const words = notice.dataset.text?.replace("{n}", number(value ?? 0));
      if (value && words && text.textContent !== words) text.textContent = words;
      show(notice, value);
    }
  };
  live.addEventListener("state", draw);
  live.addEventListener("news", draw);
}
