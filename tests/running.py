"""The product itself, started as anybody starts it, in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


@dataclass
class Samsyn:
    """A running `samsyn` with what it told when it answered."""

    process: subprocess.Popen[str]
    told: dict[str, Any]
    log: Path
    arguments: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return str(self.told["base_url"])

    @property
    def day(self) -> str:
        return f"{self.url}/days/{self.told['day']}"

    def link(self, role: str) -> str:
        return str(self.told["links"][role])

    def complaints(self) -> list[str]:
        """Lines of the log that tell of a mistake of ours."""
        return [
            line
            for line in self.log.read_text().splitlines()
            if "Traceback" in line or "never retrieved" in line or '"level": "error"' in line
        ]

    def kill(self) -> None:
        """kill -9: nothing of ours gets to say goodbye."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def samsyn(command: str, folder: Path, *words: object, port: int = 0, **environment: str) -> Iterator[Samsyn]:
    """``samsyn demo`` or ``samsyn serve`` on a folder of its own, until the end of the block.

    Another one on the same folder, with the port of the first, is the first one restarted.
    """
    arguments = [command, "--json", "--port", str(port), "--data-dir", str(folder), *map(str, words)]
    log = folder.with_suffix(".log")
    with log.open("a") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "web.cli", *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, **environment},
        )
        try:
            assert process.stdout
            line = process.stdout.readline()
            assert line, log.read_text()[-3000:]
            yield Samsyn(process, json.loads(line), log, arguments)
        finally:
            process.terminate()
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout:
                process.stdout.close()


@contextmanager
def demo(folder: Path, *, participants: int = 0, speed: float = 0, operator: str = "off", port: int = 0) -> Iterator[Samsyn]:
    """A demo that does nothing by itself, unless it is told to."""
    words = ["--participants", participants, "--speed", speed, "--operator", operator]
    with samsyn("demo", folder, *words, port=port) as running:
        yield running
