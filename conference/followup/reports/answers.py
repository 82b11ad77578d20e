"""What came of a question, as parts of a document: the finding in words, shares with n and base, and each group beside the whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from conference.core.faces import Data
from conference.core.sheets import WITHHELD, Withheld
from conference.followup.reports.document import Chart, Column, Part, Table, Unit, Value, chart_of

DASH: Final = "\N{EN DASH}"
BARS_MOST: Final = 20  # in a chart; the table has them all
ACROSS_MOST: Final = 6  # answers that fit beside each other on a page that stands
RIGHT: Final = "is:right"  # the cell of a quiz that holds those who knew
PLACED: Final = ("ranking", "points", "matrix")  # what follows from the answers tells more than their shares
UNSPLIT: Final = ("words", "text", "ideas", "matrix")
SHARES: Final = (
    *(Column("Svar"), Column("Andel", Unit.PERCENT), Column("Antal", Unit.NUMBER)),
    *(Column("n", Unit.NUMBER), Column("Osäkerhet, procent")),
)
BESIDE: Final = (
    *(Column("Grupp"), Column("Svar"), Column("Andel", Unit.PERCENT), Column("n", Unit.NUMBER)),
    *(Column("Alla", Unit.PERCENT), Column("n, alla", Unit.NUMBER), Column("Skillnad", Unit.NUMBER), Column("Bär siffrorna den?")),
)
MEASURES: Final = (Column("Mått"), Column("Värde", Unit.NUMBER), Column("n", Unit.NUMBER))
HIDDEN_NOTE: Final = "Rutor med färre än fem svar visas inte, så att ingen kan pekas ut."


def number(value: float) -> str:
    """``2 310`` and ``3,4``, in groups of three that never break over a line."""
    return f"{value:,}".replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")


def many(n: int, one: str, more: str) -> str:
    """``1 svar``, ``7 frågor``."""
    return f"{number(n)} {one if n == 1 else more}"


def part(question: Data, of: Data, title: str = "") -> Part:
    """A question and its result.

    Args:
        question: with ``kind`` and ``title``.
        of: ``n``, ``rows`` and what stands beside them: see `polls.results.asked`.
        title: of the part, where the finding is not enough.
    """
    tables = _tables(question, of)
    texts = tuple(one["text"] for one in of.get("texts", ()))
    base = (_base(of["follows"]),) if of.get("follows") else ()
    return Part(title or finding(question["kind"], of), question["title"], base, _chart(of, tables), tables, texts)


def _base(follows: Data) -> str:
    """Whom a follow-up was asked of, how many they were and how many of them answered."""
    given = " eller ".join(one["text"] for one in follows["answers"])
    asked = f"Följdfråga till dem som svarade {given} på: {follows['title']}"
    share = follows["share"]
    if not share or share["percent"] is None:
        return asked
    return f"{asked} {number(share['n'])} fick den, och {number(share['count'])} av dem svarade ({share['percent']}\N{NO-BREAK SPACE}%)."


def finding(kind: str, of: Data) -> str:
    """What the answers say, in one line."""
    n, rows = of["n"], [row for row in of["rows"] if row["percent"] is not None]
    right = next((row for row in rows if row["option"] == RIGHT), None)
    if not n:
        return "Ingen svarade" if n == 0 else "Färre än fem svarade"
    if kind in ("text", "ideas", "matrix"):
        return many(n, "svar", "svar") if kind == "matrix" else f"{number(n)} skrev ett svar"
    if right is not None:
        return f"{number(right['count'])} av {number(n)} svarade rätt"
    if _is_placed(kind, of):
        best = _best(of)
        return f"{best['text']} {number(best['value'])}, högst av alla" if best else many(n, "svar", "svar")
    if not rows or (kind == "number" and of.get("measures")):
        middle = of["measures"][len(of["measures"]) // 2] if of.get("measures") else None
        return f"{middle['text']}: {_said(middle['value'])}" if middle and middle["value"] is not None else many(n, "svar", "svar")
    most = max(row["count"] for row in rows)
    first = [row["text"] for row in rows if row["count"] == most]
    share = f"{rows[[row['count'] for row in rows].index(most)]['percent']}\N{NO-BREAK SPACE}%"
    return f"Lika många svarade {' och '.join(first)}, {share} var" if len(first) > 1 else f"{share} svarade {first[0]}"


def groups(question: Data, of: Data, split: Sequence[Data], what: str) -> Table | None:
    """Each group beside the whole, as shares of its own answers; ``None`` where there is nothing to split.

    Args:
        split: groups as `polls.figures.by_group` gives them.
        what: what they are: ``Region``.
    """
    options = [row for row in of["rows"] if row["option"] != RIGHT]
    if not split or not of["n"] or question["kind"] in UNSPLIT or not options:
        return None
    title = f"{question['title']} ({what.lower()})"
    if len(options) > ACROSS_MOST:
        return _long(title, split, what)
    columns = (Column(what), Column("n", Unit.NUMBER), *(Column(row["text"], Unit.PERCENT) for row in options))
    rows = [(_name(group), _shown(group["n"]), *(_percent(row) for row in group["rows"] if row["option"] != RIGHT)) for group in split]
    whole = ("Alla", of["n"], *(_percent(row) for row in options))
    return Table(title, columns, (*rows, whole), total=True, note=f"Andel av gruppens svar; n är gruppens svar. {HIDDEN_NOTE}")


def beside(question: Data, of: Data) -> Table | None:
    """Each region and kind of organisation beside all who answered, with the difference and what the figures carry."""
    whole = {row["option"]: row["percent"] for row in of["rows"]}
    groups_ = [one for one in (*of["regions"], *of.get("affiliations", ())) if one.get("verdict")]
    rows = tuple(
        (_name(one), row["text"], _percent(row), one["n"], whole.get(row["option"]), of["n"], _shown(row["change"]), _carries(row, one))
        for one in groups_
        for row in one["rows"]
    )
    return Table(f"{question['title']} (jämfört med alla)", BESIDE, rows, note=HIDDEN_NOTE) if rows else None


def _carries(row: Data, group: Data) -> str:
    return "Ja" if row["sure"] else "Nej, för få svar" if group["verdict"] == "few" else "Nej, kan bero på slumpen"


def apart(poll: Data) -> list[Table]:
    """The results of a poll that one region had for itself, with the region's name; none where nobody answered or all were asked."""
    if not poll["region"]:
        return []
    found = [_tables(poll, of) for of in poll["rounds"] if of["n"]]
    return [replace(table, title=f"{table.title} ({poll['region']})") for tables in found for table in tables]


