"""A viewer of a running day, at the product's own page."""

from __future__ import annotations

from playwright.sync_api import Browser, Page

from tests.running import Samsyn

SPY = """
window.hlsErrors = [];
window.hlsLevels = [];
let real;
Object.defineProperty(window, "Hls", { configurable: true, get: () => real, set(Hls) {
  real = class extends Hls {
    constructor(config) {
      super(config);
      window.hls = this;
      this.on(Hls.Events.LEVEL_SWITCHED, (_, { level }) => window.hlsLevels.push([Date.now(), this.levels[level].height]));
      this.on(Hls.Events.ERROR, (_, { details, fatal, error }) => {
        window.hlsErrors.push([Date.now(), details, Boolean(fatal), String(error ?? "").slice(0, 200)]);
      });
    }
  };
} });
"""
"""Notes what the playing library complains of, and which picture it chose; the page does not notice."""


def a_page(browser: Browser) -> Page:
    """A desk's browser whose page may be looked into."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True)
    context.add_init_script(SPY)
    return context.new_page()


def watch(page: Page, day: Samsyn) -> None:
    """Join, and have the picture run."""
    page.goto(day.link("participant"))
    page.locator('form[action="/join"] button:not([type=button])').first.click()
    page.wait_for_url("**/live")
    play = page.locator("[data-part=play]")
    page.wait_for_timeout(3_000)
    if play.is_visible():
        play.click()
    page.wait_for_function("document.querySelector('video').currentTime > 1", timeout=30_000)
