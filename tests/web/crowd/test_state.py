from __future__ import annotations

from typing import Any

import msgspec
import pytest

from web.crowd.frames import Item
from web.crowd.state import CHAT_KEPT, State

STATE: dict[str, Any] = {
    "you": {"person": "kim", "name": "Kim"},
    "day": {"day": "d1", "state": "live"},
    "now": {"item": "i1", "cue": "c1"},
    "polls": [{"poll": "p1", "voting": "draft"}, {"poll": "p2", "voting": "open", "mine": ["a"]}],
    "chat": [{"message": "m1", "text": "Hej"}],
    "programme": [{"item": "i1", "state": "now"}, {"item": "i2", "state": "upcoming"}],
    "rooms": [{"room": "national", "open": False}],
    "surveys": [],
}


def fresh(keep: set[str] | None = None, **changed: Any) -> State:
    state = State(keep)
    state.renew({key: msgspec.Raw(msgspec.json.encode(value)) for key, value in {**STATE, **changed}.items()})
    return state


@pytest.mark.parametrize(
    ("kind", "data", "changed"),
    [
        ("polls.opened", {"poll": "p1", "voting": "open"}, {"polls": [{"poll": "p1", "voting": "open"}, STATE["polls"][1]]}),
        (
            "polls.closed",
            {"poll": "p2", "voting": "closed", "mine": None},
            {"polls": [STATE["polls"][0], {"poll": "p2", "voting": "closed"}]},
        ),
        ("polls.made", {"poll": "p3", "help": None}, {"polls": [*STATE["polls"], {"poll": "p3"}]}),
        (
            "chat.said",
            {"message": "m2", "room": "national", "text": "Hå"},
            {"chat": [*STATE["chat"], {"message": "m2", "room": "national", "text": "Hå"}]},
        ),
        ("chat.opened", {"room": "national", "open": True}, {"rooms": [{"room": "national", "open": True}]}),
        ("people.changed", {"person": "kim", "people": 7}, {"you": {"person": "kim", "name": "Kim", "people": 7}}),
        ("day.ended", {"state": "ended"}, {"day": {"day": "d1", "state": "ended"}}),
        ("streaming.took", {"lane": "national", "source": "studio"}, {"lane": {"lane": "national", "source": "studio"}}),
        (
            "rundown.item_started",
            {"item": "i2", "cue": None, "items": [{"item": "i1", "state": "done"}]},
            {"now": {"item": "i2"}, "programme": [{"item": "i1", "state": "done"}, STATE["programme"][1]]},
        ),
        ("regions.joined", {"region": "r-ny", "name": "Region Ny"}, {"regions": [{"region": "r-ny", "name": "Region Ny"}]}),
        ("weather.changed", {"poll": "p1", "sun": True}, {}),
    ],
)
def test_the_state_and_news_make_the_state_of_a_fresh_page(kind: str, data: dict[str, Any], changed: dict[str, Any]) -> None:
    state = fresh()

    state.hear(Item(kind, data))

    assert state.plain() == fresh(**changed).plain()


def test_the_chat_keeps_the_last_fifty() -> None:
    state = fresh()
    for n in range(CHAT_KEPT + 5):
        state.hear(Item("chat.said", {"message": f"n{n}"}))

    assert list(state.every("chat")) == [f"n{n}" for n in range(5, CHAT_KEPT + 5)]


def test_what_is_not_wanted_is_not_kept() -> None:
    state = fresh({"polls"})
    state.hear(Item("chat.said", {"message": "m2"}))
    state.hear(Item("rundown.cue_given", {"item": "i2", "items": [{"item": "i2"}]}))

    assert state.plain() == {"polls": STATE["polls"]}


def test_clients_share_what_they_hold_alike() -> None:
    one, other = fresh(), fresh()

    assert one.every("programme") is other.every("programme")

    one.hear(Item("polls.opened", {"poll": "p1", "voting": "open"}))
    assert other.every("polls")["p1"] == {"poll": "p1", "voting": "draft"}
    assert one.every("polls")["p2"] is other.every("polls")["p2"]