def _long(title: str, split: Iterable[Data], what: str) -> Table:
    columns = (Column(what), *SHARES[:-1])
    rows = [
        (_name(group), row["text"], _percent(row), _shown(row["count"]), _shown(group["n"])) for group in split for row in group["rows"]
    ]
    return Table(title, columns, tuple(rows), note=f"Andel av gruppens svar; n är gruppens svar. {HIDDEN_NOTE}")


def shares(title: str, rows: Iterable[Data], base: str) -> Table:
    """Answers with their shares, counts, n and interval."""
    told = tuple((row["text"], _percent(row), _shown(row["count"]), _shown(row["n"]), between(row["between"])) for row in rows)
    return Table(title, SHARES, told, bars=1, note=f"Andel av n, som är antalet {base}.")


def between(interval: Sequence[int] | None) -> str | None:
    """Where chance alone could have put a share."""
    return f"{interval[0]}{DASH}{interval[1]}" if interval else None


def _tables(question: Data, of: Data) -> tuple[Table, ...]:
    rows = [row for row in of["rows"] if row["option"] != RIGHT] if of["n"] else []
    found = []
    if rows and not (_is_placed(question["kind"], of) and of.get("measures")):
        found.append(shares(question["title"], rows, rows[0]["base"]))
    if measured := [one for one in of.get("measures", ()) if one["value"] is not None]:
        values = tuple((one["text"], one["value"], one["n"]) for one in measured)
        found.append(Table(question["title"], MEASURES, values, note="n är antalet svar som måttet är räknat på."))
    if hands := of.get("hands"):
        title = f"Händer bakom {many(hands['screens'], 'skärm', 'skärmar')}: {question['title']}"
        found.append(shares(title, hands["rows"], "händer"))
    return tuple(found)


def _chart(of: Data, tables: Sequence[Table]) -> Chart | None:
    """Of the first table: shares, or what follows from the answers; there is none of answers in people's own words."""
    if not tables or not of["n"]:
        return None
    base = f"n = {number(of['n'])} svar"
    is_share = tables[0].columns[1].unit is Unit.PERCENT
    return chart_of(tables[0], 1, f"Andel av svaren, {base}" if is_share else base, most=BARS_MOST)


def _is_placed(kind: str, of: Data) -> bool:
    return kind in PLACED or bool(of.get("about", {}).get("statements"))


def _best(of: Data) -> Data | None:
    measured = [one for one in of.get("measures", ()) if isinstance(one["value"], int | float)]
    return max(measured, key=lambda one: one["value"], default=None)


def _name(group: Data) -> str:
    found = str(group["name"] or group.get("region") or group["affiliation"])
    return {"national": "Ingen region", "unknown": "Ingen uppgift"}.get(found, found)


def _shown(figure: Any) -> Value:
    return WITHHELD if figure is None else figure


def _percent(row: Data) -> int | Withheld | None:
    return WITHHELD if row["count"] is None else row["percent"]


def _said(value: float | str) -> str:
    return value if isinstance(value, str) else number(value)
