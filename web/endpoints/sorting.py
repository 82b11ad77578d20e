"""Sorting what people wrote, and mending misspellings: the wishes, and the pages of a moderator, which work without scripts."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeAlias

from msgspec import Meta
from starlette.datastructures import FormData
from starlette.responses import Response

from conference import views as days
from conference.core.actor import Actor
from conference.held_words import words_of
from conference.people import STAFF
from conference.people.rules import lane_of
from conference.tables import HeldWords
from polls import Grouping, desk, results, rules, views
from polls.correcting import wordings
from polls.tables import Poll
from web.address import Address, Visit, role
from web.endpoints.polls import OnePoll
from web.limits import Limit
from web.pressure import Shed
from web.reach import too_far
from web.wishes import Args, House, Memory, WishKind

PAGE_MOST: Final = 100  # rows on a page
Cells: TypeAlias = Annotated[list[Annotated[str, Meta(max_length=200)]], Meta(max_length=PAGE_MOST)]


class Some(Args):
    """Some of what people wrote to a poll: words as they stand in its tally, options of ideas to back, or texts by their ids."""

    poll: str
    words: Cells


class MergeWords(Some):
    """The word that they count as, or the theme that they come under."""

    word: Annotated[str, Meta(max_length=200)]


class Judge(Some):
    """What becomes of them; ``undone`` takes back whatever was said before."""

    to: Literal["through", "held", "removed", "undone"]


async def _some_by_form(_house: House, _by: Actor, form: FormData) -> dict[str, Any]:
    """The boxes that are ticked, and the button that was pressed."""
    return {"poll": str(form.get("poll", "")), "words": [str(word) for word in form.getlist("words")][:PAGE_MOST]}


async def _merge_by_form(house: House, by: Actor, form: FormData) -> dict[str, Any]:
    return {**await _some_by_form(house, by, form), "word": str(form.get("word", ""))}


async def _judge_by_form(house: House, by: Actor, form: FormData) -> dict[str, Any]:
    return {**await _some_by_form(house, by, form), "to": str(form.get("to", ""))}


async def _judge(house: House, by: Actor, wish: Judge) -> Any:
    sorting = await _sorting(house, by, wish.poll)
    if wish.to == "undone":
        return await sorting.undo(by, wish.poll, wish.words)
    return await sorting.judge(by, wish.poll, wish.words, wish.to)


async def _merge(house: House, by: Actor, wish: MergeWords) -> Any:
    """Words become one; texts come under one theme."""
    sorting = await _sorting(house, by, wish.poll)
    done = sorting.group if isinstance(sorting, Grouping) else sorting.merge
    return await done(by, wish.poll, wish.words, wish.word)


async def _sorting(house: House, by: Actor, poll_id: str) -> Any:
    """What sorts the answers of a poll: its cells, or its texts."""
    async with house.store.reading() as session:
        poll = await session.get(Poll, (by.day, poll_id))
    return house.grouping if poll and rules.holds_texts(poll) else house.sorting


def _staff(name: str, model: type[Args], call: Any, form: Any = None) -> WishKind:
    return WishKind(
        name=name, model=model, may=STAFF, limit=Limit.STAFF, shed=Shed.NEVER, memory=Memory.CORE, audit=True, call=call, form=form
    )


WISHES = [
    _staff(
        "polls.merge",
        MergeWords,
        _merge,
        _merge_by_form,
    ),
    _staff("polls.judge", Judge, _judge, _judge_by_form),
    _staff("polls.let_back", OnePoll, lambda house, by, wish: house.grouping.let_back(by, wish.poll)),
]


def _must_reach(visit: Visit, poll: Poll) -> None:
    """A role for one region is for the polls of that region: rare and held words of others are not shown to it.

    Raises:
        Refused: ``role.missing``.
    """
    assert visit.visitor
    if not visit.me.roles_on(lane_of(poll.scope)) & STAFF:
        raise too_far(visit.visitor)


async def sort(visit: Visit) -> Response:
    """What people wrote to one poll, and what may be done with it."""
    page = visit.request.query_params.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
    async with visit.house.store.reading() as session:
        poll = await session.get(Poll, (visit.day, str(visit.request.path_params["poll"])))
        if poll is None:
            raise rules.no_such()
        _must_reach(visit, poll)
        if not rules.holds_texts(poll):
            rules.must_be_sortable(poll)
        found = await days.landing(session, visit.day)
        rows = await (desk.written if rules.holds_texts(poll) else desk.words)(session, poll)
        held = words_of(await session.get(HeldWords, visit.day))
    assert found
    first = max(number - 1, 0) * PAGE_MOST
    return visit.page(
        "sorting.html",
        day=found.day.model_dump(),
        poll={"poll": poll.poll, "voting": poll.voting, **views.face_of(rules.question_of(poll))},
        themes=sorted({row["theme"] for row in rows if row.get("theme")}),
        rows=rows[first : first + PAGE_MOST],
        many=len(rows),
        page=number,
        pages=-(-len(rows) // PAGE_MOST),
        held=held,
    )


async def correct(visit: Visit) -> Response:
    """The wordings of a poll that people have answered, each with a form to mend a misspelling."""
    async with visit.house.store.reading() as session:
        poll = await session.get(Poll, (visit.day, str(visit.request.path_params["poll"])))
        if poll is None:
            raise rules.no_such()
        _must_reach(visit, poll)
        found = await days.landing(session, visit.day)
        asked = await results.asked(session, visit.day)
    assert found
    question = rules.question_of(poll)
    return visit.page(
        "correct.html",
        day=found.day.model_dump(),
        poll={"poll": poll.poll, "round": poll.round, **views.face_of(question)},
        wordings=wordings(question),
        corrections=next((one["corrections"] for one in asked if one["poll"] == poll.poll), []),
    )


ROUTES = [
    Address("/days/{day}/polls/{poll}/sort", sort, who=role(*STAFF)),
    Address("/days/{day}/polls/{poll}/correct", correct, who=role(*STAFF)),
]
