"""Reviews of who may see what: every right that stands out is looked at, confirmed or marked for change."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record


class ReviewedRight(StrEnum):
    ROLE = "role"
    DORMANT = "dormant"
    NAMED = "named"
    AREA = "area"
    FOR_A_TIME = "for_a_time"


class RightVerdict(StrEnum):
    STILL_RIGHT = "still_right"
    CHANGE = "change"


class AccessReview(Record, Base):
    """Rights as they stood when it began. Once finished it is never changed: `sha256` is of its canonical JSON."""

    __tablename__ = "access_reviews"
    PREFIX, KIND = "ARV", "access review"

    starts_on: Mapped[date]
    ends_on: Mapped[date]
    finished_at: Mapped[datetime | None]
    finished_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    sha256: Mapped[str] = mapped_column(String(64), default="")


class ReviewedItem(Base):
    """One right of one member. `holder` and `right` are told as they stood, so that the report stays as it was."""

    __tablename__ = "access_review_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    access_review_id: Mapped[int] = mapped_column(ForeignKey("access_reviews.id"), index=True)
    kind: Mapped[ReviewedRight]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    study_id: Mapped[int | None] = mapped_column(ForeignKey("studies.id"), index=True)
    holder: Mapped[str] = mapped_column(String(200))
    right: Mapped[str] = mapped_column(String(500))
    verdict: Mapped[RightVerdict | None]
    note: Mapped[str] = mapped_column(String(500), default="")
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    reviewed_at: Mapped[datetime | None]
