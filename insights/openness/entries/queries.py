"""Entries as those who work on them see them: the list, which is the queue, and one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session, aliased

from insights.core.access import PERMISSIONS, Permission, Role
from insights.core.activity import ActivityEntry
from insights.core.base import number_of
from insights.core.clock import today
from insights.core.errors import NotFound
from insights.decisions.access import visible_decisions
from insights.decisions.models import Decision
from insights.openness.entries.standing import Standing, standings_of, with_texts
from insights.openness.entries.texts import LANGUAGES
from insights.openness.entries.workflow import is_review_due
from insights.openness.models import EntryStatus, PublicEntry, public_entry_insights
from insights.people.models import Member, Service
from insights.synthesis.access import visible_insights
from insights.synthesis.models import Insight

MOST_HISTORY = 50


@dataclass(frozen=True, slots=True)
class EntryRow:
    """`state` says in words where it stands; `waits` what somebody has to do about it, '' for nothing.

    `hidden` says that the member may not see a study under it, so that its texts are not for them.
    """

    id: int
    ref: str
    title: str
    decision_ref: str
    decision: str
    service: str
    language: str
    status: EntryStatus
    state: str
    tone: str
    waits: str
    waits_for_id: int | None
    approver: str
    written_by: str
    published_at: datetime | None
    review_on: date | None
    updated_at: datetime
    removed: bool
    hidden: bool
    obstacles: int


@dataclass(frozen=True, slots=True)
class HistoryRow:
    at: datetime
    by: str
    verb: str


def list_entries(
    session: Session, member: Member, *, mine: bool = False, waiting: bool = False, limit: int | None = None
) -> list[EntryRow]:
    """What waits first, then the latest changed; six statements. `mine` is written or to be signed by them."""
    query = _entries(member).where(PublicEntry.removed_at.is_(None))
    if mine:
        own = (PublicEntry.approver_id, PublicEntry.created_by_id, PublicEntry.written_by_id)
        query = query.where(or_(*(column == member.id for column in own)))
    query = query.order_by(PublicEntry.updated_at.desc(), PublicEntry.id.desc())
    found = _rows(session, member, session.execute(query if limit is None else query.limit(limit)).all())
    ordered = sorted(found, key=lambda row: not row.waits)
    return [row for row in ordered if row.waits] if waiting else ordered


@dataclass(frozen=True, slots=True)
class EntryHead:
    """An entry as its page needs it: `standing` says all that is in the way, where the member may read the texts."""

    entry: PublicEntry
    decision: Decision
    row: EntryRow
    standing: Standing


def get_entry(session: Session, member: Member, ref: str, *, whole: bool = False) -> tuple[PublicEntry, Decision]:
    """Raises NotFound where it is not there, or its decision is out of the member's sight.

    With `whole` also where it tells of what the member may not see: then nobody but those who may works on its texts.
    """
    row = _found(session, member, ref)
    if whole and _resting_on_unseen(session, member, [row.PublicEntry.id]):
        raise NotFound(ref)
    return row.PublicEntry, row.Decision


def entry_head(session: Session, member: Member, ref: str) -> EntryHead:
    """Seven statements."""
    found = _found(session, member, ref)
    entry, decision = found.PublicEntry, found.Decision
    standings = standings_of(session, [(entry, decision)])
    hidden = bool(_resting_on_unseen(session, member, [entry.id]))
    row = _row(found, standings[entry.id], today(session), hidden=hidden)
    standing = standings[entry.id] if hidden else with_texts(session, entry, decision, standings[entry.id])
    return EntryHead(entry, decision, row, standing)


def entry_row(session: Session, member: Member, entry: PublicEntry) -> EntryRow:
    return _rows(session, member, session.execute(_entries(member).where(PublicEntry.id == entry.id)).all())[0]


def entries_of(session: Session, member: Member, decision: Decision) -> list[EntryRow]:
    """The entries of a decision, one a language."""
    query = _entries(member).where(PublicEntry.decision_id == decision.id, PublicEntry.removed_at.is_(None))
    return _rows(session, member, session.execute(query.order_by(PublicEntry.id)).all())


def history_of(session: Session, entry: PublicEntry) -> list[HistoryRow]:
    """Who did what, the latest first."""
    rows = session.execute(
        select(ActivityEntry.at, Member.name, ActivityEntry.verb)
        .outerjoin(Member, Member.id == ActivityEntry.actor_id)
        .where(ActivityEntry.subject_ref == entry.ref)
        .order_by(ActivityEntry.id.desc())
        .limit(MOST_HISTORY)
    )
    return [HistoryRow(at, name or "", verb) for at, name, verb in rows]


def approver_choices(session: Session, entry: PublicEntry) -> list[tuple[int, str]]:
    """Who could sign it off: everybody with that permission who did not write it, by name."""
    roles = [role for role in Role if Permission.SIGN_OFF in PERMISSIONS[role]]
    rows = session.execute(
        select(Member.id, Member.name)
        .where(Member.role.in_(roles), Member.is_active, Member.id.not_in(_writers(entry)))
        .order_by(Member.name, Member.id)
    )
    return [(number, name) for number, name in rows]


def _found(session: Session, member: Member, ref: str) -> Row[*tuple[Any, ...]]:
    row = session.execute(_entries(member).where(PublicEntry.id == (number_of(ref, PublicEntry.PREFIX) or 0))).first()
    if row is None:
        raise NotFound(ref)
    return row


def _writers(entry: PublicEntry) -> list[int]:
    return [number for number in (entry.created_by_id, entry.written_by_id) if number is not None]


def _entries(member: Member) -> Select[*tuple[Any, ...]]:
    approver, writer = aliased(Member), aliased(Member)
    return (
        select(
            PublicEntry,
            Decision,
            Service.name.label("service"),
            approver.name.label("approver"),
            writer.name.label("writer"),
        )
        .join(Decision, Decision.id == PublicEntry.decision_id)
        .outerjoin(Service, Service.id == Decision.service_id)
        .outerjoin(approver, approver.id == PublicEntry.approver_id)
        .outerjoin(writer, writer.id == PublicEntry.written_by_id)
        .where(visible_decisions(member))
    )


def _rows(session: Session, member: Member, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[EntryRow]:
    standings = standings_of(session, [(row.PublicEntry, row.Decision) for row in rows])
    unseen = _resting_on_unseen(session, member, [row.PublicEntry.id for row in rows])
    on = today(session)
    return [_row(row, standings[row.PublicEntry.id], on, hidden=row.PublicEntry.id in unseen) for row in rows]


def _resting_on_unseen(session: Session, member: Member, entry_ids: Sequence[int]) -> set[int]:
    """Entries that tell of an insight which the member may not see; one statement."""
    link = public_entry_insights.c
    rows = session.scalars(
        select(link.entry_id)
        .join(Insight, Insight.id == link.insight_id)
        .where(link.entry_id.in_(entry_ids), ~visible_insights(member))
        .distinct()
    )
    return set(rows)


def _row(row: Row[*tuple[Any, ...]], standing: Standing, on: date, *, hidden: bool) -> EntryRow:
    entry: PublicEntry = row.PublicEntry
    made = EntryRow(
        id=entry.id,
        ref=entry.ref,
        title=row.Decision.title if hidden else entry.title,
        decision_ref=row.Decision.ref,
        decision=row.Decision.title,
        service=row.service or "",
        language=LANGUAGES.get(entry.language, entry.language),
        status=entry.status,
        state=_STATES[entry.status],
        tone="plain",
        waits="",
        waits_for_id=None,
        approver=row.approver or "",
        written_by=row.writer or "",
        published_at=entry.published_at,
        review_on=entry.review_on,
        updated_at=entry.updated_at,
        removed=entry.removed_at is not None,
        hidden=hidden,
        obstacles=len(standing.obstacles),
    )
    return replace(made, **_told(entry, made, standing, on))


def _told(entry: PublicEntry, row: EntryRow, standing: Standing, on: date) -> Mapping[str, Any]:
    """Where it stands and what waits, by its state."""
    if entry.status is EntryStatus.PUBLISHED:
        return _of_published(entry, row, standing, on)
    if entry.status is EntryStatus.SIGNED_OFF:
        return {"tone": "ok", "waits": "to be published", "waits_for_id": entry.written_by_id}
    if entry.status is EntryStatus.PII_CHECKED:
        who = row.approver or "somebody who is still to be named"
        return {"tone": "warn", "waits": f"for sign-off by {who}", "waits_for_id": entry.approver_id}
    if entry.status is EntryStatus.DRAFT:
        return {"waits": "for its check for personal data", "waits_for_id": entry.written_by_id}
    return {}


def _of_published(entry: PublicEntry, row: EntryRow, standing: Standing, on: date) -> Mapping[str, Any]:
    owner = entry.written_by_id
    if standing.under_review:
        what = standing.obstacles[0].what.rstrip(".")
        return {"state": "under review", "tone": "bad", "waits": f"on its owner: {what}", "waits_for_id": owner}
    if is_review_due(entry, on):
        asked = f"for its review by {row.approver or 'an approver'}"
        return {"state": "review due", "tone": "warn", "waits": asked, "waits_for_id": entry.approver_id or owner}
    return {"state": "renewed" if entry.renewed_at is not None else "published", "tone": "ok"}


_STATES: Mapping[EntryStatus, str] = {
    EntryStatus.DRAFT: "draft",
    EntryStatus.PII_CHECKED: "checked for personal data",
    EntryStatus.SIGNED_OFF: "signed off",
    EntryStatus.PUBLISHED: "published",
    EntryStatus.WITHDRAWN: "withdrawn",
}
