"""Messages are made once from what has happened, given to one sender at a time, and kept until somebody has taken them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import msgspec
import pytest
from sqlmodel import select

from conference.core.actor import Actor
from conference.core.errors import Refused
from conference.core.event import Event
from conference.core.ids import RandomIds
from conference.core.transaction import Transaction
from conference.events import DayEnded
from conference.followup.reports.events import ReportMade
from conference.followup.tables import Action
from conference.followup.webhooks import Outbox, Secrets, Telling, Webhooks, rules, views
from conference.followup.webhooks.tables import Delivery, Webhook
from tests.conference.people.houses import DAY, House, a_house
from tests.conftest import NINE

ANNA = Actor(DAY, "anna", frozenset({"organizer"}))
URL = "https://mottagare.example/in"
TOLD = {
    "day.ended": Telling(rules.DAY_ENDED, lambda _event: {}),
    "reports.made": Telling(rules.REPORT_READY, lambda event: {"report": event["report"], "url": f"/reports/{event['report']}"}),
}


@pytest.fixture
async def house(url: str) -> AsyncIterator[House]:
    async with a_house(url) as made:
        yield made


def hooks_of(house: House) -> Webhooks:
    return Webhooks(house.store, house.clock, RandomIds(), Secrets("s" * 40), [])


def outbox_of(house: House) -> Outbox:
    return Outbox(house.store, house.clock, Secrets("s" * 40), TOLD, lambda day: f"https://dagen.example/api/v1/days/{day}")


async def hook(house: House, *kinds: str) -> str:
    done = await hooks_of(house).make(ANNA, URL, kinds or rules.KINDS)
    return str((done.data or {})["webhook"])


async def happen(house: House, *events: Event) -> None:
    async def record(tx: Transaction) -> None:
        for event in events:
            await tx.record(event)

    await house.store.run(record)


def ended() -> DayEnded:
    return DayEnded(day=DAY, at=NINE, ends_at=NINE)


def report(number: int) -> ReportMade:
    return ReportMade(day=DAY, at=NINE, report=number, figures=1)


async def messages(house: House) -> list[Delivery]:
    async with house.store.reading() as session:
        return sorted(await session.exec(select(Delivery)), key=lambda one: (one.body, one.delivery))


async def action(house: House, name: str = "a1", **fields: Any) -> None:
    row = Action(day=DAY, action=name, place=1, what="Ring Kim Ek", owner="Kim Ek", stage="trial", due=NINE.date(), **fields)
    await house.store.run(lambda tx: put(tx, row))


async def put(tx: Transaction, row: Any) -> None:
    tx.put(row)


async def test_what_happens_after_a_webhook_was_made_becomes_one_message_each_of_ids_alone(house: House) -> None:
    await happen(house, report(1))
    first = await hook(house)
    await happen(house, report(2), ended())

    made = [await outbox_of(house).fill() for _ in range(3)]

    found = await messages(house)
    link = f"https://dagen.example/api/v1/days/{DAY}"
    assert made == [2, 0, 0]
    assert [msgspec.json.decode(one.body) for one in found] == [
        {"type": "day.ended", "timestamp": "2026-11-23T08:00:00Z", "data": {"day": DAY, "url": link}},
        {"type": "report.ready", "timestamp": "2026-11-23T08:00:00Z", "data": {"day": DAY, "report": 2, "url": f"{link}/reports/2"}},
    ]
    assert {(one.webhook, one.state, one.tries) for one in found} == {(first, "waiting", 0)}


async def test_a_webhook_is_told_of_what_it_asked_for(house: House) -> None:
    one, other = await hook(house, "day.ended"), await hook(house, "report.ready", "action.due")
    await happen(house, report(1), ended())

    await outbox_of(house).fill()

    assert {(one.webhook, one.kind) for one in await messages(house)} == {(one, "day.ended"), (other, "report.ready")}


async def test_more_than_one_transaction_takes_is_made_in_several(house: House) -> None:
    await hook(house)
    await happen(house, *[report(number) for number in range(1, 131)])

    assert [await outbox_of(house).fill() for _ in range(3)] == [100, 30, 0]


async def test_an_action_that_comes_due_is_told_of_once_and_again_for_a_later_date(house: House) -> None:
    await hook(house)
    await action(house)
    await action(house, "a2", removed=True)
    await house.store.run(lambda tx: put(tx, Action(day=DAY, action="a3", place=3, what="x", stage="in_use", due=NINE.date())))

    made = [await outbox_of(house).fill() for _ in range(2)]
    house.wind(days=1)
    made.append(await outbox_of(house).fill())
    async with house.store.reading() as session:
        row = (await session.exec(select(Action).where(Action.action == "a1"))).one()
    await house.store.run(lambda tx: put(tx, row.model_copy(update={"due": date(2026, 11, 24)})))
    made.append(await outbox_of(house).fill())

    found = await messages(house)
    assert made == [1, 0, 0, 1]
    assert [msgspec.json.decode(one.body)["data"]["due"] for one in found] == ["2026-11-23", "2026-11-24"]
    assert [word for word in ("Kim", "Ring") if word in "".join(one.body for one in found)] == []


async def test_one_sender_at_a_time_has_a_message_and_another_when_the_first_is_not_heard_of(house: House) -> None:
    await hook(house)
    await happen(house, ended())
    here, there = outbox_of(house), outbox_of(house)
    await here.fill()

    [post] = await here.claim(10)
    meanwhile = await there.claim(10)
    house.wind(minutes=2)
    [again] = await there.claim(10)

    assert meanwhile == []
    assert (again.delivery, again.body, again.url) == (post.delivery, post.body, URL)
    assert again.headers["webhook-timestamp"] != post.headers["webhook-timestamp"]


async def test_a_message_is_tried_again_later_and_given_up_in_the_end_and_can_be_sent_again(house: House) -> None:
    await hook(house)
    await happen(house, ended())
    outbox = outbox_of(house)
    await outbox.fill()
    for _ in range(rules.TRIES_MOST):
        [post] = await outbox.claim(10)
        await outbox.done(post, 503)
        assert await outbox.claim(10) == []
        house.wind(days=2)

    [one] = await messages(house)
    await hooks_of(house).again(ANNA, one.delivery)
    [post] = await outbox.claim(10)
    await outbox.done(post, 200)

    [taken] = await messages(house)
    assert (one.state, one.tries, one.status) == ("given_up", 13, 503)
    assert (post.delivery, taken.state, taken.tries, taken.status) == (one.delivery, "delivered", 1, 200)
    assert await outbox.claim(10) == []


async def test_a_receiver_that_is_gone_is_told_nothing_again(house: House) -> None:
    name = await hook(house)
    await happen(house, ended(), report(1))
    outbox = outbox_of(house)
    await outbox.fill()
    posts = await outbox.claim(10)

    await outbox.done(posts[0], 410)

    await happen(house, report(2))
    async with house.store.reading() as session:
        [(row, sent)] = await views.webhooks(session, DAY)
    assert (row.why, row.removed_at, {one.state for one in sent}) == ("gone", house.clock.now(), {"given_up"})
    assert (await outbox.fill(), await outbox.claim(10)) == (0, [])
    for verb in (hooks_of(house).ping(ANNA, name), hooks_of(house).again(ANNA, posts[0].delivery), hooks_of(house).remove(ANNA, name)):
        with pytest.raises(Refused, match=r"webhook\.no_such"):
            await verb


async def test_what_is_removed_is_told_nothing_and_not_shown(house: House) -> None:
    name = await hook(house)
    await happen(house, ended())
    await outbox_of(house).fill()

    await hooks_of(house).remove(ANNA, name)

    await happen(house, report(1))
    async with house.store.reading() as session:
        shown = await views.webhooks(session, DAY)
    assert (shown, [one.state for one in await messages(house)]) == ([], ["given_up"])
    assert (await outbox_of(house).fill(), await outbox_of(house).claim(10)) == (0, [])


async def test_a_slow_receiver_holds_up_no_other(house: House) -> None:
    slow, other = await hook(house), await hook(house)
    await happen(house, *[report(number) for number in range(5)])
    await outbox_of(house).fill()

    posts = await outbox_of(house).claim(16)

    rows = {one.delivery: one.webhook for one in await messages(house)}
    assert sorted(rows[post.delivery] for post in posts) == sorted([slow, slow, other, other])


async def test_a_queue_that_is_full_gives_up_what_comes_and_says_so(house: House) -> None:
    name = await hook(house)
    about: dict[str, Any] = {"day": DAY, "webhook": name, "kind": "ping", "body": "{}", "made_at": NINE, "due_at": NINE}
    waiting = [Delivery(delivery=f"msg_{number}", **about) for number in range(rules.QUEUE_MOST - 1)]

    async def fill(tx: Transaction) -> None:
        for row in waiting:
            tx.put(row)

    await house.store.run(fill)
    await happen(house, report(1), report(2))

    await outbox_of(house).fill()

    late = [one for one in await messages(house) if one.kind == "report.ready"]
    assert [(one.state, one.fault) for one in late] == [("waiting", ""), ("given_up", "full")]


async def test_what_was_sent_long_ago_is_forgotten_and_what_waits_is_not(house: House) -> None:
    await hook(house)
    await happen(house, ended(), report(1))
    outbox = outbox_of(house)
    await outbox.fill()
    [post, _other] = await outbox.claim(10)
    await outbox.done(post, 200)

    await outbox.forget()
    before = len(await messages(house))
    house.wind(days=31)
    await outbox.forget()

    assert (before, [one.state for one in await messages(house)]) == (2, ["waiting"])


async def test_a_day_has_as_many_webhooks_as_somebody_can_look_after(house: House) -> None:
    for _ in range(rules.WEBHOOKS_MOST):
        last = await hook(house)

    for kinds, code in ((rules.KINDS, "webhook.too_many"), (("ping",), "webhook.no_kind")):
        with pytest.raises(Refused) as refused:
            await hooks_of(house).make(ANNA, URL, kinds)
        assert refused.value.code == code
    await hooks_of(house).remove(ANNA, last)
    await hook(house)
    async with house.store.reading() as session:
        rows = (await session.exec(select(Webhook))).all()
    assert len(rows) == rules.WEBHOOKS_MOST + 1


async def test_a_webhook_follows_its_place_in_a_log_where_nothing_is_for_it(house: House) -> None:
    name = await hook(house, "day.ended")
    await happen(house, report(1))
    await outbox_of(house).fill()

    async with house.store.reading() as session:
        row = (await session.exec(select(Webhook).where(Webhook.webhook == name))).one()
    assert (row.seen > 0, await messages(house)) == (True, [])
    assert await outbox_of(house)._behind() == []
