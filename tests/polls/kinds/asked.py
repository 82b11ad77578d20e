"""One question of each kind that has parts, for tests; and the bad answers that no kind takes."""

from __future__ import annotations

import math
from typing import Any

from polls.kinds import Axes, Axis, Option, Question

ABC = (Option("a", "Alfa"), Option("b", "Beta"), Option("c", "Gamma"))
RANKING = Question("q", "ranking", "Ordna", options=ABC)
POINTS = Question("q", "points", "Fördela", options=ABC)
NUMBER = Question("q", "number", "Minuter?", low=0, high=240, unit="minuter", unit_en="minutes")
HALVES = Question("q", "number", "Timmar?", low=-1, high=1, step=0.5)
AXES = Axes(Axis("Arbete", "Lite", "Mycket"), Axis("Nytta", "Liten", "Stor", title_en="Benefit"))
MATRIX = Question("q", "matrix", "Placera", steps=5, statements=ABC, axes=AXES)
STATEMENTS = Question("q", "scale", "Så är det", steps=4, statements=ABC[:2], labels=("aldrig", "alltid"), dont_know="Vet inte")
FIRM = Question("q", "scale", "Så är det", steps=4, statements=ABC[:2])
QUIZ = Question("q", "quiz", "Vad gäller?", options=ABC, right=("b",), explanation="Därför.")
PAIR = Question("q", "quiz", "Vilka två?", options=ABC, most=2, right=("a", "c"))
BACKING = Question("q", "backing", "Vilka idéer stöder du?", options=ABC, most=3)
IDEAS = Question("q", "ideas", "Vad kan vi börja med?", longest=200)

NESTED: Any = [[[["a"]]]]
NEVER: list[Any] = [True, math.nan, math.inf, -math.inf, 10**400, NESTED, {"a": {"a": {"a": 1}}}, {"z": 1}, ["z"], "\x00", "a" * 10_000]
"""No kind with parts takes any of these."""

LARGE: list[Any] = [["a"] * 10_000, [f"o{n}" for n in range(10_000)], {f"o{n}": 1 for n in range(10_000)}]

NOTHING: list[Any] = [None, "", []]
