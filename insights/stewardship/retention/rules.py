"""How long what is kept: a study's own rule, else its team's, else what is proposed, which deletes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.core.access import Permission, may
from insights.core.activity import add, record, touch
from insights.core.checks import required_line, term_of
from insights.core.clock import now, today
from insights.core.errors import InvalidInput, NotAllowed
from insights.people.models import Member, Team
from insights.people.operations import require_same_area
from insights.stewardship.models import DataClass, RetentionHold, RetentionRule

PROPOSED_MONTHS = 24
"""For personal data, where nobody set another period."""

WARNED_FOR = timedelta(days=30)
"""Nothing goes that was not announced for so long, by the list of what falls due."""

LONGEST_MONTHS = 600


@dataclass(frozen=True, slots=True)
class Rule:
    """`origin` is study, team or proposed; a proposed rule deletes nothing. `since` is when it was set."""

    months: int
    origin: str
    since: date | None

    @property
    def is_set(self) -> bool:
        return self.since is not None


Rules = Mapping[DataClass, Rule]


def rules_of(session: Session, studies: Mapping[int, int]) -> dict[int, Rules]:
    """By study, given with the id of its team; one statement."""
    rows = session.scalars(
        select(RetentionRule).where(RetentionRule.team_id.in_(set(studies.values()))).order_by(RetentionRule.id)
    ).all()
    set_rules = {(each.team_id, each.study_id, each.data_class): each for each in rows}

    def rule(study_id: int, team_id: int, kind: DataClass) -> Rule:
        for origin, key in (("study", study_id), ("team", None)):
            found = set_rules.get((team_id, key, kind))
            if found is not None:
                return Rule(found.months, origin, found.since)
        return Rule(PROPOSED_MONTHS, "proposed", None)

    return {number: {kind: rule(number, team, kind) for kind in DataClass} for number, team in studies.items()}


def set_rules(
    session: Session, *, actor: Member, team: Team, months: Mapping[str, int | None], study: Study | None = None
) -> None:
    """Sets or, with None, takes back the rule of each kind; a rule that changed begins its month of warning anew."""
    require_protection(actor)
    if actor.role.value != "data_protection":
        require_same_area(session, actor, team.id)
    study_id = None if study is None else study.id
    for name, number in months.items():
        kind = term_of("data_class", DataClass, name, label="what it is for")
        if number is not None and not 1 <= number <= LONGEST_MONTHS:
            raise InvalidInput.of(name, f"Enter a number of months from 1 to {LONGEST_MONTHS}, or leave it empty.")
        _set(session, team.id, study_id, kind, number)
    told = {name: number for name, number in months.items() if number is not None}
    record(session, actor, "set how long is kept what is held by", study or team, detail={"months": told})


def hold(
    session: Session, *, actor: Member, study: Study, reason: str, until: date | None, data_class: str = ""
) -> RetentionHold:
    """Keeps what would fall due until a day: somebody objected, or a case is open."""
    require_protection(actor)
    why = required_line("reason", reason, label="why it may not go yet")
    if until is None or until <= today(session):
        raise InvalidInput.of("until", "Enter a day to come, until which nothing goes.")
    kind = term_of("data_class", DataClass, data_class, label="what is held") if data_class else None
    held = RetentionHold(study_id=study.id, data_class=kind, reason=why, until=until)
    add(session, actor, held)
    record(session, actor, "held back", held, detail={"study": study.ref, "until": until.isoformat()})
    return held


def end_hold(session: Session, *, actor: Member, held: RetentionHold) -> None:
    require_protection(actor)
    held.ended_at = now(session)
    touch(session, actor, held)
    record(session, actor, "lifted", held)


def holds_on(session: Session, study_ids: list[int]) -> list[RetentionHold]:
    """Those in force today; one statement."""
    query = select(RetentionHold).where(
        RetentionHold.study_id.in_(study_ids),
        RetentionHold.ended_at.is_(None),
        RetentionHold.until > today(session),
    )
    return list(session.scalars(query.order_by(RetentionHold.id)))


def require_protection(actor: Member) -> None:
    if not may(actor, Permission.PROTECT):
        raise NotAllowed("Data protection and administrators say how long what is kept.")


def _set(session: Session, team_id: int, study_id: int | None, kind: DataClass, months: int | None) -> None:
    same = RetentionRule.study_id.is_(None) if study_id is None else RetentionRule.study_id == study_id
    found = session.scalar(
        select(RetentionRule).where(RetentionRule.team_id == team_id, same, RetentionRule.data_class == kind)
    )
    if months is None:
        if found is not None:
            session.delete(found)
    elif found is None:
        session.add(
            RetentionRule(team_id=team_id, study_id=study_id, data_class=kind, months=months, since=today(session))
        )
    elif found.months != months:
        found.months, found.since = months, today(session)
    session.flush()
