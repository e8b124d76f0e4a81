"""What can be taken away from somebody, and whether it was: read from what they have now, never from a tick."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import BreakGlass, GlassState, Study, study_members
from insights.core.access import PERMISSIONS, Role
from insights.core.base import number_of
from insights.core.clock import now
from insights.people.models import Member
from insights.stewardship.access_review.scope import reviews_everything
from insights.stewardship.models import AccessReviewRow, ReviewAnswer

ACCOUNT, ROLE, AREA = "account", "role", "area"


@dataclass(frozen=True, slots=True)
class StudyTold:
    """A study whose number may be told. `lead` can change who sees it; `seen` is whether the reader sees it."""

    lead: str
    seen: bool


def studies_told(session: Session, member: Member, rows: Iterable[AccessReviewRow]) -> dict[str, StudyTold]:
    """By number, of the restricted studies that the rows name, those that the member may be told of. One statement.

    Whoever watches over data protection is told of all; to others a study that they do not see does not exist.
    """
    named = {ref for row in rows for ref in (*row.studies, *(each["study"] for each in row.openings))}
    numbers = sorted(number for number in (number_of(ref, Study.PREFIX) for ref in named) if number is not None)
    query = (
        select(Study.id, Member.name, visible_studies(member))
        .outerjoin(Member, Member.id == Study.lead_id)
        .where(Study.id.in_(numbers))
        .order_by(Study.id)
    )
    if not reviews_everything(member):
        query = query.where(visible_studies(member))
    found = session.execute(query) if numbers else ()
    return {f"{Study.PREFIX}-{number}": StudyTold(lead or "", bool(seen)) for number, lead, seen in found}


def can_be_taken(row: AccessReviewRow, told: Collection[str]) -> tuple[str, ...]:
    """In the order in which a page offers it: the account, the role, the care of an area, studies, times let in."""
    found = [ACCOUNT]
    if row.role is not Role.READER:
        found.append(ROLE)
    if row.administers_area:
        found.append(AREA)
    found += [ref for ref in row.studies if ref in told]
    return (*found, *(each["ref"] for each in row.openings if each["holds"] and each["study"] in told))


def done_since(session: Session, rows: Sequence[AccessReviewRow]) -> dict[int, frozenset[str]]:
    """By id of row: what of `take` they have no longer; a closed account has nothing. At most three statements."""
    asked = [row for row in rows if row.answer is ReviewAnswer.TAKE_AWAY]
    if not asked:
        return {}
    ids = sorted({row.member_id for row in asked})
    members = {each.id: each for each in session.scalars(select(Member).where(Member.id.in_(ids)))}
    named = _named(session, ids)
    held = _held(session, ids)
    found = {}
    for row in asked:
        member = members[row.member_id]
        has = {ref for ref in row.take if (row.member_id, ref) in named | held}
        has |= {ACCOUNT} if member.is_active else set()
        has |= {AREA} if member.administers_area else set()
        has |= {ROLE} if PERMISSIONS[member.role] >= PERMISSIONS[row.role] else set()
        found[row.id] = frozenset(set(row.take) - has) if member.is_active else frozenset(row.take)
    return found


def _named(session: Session, member_ids: list[int]) -> set[tuple[int, str]]:
    columns = study_members.c
    rows = session.execute(select(columns.member_id, columns.study_id).where(columns.member_id.in_(member_ids)))
    return {(member_id, f"{Study.PREFIX}-{study_id}") for member_id, study_id in rows}


def _held(session: Session, member_ids: list[int]) -> set[tuple[int, str]]:
    holds = (BreakGlass.state == GlassState.APPROVED, BreakGlass.ends_at > now(session))
    rows = session.scalars(select(BreakGlass).where(BreakGlass.holder_id.in_(member_ids), *holds))
    return {(each.holder_id, each.ref) for each in rows}
