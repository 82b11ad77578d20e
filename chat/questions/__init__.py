"""Questions to the panel: ask, back, let through, merge, take up, answer, lift to the country's panel; none is lost.

Verbs: Questions.ask, back, let_through, take_up, answered, put_aside, merge, escalate, assign, write, remove, open, close, hold, named.
Facts: QuestionAsked, QuestionLetThrough, QuestionTakenUp, QuestionAnswered, QuestionPutAside, QuestionMerged, QuestionFreed,
QuestionEscalated, QuestionLifted, QuestionAssigned, QuestionWritten, QuestionRemoved, QuestionsNamed, QueueOpened, QueueClosed, QueueHeld.
Stands on: chat (who is silenced) and conference.   Known by: web.
"""

from chat.questions.events import (
    QuestionAnswered,
    QuestionAsked,
    QuestionAssigned,
    QuestionEscalated,
    QuestionFreed,
    QuestionLetThrough,
    QuestionLifted,
    QuestionMerged,
    QuestionPutAside,
    QuestionRemoved,
    QuestionsNamed,
    QuestionTakenUp,
    QuestionWritten,
    QueueClosed,
    QueueHeld,
    QueueOpened,
)
from chat.questions.service import Questions

__all__ = ["QuestionAnswered", "QuestionAsked", "QuestionAssigned", "QuestionEscalated", "QuestionFreed", "QuestionLetThrough"]
__all__ += ["QuestionLifted", "QuestionMerged", "QuestionPutAside", "QuestionRemoved", "QuestionTakenUp", "QuestionWritten", "Questions"]
__all__ += ["QuestionsNamed", "QueueClosed", "QueueHeld", "QueueOpened"]
