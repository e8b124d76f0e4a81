"""Whom a study means to hear, and whom it has heard, as facts about people that reports count (features.md B6).

Somebody was heard who took part in a session that was held and is not deleted. What is counted here is scoped to the
studies that the member may see; nothing else ever reaches a count.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import InclusionTarget, ResearchSession, SessionStatus, Study, session_participants
from insights.core.activity import add, record, touch
from insights.core.checks import required_line
from insights.core.clock import now
from insights.core.errors import InvalidInput, NotFound
from insights.people.models import Member, Participant
from insights.people.operations import require_same_area
from insights.people.participants import GROUP
from insights.people.participants.attributes import LONGEST_VALUE, attribute_of, tidy_value

HELD = (SessionStatus.HELD, SessionStatus.WRITTEN_UP, SessionStatus.CODED)
LARGEST_TARGET = 10_000


@dataclass(frozen=True, slots=True)
class Heard:
    """Somebody who was heard: in which study, and what is known of them by attribute key, the group among them."""

    participant_id: int
    study_id: int
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TargetRow:
    id: int
    attribute: str
    value: str
    target: int


def set_inclusion_target(
    session: Session, *, actor: Member, study: Study, attribute: str, value: str, target: int | None
) -> InclusionTarget:
    """At least so many of a kind; a second time for the same kind replaces the number."""
    require_same_area(session, actor, study.team_id)
    known = attribute_of(attribute)
    kind = tidy_value(known, required_line("value", value, label="whom to hear", longest=LONGEST_VALUE))
    if target is None or not 0 < target <= LARGEST_TARGET:
        raise InvalidInput.of("target", f"Enter how many to hear, as a number from 1 to {LARGEST_TARGET:,}.")
    found = session.scalar(
        select(InclusionTarget).where(
            InclusionTarget.study_id == study.id, InclusionTarget.attribute == known.key, InclusionTarget.value == kind
        )
    )
    if found is None:
        found = InclusionTarget(study_id=study.id, attribute=known.key, value=kind, target=target)
        add(session, actor, found)
    else:
        found.target, found.removed_at = target, None
        touch(session, actor, found)
    detail = {"attribute": known.key, "value": kind, "target": target}
    record(session, actor, "aimed", found, touches=[study.ref], detail=detail)
    return found


def set_target_removed(
    session: Session, *, actor: Member, target: InclusionTarget, study: Study, removed: bool
) -> None:
    require_same_area(session, actor, study.team_id)
    target.removed_at = now(session) if removed else None
    touch(session, actor, target)
    record(session, actor, "removed" if removed else "restored", target, touches=[study.ref])


def get_target(session: Session, study: Study, target_id: int) -> InclusionTarget:
    """Raises NotFound for one of another study; removed ones can be had, to be brought back."""
    found = session.get(InclusionTarget, target_id)
    if found is None or found.study_id != study.id:
        raise NotFound(f"{InclusionTarget.PREFIX}-{target_id}")
    return found


def targets_of(session: Session, study_ids: Collection[int]) -> list[TargetRow]:
    query = (
        select(InclusionTarget)
        .where(InclusionTarget.study_id.in_(study_ids), InclusionTarget.removed_at.is_(None))
        .order_by(InclusionTarget.attribute, InclusionTarget.value)
    )
    return [TargetRow(each.id, each.attribute, each.value, each.target) for each in session.scalars(query)]


def people_heard(
    session: Session,
    member: Member,
    *,
    study_id: int | None = None,
    service_id: int | None = None,
    start: date | None = None,
    end: date | None = None,
) -> list[Heard]:
    """Everybody heard in the studies that `member` may see: of one study, of a service, from a day to a day."""
    query = (
        select(Participant)
        .join(session_participants, session_participants.c.participant_id == Participant.id)
        .join(ResearchSession, ResearchSession.id == session_participants.c.research_session_id)
        .join(Study, Study.id == Participant.study_id)
        .where(
            Participant.removed_at.is_(None),
            ResearchSession.deleted_at.is_(None),
            ResearchSession.status.in_(HELD),
            visible_studies(member),
        )
        .distinct()
    )
    if study_id is not None:
        query = query.where(Participant.study_id == study_id)
    if service_id is not None:
        query = query.where(Study.service_id == service_id)
    if start is not None:
        query = query.where(ResearchSession.held_on >= start)
    if end is not None:
        query = query.where(ResearchSession.held_on <= end)
    ids = query.with_only_columns(Participant.id)
    return heard_of(session.scalars(select(Participant).where(Participant.id.in_(ids)).order_by(Participant.id)).all())


def heard_of(people: Sequence[Participant]) -> list[Heard]:
    return [Heard(each.id, each.study_id, _values(each)) for each in people]


def _values(participant: Participant) -> dict[str, str]:
    told = {key: str(value) for key, value in participant.attributes.items() if value}
    return told | ({GROUP: participant.group} if participant.group else {})
