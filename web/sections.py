"""What the features make of their parts of a kit when a day is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlmodel import SQLModel, col

from conference import Made
from conference.core.transaction import Transaction
from conference.followup import kit as followup_kit
from conference.library import Kit
from conference.people import NATIONAL
from conference.tables import Day, Region
from polls import kit as polls_kit
from polls.kinds import Option
from polls.surveys import kit as surveys_kit
from polls.surveys.tables import Survey
from polls.tables import Poll


def polls_section(kit: Kit, made: Made) -> Iterable[SQLModel]:
    """The polls of a new day; those for the regions stand once for people without a region, too: their lane has its own items."""
    return polls_kit.drafts(made.day.day, kit.polls, made.lanes)


def bank_section(kit: Kit, made: Made) -> Iterable[SQLModel]:  # noqa: ARG001  # the bank belongs to all days
    """The kit's questions for the question bank."""
    return polls_kit.bank_rows(kit.polls)


def surveys_section(kit: Kit, made: Made) -> Iterable[SQLModel]:
    """The surveys of a new day, and that of needs before it; its own regions stand for the kit's list of them."""
    regions = [{"id": region.region, "text": region.name} for region in made.regions]
    lists, day = _Lists(kit, regions), made.day
    evaluation = list(surveys_kit.drafts(day.day, kit.evaluation, lists, day.planned_starts_at))
    return [*evaluation, *surveys_kit.drafts(day.day, kit.needs, lists, day.planned_starts_at, len(evaluation) + 1)]


def needs_section(kit: Kit, made: Made) -> Iterable[SQLModel]:
    """The needs of a new day, with those of its items that answer them."""
    return followup_kit.drafts(made.day.day, kit.needs, made.items)


async def polls_join(tx: Transaction, day: Day, region: Region) -> Iterable[SQLModel]:
    """The regions' own polls for a region that comes later."""
    return polls_kit.for_region(await tx.every(Poll, col(Poll.day) == day.day), NATIONAL, region.region)


async def surveys_join(tx: Transaction, day: Day, region: Region) -> Iterable[SQLModel]:
    """The day's surveys, where a region that comes later can be chosen, too."""
    others = {one.region for one in await tx.every(Region, col(Region.day) == day.day)}
    surveys = await tx.every(Survey, col(Survey.day) == day.day)
    wider = (surveys_kit.with_region(survey, others, Option(region.region, region.name)) for survey in surveys)
    return [survey for survey in wider if survey is not None]


class _Lists(Mapping[str, Sequence[Mapping[str, Any]]]):
    """The option lists that questions name."""

    NAMES = ("goals", "themes", "regions", "demo_regions")

    def __init__(self, kit: Kit, regions: Sequence[Mapping[str, Any]]) -> None:
        self._kit, self._regions = kit, regions

    def __getitem__(self, name: str) -> Sequence[Mapping[str, Any]]:
        if name in {"regions", "demo_regions"}:
            return self._regions
        return [{"id": one.id, "text": one.text, "text_en": one.text_en} for one in self._kit.options_from(name)]

    def __iter__(self) -> Any:
        return iter(self.NAMES)

    def __len__(self) -> int:
        return len(self.NAMES)
