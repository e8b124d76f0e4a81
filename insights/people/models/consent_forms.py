"""Information sheets and consent forms: what people are told and asked, in versions that never change (B2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record


class ConsentForm(Record, Base):
    """A form of a study, or of a team for all of its studies (`study_id` None). What it says lies in its versions."""

    __tablename__ = "consent_forms"
    PREFIX, KIND = "CFM", "consent form"

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    study_id: Mapped[int | None] = mapped_column(ForeignKey("studies.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    retired_at: Mapped[datetime | None]


class ConsentFormVersion(Base):
    """`text` is Markdown; `scopes` are the terms of ConsentScope that it asks for; `months` is how long an agreement
    holds, None where the form names no end. A version is never changed: a consent names the one that was given.
    """

    __tablename__ = "consent_form_versions"
    __table_args__ = (UniqueConstraint("consent_form_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consent_form_id: Mapped[int] = mapped_column(ForeignKey("consent_forms.id"), index=True)
    number: Mapped[int]
    text: Mapped[str]
    scopes: Mapped[list[Any]] = mapped_column(default=list)
    months: Mapped[int | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
