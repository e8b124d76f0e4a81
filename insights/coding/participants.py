"""What participants said, and two codes that turn out to be one person.

Merging moves sessions, consents, utterances and highlights; it stands here because highlights do.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.consents import consents_of
from insights.capture.models import ResearchSession, SourceText, Study, Utterance, session_participants
from insights.coding.models import Highlight, HighlightStatus
from insights.core.activity import record, touch
from insights.core.base import number_of
from insights.core.clock import now, today
from insights.core.errors import InvalidInput, NotFound
from insights.people.models import Consent, Member, Participant
from insights.people.operations import require_same_area
from insights.people.operations.participants import refuse_erased
from insights.people.participants import ConsentFact, ConsentStanding, standing_of


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    """`quotes` counts passages that are theirs: marked so, or of a session in which nobody else took part.

    `is_stopped` says that what they said is used no further.
    """

    id: int
    ref: str
    code: str
    group: str
    attributes: dict[str, str]
    sessions: int
    quotes: int
    consent: ConsentStanding
    is_stopped: bool


@dataclass(frozen=True, slots=True)
class SessionOfPerson:
    ref: str
    title: str
    held_on: date
    method: str
    others: int


def get_participant(session: Session, member: Member, ref: str) -> tuple[Participant, Study]:
    """Raises NotFound out of scope. One that was merged is given as it is, with where it went in `merged_into_id`."""
    row = session.execute(
        select(Participant, Study)
        .join(Study, Study.id == Participant.study_id)
        .where(Participant.id == (number_of(ref, Participant.PREFIX) or 0), visible_studies(member))
    ).first()
    if row is None:
        raise NotFound(ref)
    return row[0], row[1]


def list_participants(session: Session, study: Study) -> list[ParticipantRow]:
    """Everybody of a study whom the caller may see, by code; three statements."""
    people = session.execute(
        select(Participant, _session_count(), _quote_count())
        .where(Participant.study_id == study.id, Participant.removed_at.is_(None))
        .order_by(Participant.code)
    ).all()
    standings = standings_of(session, [person.id for person, _, _ in people])
    return [
        ParticipantRow(
            person.id,
            person.ref,
            person.code,
            person.group,
            {key: str(value) for key, value in person.attributes.items() if value},
            sessions,
            quotes,
            standings[person.id],
            person.withdrawn_at is not None,
        )
        for person, sessions, quotes in people
    ]


def people_of_session(session: Session, session_id: int) -> list[tuple[str, str, str, ConsentStanding]]:
    """Ref, code, group and consent of everybody in a session, by code; one statement."""
    rows = session.execute(
        select(Participant, Consent)
        .join(session_participants, session_participants.c.participant_id == Participant.id)
        .outerjoin(Consent, Consent.participant_id == Participant.id)
        .where(session_participants.c.research_session_id == session_id)
        .order_by(Participant.code)
    )
    facts: dict[Participant, list[ConsentFact]] = {}
    for person, consent in rows:
        known = facts.setdefault(person, [])
        if consent is not None:
            known.append(ConsentFact.of(consent))
    on = today(session)
    return [(each.ref, each.code, each.group, standing_of(known, on)) for each, known in facts.items()]


def standings_of(session: Session, participant_ids: Collection[int]) -> dict[int, ConsentStanding]:
    """Where each stands today; one statement."""
    facts: dict[int, list[ConsentFact]] = {number: [] for number in participant_ids}
    for consent in consents_of(session, list(participant_ids)):
        facts[consent.participant_id].append(ConsentFact.of(consent))
    on = today(session)
    return {number: standing_of(known, on) for number, known in facts.items()}


def standings_of_study(session: Session, study: Study) -> list[ConsentStanding]:
    """Where everybody in a study stands today; one statement."""
    rows = session.execute(
        select(Participant.id, Consent)
        .outerjoin(Consent, Consent.participant_id == Participant.id)
        .where(Participant.study_id == study.id, Participant.removed_at.is_(None))
    )
    facts: dict[int, list[ConsentFact]] = {}
    for number, consent in rows:
        known = facts.setdefault(number, [])
        if consent is not None:
            known.append(ConsentFact.of(consent))
    on = today(session)
    return [standing_of(known, on) for known in facts.values()]


def sessions_of_person(session: Session, participant: Participant) -> list[SessionOfPerson]:
    """Newest first, deleted ones left out; `others` counts who else took part."""
    everybody = (
        select(func.count())
        .where(session_participants.c.research_session_id == ResearchSession.id)
        .correlate(ResearchSession)
        .scalar_subquery()
    )
    rows = session.execute(
        select(ResearchSession, everybody)
        .join(session_participants, session_participants.c.research_session_id == ResearchSession.id)
        .where(session_participants.c.participant_id == participant.id, ResearchSession.deleted_at.is_(None))
        .order_by(ResearchSession.held_on.desc(), ResearchSession.id.desc())
    )
    return [SessionOfPerson(held.ref, held.title, held.held_on, held.method.value, number - 1) for held, number in rows]


def quotes_of_person(session: Session, participant: Participant, *, limit: int = 50) -> list[Highlight]:
    """Passages marked as theirs, and those of sessions in which nobody else took part; the latest first."""
    query = (
        select(Highlight)
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .where(
            SourceText.deleted_at.is_(None),
            Highlight.status == HighlightStatus.ACTIVE,
            or_(
                Highlight.participant_id == participant.id,
                Highlight.participant_id.is_(None) & Highlight.research_session_id.in_(_alone_in(participant.id)),
            ),
        )
        .order_by(Highlight.id.desc())
        .limit(limit)
    )
    return list(session.scalars(query))


def merge_participants(
    session: Session, *, actor: Member, participant: Participant, into: Participant, study: Study
) -> None:
    """Makes two codes one person: everything of `participant` becomes that of `into`, whose own attributes prevail.

    Raises InvalidInput for people of two studies, whose codes must never be brought together, and for one and the same.
    """
    require_same_area(session, actor, study.team_id)
    refuse_erased(session, participant)
    if participant.id == into.id:
        raise InvalidInput.of("into", "Choose the other code of the same person.")
    if participant.study_id != into.study_id or into.removed_at is not None:
        raise InvalidInput.of(
            "into", "Choose somebody of the same study: codes of two studies are never brought together."
        )
    sessions = _move_sessions(session, participant, into)
    for model in (Consent, Utterance, Highlight):
        session.execute(update(model).where(model.participant_id == participant.id).values(participant_id=into.id))
    into.attributes = {**participant.attributes, **into.attributes}
    into.group = into.group or participant.group
    participant.merged_into_id, participant.removed_at = into.id, now(session)
    touch(session, actor, into)
    touch(session, actor, participant)
    detail = {"into": into.ref, "sessions": sessions}
    record(session, actor, "merged", participant, touches=[into.ref, *sessions], detail=detail)


def _move_sessions(session: Session, participant: Participant, into: Participant) -> list[str]:
    table = session_participants
    held = set(session.scalars(select(table.c.research_session_id).where(table.c.participant_id == participant.id)))
    known = set(session.scalars(select(table.c.research_session_id).where(table.c.participant_id == into.id)))
    session.execute(delete(table).where(table.c.participant_id == participant.id))
    if moved := sorted(held - known):
        rows = [{"research_session_id": number, "participant_id": into.id} for number in moved]
        session.execute(insert(table), rows)
    return [f"{ResearchSession.PREFIX}-{number}" for number in sorted(held)]


def _alone_in(participant_id: int) -> Select[*tuple[Any, ...]]:
    """Sessions in which only that person took part."""
    table = session_participants
    others = select(table.c.research_session_id).where(table.c.participant_id != participant_id)
    return select(table.c.research_session_id).where(
        table.c.participant_id == participant_id, table.c.research_session_id.not_in(others)
    )


def _session_count() -> ColumnElement[Any]:
    return (
        select(func.count())
        .select_from(session_participants.join(ResearchSession))
        .where(session_participants.c.participant_id == Participant.id, ResearchSession.deleted_at.is_(None))
        .correlate(Participant)
        .scalar_subquery()
    )


def _quote_count() -> ColumnElement[Any]:
    """Passages marked as theirs, and those of a session in which nobody else took part."""
    mine, other = session_participants.alias("mine"), session_participants.alias("other")
    company = (
        select(other.c.participant_id)
        .where(other.c.research_session_id == mine.c.research_session_id, other.c.participant_id != Participant.id)
        .correlate(mine, Participant)
        .exists()
    )
    alone = select(mine.c.research_session_id).where(mine.c.participant_id == Participant.id, ~company)
    return (
        select(func.count(Highlight.id))
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .where(
            SourceText.deleted_at.is_(None),
            Highlight.status == HighlightStatus.ACTIVE,
            or_(
                Highlight.participant_id == Participant.id,
                Highlight.participant_id.is_(None) & Highlight.research_session_id.in_(alone.correlate(Participant)),
            ),
        )
        .correlate(Participant)
        .scalar_subquery()
    )
