"""What was decided about what the scan for personal data found in a text, and the stand-ins of a study's people."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base


class Choice(StrEnum):
    """What was done about something found: struck out, called otherwise, or let stand with a reason."""

    MASKED = "masked"
    PSEUDONYMISED = "pseudonymised"
    JUSTIFIED = "justified"


class PersonalDataChoice(Base):
    """One decision about one value in one text; `key` is a keyed digest of the value, whose words are nowhere here.

    `places` are [start, end] in code points of the version it was found in; `to_version_id` is the version that holds
    `replacement` instead, None for what may stand.
    """

    __tablename__ = "personal_data_choices"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_text_id: Mapped[int] = mapped_column(ForeignKey("source_texts.id"), index=True)
    key: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(40))
    choice: Mapped[Choice]
    reason: Mapped[str] = mapped_column(String(500), default="")
    replacement: Mapped[str] = mapped_column(String(200), default="")
    places: Mapped[list[Any]] = mapped_column(default=list)
    from_version_id: Mapped[int] = mapped_column(ForeignKey("text_versions.id"))
    to_version_id: Mapped[int | None] = mapped_column(ForeignKey("text_versions.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class TextJustification(Base):
    """Why something found in a record's fields may stand (a memo, an observation, an insight, a decision).

    `key` is a keyed digest of the value, whose words are nowhere here.
    """

    __tablename__ = "text_justifications"
    __table_args__ = (UniqueConstraint("subject_ref", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_ref: Mapped[str] = mapped_column(String(40), index=True)
    key: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(500))
    by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    at: Mapped[datetime]


class Pseudonym(Base):
    """What a study calls somebody instead of their name: the same value has the same number in all its texts."""

    __tablename__ = "pseudonyms"
    __table_args__ = (UniqueConstraint("study_id", "key"), UniqueConstraint("study_id", "kind", "number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), index=True)
    key: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    created_at: Mapped[datetime]
