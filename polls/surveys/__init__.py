"""Surveys: ask people what they thought, save as they go, count when it is over. The evaluation of a day is one.

It opens by hand, by cue, by date, after each item or when the day has ended, for participants, contributors or organizers.

Verbs: Surveys.plan, open, answer, close.   Facts: SurveyPlanned, SurveyOpened, SurveyClosed.   Stands on: polls (kinds of question, secret
box, counting) and conference.   Known by: web.
"""

from polls.surveys.events import SurveyClosed, SurveyOpened, SurveyPlanned
from polls.surveys.service import Surveys

__all__ = ["SurveyClosed", "SurveyOpened", "SurveyPlanned", "Surveys"]
