"""The OpenAPI document of the read API, written from the rows of `reads` and the shapes of their answers."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import msgspec

from web.api import shapes
from web.api.reads import READS, UNDER, Read

VERSION: Final = "1.0.0"
PAGE_MOST: Final = 100  # entries; a survey of forty questions by 21 regions is half a megabyte as it is
PAGE: Final = 50
DESCRIPTION: Final = (
    "The figures of one day, as its report has them. Every share has its n and what those are (`base`); a figure that is null is withheld, "
    "because fewer than five have answered or because one such could be computed from it. A key reads the figures of one day, and of "
    "goals that are counted over a series of days what each of them has added; nothing else. Answers have an ETag: ask again with "
    "If-None-Match, and what has not changed is answered with 304 and no body."
)
UNAUTHORIZED: Final = ("key.missing", "key.unknown", "key.expired")
EVERYWHERE: Final = {
    "401": UNAUTHORIZED,
    "403": ("key.other_day",),
    "429": ("limit.reached",),
    "503": ("store.unavailable",),
}


@cache
def document() -> dict[str, Any]:
    """The document, as JSON has it."""
    answers = [shapes.Page[one.answer] if one.by else one.answer for one in READS]  # type: ignore[name-defined]  # a shape, known at run time
    schemas, components = msgspec.json.schema_components([*answers, shapes.Problem], ref_template="#/components/schemas/{name}")
    paths = {UNDER + one.path: {"get": _operation(one, schema)} for one, schema in zip(READS, schemas[:-1], strict=True)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Samsyn: figures of a day", "version": VERSION, "description": DESCRIPTION},
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    }


def _operation(one: Read, schema: dict[str, Any]) -> dict[str, Any]:
    refused = dict(EVERYWHERE)
    if one.refuses:
        refused["404"] = one.refuses
    if one.by:
        refused["422"] = ("wire.wrong_args",)
    return {
        "operationId": one.name,
        "summary": one.what,
        "parameters": [*_of_path(one), *(_OF_LIST if one.by else ()), _ETAG],
        "responses": {
            "200": {
                "description": one.what,
                "headers": {"ETag": {"schema": {"type": "string"}}},
                "content": {"application/json": {"schema": schema}},
            },
            "304": {"description": "What If-None-Match names is what there is."},
            **{status: _problem(codes) for status, codes in sorted(refused.items())},
        },
    }


def _of_path(one: Read) -> list[dict[str, Any]]:
    names = ["day", *([one.names] if one.names else [])]
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _problem(codes: tuple[str, ...]) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": f"Refused. code: {', '.join(codes)}", "content": content}


_OF_LIST: Final[tuple[dict[str, Any], ...]] = (
    {
        "name": "limit",
        "in": "query",
        "description": "How many entries at most.",
        "schema": {"type": "integer", "minimum": 1, "maximum": PAGE_MOST, "default": PAGE},
    },
    {"name": "after", "in": "query", "description": "The id after which to go on; `next` has it.", "schema": {"type": "string"}},
)
_ETAG: Final[dict[str, Any]] = {"name": "If-None-Match", "in": "header", "schema": {"type": "string"}}
