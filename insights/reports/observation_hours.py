"""Hours that colleagues spent watching people use what they make (features.md K3). A pure table.

The rule comes from the Home Office: everybody in a team watches user research for at least two hours every six weeks.
Jared Spool's study of exposure hours, where it comes from, counts being there, in whatever part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from insights.capture.attendance import Colleague, Watched
from insights.capture.models import AttendanceRole
from insights.reports.days import Period, shifted
from insights.reports.table import Table

DEFAULT_WEEKS = 6
DEFAULT_HOURS = 2.0


@dataclass(frozen=True, slots=True)
class ObservingRow:
    """`minutes` in all parts, `led` of them as moderator or note taker."""

    member_id: int
    name: str
    team: str
    minutes: int
    led: int
    sessions: int
    last_on: date | None
    reaches_rule: bool

    @property
    def hours(self) -> float:
        return round(self.minutes / 60, 1)

    @property
    def standing(self) -> str:
        if self.reaches_rule:
            return "reaches the rule"
        return "some" if self.minutes else "none yet"


@dataclass(frozen=True, slots=True)
class TeamTotal:
    team: str
    members: int
    reaching: int
    minutes: int

    @property
    def hours(self) -> float:
        return round(self.minutes / 60, 1)

    @property
    def share(self) -> float:
        """Per cent of the team's members who reach the rule."""
        return self.reaching / self.members * 100 if self.members else 0.0


@dataclass(frozen=True, slots=True)
class ObservingReport:
    period: Period
    weeks: int
    rule_hours: float
    rows: tuple[ObservingRow, ...]
    teams: tuple[TeamTotal, ...]

    @property
    def without_any(self) -> tuple[ObservingRow, ...]:
        return tuple(row for row in self.rows if not row.minutes)

    @property
    def reaching(self) -> int:
        return sum(row.reaches_rule for row in self.rows)

    def as_table(self) -> list[Table]:
        columns = ("Name", "Team", "Hours", "Of which led or noted", "Sessions", "Last", "Standing")
        rows = tuple(
            (row.name, row.team, row.hours, round(row.led / 60, 1), row.sessions, row.last_on, row.standing)
            for row in self.rows
        )
        teams = tuple((team.team, team.members, team.reaching, team.hours) for team in self.teams)
        return [
            Table("Observing", columns, rows),
            Table("Teams", ("Team", "Members", "Reach the rule", "Hours"), teams),
        ]


def period_of(weeks: int, end: date) -> Period:
    """So many whole weeks that end on that day, the day included."""
    return Period(shifted(end, 1 - 7 * weeks), end)


def observing(
    people: Iterable[Colleague], watched: Iterable[Watched], period: Period, *, weeks: int, rule_hours: float
) -> ObservingReport:
    """Every colleague has a row, also those who watched nothing; the fewest hours come first."""
    seen: defaultdict[int, list[Watched]] = defaultdict(list)
    for each in watched:
        if each.held_on in period:
            seen[each.member_id].append(each)
    rows = [_row(each, seen[each.member_id], rule_hours) for each in people]
    rows.sort(key=lambda row: (row.minutes, row.name.casefold(), row.member_id))
    return ObservingReport(period, weeks, rule_hours, tuple(rows), tuple(_teams(rows)))


def _row(colleague: Colleague, seen: Sequence[Watched], rule_hours: float) -> ObservingRow:
    minutes = sum(each.minutes for each in seen)
    return ObservingRow(
        member_id=colleague.member_id,
        name=colleague.name,
        team=colleague.team,
        minutes=minutes,
        led=sum(each.minutes for each in seen if each.role is not AttendanceRole.OBSERVER),
        sessions=len(seen),
        last_on=max((each.held_on for each in seen), default=None),
        reaches_rule=minutes >= rule_hours * 60,
    )


def _teams(rows: Iterable[ObservingRow]) -> Iterable[TeamTotal]:
    by_team: defaultdict[str, list[ObservingRow]] = defaultdict(list)
    for row in rows:
        by_team[row.team].append(row)
    for team, members in sorted(by_team.items(), key=lambda pair: pair[0].casefold()):
        yield TeamTotal(
            team, len(members), sum(row.reaches_rule for row in members), sum(row.minutes for row in members)
        )
