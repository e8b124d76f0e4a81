"""Reads what figures need beside the evidence base, in one statement, for a page may ask the database twelve questions.

    read_surroundings(session, member, period) -> (Surroundings, services)

Several kinds of rows come in one shape: `kind`, two numbers, a day, two moments and words; `_KINDS` lists them.
What is not recorded anywhere yet stays None, so that the figure says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, time
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from insights.capture.access import visible_studies
from insights.capture.models import Study, session_participants
from insights.coding.models import Highlight, HighlightStatus
from insights.core.access import Role
from insights.core.base import UtcDateTime
from insights.decisions.models import EVIDENCE_TYPES, DecisionLink
from insights.openness.follow_ups import cited_people
from insights.openness.models import FollowUp, PublicEntry
from insights.people.models import BrowserSession, ConsentScope, Member, Participant, Service
from insights.people.participants.lacking import people_agreeing
from insights.people.queries import Choice
from insights.reports.days import Period, local_day, shifted
from insights.reports.models import UseDay, UseKind
from insights.reports.surroundings import (
    EvidenceDay,
    FollowUpFact,
    PublicEntryFact,
    Readership,
    SearchDay,
    Surroundings,
    VoiceFact,
    surroundings,
)
from insights.synthesis.models import EvidenceLink, Relation, Revalidation, RevalidationResult

_HOLDING = (HighlightStatus.ACTIVE, HighlightStatus.ORPHANED)
_RESEARCHERS = (Role.RESEARCHER,)


def read_surroundings(session: Session, member: Member | None, period: Period) -> tuple[Surroundings, list[Choice]]:
    """What the member may see around the evidence base, and all services by name."""
    rows: dict[str, list[Any]] = {}
    for row in session.execute(union_all(*(statement(member, period) for statement in _KINDS))):
        rows.setdefault(row.kind, []).append(row)
    around = surroundings(
        voices=_voices(rows.get("voice", ())),
        evidence_days=[
            EvidenceDay(row.one, row.day, row.day if row.at is None else local_day(row.at))
            for row in rows.get("evidence", ())
        ],
        public_entries=[
            PublicEntryFact(row.one, local_day(row.at), None if row.until is None else local_day(row.until))
            for row in rows.get("public", ())
        ],
        follow_ups=[FollowUpFact(row.one, row.two, row.day) for row in rows.get("follow_up", ())],
        searches=[SearchDay(row.day, row.one, row.two) for row in rows.get("search", ())],
        readership=next((Readership(row.one, row.two) for row in rows["readers"]), None),
    )
    services = sorted(((row.words, row.one) for row in rows.get("service", ())), key=lambda each: each[0])
    return around, [Choice(str(number), name) for name, number in services]


def _voices(rows: Iterable[Any]) -> list[VoiceFact]:
    return [VoiceFact(row.one, row.two, _told(row.words)) for row in rows]


@lru_cache(maxsize=4096)
def _told(written: str) -> dict[str, str]:
    """The attributes of a participant as stored; few combinations come again and again."""
    return {key: str(value) for key, value in json.loads(written or "{}").items() if value}


_Row = Select[*tuple[Any, ...]]


_SHAPE: Mapping[str, TypeEngine[Any]] = {
    "one": Integer(),
    "two": Integer(),
    "day": Date(),
    "at": UtcDateTime(),
    "until": UtcDateTime(),
    "words": String(),
}


def _columns(kind: str, **given: Any) -> list[ColumnElement[Any]]:  # noqa: ANN401 - columns of any type
    """One shape; what is not given is NULL of the column's type, so that PostgreSQL joins the parts."""
    columns: list[ColumnElement[Any]] = [literal(kind).label("kind")]
    for name, type_ in _SHAPE.items():
        value = type_coerce(given[name], type_) if name in given else cast(null(), type_)
        columns.append(value.label(name))
    return columns


def _cited() -> Select[int]:
    """Insights that a decision rests on: of the others nobody asks who stands behind them here."""
    return select(DecisionLink.insight_id).where(DecisionLink.type.in_(EVIDENCE_TYPES))


