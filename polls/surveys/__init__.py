"""Surveys: ask people what they thought, save as they go, count when it is over. The evaluation of a day is one.

Verbs: Surveys.open, answer, close.   Facts: SurveyOpened, SurveyClosed.   Stands on: polls (kinds of question, secret box, counting)
and conference.   Known by: web.
"""

from polls.surveys.events import SurveyClosed, SurveyOpened
from polls.surveys.service import Surveys

__all__ = ["SurveyClosed", "SurveyOpened", "Surveys"]
