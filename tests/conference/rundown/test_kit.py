"""A kit's run-of-show as rows, and what its cues are called."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from conference import NewDay
from conference.kit import make_day
from conference.rundown.kit import compressed, cue_rows
from conference.rundown.titles import TITLES, about, title
from tests.conference.days import DATE, PLANNED, cues_in_kit, the_kit


def test_every_lane_has_its_cues_under_names_of_their_own() -> None:
    names = [cue.cue for cue in cues_in_kit()]

    assert len(names) == len(set(names))
    assert {cue.lane for cue in cues_in_kit()} == {"national", "r-norrvik", "r-sundmark", "r-vastero"}
    assert [cue.cue for cue in cues_in_kit() if cue.item == "i-r1-film@r-vastero"] == ["i-r1-film.01@r-vastero", "i-r1-film.02@r-vastero"]
    assert [cue.position for cue in cues_in_kit()] == list(range(len(names)))


def test_a_cue_is_planned_from_the_start_of_its_item() -> None:
    film = next(cue for cue in cues_in_kit() if cue.cue == "i-valkommen.04")

    assert (film.planned_at, film.at_s, film.do, film.by, film.args) == (
        PLANNED + timedelta(seconds=90), 90, "play_film", "clock", {"film": "film-dagen"},
    )  # fmt: skip


def test_a_day_that_its_kit_does_not_end_is_ended_with_its_last_item() -> None:
    last = cues_in_kit()[-1]

    assert (last.cue, last.do, last.by, last.planned_at) == ("i-utvardering.end", "end_day", "clock", PLANNED + timedelta(hours=6))


def test_a_day_that_its_kit_ends_is_left_so() -> None:
    kit = the_kit()
    *items, final = kit.items
    ends = replace(final.cues[-1], id="end", do="end_day", args={})
    own = replace(kit, items=(*items, replace(final, cues=(*final.cues, ends))))

    cues = cue_rows(own, make_day(own, NewDay(date=DATE), "000000"))

    assert [cue.cue for cue in cues if cue.do == "end_day"] == ["end"]


def test_the_demo_day_is_compressed_to_about_twelve_minutes() -> None:
    assert 100 < compressed(the_kit(), NewDay(date=DATE, operator_auto=True)) <= 600
    assert 10 < compressed(the_kit(), NewDay(date=DATE), 40 * 60) < 30


def test_titles_say_what_a_cue_does_in_swedish() -> None:
    said = {cue.cue: title(cue.do, cue.what) for cue in cues_in_kit()}

    assert said["i-oppning.04"] == "Öppna omröstningen: Vilket ord beskriver samverkan mellan region och kommun hos er?"
    assert said["i-valkommen.04"] == "Spela filmen: Så fungerar dagen"
    assert said["i-oppning.03"] == "Namnskylt: Socialminister"
    assert said["i-hemma.06"] == "Gå över till regionerna: Hemma hos oss"
    assert said["i-utvardering.01"] == "Öppna utvärderingen: Vad tyckte du om dagen?"
    assert said["i-paus-fm.02"] == "Visa skylten: Paus till 10.55"
    assert title("juggle", "") == "juggle"
    assert about("take_source", {"source": "src-tolk", "picture": "sign"}, {"src-tolk": "Tolken"}) == "Tolken (teckentolk)"


def test_every_cue_of_the_contract_has_a_title() -> None:
    from conference.library.references import DO

    assert set(TITLES) == set(DO)
    assert about("open_poll", {"poll": "p-unknown"}, {}) == "p-unknown"
