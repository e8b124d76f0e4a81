"""Questions that search did not answer, kept without who asked them."""

from insights.openness.questions.grouping import group_of, looks_personal
from insights.openness.questions.operations import KEPT_FOR, note_opened, note_search, report_missing
from insights.openness.questions.queries import QuestionRow, get_question, question_of, unanswered_questions

__all__ = [
    "KEPT_FOR",
    "QuestionRow",
    "get_question",
    "group_of",
    "looks_personal",
    "note_opened",
    "note_search",
    "question_of",
    "report_missing",
    "unanswered_questions",
]
