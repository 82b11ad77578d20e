"""What moderators do, how long it can be taken back, and who is told what, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chat import export, report
from chat.moderating import SILENCE_MOST_S
from conference.core.actor import Actor
from conference.core.errors import Refused
from tests.chat.houses import DAY, OLGA, House, someone

PER = Actor(DAY, "per", frozenset({"organizer"}))
STAFF = ("moderator",)


async def refusal(asking: Any) -> str:
    with pytest.raises(Refused) as no:
        await asking
    return no.value.code


async def said(house: House, person: str, text: str, **more: Any) -> str:
    told = (await house.chat.say(someone(person), text, **more)).data
    assert told
    return str(told["message"])


def steps(done: Any) -> str:
    return str(done.data["step"])


async def test_who_is_banned_is_gone_from_every_screen_and_may_not_write(house: House) -> None:
    await house.is_there("troll")
    for text in ("ett", "två"):
        await said(house, "troll", text)
    await said(house, "kim", "hej")

    done = await house.moderation.ban(OLGA, "troll")

    assert await house.texts() == ["", "", "hej"] == await house.texts("national", STAFF)
    assert await refusal(house.chat.say(someone("troll"), "tre")) == "person.banned"
    [stopped] = (await house.state("national", STAFF))["restraints"]
    assert stopped == {"restraint": "troll:everywhere", "by": {"person": "troll"}, "where": "everywhere", "banned": True}
    await house.moderation.undo(OLGA, steps(done))
    assert await house.texts() == ["ett", "två", "hej"]
    assert (await house.chat.say(someone("troll"), "tre")).seq


async def test_a_ban_can_be_lifted_later_and_what_was_said_stays_away(house: House) -> None:
    await house.is_there("troll")
    await said(house, "troll", "ett")
    await house.moderation.ban(OLGA, "troll")
    house.clock.wind(timedelta(minutes=5))
    await house.moderation.forget_due(Actor.house(DAY))

    await house.moderation.unban(OLGA, "troll")

    assert await house.written() == [""]
    assert (await house.chat.say(someone("troll"), "förlåt")).seq
    assert await refusal(house.moderation.unban(OLGA, "troll")) == "person.not_banned"


async def test_a_regions_moderator_stops_somebody_in_that_room_alone(house: House) -> None:
    await house.open("r-norrvik")
    await house.is_there("troll")
    troll = someone("troll", "r-norrvik")
    await house.chat.say(troll, "hos oss")
    await house.chat.say(troll, "hos alla", room="national")

    await house.moderation.ban(OLGA, "troll", where="r-norrvik")

    assert await house.texts("r-norrvik") == ["", "hos alla"]
    assert await refusal(house.chat.say(troll, "igen")) == "person.banned"
    assert (await house.chat.say(troll, "igen", room="national")).seq


async def test_nobody_stops_those_who_lead_the_day(house: House) -> None:
    await house.is_there("per", "organizer")

    assert await refusal(house.moderation.ban(OLGA, "per")) == "person.is_staff"
    assert await refusal(house.moderation.silence(OLGA, "per", 60)) == "person.is_staff"
    assert await refusal(house.moderation.ban(OLGA, "nobody")) == "person.no_such"


async def test_a_removal_is_undone_for_ten_seconds_by_who_did_it(house: House) -> None:
    message = await said(house, "kim", "hej")
    await house.chat.edit(someone("kim"), message, "hej hej")
    step = steps(await house.chat.remove(OLGA, message))

    assert await refusal(house.moderation.undo(PER, step)) == "undo.none"
    await house.moderation.undo(OLGA, step)
    [shown] = (await house.state())["chat"]
    assert (shown["text"], shown["edited"], "removed" in shown) == ("hej hej", True, False)
    assert await refusal(house.moderation.undo(OLGA, step)) == "undo.none"

    step = steps(await house.chat.remove(OLGA, message))
    house.clock.wind(timedelta(seconds=11))
    assert await refusal(house.moderation.undo(OLGA, step)) == "undo.too_late"


async def test_the_last_step_is_undone_when_none_is_named(house: House) -> None:
    await house.is_there("kim")
    await house.moderation.slow(OLGA, "national", 30)
    house.clock.wind(timedelta(seconds=1))
    await house.moderation.silence(OLGA, "kim", 60)

    await house.moderation.undo(OLGA)
    assert (await house.chat.say(someone("kim"), "hej")).seq
    await house.moderation.undo(OLGA)

    assert (await house.state())["rooms"] == [{"room": "national", "open": True}]
    assert await refusal(house.moderation.undo(OLGA)) == "undo.none"


async def test_an_earlier_silence_is_put_back(house: House) -> None:
    await house.is_there("kim")
    await house.moderation.silence(OLGA, "kim", SILENCE_MOST_S)
    step = steps(await house.moderation.silence(OLGA, "kim", 0))
    await house.chat.say(someone("kim"), "hej")

    await house.moderation.undo(OLGA, step)

    assert await refusal(house.chat.say(someone("kim"), "igen")) == "person.silenced"


async def test_in_a_slow_room_one_writes_seldom_and_staff_as_they_like(house: House) -> None:
    await house.moderation.slow(OLGA, "national", 30)
    await house.chat.say(someone("kim"), "ett")
    with pytest.raises(Refused) as no:
        await house.chat.say(someone("kim"), "två")

    assert (no.value.code, no.value.retry_after_ms, no.value.values) == ("chat.slow", 30_000, {"seconds": 30})
    assert (await house.chat.say(someone("lo"), "jag också")).seq
    for text in ("hej", "hå"):
        assert (await house.chat.say(OLGA, text)).seq
    house.clock.wind(timedelta(seconds=30))
    assert (await house.chat.say(someone("kim"), "två")).seq
    assert await refusal(house.moderation.slow(OLGA, "national", 601)) == "slow.out_of_range"


async def test_what_is_held_is_seen_by_its_writer_and_staff_until_it_is_let_through(house: House) -> None:
    await house.moderation.hold(OLGA, "national", "all", on=True)
    told = (await house.chat.say(someone("kim"), "hej")).data
    assert told
    await house.chat.say(OLGA, "välkomna")

    assert told["held"] is True
    assert (await house.texts(), await house.texts("national", STAFF)) == (["välkomna"], ["välkomna"])
    [waiting] = (await house.state("national", STAFF))["held"]
    assert (waiting["text"], waiting["why"], waiting["by"]) == ("hej", "all", {"person": "kim"})
    assert [one["text"] for one in await house.own("kim")] == ["hej"]
    assert (await house.own("lo"), (await house.state())["held"]) == ([], [])

    await house.moderation.let_through(PER, told["message"])
    assert await house.texts() == ["välkomna", "hej"]
    assert (await house.own("kim"), (await house.state("national", STAFF))["held"]) == ([], [])
    assert await refusal(house.moderation.refuse(OLGA, told["message"])) == "message.not_held"


async def test_who_is_refused_is_told_and_it_can_be_undone(house: House) -> None:
    await house.moderation.hold(OLGA, "national", "all", on=True)
    message = await said(house, "kim", "hej")

    step = steps(await house.moderation.refuse(OLGA, message))
    [told] = await house.own("kim")
    assert (told["refused"], "text" in told) == (True, False)
    assert (await house.state("national", STAFF))["held"] == []
    await house.moderation.undo(OLGA, step)
    assert [one["held"] for one in (await house.state("national", STAFF))["held"]] == [message]

    step = steps(await house.moderation.let_through(OLGA, message))
    await house.moderation.undo(OLGA, step)
    assert (await house.texts(), [one["text"] for one in await house.own("kim")]) == ([""], ["hej"])
    await house.moderation.let_through(OLGA, message)
    assert await house.texts() == ["hej"]


async def test_one_takes_back_what_is_held_and_nobody_answers_it(house: House) -> None:
    await house.moderation.hold(OLGA, "national", "all", on=True)
    message = await said(house, "kim", "hej")

    assert await refusal(house.chat.say(someone("lo"), "ja", reply_to=message)) == "message.no_such"
    assert await refusal(house.chat.remove(someone("lo"), message)) == "role.missing"
    await house.chat.remove(someone("kim"), message)

    assert (await house.own("kim"), (await house.state("national", STAFF))["held"], await house.written()) == ([], [], [""])
    assert await refusal(house.moderation.let_through(OLGA, message)) == "message.not_held"


async def test_a_change_does_not_smuggle_in_what_would_have_been_held(house: House) -> None:
    await house.moderation.hold(OLGA, "national", "links", on=True)
    message = await said(house, "kim", "hej")

    assert await refusal(house.chat.edit(someone("kim"), message, "se https://exempel.se")) == "message.held"
    assert await house.texts() == ["hej"]


async def test_the_list_of_words_is_the_days_own(house: House) -> None:
    await house.moderation.hold(OLGA, "national", "words", on=True)
    ours = (await house.state("national", STAFF))["wordlists"][0]["words"]
    await house.moderation.words(OLGA, ["  Rosa   Elefant ", "rosa elefant", "", "blå*"])

    assert (await house.state("national", STAFF))["wordlists"] == [{"wordlist": "day", "words": ["blå*", "rosa elefant"]}]
    for text in ("en ROSA elefant!", "Blåbär", "bl\u200båbär"):
        await said(house, "kim", text)
    await said(house, "lo", "rosa hus, en elefant")
    assert await house.texts() == ["rosa hus, en elefant"]
    await house.moderation.undo(OLGA)
    assert (await house.state("national", STAFF))["wordlists"][0]["words"] == ours
    assert await refusal(house.moderation.words(OLGA, ["x" * 41])) == "text.too_long"
    assert await refusal(house.moderation.words(OLGA, [f"ord{n}" for n in range(301)])) == "words.too_many"


async def test_what_everybody_may_know_of_a_room_and_what_only_staff(house: House) -> None:
    await house.moderation.slow(OLGA, "national", 30)
    for what in ("all", "links", "words"):
        await house.moderation.hold(OLGA, "national", what, on=True)

    shown = {"room": "national", "open": True, "slow_s": 30, "hold": True}
    assert (await house.state())["rooms"] == [shown]
    assert (await house.state("national", STAFF))["rooms"] == [{**shown, "hold_links": True, "hold_words": True}]
    await house.close("national")
    await house.open("national")
    assert (await house.state())["rooms"] == [shown]


async def test_the_files_hold_nothing_that_waits(house: House) -> None:
    await house.moderation.hold(OLGA, "national", "all", on=True)
    await said(house, "kim", "hej")

    async with house.store.reading() as session:
        assert (await export.sheets(session, DAY))[0].rows == ()
        assert (await report.section(session, DAY))["messages"] == 0


async def test_what_is_told_reaches_whom_it_is_for_and_those_who_come_late(house: House) -> None:
    await house.announcements.announce(OLGA, "till alla")
    await house.announcements.announce(OLGA, "till regionen", to="r-norrvik")
    await house.announcements.announce(OLGA, "till panelen", role="speaker")

    async def told(lane: str = "national", *roles: str) -> list[str]:
        return [one["text"] for one in (await house.state(lane, roles))["announcements"]]

    assert await told() == ["till alla"]
    assert await told("r-norrvik") == ["till alla", "till regionen"]
    assert await told("national", "speaker") == ["till alla", "till panelen"]
    assert await told("r-vastero", "moderator") == ["till alla", "till regionen", "till panelen"]
    assert await refusal(house.announcements.announce(OLGA, "x", to="r-none")) == "lane.no_such"
    assert await refusal(house.announcements.announce(OLGA, " ")) == "text.empty"


async def test_what_is_told_stands_on_screens_for_a_while_and_in_the_report_for_good(house: House) -> None:
    await house.announcements.announce(OLGA, "om fem minuter", to="r-norrvik", seconds=300)
    await house.announcements.announce(OLGA, "till panelen", role="speaker")
    taken = await house.announcements.announce(OLGA, "fel")
    assert taken.data
    await house.announcements.unannounce(OLGA, taken.data["announcement"])
    ends = [one["ends_at"] - one["at"] for one in (await house.state("national", STAFF))["announcements"]]
    async with house.store.reading() as session:
        told = (await report.section(session, DAY))["announcements"]

    assert ends == [timedelta(minutes=5), timedelta(minutes=1)]
    assert [(one["text"], one["to"], one["role"]) for one in told] == [
        ("om fem minuter", "r-norrvik", None),
        ("till panelen", None, "speaker"),
    ]
    for seconds in (9, 3_601):
        assert await refusal(house.announcements.announce(OLGA, "x", seconds=seconds)) == "announcement.out_of_range"


async def test_what_was_told_is_taken_back_and_undone(house: House) -> None:
    first = await house.announcements.announce(OLGA, "fel")
    assert first.data
    await house.announcements.unannounce(OLGA, first.data["announcement"])
    await house.announcements.announce(OLGA, "också fel")
    await house.moderation.undo(OLGA)

    assert (await house.state())["announcements"] == []
    assert await refusal(house.announcements.unannounce(OLGA, first.data["announcement"])) == "announcement.no_such"
