"""Surveys: ask people what they thought, save as they go, count when it is over. The evaluation of a day is one.

It opens by hand, by cue, by date, after each item, when the day has ended or months after it, for participants, contributors, organizers
or those who left an address.

Verbs: Surveys.plan, open, extend, answer, answer_by_link, close; SurveyEditor.make, write, move, undo, correct; SurveyLetters.ask, forget.
Facts: SurveyDrafted, SurveyTakenAway, SurveyPlanned, SurveyOpened, SurveyExtended, SurveyCorrected, SurveyClosed.
Stands on: polls (kinds of question, secret box, counting) and conference.   Known by: web.
"""

from polls.surveys.editor import SurveyEditor
from polls.surveys.events import SurveyClosed, SurveyOpened, SurveyPlanned
from polls.surveys.letters import SurveyLetters
from polls.surveys.service import Surveys

__all__ = ["SurveyClosed", "SurveyEditor", "SurveyLetters", "SurveyOpened", "SurveyPlanned", "Surveys"]
