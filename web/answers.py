"""The fields of a form without scripts, a question's at a time, as `polls.kinds` reads them."""

from __future__ import annotations

from starlette.datastructures import FormData

from polls.kinds import Given


def given_in(form: FormData, name: str) -> Given:
    """What was filled in for the question with the field *name*; parts of it, such as statements, have fields ``<name>.<part>``."""
    given: dict[str, list[str]] = {}
    for field, value in form.multi_items():
        if isinstance(value, str) and value.strip() and (field == name or field.startswith(f"{name}.")):
            given.setdefault(field[len(name) + 1 :], []).append(value)
    return given
