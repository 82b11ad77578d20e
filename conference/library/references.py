"""Whether everything that a kit points at is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from conference.library.shapes import BlockOfKit, CueOfKit, ItemOfKit

if TYPE_CHECKING:
    from conference.library.kit import Kit

DO = frozenset(
    {
        *("play_film", "take_source", "show_slate", "name_plate", "announce", "ask_screens"),
        *("open_chat", "close_chat", "open_questions", "close_questions"),
        *("open_poll", "close_poll", "show_result", "open_evaluation", "close_evaluation"),
        *("call_regions", "return_notice", "return_regions", "end_day"),
    }
)
NEEDS = {
    "play_film": "film",
    "take_source": "source",
    "show_slate": "text",
    "name_plate": "contributor",
    "announce": "text",
    "ask_screens": "text",
    "open_poll": "poll",
    "close_poll": "poll",
    "show_result": "poll",
    "call_regions": "block",
    "return_regions": "block",
    "open_evaluation": "survey",
    "close_evaluation": "survey",
}
SIGN = "sign"  # of a cue's ``picture``: it means the second picture, where somebody interprets into sign language
PICTURES = frozenset({"take_source", "show_slate"})  # cues that may mean it


def broken(kit: Kit) -> list[str]:
    """What does not resolve, a line each; empty for a sound kit."""
    return [
        *_broken_day(kit),
        *_broken_programme(kit, kit.blocks, kit.items),
        *_broken_templates(kit),
        *_broken_polls(kit),
        *_broken_needs(kit),
    ]


def _broken_day(kit: Kit) -> Iterator[str]:
    yield from _doubles("region", (region.id for region in kit.regions))
    yield from _doubles("contributor", (contributor.id for contributor in kit.contributors))
    yield from _doubles("source", (source.id for source in kit.sources))
    yield from _missing("day", "survey", {kit.day.evaluation, kit.day.needs_survey}, kit.survey_ids)
    for region in kit.regions:
        yield from _missing(region.id, "source", {region.source}, {source.id for source in kit.sources})
        yield from _missing(region.id, "contributor", {region.moderator}, {contributor.id for contributor in kit.contributors})
        yield from _missing(region.id, "goal", region.goals, kit.goal_ids)


def _broken_templates(kit: Kit) -> Iterator[str]:
    for template in kit.templates:
        yield from _broken_programme(kit, template.blocks, template.items)


def _broken_programme(kit: Kit, blocks: tuple[BlockOfKit, ...], items: tuple[ItemOfKit, ...]) -> Iterator[str]:
    yield from _doubles("block", (block.id for block in blocks))
    yield from _doubles("item", (item.id for item in items))
    yield from _doubles("cue", (cue.id for item in items for cue in item.cues))
    for block in blocks:
        yield from _missing(block.id, "cornerstone", {block.cornerstone}, {corner.id for corner in kit.cornerstones})
    for item in items:
        yield from _missing(item.id, "block", {item.block}, {block.id for block in blocks})
        yield from _missing(item.id, "lane", {item.lane}, {"national", "region", *(region.id for region in kit.regions)})
        yield from _missing(item.id, "goal", item.goals, kit.goal_ids)
        yield from _missing(item.id, "contributor", item.contributors, {contributor.id for contributor in kit.contributors})
        yield from _missing(item.id, "film", {item.film, item.fill.fallback if item.fill else None}, kit.films)
        yield from _missing(item.id, "poll", item.polls, kit.poll_ids)
        yield from _broken_cues(kit, item, {block.id for block in blocks})


def _broken_cues(kit: Kit, item: ItemOfKit, blocks: set[str]) -> Iterator[str]:
    there = {
        "film": set(kit.films),
        "source": {source.id for source in kit.sources},
        "contributor": {contributor.id for contributor in kit.contributors},
        "poll": kit.poll_ids,
        "survey": kit.survey_ids,
        "block": blocks,
    }
    last_s = 0
    for cue in item.cues:
        if not last_s <= cue.at_s <= item.minutes * 60:
            yield f"{cue.id}: out of order or outside its item"
        last_s = cue.at_s
        yield from _broken_cue(cue, there)


def _broken_cue(cue: CueOfKit, there: dict[str, set[str]]) -> Iterator[str]:
    if cue.do not in DO:
        yield f"{cue.id}: unknown do {cue.do}"
    needed = NEEDS.get(cue.do)
    if needed and not isinstance(cue.args.get(needed), str):
        yield f"{cue.id}: {cue.do} without {needed}"
    elif needed and needed in there:
        yield from _missing(cue.id, needed, {cue.args[needed]}, there[needed])
    if "picture" in cue.args and (cue.do not in PICTURES or cue.args["picture"] != SIGN):
        yield f"{cue.id}: {cue.do} has no such picture"
    if not isinstance(cue.args.get("hold", True), bool):
        yield f"{cue.id}: hold is neither true nor false"


def _broken_polls(kit: Kit) -> Iterator[str]:
    questions = {question["id"] for question in kit.polls["questions"]}
    yield from _doubles("poll", (poll["id"] for poll in kit.polls["polls"]))
    yield from _doubles("question", (question["id"] for question in kit.polls["questions"]))
    for poll in kit.polls["polls"]:
        yield from _missing(poll["id"], "question", {poll["question"]}, questions)


def _broken_needs(kit: Kit) -> Iterator[str]:
    items = {item.id for some in (kit.items, *(template.items for template in kit.templates)) for item in some}
    needs = kit.needs.get("needs", [])
    yield from _doubles("need", (need["id"] for need in needs))
    for need in needs:
        yield from _missing(need["id"], "theme", {need.get("theme")}, {theme["id"] for theme in kit.needs["themes"]})
        yield from _missing(need["id"], "goal", need.get("goals", []), kit.goal_ids)
        yield from _missing(need["id"], "item", need.get("items", []), items)


def _missing(where: str, what: str, wanted: Iterable[str | None], there: Iterable[str]) -> Iterator[str]:
    for name in sorted({name for name in wanted if name is not None} - set(there)):
        yield f"{where}: unknown {what} {name}"


def _doubles(what: str, ids: Iterable[str]) -> Iterator[str]:
    for name, times in Counter(ids).items():
        if times > 1:
            yield f"{what} {name} stands {times} times"
