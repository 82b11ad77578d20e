"""Questions to the panel: ask, back, let through, merge, take up, answer, lift to the country's panel; none is lost.

Verbs: Questions.ask, back, oppose, let_through, take_up, answered, put_aside, merge, escalate, assign, write, label, star, consent, remove,
open, close, hold, named; Letters.claim, done, forget.   Facts: as listed; each is the whole question as it stands.
Stands on: chat (who is silenced) and conference.   Known by: web.
"""

from chat.questions.events import (
    QuestionAnswered,
    QuestionAsked,
    QuestionRemoved,
    QuestionsNamed,
    QuestionWritten,
    QueueClosed,
    QueueHeld,
    QueueOpened,
)
from chat.questions.letters import Letters
from chat.questions.rules import Asked, Wanted
from chat.questions.service import Questions

__all__ = ["Asked", "Letters", "QuestionAnswered", "QuestionAsked", "QuestionRemoved", "QuestionWritten", "Questions"]
__all__ += ["QuestionsNamed", "QueueClosed", "QueueHeld", "QueueOpened", "Wanted"]
