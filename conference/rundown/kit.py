"""A kit's run-of-show as the rows of a day: pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from conference.kit import Made, NewDay, make_day
from conference.library.films import film_rows
from conference.library.kit import Kit
from conference.library.shapes import CueOfKit
from conference.rundown.plan import Sheet, speed_for
from conference.rundown.tables import Cue
from conference.rundown.titles import about
from conference.tables import Item

END = "end_day"
DEMO_S = 12 * 60.0  # how long a compressed day takes, films and polls included


def cue_rows(kit: Kit, made: Made) -> list[Cue]:
    """The cues of every lane; a day that the kit does not end is ended when its last item is over."""
    names = names_in(kit)
    cues = [_cue(item, cue, names, kit) for item in made.items for cue in made.written[item.item].cues]
    if made.items and not any(cue.do == END for cue in cues):
        last = max((item for item in made.items if item.lane == "national"), key=lambda item: item.planned_ends_at)
        over = CueOfKit(id=f"{last.item}.end", at_s=_seconds(last.planned_ends_at - last.planned_starts_at), do=END, by="clock")
        cues.append(_cue(last, over, names, kit))
    for position, cue in enumerate(cues):
        cue.position = position
    return cues


def compressed(kit: Kit, new: NewDay, total_s: float = DEMO_S) -> float:
    """The speed at which the day takes about *total_s*; films are never shortened, so it can take longer."""
    made = make_day(kit, replace(new, speed=1.0), "000000")
    films = film_rows(kit, made.day.day, datetime.now(UTC))
    sheet = Sheet(made.blocks, made.items, cue_rows(kit, made), films={film.film: (film.planned_s, film.seconds) for film in films})
    return speed_for(sheet, total_s, operator_auto=new.operator_auto)


def names_in(kit: Kit) -> dict[str, str]:
    """What the things that cues name are called."""
    questions = {question["id"]: question["title"] for question in kit.polls["questions"]}
    return {
        **{film.id: film.title for film in kit.films.values()},
        **{source.id: source.title for source in kit.sources},
        **{one.id: one.screen_name or one.role for one in kit.contributors},
        **{block.id: block.title for block in (*kit.blocks, *(block for short in kit.templates for block in short.blocks))},
        **{poll["id"]: questions[poll["question"]] for poll in kit.polls["polls"]},
        **{survey["id"]: survey["title"] for survey in (*kit.evaluation["surveys"], *kit.needs["surveys"])},
    }


def _cue(item: Item, cue: CueOfKit, names: dict[str, str], kit: Kit) -> Cue:
    return Cue(
        day=item.day,
        cue=cue.id,
        lane=item.lane,
        block=item.block,
        item=item.item,
        at_s=cue.at_s,
        do=cue.do,
        by=cue.by,
        args={**_plate(cue, kit), **cue.args},
        what=about(cue.do, cue.args, names),
        planned_at=item.planned_starts_at + timedelta(seconds=cue.at_s),
        position=0,
    )


def _plate(cue: CueOfKit, kit: Kit) -> dict[str, Any]:
    """What stands on a name plate: the name if there is one, else the role."""
    if cue.do != "name_plate":
        return {}
    one = next(one for one in kit.contributors if one.id == cue.args["contributor"])
    name = one.screen_name or str(cue.args.get("text") or one.role)
    return {"name": name, "role": one.role, "organisation": one.organisation}


def _seconds(length: timedelta) -> int:
    return int(length.total_seconds())
