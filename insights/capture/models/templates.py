"""Texts to begin from, such as a study plan or a session note; a team copies one and changes it (features.md M2)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record


class TemplateKind(StrEnum):
    STUDY_PLAN = "study_plan"
    SESSION_NOTE = "session_note"


class TextTemplate(Record, Base):
    """`team_id` None is for everyone. `version` counts the saved versions from 1."""

    __tablename__ = "text_templates"
    PREFIX, KIND = "TPL", "template"

    kind: Mapped[TemplateKind]
    title: Mapped[str] = mapped_column(String(200))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("text_templates.id"))
    version: Mapped[int] = mapped_column(default=1)
    retired_at: Mapped[datetime | None]


class TextTemplateVersion(Base):
    """What the template said at each save, in Markdown. Never changed, only followed."""

    __tablename__ = "text_template_versions"
    __table_args__ = (UniqueConstraint("template_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("text_templates.id"), index=True)
    number: Mapped[int]
    body: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
