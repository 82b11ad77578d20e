from __future__ import annotations

from web.crowd.census import Census, Diary, compare
from web.crowd.frames import Frame, Item
from web.crowd.ledger import Ledger


def diary(cohort: str, *heard: int, since: int = 0, upto: int) -> Diary:
    ledger = Ledger()
    ledger.begin("e1", since)
    for place in heard:
        assert list(ledger.enter(Frame(upto=place, news=(Item("chat.said", {}, place),))))
    list(ledger.enter(Frame(upto=upto)))
    return Diary(cohort, ledger, list(heard))


def test_when_all_heard_the_same_nothing_is_lost() -> None:
    assert compare([diary("a", 1, 2, 5, upto=5), diary("a", 1, 2, 5, upto=5), diary("b", 3, upto=5)]) == Census(7, 0, 0, 0)


def test_what_others_heard_and_one_did_not_is_lost() -> None:
    assert compare([diary("a", 1, 2, 3, upto=3), diary("a", 1, 2, 3, upto=3), diary("a", 1, 3, upto=3)]).lost == 1


def test_what_came_before_or_after_a_client_is_not_its_loss() -> None:
    assert compare([diary("a", 1, 2, 3, upto=3), diary("a", 2, 3, since=1, upto=3), diary("a", 1, 2, upto=2)]).lost == 0


def test_what_only_one_heard_was_for_that_one_alone() -> None:
    assert compare([diary("a", 1, 2, 3, upto=3), diary("a", 1, 3, upto=3)]).lost == 0


def test_a_new_state_holds_what_was_not_heard_before_it() -> None:
    late = diary("a", 1, upto=1)
    late.ledger.begin("e1", 3)

    assert compare([diary("a", 1, 2, 3, upto=3), diary("a", 1, 2, 3, upto=3), late]).lost == 0
