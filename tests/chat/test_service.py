"""The verbs of the chat, on both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from chat import ChatEdited, ChatRemoved, ChatSaid, RoomOpened, views
from chat.export import sheets
from chat.reactions import reactions
from conference.core.bus import MemoryBus
from conference.core.errors import Refused
from conference.core.event import Event
from conference.core.faces import Viewer
from conference.core.reactor import Reactor
from conference.core.transaction import Transaction
from conference.rundown import CueGiven, LaneJoined
from conference.rundown.tables import Track
from conference.tables import Block, Item
from tests.chat.houses import DAY, OLGA, House, someone
from tests.conftest import NINE


async def refusal(asking: Any) -> str:
    with pytest.raises(Refused) as no:
        await asking
    return no.value.code


async def test_what_is_said_is_read_by_all_in_one_order(house: House) -> None:
    await asyncio.gather(*(house.chat.say(someone(f"p{i}"), f"inlägg {i}") for i in range(20)))

    said = [event.text for event in await house.events() if isinstance(event, ChatSaid)]
    assert await house.texts() == said == await house.texts("r-norrvik")
    assert sorted(said) == sorted(f"inlägg {i}" for i in range(20))


async def test_what_is_said_is_kept_with_what_was_on(house: House) -> None:
    async def stand(tx: Transaction) -> None:
        tx.add(Track(day=DAY, lane="national", anchor_at=NINE, shown={"item": "i-samtal"}))
        tx.add(Track(day=DAY, lane="r-norrvik", anchor_at=NINE, shown={"item": "i-norrvik"}))
        times: dict[str, Any] = dict.fromkeys(("planned_starts_at", "planned_ends_at"), NINE)
        tx.add(Block(day=DAY, block="b", kind="common", title="Pass", **times))
        of_day: dict[str, Any] = {
            "day": DAY,
            "item": "i-samtal",
            "kit_item": "i-samtal",
            "block": "b",
            "lane": "national",
            "owner": "national",
        }
        times |= dict.fromkeys(("starts_at", "ends_at"), NINE)
        tx.add(Item(**of_day, kind="panel", title="Samtalet", state="now", **times))

    await house.store.run(stand)
    await house.open("national", "r-norrvik")
    for by in (someone("kim"), someone("lo", "r-norrvik"), someone("bo", "r-sundmark")):
        await house.chat.say(by, f"Hej från {by.lane}")
    async with house.store.reading() as session:
        [sheet] = await sheets(session, DAY)

    assert [(row[2], row[4]) for row in sheet.rows] == [
        ("Samtalet", "Hej från national"),
        ("", "Hej från r-norrvik"),  # the item is in the programme no more
        ("Samtalet", "Hej från r-sundmark"),
    ]


async def test_a_late_region_talks_in_its_own_room_until_it_joins_the_others(house: House) -> None:
    await house.open("r-norrvik", "r-vastero")
    back = CueGiven(day=DAY, at=NINE, lanes=["national", "r-vastero"], cue="c", item="i", do="return_regions", args={})

    async def heard(*events: Event) -> None:
        async def record(tx: Transaction) -> None:
            for event in events:
                await tx.record(event)

        await house.store.run(record)
        await Reactor(house.store, MemoryBus()).catch_up(DAY, reactions(house.chat))

    await heard(back)
    await house.chat.say(someone("kim", "r-norrvik"), "bara vi än")
    await heard(LaneJoined(day=DAY, at=NINE, lanes=["r-norrvik"]))
    await house.chat.say(someone("kim", "r-norrvik"), "alla")

    assert await house.texts("r-vastero") == ["alla"]
    assert await house.texts("r-norrvik") == ["bara vi än", "alla"]


async def test_a_region_talks_in_its_own_room_while_that_is_open(house: House) -> None:
    await house.open("r-norrvik")
    await house.chat.say(someone("kim", "r-norrvik"), "bara vi")
    await house.chat.say(someone("lo", "r-vastero"), "alla")
    await house.close("r-norrvik")
    await house.chat.say(someone("kim", "r-norrvik"), "alla igen")

    assert await house.texts("r-norrvik") == ["bara vi", "alla", "alla igen"]
    assert await house.texts("r-vastero") == ["alla", "alla igen"]
    assert await house.texts("national", ["moderator"]) == ["bara vi", "alla", "alla igen"]


@pytest.mark.parametrize(("text", "code"), [("", "text.empty"), ("  \n", "text.empty"), ("x" * 501, "text.too_long")])
async def test_a_text_must_hold_something_and_not_too_much(house: House, text: str, code: str) -> None:
    assert await refusal(house.chat.say(someone("kim"), text)) == code
    assert [type(event) for event in await house.events()] == [RoomOpened]


async def test_nobody_talks_in_a_closed_room_or_anothers(house: House) -> None:
    await house.open("r-norrvik")
    await house.close("national")

    assert await refusal(house.chat.say(someone("kim"), "hej")) == "chat.closed"
    assert await refusal(house.chat.say(someone("kim"), "hej", room="r-norrvik")) == "chat.no_such_room"
    assert (await house.chat.say(OLGA, "vi är strax tillbaka", room="r-norrvik")).seq


@pytest.mark.parametrize(("state", "code"), [("published", "day.not_live"), ("ended", "day.ended")])
async def test_the_chat_is_there_while_the_day_is_live(house: House, state: str, code: str) -> None:
    await house.day_is(state)

    assert await refusal(house.chat.say(someone("kim"), "hej")) == code


async def test_ones_own_words_can_be_changed_and_taken_back_for_two_minutes(house: House) -> None:
    first, second = [(await house.chat.say(someone("kim"), text)).data for text in ("hejj", "oj")]
    assert first
    assert second

    await house.chat.edit(someone("kim"), first["message"], "hej")
    await house.chat.remove(someone("kim"), second["message"])
    house.clock.wind(timedelta(seconds=121))

    assert await refusal(house.chat.edit(someone("kim"), first["message"], "hå")) == "message.too_late"
    assert await refusal(house.chat.remove(someone("kim"), first["message"])) == "message.too_late"
    assert await house.texts() == ["hej", ""]
    assert [type(event) for event in await house.events()][3:] == [ChatEdited, ChatRemoved]


async def test_only_staff_takes_away_what_others_said_and_the_text_is_gone(house: House) -> None:
    said = (await house.chat.say(someone("kim"), "ta bort mig")).data
    assert said

    assert await refusal(house.chat.remove(someone("lo"), said["message"])) == "role.missing"
    assert await refusal(house.chat.edit(someone("lo"), said["message"], "x")) == "role.missing"
    await house.chat.remove(OLGA, said["message"], "tone")

    [shown] = (await house.state())["chat"]
    assert (shown["text"], shown["removed"]) == ("", True)
    assert await refusal(house.chat.remove(OLGA, said["message"])) == "message.no_such"


async def test_who_is_silenced_waits_and_is_told_how_long(house: House) -> None:
    await house.is_there("kim")
    await house.moderation.silence(OLGA, "kim", 60)
    with pytest.raises(Refused) as no:
        await house.chat.say(someone("kim"), "hej")
    assert (no.value.code, no.value.retry_after_ms) == ("person.silenced", 60_000)

    house.clock.wind(timedelta(seconds=60))
    assert (await house.chat.say(someone("kim"), "hej")).seq
    assert await refusal(house.moderation.silence(OLGA, "kim", -1)) == "silence.out_of_range"
    assert await refusal(house.moderation.silence(OLGA, "nobody", 60)) == "person.no_such"


async def test_who_comes_late_gets_the_last_fifty_and_pages_back(house: House) -> None:
    said = [(await house.chat.say(someone("kim"), f"{i}")).data for i in range(60)]
    oldest = said[10]
    assert oldest

    assert await house.texts() == [f"{i}" for i in range(10, 60)]
    async with house.store.reading() as session:
        page = await views.page(session, DAY, Viewer("lo"), before=oldest["message"])
    assert [message["text"] for message in page] == [f"{i}" for i in range(10)]


async def test_a_removed_text_is_in_the_log_no_more_when_nobody_can_bring_it_back(house: House) -> None:
    said = (await house.chat.say(someone("kim"), "mitt hemliga namn")).data
    assert said
    await house.chat.say(someone("lo"), "hej")
    await house.chat.edit(someone("kim"), said["message"], "mitt andra namn")

    await house.chat.remove(OLGA, said["message"])
    assert await house.texts() == ["", "hej"]
    house.clock.wind(timedelta(seconds=15))
    assert await house.moderation.due() == [DAY]
    assert await house.moderation.forget_due(OLGA) == 1

    assert await house.written() == ["", "hej", ""]
    assert await house.moderation.due() == []


async def test_ones_own_words_are_forgotten_at_once(house: House) -> None:
    said = (await house.chat.say(someone("kim"), "mitt hemliga namn")).data
    assert said
    await house.chat.edit(someone("kim"), said["message"], "mitt andra namn")

    await house.chat.remove(someone("kim"), said["message"])

    assert await house.written() == ["", ""]


async def test_one_replies_to_what_one_can_read_in_the_same_room(house: House) -> None:
    await house.open("r-norrvik", "r-vastero")
    here = (await house.chat.say(someone("lo", "r-norrvik"), "hos oss")).data
    common = (await house.chat.say(OLGA, "hos alla", room="national")).data
    assert here
    assert common
    kim = someone("kim", "r-norrvik")

    assert (await house.chat.say(kim, "ja", reply_to=here["message"])).seq
    assert (await house.chat.say(kim, "ja", room="national", reply_to=common["message"])).seq
    before = await house.events()
    for asking in (
        house.chat.say(kim, "nej", reply_to=common["message"]),  # the other room
        house.chat.say(kim, "nej", room="national", reply_to=here["message"]),
        house.chat.say(someone("mo", "r-vastero"), "nej", reply_to=here["message"]),  # which one does not see at all
        house.chat.say(OLGA, "nej", room="national", reply_to=here["message"]),
        house.chat.say(kim, "nej", reply_to="none"),
    ):
        assert await refusal(asking) == "message.no_such"
    assert await house.events() == before


async def test_nobody_replies_to_what_was_taken_away(house: House) -> None:
    said = (await house.chat.say(someone("kim"), "oj")).data
    assert said
    await house.chat.remove(someone("kim"), said["message"])

    assert await refusal(house.chat.say(someone("lo"), "vad då?", reply_to=said["message"])) == "message.no_such"


async def test_who_may_not_remove_a_message_does_not_learn_whether_it_is_there(house: House) -> None:
    there, gone = [(await house.chat.say(someone("kim"), text)).data for text in ("här", "borta")]
    assert there
    assert gone
    await house.chat.remove(OLGA, gone["message"])

    lo = someone("lo")
    refusals = [await refusal(house.chat.remove(lo, message)) for message in (there["message"], gone["message"], "none")]
    assert refusals == ["role.missing"] * 3
    edits = [await refusal(house.chat.edit(lo, message, "x")) for message in (there["message"], gone["message"], "none")]
    assert edits == ["role.missing"] * 3
    assert await refusal(house.chat.remove(OLGA, "none")) == "message.no_such"
    assert await refusal(house.chat.remove(someone("kim"), gone["message"])) == "message.no_such"
