"""The chapter of what is done about the needs: from what was asked for to what came of it. Pure.

Who has taken on an action is no part of it: a name that is frozen could not be erased.
"""

from __future__ import annotations

from conference.core.faces import Data
from conference.followup.reports.document import Column, Part, Table, Unit

STAGES = {"need": "Behov", "trial": "Prövas", "evaluated": "Utvärderad", "in_use": "I ordinarie drift"}

MEASURED = {"organisations": "organisationer", "municipalities": "kommuner", "people": "personer, minst", "screens": "skärmar"}


def kept(told: Data) -> Data:
    """What a version keeps of the report's ``followup``; of workplaces those of its own day, for goals over years are summed day by day."""
    needs = [
        {**_only(one, "need", "statement", "actions"), "items": [_only(item, "title") for item in one["items"]]} for one in told["needs"]
    ]
    benefit = ("what", "unit", "assumption", "baseline", "effect", "value", "change", "measured_on")
    actions = [
        {**_only(one, "action", "what", "stage", "due"), "benefits": [_only(each, *benefit) for each in one["benefits"]]}
        for one in told["actions"]
    ]
    targets = [_only(one, "title", "measure", "amount", "due", "count", "days") for one in told["targets"]]
    return {"figures": told["figures"], "needs": needs, "actions": actions, "targets": targets, "workplaces_here": told["workplaces_here"]}


def parts(told: Data) -> tuple[Part, ...]:
    """Needs with what answers them, actions with their stage, and benefit; what there is none of is left out."""
    figures, actions = told["figures"], told["actions"]
    found = []
    if told["needs"]:
        rows = tuple(
            (one["statement"], ", ".join(dict.fromkeys(item["title"] for item in one["items"])), len(one["actions"]))
            for one in told["needs"]
        )
        table = Table("Behoven, och vad som svarar mot dem", (Column("Behov"), Column("Inslag"), Column("Åtgärder", Unit.NUMBER)), rows)
        found.append(Part(f"{figures['acted_on']} av {figures['needs']} behov har en åtgärd", tables=(table,)))
    if actions:
        rows_of = tuple((one["what"], STAGES[one["stage"]], one["due"] or "") for one in actions)
        table = Table("Åtgärderna, och hur långt de har kommit", (Column("Åtgärd"), Column("Steg"), Column("Klar senast")), rows_of)
        found.append(Part(f"{figures['in_use']} av {figures['actions']} åtgärder är i ordinarie drift", tables=(table,)))
    if any(one["benefits"] for one in actions):
        found.append(_benefit(figures, actions))
    if told.get("targets"):
        found.append(_targets(told["targets"]))
    return tuple(found)


def _benefit(figures: Data, actions: list[Data]) -> Part:
    columns = (
        *(Column(title) for title in ("Åtgärd", "Nytta", "Enhet")),
        *(Column(title, Unit.NUMBER) for title in ("Utgångsläge", "Väntad effekt", "Vid uppföljningen", "Förändring")),
        *(Column(title) for title in ("Mätt", "Antagande")),
    )
    rows = tuple(
        (one["what"], *(each[name] for name in ("what", "unit", "baseline", "effect", "value", "change")), each["measured_on"] or "",
         each["assumption"])
        for one in actions for each in one["benefits"]
    )  # fmt: skip
    note = "Förändringen är värdet vid uppföljningen minus utgångsläget. Ett tomt värde är inte mätt."
    heading = f"Nyttan är uppföljd för {figures['measured']} av {figures['actions']} åtgärder"
    return Part(heading, tables=(Table("Nyttan", columns, rows, note=note),))


def _targets(targets: list[Data]) -> Part:
    columns = (
        *(Column("Mål"), Column("Räknar"), Column("Hittills", Unit.NUMBER), Column("Mål, antal", Unit.NUMBER)),
        *(Column("Dagar i serien", Unit.NUMBER), Column("Senast")),
    )
    reached = sum(one["count"] >= one["amount"] for one in targets)
    note = "Hittills räknas över alla dagar i serien. Samma organisation på två dagar är en; personer och skärmar räknas dag för dag."
    table = Table("Målen i siffror", columns, tuple(map(target_row, targets)), note=note)
    return Part(f"{reached} av {len(targets)} mål i siffror är nådda", tables=(table,))


def target_row(one: Data) -> tuple[str | int, ...]:
    """A goal: title, what it counts, how far it has come, how far it shall, over how many days, and until when."""
    return (one["title"], MEASURED[one["measure"]], one["count"], one["amount"], len(one["days"]), str(one["due"] or ""))


def _only(of: Data, *names: str) -> Data:
    return {name: of[name] for name in names}