def _heard(member: Member | None, _period: Period) -> _Row:
    """A row for each cited insight and person behind it; a quote without a name counts for all in its session."""
    present = session_participants.c
    person = func.coalesce(Highlight.participant_id, present.participant_id)
    pairs = (
        select(EvidenceLink.insight_id.label("insight_id"), person.label("person_id"))
        .select_from(EvidenceLink)
        .join(Highlight, Highlight.id == EvidenceLink.highlight_id)
        .join(Study, Study.id == Highlight.study_id)
        .outerjoin(
            session_participants,
            (present.research_session_id == Highlight.research_session_id) & Highlight.participant_id.is_(None),
        )
        .where(
            EvidenceLink.relation == Relation.SUPPORTS,
            EvidenceLink.insight_id.in_(_cited()),
            Highlight.status.in_(_HOLDING),
            visible_studies(member),
        )
        .distinct()
        .subquery()
    )
    columns = _columns("voice", one=pairs.c.insight_id, two=Participant.id, words=cast(Participant.attributes, String))
    return (
        select(*columns)
        .join(Participant, Participant.id == pairs.c.person_id)
        .where(Participant.withdrawn_at.is_(None), Participant.removed_at.is_(None))
    )


def _evidence(_member: Member | None, _period: Period) -> _Row:
    columns = _columns(
        "evidence",
        one=EvidenceLink.insight_id,
        day=EvidenceLink.evidence_date,
        at=func.min(EvidenceLink.created_at),
    )
    return (
        select(*columns)
        .where(EvidenceLink.relation == Relation.SUPPORTS, EvidenceLink.insight_id.in_(_cited()))
        .group_by(EvidenceLink.insight_id, EvidenceLink.evidence_date)
    )


def _looked_again(_member: Member | None, _period: Period) -> _Row:
    return select(*_columns("evidence", one=Revalidation.insight_id, day=Revalidation.on)).where(
        Revalidation.result != RevalidationResult.RETIRED, Revalidation.insight_id.in_(_cited())
    )


def _readers(_member: Member | None, period: Period) -> _Row:
    """Two numbers, and nobody by name: accounts that are not researchers', and those of them that were used."""
    begins = datetime.combine(period.start, time.min).astimezone()
    ends = datetime.combine(shifted(period.end, 1), time.min).astimezone()
    used = select(BrowserSession.member_id).where(
        BrowserSession.started_at < ends, BrowserSession.last_seen_at >= begins
    )
    accounts = Member.is_active & Member.role.not_in(_RESEARCHERS) & (Member.created_at < ends)
    return select(
        *_columns(
            "readers",
            one=select(func.count(Member.id)).where(accounts, Member.id.in_(used)).scalar_subquery(),
            two=select(func.count(Member.id)).where(accounts).scalar_subquery(),
        )
    )


def _services(_member: Member | None, _period: Period) -> _Row:
    return select(*_columns("service", one=Service.id, words=Service.name))


def _published(_member: Member | None, _period: Period) -> _Row:
    """What everybody may read, by its first publication; a decision told in two languages comes twice."""
    return select(
        *_columns(
            "public",
            one=PublicEntry.decision_id,
            at=PublicEntry.first_published_at,
            until=PublicEntry.withdrawn_at,
        )
    ).where(PublicEntry.first_published_at.is_not(None))


def _searches(_member: Member | None, period: Period) -> _Row:
    return (
        select(*_columns("search", one=func.sum(UseDay.searches), two=func.sum(UseDay.without_hits), day=UseDay.on))
        .where(UseDay.kind == UseKind.ROLE, UseDay.on >= period.start, UseDay.on <= period.end)
        .group_by(UseDay.on)
    )


def _told_of_it(member: Member | None, period: Period) -> _Row:
    """Who may be contacted again, or was told, and is cited by a decision; `day` is that on which they were told."""
    cited = cited_people().subquery()
    told = and_(
        FollowUp.participant_id == cited.c.participant_id,
        FollowUp.decision_id == cited.c.decision_id,
        FollowUp.told_on.is_not(None),
    )
    agrees = people_agreeing((ConsentScope.RECONTACT,), period.end)
    return (
        select(*_columns("follow_up", one=cited.c.participant_id, two=cited.c.decision_id, day=FollowUp.told_on))
        .select_from(cited)
        .join(Participant, Participant.id == cited.c.participant_id)
        .join(Study, Study.id == Participant.study_id)
        .outerjoin(FollowUp, told)
        .where(
            Participant.withdrawn_at.is_(None),
            Participant.removed_at.is_(None),
            or_(FollowUp.id.is_not(None), Participant.id.in_(agrees)),
            visible_studies(member),
        )
    )


_KINDS = (_heard, _evidence, _looked_again, _readers, _services, _published, _searches, _told_of_it)
