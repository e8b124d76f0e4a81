"""The impact ledger over all decisions: entries as they were attested, never added up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session, aliased

from insights.decisions.access import visible_decisions
from insights.decisions.models import Decision, ImpactEntry, Measure
from insights.decisions.roles import wrote_evidence
from insights.people.models import Member, Service


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """`corrects_id` is the entry that this one puts right, `corrected_by_id` the one that puts this one right.

    `is_author_too` says that whoever attested it also wrote research under the decision.
    """

    id: int
    on: date
    what: str
    kind: str
    contribution: str
    decision_ref: str
    decision: str
    decision_status: str
    service: str
    measure: str
    attested_by: str
    is_author_too: bool
    corrects_id: int | None
    corrected_by_id: int | None

    @property
    def is_corrected(self) -> bool:
        return self.corrected_by_id is not None


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """None and '' leave a field open; the days are those on which things happened, both included."""

    service_id: int | None = None
    kind: str = ""
    since: date | None = None
    until: date | None = None
    decision_id: int | None = None


def ledger(
    session: Session, member: Member, wanted: LedgerFilter = LedgerFilter(), *, limit: int | None = None
) -> list[LedgerRow]:
    """The newest first; corrected entries stay in it, each beside the number of its correction. One statement."""
    query = _entries().where(visible_decisions(member))
    if wanted.service_id is not None:
        query = query.where(Decision.service_id == wanted.service_id)
    if wanted.kind:
        query = query.where(ImpactEntry.kind == wanted.kind)
    if wanted.since is not None:
        query = query.where(ImpactEntry.on >= wanted.since)
    if wanted.until is not None:
        query = query.where(ImpactEntry.on <= wanted.until)
    if wanted.decision_id is not None:
        query = query.where(ImpactEntry.decision_id == wanted.decision_id)
    rows = session.execute(query if limit is None else query.limit(limit))
    return [_ledger_row(row) for row in rows]


def _entries() -> Select[*tuple[Any, ...]]:
    later = aliased(ImpactEntry)
    author = wrote_evidence(ImpactEntry.decision_id, ImpactEntry.attested_by_id).correlate(ImpactEntry).exists()
    correction = (
        select(later.id).where(later.corrects_id == ImpactEntry.id).order_by(later.id).limit(1).scalar_subquery()
    )
    return (
        select(
            ImpactEntry,
            Decision.title.label("decision"),
            Decision.status,
            Service.name.label("service"),
            Measure.name.label("measure"),
            Member.name.label("attested_by"),
            author.label("is_author_too"),
            correction.label("corrected_by"),
        )
        .join(Decision, Decision.id == ImpactEntry.decision_id)
        .outerjoin(Service, Service.id == Decision.service_id)
        .outerjoin(Measure, Measure.id == ImpactEntry.measure_id)
        .outerjoin(Member, Member.id == ImpactEntry.attested_by_id)
        .order_by(ImpactEntry.on.desc(), ImpactEntry.id.desc())
    )


def _ledger_row(row: Row[*tuple[Any, ...]]) -> LedgerRow:
    entry: ImpactEntry = row.ImpactEntry
    return LedgerRow(
        id=entry.id,
        on=entry.on,
        what=entry.what,
        kind=entry.kind.value,
        contribution=entry.contribution.value,
        decision_ref=f"DEC-{entry.decision_id}",
        decision=row.decision,
        decision_status=row.status.value,
        service=row.service or "",
        measure=row.measure or "",
        attested_by=row.attested_by or "",
        is_author_too=row.is_author_too,
        corrects_id=entry.corrects_id,
        corrected_by_id=row.corrected_by,
    )
