"""Questions that were asked in vain, as frozen rows. They name nobody and no record: every researcher may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from insights.core.errors import NotFound
from insights.openness.models import AskedQuestion, ResearchRequest

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """`request_ref` is the newest research request made of it, '' where there is none."""

    id: int
    words: str
    first_on: date
    last_on: date
    days: int
    searches: int
    without_hits: int
    opened: int
    missed: int
    request_ref: str

    @property
    def why(self) -> str:
        """Why it counts as unanswered, in words."""
        if self.missed:
            return "no relevant evidence for a decision"
        return "nothing was found" if self.without_hits else "nothing that was found was opened"


def unanswered_questions(session: Session, *, limit: int | None = MOST_SHOWN) -> list[QuestionRow]:
    """Those that found nothing, of which nobody opened a hit, or that failed a decision; the most asked first."""
    request = (
        select(func.max(ResearchRequest.id))
        .where(ResearchRequest.question_id == AskedQuestion.id, ResearchRequest.removed_at.is_(None))
        .correlate(AskedQuestion)
        .scalar_subquery()
    )
    query = (
        select(AskedQuestion, request)
        .where(or_(AskedQuestion.missed > 0, AskedQuestion.without_hits > 0, AskedQuestion.opened == 0))
        .order_by((AskedQuestion.searches + AskedQuestion.missed).desc(), AskedQuestion.last_on.desc())
        .order_by(AskedQuestion.id.desc())
    )
    rows = session.execute(query if limit is None else query.limit(limit))
    return [_row(question, number) for question, number in rows]


def get_question(session: Session, question_id: int) -> AskedQuestion:
    """Raises NotFound where there is none."""
    found = session.get(AskedQuestion, question_id)
    if found is None:
        raise NotFound(f"question {question_id}")
    return found


def question_of(session: Session, question_id: int | None) -> AskedQuestion | None:
    """The question of a request that came from one."""
    return None if question_id is None else session.get(AskedQuestion, question_id)


def _row(question: AskedQuestion, request_id: int | None) -> QuestionRow:
    return QuestionRow(
        id=question.id,
        words=question.words,
        first_on=question.first_on,
        last_on=question.last_on,
        days=question.days,
        searches=question.searches,
        without_hits=question.without_hits,
        opened=question.opened,
        missed=question.missed,
        request_ref="" if request_id is None else f"{ResearchRequest.PREFIX}-{request_id}",
    )
