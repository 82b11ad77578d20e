"""The reducer of the tests, held to the vectors that the browser's is held to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.fold import CHAT_MOST, fold

VECTORS: list[dict[str, Any]] = msgspec.json.decode((Path(__file__).parent / "news_vectors.json").read_bytes())


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["says"])
def test_news_are_laid_over_the_state(vector: dict[str, Any]) -> None:
    state = vector["state"]
    for item in vector["news"]:
        state = fold(state, item["type"], item["data"])

    assert state == vector["then"]


def test_of_the_chat_only_the_last_messages_are_kept() -> None:
    state: dict[str, Any] = {"chat": []}
    for number in range(CHAT_MOST + 3):
        state = fold(state, "chat.said", {"message": f"m{number}"})

    assert [one["message"] for one in state["chat"]] == [f"m{number}" for number in range(3, CHAT_MOST + 3)]
