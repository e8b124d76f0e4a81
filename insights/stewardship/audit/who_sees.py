"""Who can see what, read from the rule itself (insights/capture/access.py), so that it cannot say anything else."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.capture.access import Sight, grants_at, visible_studies
from insights.capture.models import Study
from insights.core.access import PERMISSIONS, Permission, Role
from insights.core.clock import now
from insights.people.models import Member, Team


@dataclass(frozen=True, slots=True)
class Seer:
    """`until` is None for somebody who is named, for good."""

    member_ref: str
    name: str
    role_label: str
    team: str
    sight: Sight
    until: datetime | None


@dataclass(frozen=True, slots=True)
class StudySight:
    """`title` is '' where the reader of the page may not see the study. `seers` are open accounts alone."""

    ref: str
    title: str
    team: str
    lead: str
    seers: tuple[Seer, ...]


@dataclass(frozen=True, slots=True)
class SeenStudy:
    ref: str
    title: str
    sight: Sight
    until: datetime | None


@dataclass(frozen=True, slots=True)
class PersonSight:
    """`beyond` holds what their role lets them do beyond reading and commenting."""

    ref: str
    name: str
    role: Role
    role_label: str
    team: str
    is_central: bool
    administers_area: bool
    beyond: tuple[Permission, ...]
    studies: tuple[SeenStudy, ...]


@dataclass(frozen=True, slots=True)
class InTheOpen:
    """What needs no list: every open account sees every open study."""

    studies: int
    accounts: int


def in_the_open(session: Session) -> InTheOpen:
    studies = select(func.count()).where(~Study.restricted).select_from(Study).scalar_subquery()
    accounts = select(func.count()).where(Member.is_active).select_from(Member).scalar_subquery()
    row = session.execute(select(studies, accounts)).one()
    return InTheOpen(row[0], row[1])


def sights_by_study(session: Session, reader: Member, *, limit: int | None = None) -> list[StudySight]:
    """Every restricted study with everybody who sees it now; also those that nobody sees, which is a fault."""
    seers: defaultdict[int, list[Seer]] = defaultdict(list)
    for each in _granted(session):
        member = each.Member
        seers[each.study_id].append(
            Seer(member.ref, member.name, member.role_label, each.team, Sight(each.sight), each.until)
        )
    rows = session.execute(
        select(Study, Team.name, Member.name, visible_studies(reader))
        .join(Team, Team.id == Study.team_id)
        .outerjoin(Member, Member.id == Study.lead_id)
        .where(Study.restricted)
        .order_by(Study.id.desc())
        .limit(limit)
    )
    return [
        StudySight(study.ref, study.title if sees else "", team, lead or "", tuple(seers[study.id]))
        for study, team, lead, sees in rows
    ]


def sights_by_person(
    session: Session, reader: Member, *, team_id: int | None = None, limit: int | None = None
) -> list[PersonSight]:
    """Everybody with an open account, by name."""
    titled = set(session.scalars(select(Study.id).where(Study.restricted, visible_studies(reader))))
    seen: defaultdict[int, list[SeenStudy]] = defaultdict(list)
    for each in _granted(session):
        study = each.Study
        title = study.title if study.id in titled else ""
        seen[each.member_id].append(SeenStudy(study.ref, title, Sight(each.sight), each.until))
    query = (
        select(Member, Team)
        .join(Team, Team.id == Member.team_id)
        .where(Member.is_active)
        .order_by(Member.name, Member.id)
        .limit(limit)
    )
    if team_id is not None:
        query = query.where(Member.team_id == team_id)
    return [
        PersonSight(
            ref=member.ref,
            name=member.name,
            role=member.role,
            role_label=member.role_label,
            team=team.name,
            is_central=team.is_central,
            administers_area=member.administers_area,
            beyond=tuple(right for right in Permission if right in _beyond(member.role)),
            studies=tuple(seen[member.id]),
        )
        for member, team in session.execute(query)
    ]


def _beyond(role: Role) -> frozenset[Permission]:
    return PERMISSIONS[role] - PERMISSIONS[Role.READER]


def _granted(session: Session) -> list[Any]:
    """Each grant that holds now for an open account, with member, team and study."""
    grants = grants_at(now(session)).subquery()
    return list(
        session.execute(
            select(
                grants.c.study_id,
                grants.c.member_id,
                grants.c.sight,
                grants.c.until,
                Member,
                Study,
                Team.name.label("team"),
            )
            .join(Member, Member.id == grants.c.member_id)
            .join(Team, Team.id == Member.team_id)
            .join(Study, Study.id == grants.c.study_id)
            .where(Member.is_active)
            .order_by(Member.name, Member.id, Study.id, grants.c.sight)
        )
    )
