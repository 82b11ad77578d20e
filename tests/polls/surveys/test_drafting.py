"""Writing a survey, question by question: what may be done to a draft, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from conference.core.errors import Refused
from conference.people import STAFF
from polls.kinds import Axes, Axis, Option, Question
from polls.surveys import drafting, rules
from polls.surveys.drafting import About, Written
from polls.surveys.parts import After, Section
from polls.surveys.tables import Survey
from polls.surveys.translating import untranslated
from tests.conftest import NINE

OPTIONS = (Option("a", "Tid", "Time"), Option("b", "Pengar", "Money"))
AXES = Axes(Axis("Insats"), Axis("Nytta"))
KINDS = [
    Question("q", "choice", "Vad?", options=OPTIONS),
    Question("q", "quiz", "Vad?", options=OPTIONS, right=("a",)),
    Question("q", "yesno", "Vad?"),
    Question("q", "scale", "Vad?", steps=5),
    Question("q", "scale", "Vad?", steps=4, statements=OPTIONS, dont_know="Vet ej"),
    Question("q", "ranking", "Vad?", options=OPTIONS),
    Question("q", "points", "Vad?", options=OPTIONS),
    Question("q", "words", "Vad?", most=3),
    Question("q", "text", "Vad?"),
    Question("q", "ideas", "Vad?", ideas_each=2),
    Question("q", "number", "Vad?", low=0, high=10),
    Question("q", "matrix", "Vad?", statements=OPTIONS, steps=5, axes=AXES),
]


def made(audience: str = "participants", **about: Any) -> Survey:
    return drafting.make("d", "s", 1, About("Enkät", audience, **about), starts_at=NINE)


def question(name: str, kind: str = "yesno", **fields: Any) -> Question:
    options = (Option("yes", "Ja", "Yes"), Option("no", "Nej", "No")) if kind == "yesno" else ()
    return Question(name, kind, f"Fråga {name}?", **{"options": options, **fields})


def with_three() -> Survey:
    """``a``; under a heading ``b`` and its follow-up ``c``."""
    survey = drafting.write(made(), None, Written(question("a")))
    survey = drafting.write(survey, None, Written(question("b"), section=Section("Mer")))
    return drafting.write(survey, None, Written(question("c", "text"), after=After("b", ("no",))))


def order(survey: Survey) -> list[str]:
    found = []
    for part in rules.parts_of(survey):
        found += [f"[{part.section.title}]", part.question.id] if part.section else [part.question.id]
    return found


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.code


def test_a_new_survey_is_empty_and_cannot_be_opened_before_it_has_a_question() -> None:
    survey = made(title_en="Survey", intro=" Kort. ")

    assert (survey.state, survey.opens, survey.known, survey.title_en, survey.intro) == ("draft", "hand", False, "Survey", "Kort.")
    assert refusal(lambda: rules.open_survey(survey, at=NINE)) == "survey.empty"
    assert rules.open_survey(with_three(), at=NINE).survey == "s"


@pytest.mark.parametrize("asked", KINDS, ids=lambda one: f"{one.kind}{'-statements' if one.statements else ''}")
def test_every_kind_that_surveys_carry_can_be_written(asked: Question) -> None:
    survey = drafting.write(made(), None, Written(asked))
    [part] = rules.parts_of(survey)

    assert (part.question, survey.known, part.consent is not None) == (asked, True, asked.kind in ("text", "ideas"))


def test_each_audience_asks_those_it_names() -> None:
    asked = {audience: made(audience, months=6) for audience in drafting.AUDIENCES}

    assert {name: rules.FOR_WHOM[one.for_whom] for name, one in asked.items()} == {
        "participants": None, "per_item": None, "registered": None, "contributors": frozenset({"speaker"}), "organizers": STAFF,
        "followers": frozenset({rules.LINK}), "watchers": frozenset({rules.WATCHING}),
    }  # fmt: skip
    assert [drafting.audience_of(one) for one in asked.values()] == list(asked)
    assert (asked["followers"].months, asked["followers"].opens, asked["followers"].opens_at) == (
        6,
        "date",
        NINE.replace(year=2027, month=5),
    )


def test_a_survey_after_each_item_needs_a_scale_asked_of_all() -> None:
    survey = drafting.write(made("per_item"), None, Written(question("a")))
    rated = drafting.write(survey, None, Written(question("b", "scale", steps=5)))

    assert (survey.known, rated.known) == (False, True)
    assert refusal(lambda: rules.open_survey(survey, at=NINE)) == "survey.no_scale"


def test_another_audience_opens_by_hand_and_the_same_one_keeps_its_plan() -> None:
    planned = with_three().model_copy(update={"opens": "date", "opens_at": NINE})
    same = drafting.tell(planned, About("Ny titel", "participants"), starts_at=NINE)
    other = drafting.tell(planned, About("Ny titel", "organizers"), starts_at=NINE)

    assert [(one.title, one.opens, one.opens_at) for one in (same, other)] == [("Ny titel", "date", NINE), ("Ny titel", "hand", None)]


def test_a_question_moves_over_headings_and_a_heading_over_questions() -> None:
    survey = with_three()

    assert order(survey) == ["a", "[Mer]", "b", "c"]
    assert order(drafting.move(survey, "b", "up")) == ["a", "b", "[Mer]", "c"]
    assert order(drafting.move(survey, "a", "down")) == ["[Mer]", "a", "b", "c"]
    assert order(drafting.move(survey, "b", "up", heading=True)) == ["[Mer]", "a", "b", "c"]


def test_what_cannot_be_moved_so_is_refused() -> None:
    survey = with_three()
    at_last = drafting.move(survey, "b", "down", heading=True)

    assert order(at_last) == ["a", "b", "[Mer]", "c"]
    assert refusal(lambda: drafting.move(survey, "b", "down")) == "question.followed"
    assert refusal(lambda: drafting.move(survey, "a", "up")) == "question.at_end"
    assert refusal(lambda: drafting.move(survey, "a", "up", heading=True)) == "question.at_end"
    assert refusal(lambda: drafting.move(at_last, "c", "up")) == "section.empty"
    assert refusal(lambda: drafting.move(survey, "a", "sideways")) == "wire.wrong_args"
    assert refusal(lambda: drafting.move(survey, "x", "up")) == "question.no_such"


def test_a_question_that_is_taken_out_leaves_its_heading_to_the_next() -> None:
    survey = with_three()
    without = drafting.take_out(drafting.take_out(survey, "c"), "b")
    free = drafting.write(survey, "c", Written(question("c", "text")))

    assert order(without) == ["a"]
    assert order(drafting.take_out(free, "b")) == ["a", "[Mer]", "c"]
    assert refusal(lambda: drafting.take_out(survey, "b")) == "question.followed"


def test_new_words_are_a_new_version_of_what_has_been_asked_and_a_misspelling_is_none() -> None:
    survey = drafting.use(made(), question("kit", version=2), locked=False)
    changed = drafting.write(survey, "kit", Written(replace_title(question("kit", version=2), "Helt andra ord, alltså?")), newest=4)
    again = drafting.write(changed, "kit", Written(replace_title(question("kit", version=2), "Ännu en gång helt andra ord?")), newest=4)
    mended = drafting.write(survey, "kit", Written(replace_title(question("kit", version=2), "Frågan kit?")))
    own = drafting.write(drafting.write(made(), None, Written(question("own"))), "own", Written(replace_title(question("own"), "Annat?")))

    versions = [rules.parts_of(one)[0].question.version for one in (changed, again, mended, own)]
    assert versions == [5, 5, 2, 1]


def replace_title(asked: Question, title: str) -> Question:
    return Question(asked.id, asked.kind, title, version=asked.version, options=asked.options)


def test_the_words_of_a_locked_question_stay_and_its_place_in_the_survey_may_change() -> None:
    survey = drafting.use(made(), question("nat"), locked=True)
    written = Written(replace_title(question("nat"), "Andra ord?"), section=Section("Först"), required=True)
    [part] = rules.parts_of(drafting.write(survey, "nat", written))

    assert (part.question, part.section, part.required, part.locked) == (question("nat"), Section("Först"), True, True)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (Question("q", "yesno", " "), "text.empty"),
        (Question("q", "yesno", "x" * 301), "text.too_long"),
        (Question("q", "yesno", "Vad?", help="x" * 501), "text.too_long"),
        (Question("q", "choice", "Vad?", options=OPTIONS[:1]), "poll.wrong"),
        (Question("q", "choice", "Vad?", options=(*OPTIONS, Option("c", "tid"))), "poll.wrong"),
        (Question("q", "scale", "Vad?", steps=11), "poll.wrong"),
        (Question("q", "scale", "Vad?", steps=5, statements=(Option("a", "x"), Option("b", " X"))), "poll.wrong"),
        (Question("q", "number", "Vad?", low=5, high=5), "poll.wrong"),
        (Question("q", "backing", "Vad?"), "question.wrong_kind"),
        (Question("q", "nonsense", "Vad?"), "question.wrong_kind"),
    ],
)
def test_a_question_that_nobody_could_answer_is_refused(asked: Question, code: str) -> None:
    assert refusal(lambda: drafting.write(made(), None, Written(asked))) == code


@pytest.mark.parametrize(
    ("about", "code"),
    [
        (About(" ", "participants"), "text.empty"),
        (About("x" * 201, "participants"), "text.too_long"),
        (About("x", "participants", intro="x" * 1001), "text.too_long"),
        (About("x", "everybody"), "audience.unknown"),
        (About("x", "followers"), "months.out_of_range"),
        (About("x", "followers", months=13), "months.out_of_range"),
    ],
)
def test_a_survey_that_says_too_little_or_too_much_is_refused(about: About, code: str) -> None:
    assert refusal(lambda: drafting.make("d", "s", 1, about, starts_at=NINE)) == code


def test_a_follow_up_follows_an_answer_that_is_there() -> None:
    survey = drafting.write(made(), None, Written(question("a")))
    text = Written(question("b", "text"))

    assert refusal(lambda: drafting.write(survey, None, replace(text, after=After("a", ("maybe",))))) == "question.followed"
    assert refusal(lambda: drafting.write(survey, None, replace(text, after=After("z", ("yes",))))) == "question.followed"
    assert refusal(lambda: drafting.use(survey, question("a"), locked=False)) == "question.there"


def test_a_survey_holds_no_more_questions_than_people_answer() -> None:
    survey = made()
    for number in range(drafting.QUESTIONS_MOST):
        survey = drafting.write(survey, None, Written(question(f"q{number}")))

    assert refusal(lambda: drafting.write(survey, None, Written(question("one-more")))) == "survey.too_long"


def test_a_copy_keeps_questions_and_versions_and_is_a_draft() -> None:
    survey = with_three().model_copy(update={"state": "closed", "opens": "cue", "key_print": "x", "mailed": 4})
    copy = drafting.copied(survey, "d2", "s2", 3)

    assert (copy.day, copy.survey, copy.place, copy.state, copy.opens, copy.key_print, copy.mailed) == (
        "d2",
        "s2",
        3,
        "draft",
        "hand",
        None,
        0,
    )
    assert [part.question for part in rules.parts_of(copy)] == [part.question for part in rules.parts_of(survey)]
    assert [part.fresh for part in rules.parts_of(copy)] == [False] * 3


def test_what_has_opened_is_frozen_and_what_is_of_an_item_is_not_there() -> None:
    survey = with_three()

    assert drafting.must_be_draft(survey) == survey
    assert refusal(lambda: drafting.must_be_draft(survey.model_copy(update={"state": "open"}))) == "survey.frozen"
    assert refusal(lambda: drafting.must_be_draft(survey, asked=True)) == "survey.frozen"
    assert refusal(lambda: drafting.must_be_draft(survey.model_copy(update={"of": "other"}))) == "survey.no_such"
    assert refusal(lambda: drafting.must_be_draft(None)) == "survey.no_such"


def test_what_lacks_english_is_told_field_by_field() -> None:
    survey = drafting.write(made(intro="Kort.", intro_en="Short."), None, Written(question("a", title_en="Question a?")))
    survey = drafting.write(survey, None, Written(question("b", "scale", steps=5, labels=("Nej", "Ja"), dont_know="Vet ej")))

    assert untranslated(survey) == {"": ["title"], "b": ["title", "labels", "dont_know"]}
