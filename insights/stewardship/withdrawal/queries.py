"""Withdrawals as they are shown: never a word of what was said, nor a code that was taken away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import Study
from insights.core.base import number_of
from insights.core.errors import NotFound
from insights.people.models import Member, Participant
from insights.stewardship.models import Withdrawal, WithdrawalKind, WithdrawalStatus


@dataclass(frozen=True, slots=True)
class WithdrawalRow:
    """`by` is '' where the system did it, or where that is no longer kept."""

    ref: str
    participant: str
    study: str
    study_title: str
    kind: WithdrawalKind
    cause: str
    status: WithdrawalStatus
    asked_on: date
    at: datetime
    finished_at: datetime | None
    by: str
    places: int
    sha256: str


def list_withdrawals(session: Session, member: Member) -> list[WithdrawalRow]:
    """Of every study that the member may see, the newest first."""
    rows = session.execute(_rows(member).order_by(Withdrawal.id.desc()))
    return [_row(withdrawal, study, name) for withdrawal, study, name in rows]


def get_withdrawal(session: Session, member: Member, ref: str) -> tuple[Withdrawal, Study, WithdrawalRow]:
    """Raises NotFound out of scope."""
    found = session.execute(_rows(member).where(Withdrawal.id == (number_of(ref, Withdrawal.PREFIX) or 0))).first()
    if found is None:
        raise NotFound(ref)
    withdrawal, study, name = found
    return withdrawal, study, _row(withdrawal, study, name)


def latest_withdrawal(session: Session, participant: Participant) -> Withdrawal | None:
    """The one that counts: what was taken back counts no more."""
    return session.scalar(
        select(Withdrawal)
        .where(Withdrawal.participant_id == participant.id, Withdrawal.status != WithdrawalStatus.TAKEN_BACK)
        .order_by(Withdrawal.id.desc())
        .limit(1)
    )


def _rows(member: Member) -> Select[Withdrawal, Study, str | None]:
    return (
        select(Withdrawal, Study, Member.name)
        .join(Study, Study.id == Withdrawal.study_id)
        .outerjoin(Member, Member.id == Withdrawal.created_by_id)
        .where(visible_studies(member))
    )


def _row(withdrawal: Withdrawal, study: Study, by: str | None) -> WithdrawalRow:
    return WithdrawalRow(
        ref=withdrawal.ref,
        participant="" if withdrawal.participant_id is None else f"{Participant.PREFIX}-{withdrawal.participant_id}",
        study=study.ref,
        study_title=study.title,
        kind=withdrawal.kind,
        cause=withdrawal.cause.value,
        status=withdrawal.status,
        asked_on=withdrawal.asked_on,
        at=withdrawal.created_at,
        finished_at=withdrawal.finished_at,
        by=by or "",
        places=len(withdrawal.remains),
        sha256=withdrawal.certificate_sha256,
    )
