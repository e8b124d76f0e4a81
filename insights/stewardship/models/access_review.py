"""Who had what when somebody looked through it, and what they said to each (features.md L1)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.access import ROLE_LABELS, Role
from insights.core.base import Base, Record


class ReviewAnswer(StrEnum):
    """`ASK` waits: whoever answers does not know yet, and says in the note what is to be found out."""

    KEEP = "keep"
    TAKE_AWAY = "take_away"
    ASK = "ask"


class AccessReview(Record, Base):
    """`team_id` is None for the whole organisation; `open_for` names the area while the review is open, else None.

    `since` is from when on openings for a time are listed. With `closed_at` come `next_due_on` and `sha256`, which is
    of everything that was frozen and answered, and stands in the audit record too.
    """

    __tablename__ = "access_reviews"
    PREFIX, KIND = "ARV", "access review"

    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    area: Mapped[str] = mapped_column(String(200))
    open_for: Mapped[str | None] = mapped_column(String(40), unique=True)
    since: Mapped[datetime | None]
    dormant_days: Mapped[int]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    next_due_on: Mapped[date | None]
    sha256: Mapped[str | None] = mapped_column(String(64))

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class AccessReviewRow(Base):
    """One person with an open account as they stood when the review began, and the answer.

    `studies` lists numbers of restricted studies that name them; `openings` the times they were let into one, as
    {ref, study, from, until, holds}; `ways` words for their ways in. `take` lists what is to be taken away: "account",
    "role", "area", a number of a study or of an opening; `done` which of it was done when the review was closed.
    `before` is the answer that an undo brings back.
    """

    __tablename__ = "access_review_rows"
    __table_args__ = (UniqueConstraint("review_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("access_reviews.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    team: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role]
    is_central: Mapped[bool]
    administers_area: Mapped[bool]
    studies: Mapped[list[Any]] = mapped_column(default=list)
    openings: Mapped[list[Any]] = mapped_column(default=list)
    ways: Mapped[list[Any]] = mapped_column(default=list)
    last_sign_in_at: Mapped[datetime | None]
    is_dormant: Mapped[bool]
    answer: Mapped[ReviewAnswer | None]
    take: Mapped[list[Any]] = mapped_column(default=list)
    done: Mapped[list[Any]] = mapped_column(default=list)
    note: Mapped[str] = mapped_column(String(1000), default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)

    @property
    def role_label(self) -> str:
        return ROLE_LABELS[self.role]

    @property
    def is_answered(self) -> bool:
        """Whether nothing of it waits."""
        return self.answer in {ReviewAnswer.KEEP, ReviewAnswer.TAKE_AWAY}
