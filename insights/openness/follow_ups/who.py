"""Who was heard in a session that an accepted decision cites, and whether they may be told, or were, by code alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import CompoundSelect, func, select, union
from sqlalchemy.orm import Session

from insights.capture.models import Study, session_participants
from insights.coding.models import Highlight, HighlightStatus
from insights.core.clock import today
from insights.decisions.access import visible_decisions
from insights.decisions.models import EVIDENCE_TYPES, Decision, DecisionLink, DecisionStatus
from insights.openness.models import FollowUp, FollowUpState
from insights.people.contacts import cap_of
from insights.people.models import (
    ConsentScope,
    Contact,
    ContactKind,
    Identity,
    Mail,
    MailState,
    Member,
    Participant,
    Team,
)
from insights.people.participants.lacking import people_agreeing
from insights.synthesis.models import EvidenceLink, Relation

_HOLDING = (HighlightStatus.ACTIVE, HighlightStatus.ORPHANED)
_ASKED_FOR = (ConsentScope.RECONTACT,)


class Standing(StrEnum):
    """Where somebody stands with a decision; the words are those of the page."""

    READY = "may be told by e-mail"
    OTHERWISE = "no e-mail address is kept; tell them by letter or telephone"
    NO_CONTACT = "nothing is kept by which to reach them"
    NO_CONSENT = "did not agree to be contacted again, or no longer does"
    WAITING = "waits to be sent"
    NOT_TAKEN = "could not be sent; tell them by letter or telephone"
    STOPPED = "was stopped before it was sent"
    SENT = "was told by e-mail"
    TOLD = "was told"


_OPEN = (Standing.READY, Standing.OTHERWISE, Standing.STOPPED, Standing.NOT_TAKEN)


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """One person and one decision. `often` says that they were asked as often as the team allows."""

    participant_id: int
    participant_ref: str
    code: str
    decision_id: int
    decision_ref: str
    decision: str
    decided_on: date | None
    standing: Standing
    follow_up_id: int | None
    told_on: date | None
    channel: str
    why_stopped: str
    may_mail: bool
    may_tell: bool
    often: bool

    @property
    def is_open(self) -> bool:
        """Somebody can still be told, in one way or another."""
        return self.standing in _OPEN and self.may_tell

    @property
    def may_take_back(self) -> bool:
        return self.standing in {Standing.WAITING, Standing.NOT_TAKEN, Standing.TOLD}


def cited_people() -> CompoundSelect[Any]:
    """Pairs `participant_id`, `decision_id`: heard in a session, or named beside a quote, that supports the evidence.

    Codes that were merged come as the code that they were merged into.
    """
    present = session_participants.c
    chain = (
        select(Highlight.id, Highlight.research_session_id, Highlight.participant_id, DecisionLink.decision_id)
        .join(EvidenceLink, EvidenceLink.highlight_id == Highlight.id)
        .join(DecisionLink, DecisionLink.insight_id == EvidenceLink.insight_id)
        .where(
            EvidenceLink.relation == Relation.SUPPORTS,
            Highlight.status.in_(_HOLDING),
            DecisionLink.type.in_(EVIDENCE_TYPES),
        )
        .subquery()
    )
    lead = func.coalesce(Participant.merged_into_id, Participant.id).label("participant_id")
    heard = (
        select(lead, chain.c.decision_id)
        .join(session_participants, present.participant_id == Participant.id)
        .join(chain, chain.c.research_session_id == present.research_session_id)
    )
    named = select(lead, chain.c.decision_id).join(chain, chain.c.participant_id == Participant.id)
    return union(heard, named)


def follow_ups_of_study(
    session: Session, member: Member, study: Study, *, decision_id: int | None = None
) -> list[FollowUpRow]:
    """The newest decision first, then by code. Four statements, however many; nothing of the vault is opened."""
    on, cited = today(session), cited_people().subquery()
    agreeing = people_agreeing(_ASKED_FOR, on)
    query = (
        select(
            Participant,
            Decision,
            FollowUp,
            Mail.state.label("mail"),
            Identity.email.is_not(None).label("has_mail"),
            (Identity.telephone.is_not(None) | Identity.address.is_not(None)).label("has_other"),
            Participant.id.in_(agreeing).label("agrees"),
        )
        .join(cited, cited.c.participant_id == Participant.id)
        .join(Decision, Decision.id == cited.c.decision_id)
        .outerjoin(
            FollowUp, (FollowUp.participant_id == Participant.id) & (FollowUp.decision_id == cited.c.decision_id)
        )
        .outerjoin(Mail, Mail.id == FollowUp.mail_id)
        .outerjoin(Identity, Identity.participant_id == Participant.id)
        .where(
            Participant.study_id == study.id,
            Participant.removed_at.is_(None),
            Participant.withdrawn_at.is_(None),
            Decision.status == DecisionStatus.ACCEPTED,
            visible_decisions(member),
        )
        .order_by(Decision.decided_on.desc(), Decision.id.desc(), Participant.code)
    )
    if decision_id is not None:
        query = query.where(Decision.id == decision_id)
    rows = session.execute(query).all()
    often = _asked_often(session, study, on) if rows else frozenset()
    return [_row(row, often) for row in rows]


def _row(row: Any, often: frozenset[int]) -> FollowUpRow:  # noqa: ANN401 - a row with its columns
    person, decision, told = row.Participant, row.Decision, row.FollowUp
    return FollowUpRow(
        participant_id=person.id,
        participant_ref=person.ref,
        code=person.code,
        decision_id=decision.id,
        decision_ref=decision.ref,
        decision=decision.title,
        decided_on=decision.decided_on,
        standing=_standing(row),
        follow_up_id=None if told is None else told.id,
        told_on=None if told is None else told.told_on,
        channel="" if told is None else told.channel.value,
        why_stopped="" if told is None else told.why_stopped,
        may_mail=bool(row.agrees and row.has_mail),
        may_tell=bool(row.agrees and (row.has_mail or row.has_other)),
        often=person.id in often,
    )


def _standing(row: Any) -> Standing:  # noqa: ANN401 - a row with its columns; a word for each case
    follow_up: FollowUp | None = row.FollowUp
    if follow_up is not None and follow_up.state is FollowUpState.WAITING:
        return Standing.NOT_TAKEN if row.mail is MailState.GIVEN_UP else Standing.WAITING
    if follow_up is not None and follow_up.state is not FollowUpState.STOPPED:
        return Standing.SENT if follow_up.state is FollowUpState.SENT else Standing.TOLD
    if not row.agrees:
        return Standing.NO_CONSENT
    if not (row.has_mail or row.has_other):
        return Standing.NO_CONTACT
    if follow_up is not None:
        return Standing.STOPPED
    return Standing.READY if row.has_mail else Standing.OTHERWISE


def _asked_often(session: Session, study: Study, on: date) -> frozenset[int]:
    """Of the study's codes those that were invited as often as the team allows; a person's other codes are not read."""
    cap = cap_of(session.get(Team, study.team_id))
    query = (
        select(Contact.participant_id)
        .join(Participant, Participant.id == Contact.participant_id)
        .where(
            Participant.study_id == study.id,
            Contact.kind == ContactKind.INVITED,
            Contact.on > on - timedelta(days=cap.days),
        )
        .group_by(Contact.participant_id)
        .having(func.count(Contact.id) >= cap.invitations)
    )
    found: Sequence[int] = session.scalars(query).all()
    return frozenset(found)
