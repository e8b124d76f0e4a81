"""The log of looks: written when something guarded was shown or a file left, read between two dates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from insights.core.activity import ActivityEntry, Installation, record
from insights.core.chain import Head, Linked, link, moment
from insights.core.clock import local_day, now
from insights.core.keys import keys_of
from insights.people.models import Member
from insights.stewardship.models import Look, LookKind

PAGE = 100
PRUNED = "removed old looks from"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was looked at; see Look for the fields."""

    member_id: int
    kind: LookKind
    ref: str
    study_ref: str
    restricted: bool
    what: str


@dataclass(frozen=True, slots=True)
class LookRow:
    id: int
    at: datetime
    who: str
    kind: LookKind
    ref: str
    study_ref: str
    restricted: bool
    what: str


@dataclass(frozen=True, slots=True)
class LookFilter:
    """Both days included; '' and None leave a field open. `ref` is that of a record or of its study."""

    start: date | None = None
    end: date | None = None
    member_id: int | None = None
    ref: str = ""
    kind: LookKind | None = None


def hour_of(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def log_look(session: Session, seen: Seen) -> Look | None:
    """Adds a row, unless the member looked at the same in this hour. In a transaction that writes, for the chain."""
    at = now(session)
    same = (
        Look.member_id == seen.member_id,
        Look.kind == seen.kind,
        Look.ref == seen.ref,
        Look.what == seen.what,
        Look.hour == hour_of(at),
    )
    if session.scalar(select(Look.id).where(*same)) is not None:
        return None
    before = looks_head(session)
    look = Look(
        at=at,
        hour=hour_of(at),
        member_id=seen.member_id,
        kind=seen.kind,
        ref=seen.ref,
        study_ref=seen.study_ref,
        restricted=seen.restricted,
        what=seen.what,
        position=before.position + 1,
    )
    look.chain = link(keys_of(session).audit, before.chain, _content(look))
    session.add(look)
    session.flush()
    return look


def looks_head(session: Session) -> Head:
    last = session.execute(select(Look.position, Look.chain).order_by(Look.position.desc()).limit(1)).first()
    return looks_after(session) if last is None else Head(last.position, last.chain)


def looks_after(session: Session) -> Head:
    """What the first look that is still kept follows."""
    detail = session.scalar(
        select(ActivityEntry.detail).where(ActivityEntry.verb == PRUNED).order_by(ActivityEntry.id.desc()).limit(1)
    )
    return Head() if detail is None else Head(int(detail["position"]), str(detail["chain"]))


def remove_old_looks(session: Session, *, months: int) -> int:
    """Looks older than that go, the oldest first; where the chain goes on from is recorded."""
    oldest = now(session) - timedelta(days=round(months * 365.25 / 12))
    last = session.execute(
        select(Look.position, Look.chain, Look.id).where(Look.at < oldest).order_by(Look.position.desc()).limit(1)
    ).first()
    if last is None:
        return 0
    gone = session.scalar(select(func.count()).where(Look.position <= last.position)) or 0
    session.execute(delete(Look).where(Look.position <= last.position))
    detail = {"position": last.position, "chain": last.chain, "looks": gone}
    record(session, None, PRUNED, Installation(), detail=detail)
    return gone


def list_looks(
    session: Session, wanted: LookFilter = LookFilter(), *, before_id: int | None = None, limit: int | None = PAGE
) -> list[LookRow]:
    """Newest first; `before_id` is the cursor, `limit` None means all (exports)."""
    query = (
        select(Look, Member.name)
        .join(Member, Member.id == Look.member_id)
        .where(*_clauses(wanted))
        .order_by(Look.id.desc())
    )
    if before_id is not None:
        query = query.where(Look.id < before_id)
    rows = session.execute(query if limit is None else query.limit(limit))
    return [
        LookRow(look.id, look.at, name, look.kind, look.ref, look.study_ref, look.restricted, look.what)
        for look, name in rows
    ]


def days_of(rows: Iterable[LookRow]) -> list[tuple[date, list[LookRow]]]:
    """The rows as they come, day by day."""
    days: list[tuple[date, list[LookRow]]] = []
    for row in rows:
        on = local_day(row.at)
        if not days or days[-1][0] != on:
            days.append((on, []))
        days[-1][1].append(row)
    return days


def linked_look(row: Any) -> Linked:  # noqa: ANN401 - a row with the columns of a look
    name = f"a look at {row.ref or row.what} on {row.at:%d %B %Y %H:%M} UTC"
    return Linked(row.id, row.position, row.chain, _content(row), name)


def _content(look: Any) -> dict[str, Any]:  # noqa: ANN401 - a look, or a row with its columns
    return {
        "position": look.position,
        "at": moment(look.at),
        "hour": moment(look.hour),
        "member": look.member_id,
        "kind": LookKind(look.kind).value,
        "ref": look.ref,
        "study": look.study_ref,
        "restricted": look.restricted,
        "what": look.what,
    }


def _clauses(wanted: LookFilter) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    if wanted.start is not None:
        clauses.append(Look.at >= datetime.combine(wanted.start, time.min).astimezone())
    if wanted.end is not None and wanted.end < date.max:
        clauses.append(Look.at < datetime.combine(wanted.end + timedelta(days=1), time.min).astimezone())
    if wanted.member_id is not None:
        clauses.append(Look.member_id == wanted.member_id)
    if wanted.ref:
        ref = wanted.ref.strip().upper()
        clauses.append((Look.ref == ref) | (Look.study_ref == ref))
    if wanted.kind is not None:
        clauses.append(Look.kind == wanted.kind)
    return clauses
