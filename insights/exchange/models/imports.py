"""Files on their way in: what was understood of each waits here until a person says yes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record


class FileStatus(StrEnum):
    UNDERSTOOD = "understood"
    REFUSED = "refused"
    STORED = "stored"
    LEFT_OUT = "left_out"


class ImportBatch(Record, Base):
    """Files that were dropped together into a study. Only whoever brought them sees it."""

    __tablename__ = "import_batches"
    PREFIX, KIND = "IMB", "import"

    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    ended_at: Mapped[datetime | None]


class ImportFile(Base):
    """One file of a batch. `reading` is all that was understood, `summary` what a list of files shows of it, `choices`
    what the person put right, all as JSON.

    `problem` says in words why it was refused. What it became stands in `source_text_id` (the first text) and `made`:
    the numbers of the "sessions" and "sources" that came of it.
    """

    __tablename__ = "import_files"
    __table_args__ = (UniqueConstraint("import_batch_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(1000))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    status: Mapped[FileStatus]
    # A list of files must not load their texts.
    reading: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)
    choices: Mapped[dict[str, Any]] = mapped_column(default=dict)
    problem: Mapped[str] = mapped_column(default="")
    source_text_id: Mapped[int | None] = mapped_column(ForeignKey("source_texts.id"))
    made: Mapped[dict[str, Any]] = mapped_column(default=dict)


class MappingProfile(Record, Base):
    """How a team reads a table of a kind: column names and what each one means (features.md A7)."""

    __tablename__ = "mapping_profiles"
    PREFIX, KIND = "MPR", "mapping profile"
    __table_args__ = (UniqueConstraint("team_id", "name"), {"sqlite_autoincrement": True})

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    columns: Mapped[list[Any]] = mapped_column(default=list)
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
