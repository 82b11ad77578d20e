"""Holds a value to a JSON schema, as far as the schemas of the read API go; a word that is not known here fails."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool, "null": type(None),
}  # fmt: skip
READ = {"date-time": datetime.fromisoformat, "date": date.fromisoformat}
SAID = {"title", "description", "default"}


def wrong(value: Any, schema: dict[str, Any], document: dict[str, Any], at: str = "$") -> list[str]:
    """Where *value* is not what *schema* says. Fields that the schema does not name are wrong, too."""
    rest = {word: told for word, told in schema.items() if word not in SAID}
    if "$ref" in rest:
        found = document
        for part in rest.pop("$ref").removeprefix("#/").split("/"):
            found = found[part]
        assert not rest
        return wrong(value, found, document, at)
    if "anyOf" in rest:
        each = [wrong(value, one, document, at) for one in rest.pop("anyOf")]
        assert not rest
        return [] if [] in each else [f"{at}: {value!r} is none of {len(each)}"]
    kinds = rest.pop("type")
    if not any(_is(value, kind) for kind in ([kinds] if isinstance(kinds, str) else kinds)):
        return [f"{at}: {value!r} is no {kinds}"]
    found_wrong = _bounds(value, rest, at)
    if isinstance(value, dict):
        found_wrong += _object(value, rest, document, at)
    if isinstance(value, list):
        found_wrong += _array(value, rest, document, at)
    assert not rest, f"{at}: {sorted(rest)} is not known"
    return found_wrong


def _is(value: Any, kind: str) -> bool:
    return isinstance(value, TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _bounds(value: Any, rest: dict[str, Any], at: str) -> list[str]:
    low, high, form = rest.pop("minimum", None), rest.pop("maximum", None), rest.pop("format", None)
    if form and isinstance(value, str):
        READ[form](value)
    is_wrong = (low is not None and value < low) or (high is not None and value > high)
    return [f"{at}: {value!r} is out of bounds"] if is_wrong else []


def _object(value: dict[str, Any], rest: dict[str, Any], document: dict[str, Any], at: str) -> list[str]:
    properties, required, other = rest.pop("properties", {}), rest.pop("required", []), rest.pop("additionalProperties", None)
    found = [f"{at}.{name}: missing" for name in required if name not in value]
    for name, one in value.items():
        of = properties.get(name, other)
        found += wrong(one, of, document, f"{at}.{name}") if isinstance(of, dict) else [f"{at}.{name}: not in the schema"]
    return found


def _array(value: list[Any], rest: dict[str, Any], document: dict[str, Any], at: str) -> list[str]:
    first, items = rest.pop("prefixItems", []), rest.pop("items", None)
    least, most = rest.pop("minItems", 0), rest.pop("maxItems", len(value))
    found = [] if least <= len(value) <= most else [f"{at}: {len(value)} entries"]
    for place, one in enumerate(value):
        of = first[place] if place < len(first) else items
        found += wrong(one, of, document, f"{at}[{place}]") if isinstance(of, dict) else [f"{at}[{place}]: not in the schema"]
    return found
