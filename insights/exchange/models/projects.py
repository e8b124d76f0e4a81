"""Projects of other programs that came in, with what this one has no place for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record


class CodingProject(Record, Base):
    """One project of another program. Until `stored_at` it waits for whoever brought it to say yes, and has no study.

    `kept` holds the elements without a place here, to be given back on export; `report` tells what came in, what did
    not, and why.
    """

    __tablename__ = "coding_projects"
    PREFIX, KIND = "PRJ", "project"

    study_id: Mapped[int | None] = mapped_column(ForeignKey("studies.id"), index=True)
    name: Mapped[str] = mapped_column(String(500))
    file_name: Mapped[str] = mapped_column(String(1000), default="")
    origin: Mapped[str] = mapped_column(String(200), default="")
    format: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(ForeignKey("attachments.sha256"))
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)
    kept: Mapped[dict[str, Any]] = mapped_column(default=dict)
    stored_at: Mapped[datetime | None]
