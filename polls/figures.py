"""A tally in words: every answer beside its share, for reports and files. It gets what may be shown, and adds nothing to that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from conference.core.disclosure import K, Share, apart
from conference.core.errors import _
from conference.core.event import Event
from conference.core.faces import Data
from conference.core.log import LogRow
from conference.core.sheets import WITHHELD, Cell, Said, Worded, disclosed
from conference.people import NATIONAL
from conference.tables import Region
from polls.kinds import RIGHT, Question, kind_of
from polls.naming import ENDS, cell_names, ends_in_words, measures
from polls.sorting import Sorting
from polls.tally import Tally
from polls.views import face_of

HANDS = _("händer")  # what the n of a show of hands counts
BASE = _("svar")  # what every n of a poll or a survey counts: forms and ballots, whoever sits behind them


def rows(question: Question, n: int | None, counts: Mapping[str, int | None]) -> list[Data]:
    """Each cell as ``{option, text, text_en, percent, count, n, base, between}``; words and ideas the most frequent first.

    Cells that hold points are no shares of the answers and are not here: `measures` has what they come to.

    Args:
        n: answers; ``None``, like a count, when it is withheld.
    """
    named = cell_names(question)
    kind = kind_of(question)
    if kind.merges:  # only what is left of its cells is told, the commonest first
        cells = sorted(counts, key=lambda cell: (-(counts[cell] or 0), cell))
    else:
        cells = [cell for cell in named if cell in counts or cell in kind.cells(question)]
    return [_row(cell, named.get(cell, (cell, cell)), n, counts.get(cell, 0)) for cell in cells]


def result(question: Question, tally: Data) -> Data:
    """A whole tally as ``{n, rows}``; where figures follow from its counts, with ``{about, counts, derived, measures}`` besides.

    Of several statements also with those that people agree about most and least, ``agreed`` and ``divided``.
    """
    whole = {"n": tally["n"], "rows": rows(question, tally["n"], tally["counts"])}
    if "derived" not in tally:
        return whole
    derived = tally["derived"]
    return {
        **whole,
        "about": face_of(question),
        "counts": tally["counts"],
        "derived": derived,
        "measures": measures(question, tally["n"], derived),
        **ends_in_words(question, derived),
    }


def hands(question: Question, told: Data) -> Data:
    """The hands behind screens as ``{screens, n, rows}``; a share is one of the hands."""
    counted = [{**row, "base": HANDS} for row in rows(question, told["n"], told["counts"])]
    return {"screens": told["screens"], "n": told["n"], "rows": counted}


def merged(total: Tally, sorting: Sorting, shown: Mapping[str, int]) -> list[Data]:
    """What each shown word that others count as is made of: ``{word, count, spellings {word: count}, rare}``.

    Of spellings that fewer than five wrote it is told how many there are. When there is only one, the smallest other has no count: that
    of the one could be computed.
    """
    found: list[Data] = []
    for word in sorted(set(sorting.into.values()) & shown.keys(), key=lambda one: (-shown[one], one)):
        counts = {one: total.counts[one] for one in sorting.spellings(word) if total.counts.get(one)}
        rare = {one for one, count in counts.items() if count < K}
        if len(rare) == 1:
            rare |= set(sorted(counts.keys() - rare, key=lambda one: counts[one])[:1])
        spellings = {one: None if one in rare else count for one, count in counts.items() if count >= K}
        found.append({"word": word, "count": shown[word], "spellings": spellings, "rare": len(counts) - len(spellings)})
    return found


def by_group(question: Question, split: Iterable[Data], name: str, names: Mapping[str, str], whole: Data | None = None) -> list[Data]:
    """Each group of a disclosed split as ``{<name>, name, n, rows}``.

    Args:
        name: what the groups are: ``region`` or ``affiliation``.
        names: what they are called; those that are not there are called by nothing.
        whole: the tally they stand beside. Where `polls.beside` has told what the figures carry, a group has ``verdict`` too, and of
            several statements ``agreed`` and ``divided`` in words; each row has its ``change`` in percentage points, and ``sure``.
    """
    return [
        {
            name: group[name],
            "name": names.get(group[name]),
            "n": group["n"],
            **_beside(question, group, rows(question, group["n"], group["counts"]), whole),
        }
        for group in split
    ]


def _beside(question: Question, group: Data, told: list[Data], whole: Data | None) -> Data:
    if whole is None or "verdict" not in group:
        return {"rows": told}
    all_ = {row["option"]: row["percent"] for row in rows(question, whole["n"], whole["counts"])}
    change = {row["option"]: row["percent"] - all_[row["option"]] for row in told if row["percent"] is not None}
    compared = [{**row, "change": change.get(row["option"]), "sure": row["option"] in group["sure"]} for row in told]
    return {"rows": compared, "verdict": group["verdict"], **ends_in_words(question, group)}


def gap(question: Question, shown: Data) -> Data | None:
    """The two kinds of organisation that are held against each other: ``{a, b, verdict, rows}``.

    ``a`` and ``b`` are ``{affiliation, n}``; a row is ``{option, text, text_en, a, b, change, sure}``, shares in whole percent. There is
    none where one of them is not told of.
    """
    if (told := shown.get("gap")) is None:
        return None
    a, b = ({one["affiliation"]: one for one in shown["affiliations"]}[told[side]] for side in ("a", "b"))
    both = zip(*(rows(question, one["n"], one["counts"]) for one in (a, b)), strict=True)
    compared = [
        {
            **{name: mine[name] for name in ("option", "text", "text_en")},
            "a": mine["percent"],
            "b": theirs["percent"],
            "change": mine["percent"] - theirs["percent"],
            "sure": mine["option"] in told["sure"],
        }
        for mine, theirs in both
        if mine["percent"] is not None and theirs["percent"] is not None
    ]
    return {
        **{side: {name: one[name] for name in ("affiliation", "n")} for side, one in (("a", a), ("b", b))},
        "verdict": told["verdict"],
        "rows": compared,
    }


def shift(before: Data, after: Data) -> list[Data]:
    """How the shares moved from one result to a later one: ``{option, text, text_en, before, after, sure}``, each ``{percent, n}``.

    Only answers that both may show are here, in the later one's order. ``sure`` says that their intervals do not overlap; otherwise chance
    alone may have moved them.
    """
    earlier = {row["option"]: row for row in before["rows"] if row["percent"] is not None}
    both = [(earlier[row["option"]], row) for row in after["rows"] if row["option"] in earlier and row["percent"] is not None]
    return [
        {
            **{name: row[name] for name in ("option", "text", "text_en")},
            "before": _point(old),
            "after": _point(row),
            "sure": apart(old["between"], row["between"]),
        }
        for old, row in both
    ]


def _point(row: Data) -> Data:
    return {"percent": row["percent"], "n": row["n"]}


def texts(written: list[Data]) -> list[Data]:
    """Answers in people's own words, which must come in no order that tells anything; none at all while they are few."""
    return written if len(written) >= K else []


