"""Memos: what a researcher thinks while coding (features.md C5)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record


class Memo(Record, Base):
    """Markdown on a tag, highlight, session, source or study, named by its ref.

    `study_id` is the study whose members may read it; None on a tag of the organisation's codebook.
    """

    __tablename__ = "memos"
    PREFIX, KIND = "MMO", "memo"

    subject_ref: Mapped[str] = mapped_column(String(40), index=True)
    study_id: Mapped[int | None] = mapped_column(ForeignKey("studies.id"), index=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str]
    deleted_at: Mapped[datetime | None]
