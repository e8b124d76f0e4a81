"""Reads of the activity record, for those who watch over it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from insights.core.activity import ActivityEntry
from insights.people.models import Member
from insights.stewardship.audit.access_verbs import tells_of_access

PAGE = 100
# Sentences kept for undo stay out: they may speak of a restricted study.
_TOLD = frozenset(
    {
        "answer",
        "area",
        "due",
        "entries",
        "from",
        "holder",
        "hours",
        "insight",
        "level",
        "named",
        "request",
        "on",
        "people",
        "person",
        "restricted",
        "result",
        "review_required",
        "role",
        "sha256",
        "take",
        "to",
        "way",
    }
    | {"type", "verdict", "version"}
)


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """Both days included; '' and None leave a field open."""

    start: date | None = None
    end: date | None = None
    actor_id: int | None = None
    ref: str = ""
    access_only: bool = False


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """`actor` is '' where the operator of the machine acted. Refs are told, titles never: a title may be restricted."""

    id: int
    at: datetime
    actor: str
    verb: str
    subject_kind: str
    subject_ref: str
    detail: dict[str, Any]

    @property
    def detail_in_words(self) -> str:
        """What is told of the detail: figures, refs and terms, never the words of a record."""
        told = ((name, value) for name, value in sorted(self.detail.items()) if name in _TOLD)
        return ", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in told)


def list_activity(
    session: Session,
    wanted: ActivityFilter = ActivityFilter(),
    *,
    before_id: int | None = None,
    limit: int | None = PAGE,
) -> list[ActivityRow]:
    """Newest first; `before_id` is the cursor, `limit` None means all (exports)."""
    query = (
        select(ActivityEntry, Member.name)
        .outerjoin(Member, Member.id == ActivityEntry.actor_id)
        .where(*_clauses(wanted))
        .order_by(ActivityEntry.id.desc())
    )
    if before_id is not None:
        query = query.where(ActivityEntry.id < before_id)
    rows = session.execute(query if limit is None else query.limit(limit))
    return [
        ActivityRow(
            entry.id, entry.at, name or "", entry.verb, entry.subject_kind, entry.subject_ref, dict(entry.detail)
        )
        for entry, name in rows
    ]


def _clauses(wanted: ActivityFilter) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    if wanted.start is not None:
        clauses.append(ActivityEntry.at >= datetime.combine(wanted.start, time.min).astimezone())
    if wanted.end is not None and wanted.end < date.max:
        clauses.append(ActivityEntry.at < datetime.combine(wanted.end + timedelta(days=1), time.min).astimezone())
    if wanted.actor_id is not None:
        clauses.append(ActivityEntry.actor_id == wanted.actor_id)
    if wanted.ref:
        clauses.append(ActivityEntry.subject_ref == wanted.ref.strip().upper())
    if wanted.access_only:
        clauses.append(tells_of_access())
    return clauses
