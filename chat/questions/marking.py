"""What is marked on a question without changing how it stands: label, star, and whether it may be quoted. Pure, as rules are."""

from __future__ import annotations

from datetime import datetime

from chat.questions import rules
from chat.questions.events import QuestionConsented, QuestionLabelled, QuestionStarred
from chat.questions.tables import Question
from conference.core.actor import Actor

LABEL_MOST = 40  # characters; a word or two


def label(question: Question | None, text: str, *, at: datetime) -> QuestionLabelled:
    """Say in a word or two what it is about; an empty text takes that away. Whatever has become of it.

    Raises:
        Refused: ``question.no_such`` or ``text.too_long``.
    """
    return rules.became(QuestionLabelled, rules.existing(question), at, label=rules.checked(text, LABEL_MOST) if text.strip() else None)


def star(question: Question | None, *, at: datetime, starred: bool) -> QuestionStarred | None:
    """Star it, or take the star away; ``None`` when it stands so already.

    Raises:
        Refused: ``question.no_such``.
    """
    question = rules.existing(question)
    return None if question.starred == starred else rules.became(QuestionStarred, question, at, starred=starred)


def consent(by: Actor, question: Question | None, copy: Question | None, *, at: datetime, quotable: bool) -> list[QuestionConsented]:
    """Let one's own question be quoted after the day, or no more, and its copy before the country's panel; nothing when it stands so.

    Raises:
        Refused: ``question.no_such``, also of somebody else's.
    """
    question = rules.existing(question)
    if question.person != by.person or question.lifted_from:
        raise rules.no_such()
    changed = [one for one in (question, copy) if one and one.quotable != quotable and not one.removed]
    return [rules.became(QuestionConsented, one, at, quotable=quotable) for one in changed]
