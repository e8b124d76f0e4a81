from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session, aliased, load_only

from insights.core.access import Role
from insights.core.base import number_of
from insights.core.clock import today
from insights.core.errors import NotFound
from insights.decisions.access import visible_decisions
from insights.decisions.link_status import link_status
from insights.decisions.models import (
    Decision,
    DecisionLink,
    DecisionStatus,
    LinkStatus,
    OutcomeCheck,
)
from insights.decisions.queries.evidence import LinkedInsight, linked_insights
from insights.decisions.queries.resting import (
    insights_under,
    is_contradicted,
    is_suspect,
    people_under,
    quotes_under,
    studies_under,
)
from insights.decisions.thread import Thread, thread_columns, thread_from
from insights.people.models import Component, Member, Service, Team
from insights.synthesis.access import visible_insights
from insights.synthesis.models import Insight

PAGE = 50
LINKS_A_PAGE = 20
MOST_CHOICES = 200
# A list needs none of the long texts.
_LISTED = (
    Decision.title,
    Decision.status,
    Decision.basis,
    Decision.decided_on,
    Decision.ended_on,
    Decision.delivery_state,
    Decision.live_on,
    Decision.superseded_by_id,
    Decision.updated_at,
)


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One line of a list. The counts are of what the member may see.

    `link_states` counts the links by state; `verdict` is the latest recorded one, '' before; `next_check` the day of
    the next check without verdict, `is_overdue` whether that day is past.
    """

    id: int
    ref: str
    title: str
    status: str
    basis: str
    decided_on: date | None
    ended_on: date | None
    delivery_state: str
    live_on: date | None
    service: str
    team: str
    owner: str
    superseded_by: str
    updated_at: datetime
    insights: int
    people: int
    studies: int
    quotes: int
    link_states: Mapping[LinkStatus, int]
    verdict: str
    next_check: date | None
    is_overdue: bool

    @property
    def is_in_force(self) -> bool:
        return self.status == DecisionStatus.ACCEPTED

    @property
    def rests_on(self) -> str:
        """'rests on 5 people in 2 studies', or what there is to say where nobody is named."""
        if self.insights == 0:
            return _without_evidence(self)
        if self.people:
            return f"rests on {_count(self.people, 'person', 'people')} in {_count(self.studies, 'study', 'studies')}"
        if self.quotes:
            return f"rests on {_count(self.quotes, 'quote', 'quotes')} in {_count(self.studies, 'study', 'studies')}"
        return f"rests on {_count(self.insights, 'insight', 'insights')}"


@dataclass(frozen=True, slots=True)
class DecisionHead:
    """A decision as its page needs it; `is_editable` says whether the member's area may change it (L7).

    `links` are those of one page; `row.link_states` counts all of them.
    """

    record: Decision
    row: DecisionRow
    links: tuple[LinkedInsight, ...]
    component: str
    is_editable: bool
    has_more_links: bool = False
    thread: Thread | None = None


@dataclass(frozen=True, slots=True)
class DecisionFilter:
    """What a list of decisions shows; None, '' and False leave a field open. `link_state` is a LinkStatus."""

    service_id: int | None = None
    status: str = ""
    in_force: bool = False
    without_evidence: bool = False
    link_state: str = ""
    owner_id: int | None = None
    ids: Collection[int] | None = None


def get_decision(session: Session, member: Member, ref: str) -> Decision:
    """Raises NotFound for a decision that is not there or that the member may not see."""
    number = number_of(ref, Decision.PREFIX) or 0
    decision = session.scalar(select(Decision).where(Decision.id == number, visible_decisions(member)))
    if decision is None:
        raise NotFound(ref)
    return decision


def decision_head(
    session: Session,
    member: Member,
    ref: str,
    *,
    after: int = 0,
    limit: int = LINKS_A_PAGE,
    suspect: bool = False,
    with_thread: bool = False,
) -> DecisionHead:
    """The decision with what its page says of it and of its evidence. Raises NotFound like `get_decision`.

    A page of links is told whole, with quotes; all of them are counted, so that a decision may have thousands.
    """
    number = number_of(ref, Decision.PREFIX) or 0
    is_central = select(Team.is_central).where(Team.id == member.team_id).scalar_subquery()
    thread = thread_columns(member, number) if with_thread else []
    found = session.execute(
        _listed(member)
        .add_columns(Component.name.label("component"), is_central.label("works_across_areas"), *thread)
        .outerjoin(Component, Component.id == Decision.component_id)
        .where(Decision.id == number)
    ).first()
    if found is None:
        raise NotFound(ref)
    decision: Decision = found.Decision
    links = linked_insights(session, member, decision, after=after, limit=limit + 1, suspect=suspect)
    states = _link_states(session, member, DecisionLink.decision_id == decision.id)[decision.id]
    row = _row(found, states, today(session))
    editable = found.works_across_areas or member.team_id == decision.team_id or member.role is Role.ADMINISTRATOR
    return DecisionHead(
        decision,
        row,
        tuple(links[:limit]),
        found.component or "",
        is_editable=bool(editable),
        has_more_links=len(links) > limit,
        thread=thread_from(found) if with_thread else None,
    )


def list_decisions(
    session: Session,
    member: Member,
    wanted: DecisionFilter = DecisionFilter(),
    *,
    before_id: int | None = None,
    limit: int | None = PAGE,
) -> list[DecisionRow]:
    """Newest first; `before_id` is the cursor, `limit` None means all (exports)."""
    query = _listed(member).where(*_clauses(session, member, wanted)).order_by(Decision.id.desc())
    query = query.options(load_only(*_LISTED, raiseload=True))
    if before_id is not None:
        query = query.where(Decision.id < before_id)
    rows = session.execute(query if limit is None else query.limit(limit)).all()
    ids = [row.Decision.id for row in rows]
    states = _link_states(session, member, DecisionLink.decision_id.in_(ids)) if ids else {}
    on = today(session)
    return [_row(row, states.get(row.Decision.id, Counter()), on) for row in rows]


def decisions_to_choose(
    session: Session, member: Member, *statuses: DecisionStatus, but: int | None = None
) -> list[tuple[str, str]]:
    """Pairs (ref, title) of the newest decisions in those statuses, to choose one from."""
    query = (
        select(Decision.id, Decision.title)
        .where(visible_decisions(member), Decision.status.in_(statuses), Decision.id != (but or 0))
        .order_by(Decision.id.desc())
        .limit(MOST_CHOICES)
    )
    return [(f"DEC-{number}", title) for number, title in session.execute(query)]


def _listed(member: Member) -> Select[*tuple[Any, ...]]:
    owner = aliased(Member)
    checks = select(OutcomeCheck).where(OutcomeCheck.decision_id == Decision.id).correlate(Decision)
    verdict = (
        checks.with_only_columns(OutcomeCheck.verdict)
        .where(OutcomeCheck.verdict.is_not(None))
        .order_by(OutcomeCheck.recorded_on.desc(), OutcomeCheck.id.desc())
        .limit(1)
    )
    due = checks.with_only_columns(func.min(OutcomeCheck.due_on)).where(OutcomeCheck.verdict.is_(None))
    return (
        select(
            Decision,
            Service.name.label("service"),
            Team.name.label("team"),
            owner.name.label("owner"),
            insights_under(member).label("insights"),
            people_under(member).label("people"),
            studies_under(member).label("studies"),
            quotes_under(member).label("quotes"),
            verdict.scalar_subquery().label("verdict"),
            due.scalar_subquery().label("due_on"),
        )
        .join(Team, Team.id == Decision.team_id)
        .outerjoin(Service, Service.id == Decision.service_id)
        .outerjoin(owner, owner.id == Decision.owner_id)
        .where(visible_decisions(member))
    )


def _clauses(session: Session, member: Member, wanted: DecisionFilter) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    if wanted.service_id is not None:
        clauses.append(Decision.service_id == wanted.service_id)
    if wanted.status in list(DecisionStatus):
        clauses.append(Decision.status == DecisionStatus(wanted.status))
    if wanted.in_force:
        clauses.append(Decision.status == DecisionStatus.ACCEPTED)
    if wanted.without_evidence:
        clauses.append(insights_under(member) == 0)
    if wanted.link_state in list(LinkStatus):
        clauses.append(Decision.id.in_(_with_link_in(session, member, LinkStatus(wanted.link_state))))
    if wanted.owner_id is not None:
        clauses.append(Decision.owner_id == wanted.owner_id)
    if wanted.ids is not None:
        clauses.append(Decision.id.in_(wanted.ids))
    return clauses


def _with_link_in(session: Session, member: Member, state: LinkStatus) -> list[int]:
    """The state itself is computed in the one place that computes it; the database only narrows what to look at."""
    narrowed = [is_suspect()] if state not in {LinkStatus.CURRENT, LinkStatus.UNWANTED} else []
    return sorted(number for number, states in _link_states(session, member, *narrowed).items() if states[state])


def _link_states(session: Session, member: Member, *clauses: ColumnElement[bool]) -> dict[int, Counter[LinkStatus]]:
    counted: dict[int, Counter[LinkStatus]] = defaultdict(Counter)
    rows = session.execute(
        select(
            DecisionLink.decision_id,
            DecisionLink.fingerprint.label("pinned"),
            Insight.status,
            Insight.fingerprint,
            Decision.basis,
            is_contradicted().label("contradicted"),
        )
        .join(Decision, Decision.id == DecisionLink.decision_id)
        .join(Insight, Insight.id == DecisionLink.insight_id)
        .where(visible_insights(member), *clauses)
    )
    for row in rows:
        state = link_status(
            insight_status=row.status,
            insight_fingerprint=row.fingerprint,
            pinned_fingerprint=row.pinned,
            contradicted=row.contradicted,
            declared_basis=row.basis is not None,
        )
        counted[row.decision_id][state] += 1
    return counted


def _row(found: Row[*tuple[Any, ...]], states: Counter[LinkStatus], on: date) -> DecisionRow:
    decision: Decision = found.Decision
    return DecisionRow(
        id=decision.id,
        ref=decision.ref,
        title=decision.title,
        status=decision.status.value,
        basis="" if decision.basis is None else decision.basis.value,
        decided_on=decision.decided_on,
        ended_on=decision.ended_on,
        delivery_state=decision.delivery_state.value,
        live_on=decision.live_on,
        service=found.service or "",
        team=found.team,
        owner=found.owner or "",
        superseded_by="" if decision.superseded_by_id is None else f"DEC-{decision.superseded_by_id}",
        updated_at=decision.updated_at,
        insights=found.insights,
        people=found.people,
        studies=found.studies,
        quotes=found.quotes,
        link_states=dict(states),
        verdict="" if found.verdict is None else found.verdict.value,
        next_check=found.due_on,
        is_overdue=found.due_on is not None and found.due_on < on,
    )


def _without_evidence(row: DecisionRow) -> str:
    if row.basis:
        return f"declared basis: {row.basis.replace('_', ' ')}"
    # No decision is accepted on nothing, so what it rests on is out of this member's sight.
    return "rests on evidence you may not see" if row.is_in_force else "no evidence linked yet"


def _count(number: int, singular: str, plural: str) -> str:
    return f"{number:,} {singular if number == 1 else plural}"
