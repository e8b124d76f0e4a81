"""Research that somebody asks for, who backs it, and what became of it (features.md E5)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record


class RequestStatus(StrEnum):
    OPEN = "open"
    PLANNED = "planned"
    ANSWERED = "answered"
    DECLINED = "declined"


class ResearchRequest(Record, Base):
    """A question to research. Planned names a study, answered an insight, declined has a reason; open has none of them.

    `question_id` and `decision_id` say what it came from, where it came from something.
    """

    __tablename__ = "research_requests"
    PREFIX, KIND = "REQ", "request"

    title: Mapped[str] = mapped_column(String(500))
    why: Mapped[str] = mapped_column(default="")
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("asked_questions.id"), index=True)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"), index=True)
    status: Mapped[RequestStatus] = mapped_column(default=RequestStatus.OPEN, index=True)
    study_id: Mapped[int | None] = mapped_column(ForeignKey("studies.id"), index=True)
    insight_id: Mapped[int | None] = mapped_column(ForeignKey("insights.id"), index=True)
    reason: Mapped[str] = mapped_column(String(500), default="")
    removed_at: Mapped[datetime | None]


class RequestBacking(Base):
    """A member wants the answer too; once each."""

    __tablename__ = "request_backings"

    request_id: Mapped[int] = mapped_column(ForeignKey("research_requests.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)
    backed_at: Mapped[datetime]
