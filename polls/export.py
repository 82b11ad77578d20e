"""The polls as a table for people: a row for every figure that may be shown, and for every answer in people's own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.errors import _
from conference.core.faces import Data
from conference.core.sheets import WITHHELD, Cell, Said, Sheet, Worded, disclosed
from conference.people import NATIONAL
from polls.figures import CELLS, cells, correction, group_name
from polls.kinds import RIGHT
from polls.results import asked

SHIFT = (
    *(_("Omröstning"), _("Fråga"), _("Svar"), _("Omgången före"), _("Procent före"), _("n före")),
    *(_("Omgång"), _("Procent"), _("n"), _("Skillnad, procentenheter")),
)
BESIDE = (
    *(_("Omröstning"), _("Omgång"), _("Fråga"), _("Svar"), _("Region"), _("Verksamhet"), _("Procent"), _("n")),
    *(_("Jämfört med"), _("Procent i jämförelsen"), _("n i jämförelsen"), _("Skillnad, procentenheter"), _("Bär siffrorna skillnaden?")),
)
CARRIES: Final[Mapping[str, str]] = {"few": _("Nej, för få svar"), "chance": _("Nej, kan bero på slumpen")}
COLUMNS = (_("Omröstning"), _("Omgång"), _("Sort"), _("Fråga"), _("Region"), *CELLS)


async def sheets(session: AsyncSession, day: str) -> list[Sheet]:
    """One sheet; one of regions and kinds of organisation beside the whole, and one of the shifts when something was asked again.

    A row without a region and a kind is of all that were asked.
    """
    polls = await asked(session, day)
    shifts = tuple(row for poll in polls for row in _shifts(poll))
    again = [Sheet(_("Förändring mellan omgångar"), SHIFT, shifts)] if shifts else []
    compared = tuple(row for poll in polls for round_ in poll["rounds"] for row in _beside(poll, round_))
    beside = [Sheet(_("Jämfört med alla"), BESIDE, compared)] if compared else []
    return [Sheet(_("Omröstningar"), COLUMNS, tuple(row for poll in polls for row in _rows(poll))), *beside, *again]


def _beside(poll: Data, round_: Data) -> Iterator[tuple[Cell, ...]]:
    """Each group beside all who answered, and the two kinds of organisation beside each other."""
    about = (poll["poll"], round_["round"], Worded(poll["title"], poll["title_en"]))
    all_ = {row["option"]: row["percent"] for row in round_["rows"]}
    regions = [(group, (group_name(group), None)) for group in round_["regions"]]
    kinds = [(group, (None, group["affiliation"])) for group in round_["affiliations"]]
    for group, place in (one for one in (*regions, *kinds) if "verdict" in one[0]):
        for row in group["rows"]:
            other = (Said(_("Alla")), all_.get(row["option"]), round_["n"])
            yield (*about, _text(row), *place, disclosed(row["percent"]), group["n"], *other, *_difference(row, group["verdict"]))
    if gap := round_.get("gap"):
        a, b = gap["a"], gap["b"]
        for row in gap["rows"]:
            shares = (row["a"], a["n"], b["affiliation"], row["b"], b["n"])
            yield (*about, _text(row), None, a["affiliation"], *shares, *_difference(row, gap["verdict"]))


def _difference(row: Data, verdict: str) -> tuple[Cell, Cell]:
    return disclosed(row["change"]), Said(_("Ja") if row["sure"] else CARRIES.get(verdict, CARRIES["chance"]))


def _text(row: Data) -> Cell:
    return Said(row["text"]) if row["option"] == RIGHT else Worded(row["text"], row["text_en"])


def _shifts(poll: Data) -> Iterator[tuple[Cell, ...]]:
    for round_ in poll["rounds"]:
        for row in round_["shift"]:
            before, after = row["before"], row["after"]
            change = after["percent"] - before["percent"]
            earlier = (round_["round"] - 1, before["percent"], before["n"])
            yield (
                poll["poll"],
                Worded(poll["title"], poll["title_en"]),
                _text(row),
                *earlier,
                round_["round"],
                after["percent"],
                after["n"],
                change,
            )


def _spellings(about: tuple[Cell, ...], merged: Data, n: int) -> Iterator[tuple[Cell, ...]]:
    """What a merged word is made of, each as it was written, and how many more that few wrote."""
    for word, count in merged["spellings"].items():
        text = Said(_("%(word)s, räknat som %(into)s"), {"word": word, "into": merged["word"]})
        yield (*about, text, disclosed(count), n, None, None)
    if merged["rare"]:
        few = Said(_("%(n)s stavningar som färre än fem skrev, räknade som %(into)s"), {"n": str(merged["rare"]), "into": merged["word"]})
        yield (*about, few, WITHHELD, n, None, None)


def _rows(poll: Data) -> Iterator[tuple[Cell, ...]]:
    title = Worded(poll["title"], poll["title_en"])
    for round_ in poll["rounds"]:
        about = (poll["poll"], round_["round"], poll["kind"], title)
        whose = Said(poll["region"]) if poll["scope"] == NATIONAL else poll["region"]
        yield from ((*about, whose, *row) for row in cells(round_))
        for one in round_.get("merged", ()):  # of a sort of their own: they are in the words above, and must not be summed with them
            yield from _spellings((poll["poll"], round_["round"], "spellings", title, whose), one, round_["n"])
        if hands := round_.get("hands"):  # rows of a sort of their own, as they are no answers and must not be summed with them
            up = (poll["poll"], round_["round"], "hands", title, whose)
            yield from ((*up, *row) for row in cells(hands))
            yield (*up, Said(_("Skärmar")), None, hands["n"], None, hands["screens"])
        for region in round_["regions"]:
            yield from ((*about, group_name(region), *row) for row in cells(region))
    for one in poll["corrections"]:
        yield poll["poll"], None, "correction", title, None, correction(one), None, None, None, one["at"]
