"""How far the texts of a study are looked through; where nobody was asked to, that is said, too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import PersonalDataReview, ResearchSession, SourceText, Study, TextVersion
from insights.coding.models import PersonalDataChoice
from insights.people.models import Member

STATE_WORDS: Mapping[PersonalDataReview, str] = {
    PersonalDataReview.NOT_REVIEWED: "not looked through",
    PersonalDataReview.REVIEWED: "looked through",
    PersonalDataReview.NOT_ASKED: "came in before this was asked",
}


@dataclass(frozen=True, slots=True)
class TextRow:
    """`settled` counts the decisions that stand; `session_ref` is empty for a report."""

    ref: str
    session_ref: str
    title: str
    kind: str
    dated_on: date | None
    length: int
    state: PersonalDataReview
    reviewed_at: datetime | None
    reviewed_by: str
    settled: int

    @property
    def in_words(self) -> str:
        return STATE_WORDS[self.state]


def texts_of_study(session: Session, member: Member, study: Study) -> list[TextRow]:
    """What waits first, then the newest first; one statement."""
    settled = (
        select(func.count(PersonalDataChoice.id))
        .where(PersonalDataChoice.source_text_id == SourceText.id, PersonalDataChoice.undone_at.is_(None))
        .correlate(SourceText)
        .scalar_subquery()
    )
    waits = SourceText.personal_data_review == PersonalDataReview.NOT_REVIEWED
    rows = session.execute(
        select(SourceText, ResearchSession, TextVersion.length, Member.name, settled)
        .join(Study, Study.id == SourceText.study_id)
        .join(TextVersion, TextVersion.id == SourceText.current_version_id)
        .outerjoin(ResearchSession, ResearchSession.id == SourceText.research_session_id)
        .outerjoin(Member, Member.id == SourceText.personal_data_reviewed_by_id)
        .where(SourceText.study_id == study.id, SourceText.deleted_at.is_(None), visible_studies(member))
        .order_by(waits.desc(), SourceText.id.desc())
    )
    return [_row(*row) for row in rows]


def _row(source: SourceText, held: ResearchSession | None, length: int, by: str | None, settled: int) -> TextRow:
    return TextRow(
        ref=source.ref,
        session_ref="" if held is None else held.ref,
        title=(source.title if held is None else held.title) or source.ref,
        kind=source.kind.value,
        dated_on=source.dated_on if held is None else held.held_on,
        length=length,
        state=source.personal_data_review,
        reviewed_at=source.personal_data_reviewed_at,
        reviewed_by=by or "",
        settled=settled,
    )
