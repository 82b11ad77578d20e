"""State + missed news == a fresh page, for whatever is asked of surveys, whoever looks; and the tallies kept up are the forms counted."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from conference.core.actor import Actor
from conference.core.errors import Refused
from conference.core.faces import Viewer
from conference.core.log import Snapshot, since, snapshot
from conference.core.transaction import Transaction
from polls import tally
from polls.surveys import rules, views
from polls.surveys.drafting import About
from polls.surveys.tables import Survey, SurveyAnswers, SurveyCount
from tests.fold import by_id, caught_up, on_the_wire
from tests.polls.houses import someone
from tests.polls.surveys.houses import House, a_house, an_item, begin, organizer

days = map("day{}".format, count())
SURVEYS = ["ev-deltagare", "ev-inslag", "ev-arrangor", "ev-medverkande", "nowhere"]
SCOPES = (["country"], ["national"], ["r-norrvik"], ["national", "r-norrvik"])
LANES = ("national", "r-norrvik")
LOOKERS = [Viewer("x", frozenset(roles), lane) for lane in LANES for roles in ((), ("moderator",), ("screen",), ("speaker",))]
LOOKERS += [Viewer("x", frozenset({"moderator"}), lane, bounds=frozenset({("moderator", "r-norrvik")})) for lane in LANES]
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "helheten": st.sampled_from([1, 5, 5, "", 9]),
        "regionen": st.sampled_from([None, 2, ""]),
        "mal": st.sampled_from([["together"], [], ["individual", "together"]]),
        "steg": st.sampled_from(["Ringa kommunen", " ", ""]),
        "annorlunda": st.just("Mer tid"),
        "citera": st.booleans(),
    },
)
ANSWER = st.tuples(st.just("answer"), st.just(0), st.integers(0, 11), ANSWERS)
NOTHING: dict[str, Any] = {}
OTHER = st.tuples(
    st.sampled_from(["open", "open", "close", "wait", "look", "plan", "item", "end", "write", "extend"]),
    st.integers(0, 4),
    st.integers(0, 5),
    st.just(NOTHING),
)
WISHES = st.lists(st.one_of(ANSWER, ANSWER, ANSWER, OTHER), min_size=5, max_size=60)
Wish = tuple[str, int, int, dict[str, Any]]


async def ask(house: House, day: str, wish: Wish) -> None:
    """One wish; many of them come at the wrong moment and are refused."""
    verb, survey, number, answers = wish
    try:
        if verb == "answer":
            who = someone(f"p{number}", region="r-norrvik" if number % 2 else None, people=len(answers) + 1, day=day)
            await house.surveys.answer(who, SURVEYS[survey], answers, final=number % 3 == 0)
        elif verb == "wait":
            house.clock.wind(timedelta(days=number))
            while await house.surveys.close_due(Actor.house(day)) > 1:
                pass
            await house.surveys.open_due(Actor.house(day))
        elif verb == "plan":
            await plan(house, day, SURVEYS[survey], number)
        elif verb == "write":
            await write(house, day, SURVEYS[survey], number)
        elif verb == "extend":
            await house.surveys.extend(organizer(day), SURVEYS[survey], house.clock.now() + timedelta(days=number) if number else None)
        elif verb == "item":
            await house.store.run(partial(item_over, house, day, number, SCOPES[survey % 4]))
        elif verb == "end":
            await house.store.run(lambda tx: house.surveys.day_over(tx, day))
        else:
            await getattr(house.surveys, verb)(organizer(day), SURVEYS[survey])
    except Refused:
        pass


async def plan(house: House, day: str, survey: str, number: int) -> None:
    """By date, or otherwise."""
    now = house.clock.now()
    opens_at = now + timedelta(days=number) if number % 2 else None
    opens = "date" if opens_at else ("hand", "after_item", "day_closed")[number // 2]
    await house.surveys.plan(organizer(day), survey, opens, opens_at=opens_at, closes_at=now + timedelta(days=7) if number > 2 else None)


async def write(house: House, day: str, survey: str, number: int) -> None:
    """One of the things that an organizer does to a draft, or to what has opened."""
    by, about = organizer(day), About("En till", "per_item" if number % 2 else "contributors", intro="Kort.")
    match number:
        case 0:
            await house.editor.make(by, about)
        case 1 | 2:
            await house.editor.tell(by, survey, about)
        case 3:
            await house.editor.remove(by, survey)
        case 4:
            await house.editor.undo(by, survey)
        case _:
            await house.editor.correct(by, survey, ("title", "Vad tyckte du om dagenn?"), "Provat")


async def item_over(house: House, day: str, number: int, scopes: list[str], tx: Transaction) -> None:
    """An item of the programme is over on some lanes."""
    await house.surveys.item_over(tx, an_item(f"i{number}", day, lane="r-norrvik" if number % 2 else "national"), scopes)


async def looks(house: House, day: str) -> list[tuple[Viewer, Snapshot[Any]]]:
    """What everybody sees now."""
    async with house.store.reading() as session:
        return [(viewer, await snapshot(session, day, partial(views.shared, day=day, viewer=viewer))) for viewer in LOOKERS]


async def must_be_counted_right(house: House, day: str) -> None:
    """Every tally that was kept up save by save, against one from the forms."""
    async with house.store.reading() as session:
        survey = (await session.exec(select(Survey).where(Survey.day == day, Survey.survey == SURVEYS[0]))).first()
        if survey is None:
            return  # taken away before it opened
        of_it = select(SurveyCount).where(SurveyCount.day == day, SurveyCount.survey == survey.survey)
        counts = {one.question: tally.Tally.read(one.now) for one in await session.exec(of_it)}
        found = (await session.exec(select(SurveyAnswers).where(SurveyAnswers.box == rules.box_of(day, survey.survey)))).all()
    abouts = [house.surveys.box.about(form.box, form.key, form.about) for form in found]
    pairs = zip(found, abouts, strict=True)
    forms: list[tuple[dict[str, Any], int]] = [(msgspec.json.decode(form.answers), about.people if about else 0) for form, about in pairs]
    for part in rules.parts_of(survey) if counts else ():
        question = part.question
        assert counts[question.id] == tally.counted(question, [(form[question.id], 0) for form, _people in forms if question.id in form])
    if survey.state == "open":
        filled_in = [("", people) for form, people in forms if rules.says_something(rules.parts_of(survey), form)]
        assert counts[""] == tally.counted(rules.WHOLE, filled_in)
        assert counts["/groups"] == tally.counted(rules.GROUPS, [form for form in filled_in if form[1] > 1])


async def a_random_day(house: House, wishes: list[Wish]) -> None:
    day = next(days)
    await begin(house.store, day)
    seen = await looks(house, day)
    for wish in wishes:
        if wish[0] == "look":
            seen += await looks(house, day)
        else:
            await ask(house, day, wish)
    await must_be_counted_right(house, day)
    now = {viewer: by_id(on_the_wire(look.state)) for viewer, look in await looks(house, day)}
    async with house.store.reading() as session:
        log = await since(session, day, 0)
    for viewer, look in seen:
        state = caught_up(on_the_wire(look.state), viewer, [entry for entry in log if entry.seq > look.seq], views.FACES)
        assert by_id(state) == now[viewer]


def test_state_and_missed_news_equal_a_fresh_page(url: str, tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        opened = a_house(url, tmp_path / "keys")
        house = runner.run(opened.__aenter__())

        @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
        @given(WISHES)
        def days_at_random(wishes: list[Wish]) -> None:
            runner.run(a_random_day(house, wishes))

        try:
            days_at_random()
        finally:
            runner.run(opened.__aexit__(None, None, None))
