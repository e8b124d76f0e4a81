"""Who uses the repository, by role and by team, never by person (features.md I6).

    note_search_by(session, member, found=True)        one search more, for the member's role and for their team
    use_of(session, period) -> UseReport               accounts, accounts used, searches and citations of each group

A group of fewer than five people is not told apart: its members count with all the others of such groups, already when
a search is noted. Where all of those together are fewer than five, the smallest other group counts with them, so that
nothing can be worked out by taking one number from another. Of fewer than five accounts in all nothing is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.core.access import ROLE_LABELS, Role
from insights.core.clock import today
from insights.decisions.models import DecisionLink
from insights.people.models import BrowserSession, Member, Team
from insights.reports.days import Period, shifted
from insights.reports.models import UseDay, UseKind
from insights.reports.table import Table, Value

SMALLEST_GROUP: Final = 5
OTHERS: Final = "Groups too small to tell apart"


@dataclass(frozen=True, slots=True)
class UseRow:
    """`is_hidden` where there are fewer than five people in all: then only that is said."""

    group: str
    accounts: int
    used: int
    searches: int
    without_hits: int
    citations: int
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class UseReport:
    period: Period
    roles: tuple[UseRow, ...]
    teams: tuple[UseRow, ...]

    def as_table(self) -> list[Table]:
        columns = ("Group", "Accounts", "Accounts used", "Searches", "Searches that found nothing", "Citations")
        return [
            Table(name, columns, tuple(_cells(row) for row in rows))
            for name, rows in (("Use by role", self.roles), ("Use by team", self.teams))
        ]


def note_search_by(session: Session, member: Member, *, found: bool) -> None:
    """Nothing of who it was and what was asked is kept."""
    groups = {
        UseKind.ROLE: (member.role.value, Member.role == member.role),
        UseKind.TEAM: (f"{Team.PREFIX}-{member.team_id}", Member.team_id == member.team_id),
    }
    for kind, (group, holds) in groups.items():
        size = session.scalar(select(func.count(Member.id)).where(Member.is_active, holds)) or 0
        _count(session, kind, group if size >= SMALLEST_GROUP else "", found=found)
    session.flush()


def use_of(session: Session, period: Period) -> UseReport:
    """In five statements, whatever the number of people."""
    begins = datetime.combine(period.start, time.min).astimezone()
    ends = datetime.combine(shifted(period.end, 1), time.min).astimezone()
    members = session.execute(select(Member.id, Member.role, Member.team_id).where(Member.is_active)).all()
    used = set(
        session.scalars(
            select(BrowserSession.member_id)
            .where(BrowserSession.started_at < ends, BrowserSession.last_seen_at >= begins)
            .distinct()
        )
    )
    cited = session.execute(
        select(DecisionLink.created_by_id, func.count(DecisionLink.id))
        .where(DecisionLink.created_at >= begins, DecisionLink.created_at < ends)
        .group_by(DecisionLink.created_by_id)
    )
    citations = {number: many for number, many in cited if number is not None}
    names = {f"{Team.PREFIX}-{number}": name for number, name in session.execute(select(Team.id, Team.name))}
    searches = _searches(session, period)
    by_role = {row.id: row.role.value for row in members}
    by_team = {row.id: f"{Team.PREFIX}-{row.team_id}" for row in members}
    labels = {role.value: ROLE_LABELS[role] for role in Role}
    return UseReport(
        period,
        _rows(UseKind.ROLE, by_role, labels, used, citations, searches),
        _rows(UseKind.TEAM, by_team, names, used, citations, searches),
    )


_Searches = dict[tuple[UseKind, str], tuple[int, int]]


def _searches(session: Session, period: Period) -> _Searches:
    rows = session.execute(
        select(UseDay.kind, UseDay.group, func.sum(UseDay.searches), func.sum(UseDay.without_hits))
        .where(UseDay.on >= period.start, UseDay.on <= period.end)
        .group_by(UseDay.kind, UseDay.group)
    )
    return {(kind, group): (searches, without) for kind, group, searches, without in rows}


def _rows(  # noqa: PLR0917 - the five things counted of a group
    kind: UseKind,
    groups: dict[int, str],
    labels: dict[str, str],
    used: Collection[int],
    citations: dict[int, int],
    searches: _Searches,
) -> tuple[UseRow, ...]:
    sizes = Counter(groups.values())
    # What was searched by a group that has become small since counts with the others.
    seen = {member: group if sizes[group] >= SMALLEST_GROUP else "" for member, group in groups.items()}
    found: dict[str, list[int]] = {}
    for member, group in seen.items():
        line = found.setdefault(group, [0, 0, 0, 0, 0])
        line[0] += 1
        line[1] += member in used
        line[4] += citations.get(member, 0)
    for (each, group), (many, without) in searches.items():
        if each is kind:
            line = found.setdefault(group if sizes[group] >= SMALLEST_GROUP else "", [0, 0, 0, 0, 0])
            line[2] += many
            line[3] += without
    _join_the_smallest(found)
    ordered = sorted(found.items(), key=lambda item: (not item[0], labels.get(item[0], item[0])))
    return tuple(_row(labels.get(group, OTHERS), line) for group, line in ordered)


def _join_the_smallest(found: dict[str, list[int]]) -> None:
    """Adds the smallest group that is told apart to the others, where those alone are too few."""
    if "" in found and found[""][0] < SMALLEST_GROUP and len(found) > 1:
        smallest = min((group for group in found if group), key=lambda group: (found[group][0], group))
        found[""] = [one + other for one, other in zip(found[""], found.pop(smallest), strict=True)]


def _row(label: str, line: list[int]) -> UseRow:
    if line[0] < SMALLEST_GROUP:
        return UseRow(label, 0, 0, 0, 0, 0, is_hidden=True)
    accounts, used, searches, without_hits, citations = line
    return UseRow(label, accounts, used, searches, without_hits, citations)


def _cells(row: UseRow) -> tuple[Value, ...]:
    if row.is_hidden:
        return (row.group, f"fewer than {SMALLEST_GROUP}", None, None, None, None)
    return (row.group, row.accounts, row.used, row.searches, row.without_hits, row.citations)


def _count(session: Session, kind: UseKind, group: str, *, found: bool) -> None:
    on = today(session)
    day = session.scalar(select(UseDay).where(UseDay.on == on, UseDay.kind == kind, UseDay.group == group))
    if day is None:
        day = UseDay(on=on, kind=kind, group=group, searches=0, without_hits=0)
        session.add(day)
    day.searches += 1
    day.without_hits += not found
