"""Somebody who runs a day by wishes over HTTP, as a program of a region's own would."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import httpx2

from tests.running import Samsyn

SHED_MS = 2_000  # what a process under pressure says (web/pressure.py)


class Person:
    """Signed in at a day; asks for wishes and reads the state."""

    def __init__(self, running: Samsyn) -> None:
        self._running = running
        self.http = httpx2.Client(base_url=running.url, headers={"Origin": running.url}, follow_redirects=True, trust_env=False, timeout=20)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.http.close()

    def by_link(self, role: str) -> Self:
        """Sign in by a role's link."""
        self.http.get(self._running.link(role)).raise_for_status()
        return self

    def joined(self, **about: Any) -> Self:
        """Join as a participant; a busy machine may ask for patience."""
        told = {"code": self._running.told["join_code"], **about}
        while (answer := self.http.post("/join", json=told)).status_code == 429:
            time.sleep(float(answer.headers["Retry-After"]))
        answer.raise_for_status()
        return self

    def state(self) -> dict[str, Any]:
        """What one sees."""
        found: dict[str, Any] = self.http.get(f"{self._running.day}/state").raise_for_status().json()
        return found

    def answer(self, do: str, args: dict[str, Any] | None = None, wish: str = "") -> dict[str, Any]:
        """Ask, and take what comes."""
        body = {"id": wish or str(uuid4()), "do": do, "args": args or {}}
        found: dict[str, Any] = self.http.post(f"{self._running.day}/wishes", json=body).json()
        return found

    def ask(self, do: str, args: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ask for what must be granted; a busy machine may ask for patience."""
        while (answer := self.answer(do, args)).get("error", {}).get("retry_after_ms") == SHED_MS:
            time.sleep(SHED_MS / 1000)
        assert answer.get("ok") is True, (do, args, answer)
        return answer

    def go_until(self, cue: str) -> None:
        """Press GO until a cue of the country's run-of-show has been given; where all lanes must meet first, give the regions' too."""
        regions = [region["region"] for region in self.state()["regions"]]
        for _ in range(400):
            if self.state()["now"].get("cue") == cue:
                return
            if not self._go("national"):
                for region in regions:
                    while self._go(region):
                        pass
        raise AssertionError(f"{cue} was never given")

    def until_asked(self, survey: str) -> None:
        """Wait until a survey is open: it opens in reaction to its cue, a moment after it."""
        for _ in range(200):
            if any(one["survey"] == survey and one["state"] == "open" for one in self.state()["surveys"]):
                return
            time.sleep(0.2)
        raise AssertionError(f"{survey} never opened")

    def _go(self, lane: str) -> bool:
        answer = self.answer("rundown.go", {"lane": lane})
        if answer["ok"]:
            return True
        if answer["error"]["code"] == "limit.reached":
            time.sleep(answer["error"]["retry_after_ms"] / 1000)
            return self._go(lane)
        return False
