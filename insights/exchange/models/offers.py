"""What a report already says: passages offered as highlights, draft insights and recommendations."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base


class OfferKind(StrEnum):
    HIGHLIGHT = "highlight"
    INSIGHT = "insight"
    RECOMMENDATION = "recommendation"


class OfferStatus(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


class Offer(Base):
    """A passage, code points [start, end) of a text version, and what it might become. Nothing is made without a yes.

    `fields` holds what the text tells: section, speaker, counts. `result_ref` is what it became.
    """

    __tablename__ = "offers"
    __table_args__ = (UniqueConstraint("text_version_id", "kind", "start", "end"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), index=True)
    source_text_id: Mapped[int] = mapped_column(ForeignKey("source_texts.id"), index=True)
    text_version_id: Mapped[int] = mapped_column(ForeignKey("text_versions.id"))
    kind: Mapped[OfferKind]
    start: Mapped[int]
    end: Mapped[int]
    exact: Mapped[str]
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    status: Mapped[OfferStatus] = mapped_column(default=OfferStatus.OPEN, index=True)
    result_ref: Mapped[str] = mapped_column(String(40), default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