CELLS = (_("Svar"), _("Antal"), _("n"), _("Procent"), _("Värde"))


def cells(figures: Data) -> Iterator[tuple[Cell, ...]]:
    """What a result holds as rows of a sheet, in the columns `CELLS`; of an answer that has no cells, its n alone."""
    n = disclosed(figures["n"])
    for row in figures["rows"]:
        yield (
            Said(row["text"]) if row["option"] == RIGHT else Worded(row["text"], row["text_en"]),
            disclosed(row["count"]),
            n,
            WITHHELD if row["count"] is None else row["percent"],
            None,
        )
    if not figures["rows"]:
        yield None, None, n, None, None
    for measure in figures.get("measures", ()):
        yield measure["text"], None, measure["n"], None, measure["value"]
    for end, text in ENDS.items():
        if said := figures.get(end):
            yield text, None, n, None, Worded(said["text"], said["text_en"])
    for written in figures.get("texts", ()):
        yield written["text"], None, n, None, written.get("theme") or None


def group_name(region: Data) -> Cell:
    """What a region of `by_group` is called in a sheet."""
    return region["name"] or (Said(_("Ingen region")) if region["region"] == NATIONAL else str(region["region"]))


async def region_names(session: AsyncSession, day: str) -> dict[str, str]:
    """What the day's regions are called."""
    return {region.region: region.name for region in await session.exec(select(Region).where(col(Region.day) == day))}


async def corrections(session: AsyncSession, day: str, of: type[Event], by: str) -> dict[str, list[Data]]:
    """What was put right in the wording of each poll, or survey, after it had opened: ``{at, part, before, after, reason}``.

    Args:
        of: the event that tells it; its field *by* says of which.
    """
    wanted = select(LogRow.at, LogRow.data).where(LogRow.day == day, LogRow.name == of.name).order_by(col(LogRow.seq))
    found: dict[str, list[Data]] = {}
    for at, data in await session.exec(wanted):
        event = msgspec.json.decode(data)
        found.setdefault(event[by], []).append({"at": at, **{name: event[name] for name in ("part", "before", "after", "reason")}})
    return found


def correction(one: Data) -> Said:
    """One of these in a sheet."""
    return Said(_("Rättad: ”%(before)s” blev ”%(after)s”. %(reason)s"), {name: one[name] for name in ("before", "after", "reason")})


def _row(cell: str, texts: tuple[str, str], n: int | None, count: int | None) -> Data:
    share = Share(count, n or 0, BASE).shown()
    return {"option": cell, "text": texts[0], "text_en": texts[1], **share, "n": n}
