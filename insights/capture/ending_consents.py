"""Consents that run out soon or ran out lately, with whoever has to ask again (B2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from insights.capture.access import visible_studies
from insights.capture.models import Study
from insights.core.clock import today
from insights.people.models import Consent, Member, Participant

SOON = timedelta(days=30)
LATELY = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class EndingConsent:
    """`days` until the last day on which it holds, below 0 where it is over. `owner` leads the study."""

    ref: str
    participant_ref: str
    code: str
    study_ref: str
    study: str
    owner: str
    form_version: str
    ends_on: date
    days: int

    @property
    def is_over(self) -> bool:
        return self.days < 0


def ending_consents(session: Session, member: Member, *, study_id: int | None = None) -> list[EndingConsent]:
    """The latest consent of each person that ends within 30 days or ended in the last 90, the soonest first."""
    on, later = today(session), aliased(Consent)
    newer = or_(later.given_on > Consent.given_on, and_(later.given_on == Consent.given_on, later.id > Consent.id))
    replaced = select(later.id).where(later.participant_id == Consent.participant_id, newer).correlate(Consent).exists()
    query = (
        select(Consent, Participant.code, Study.title, Member.name)
        .join(Participant, Participant.id == Consent.participant_id)
        .join(Study, Study.id == Consent.study_id)
        .outerjoin(Member, Member.id == Study.lead_id)
        .where(
            visible_studies(member),
            Consent.expires_on.between(on - LATELY, on + SOON),
            Consent.withdrawn_on.is_(None),
            Participant.withdrawn_at.is_(None),
            Participant.removed_at.is_(None),
            ~replaced,
        )
        .order_by(Consent.expires_on, Consent.id)
    )
    if study_id is not None:
        query = query.where(Study.id == study_id)
    return [_row(on, *row) for row in session.execute(query)]


def _row(on: date, consent: Consent, code: str, study: str, owner: str | None) -> EndingConsent:
    ends_on = consent.expires_on or on
    return EndingConsent(
        ref=consent.ref,
        participant_ref=f"{Participant.PREFIX}-{consent.participant_id}",
        code=code,
        study_ref=f"{Study.PREFIX}-{consent.study_id}",
        study=study,
        owner=owner or "",
        form_version=consent.form_version,
        ends_on=ends_on,
        days=(ends_on - on).days,
    )
