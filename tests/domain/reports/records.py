"""Rows straight from the models, with as little said about each as a test needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import Session

from insights.capture.models import ResearchSession, SourceText, Study, TextVersion, study_members
from insights.coding.models import Highlight
from insights.core.access import Role
from insights.core.base import Base
from insights.decisions.models import (
    Change,
    Decision,
    DecisionLink,
    DecisionStatus,
    LinkType,
    Measure,
    OutcomeCheck,
)
from insights.people.models import Component, ComponentKind, Member, Participant, Service, Team
from insights.synthesis.models import (
    Contradiction,
    DispositionEvent,
    DispositionKind,
    EvidenceLink,
    Insight,
    InsightStatus,
    Recommendation,
    recommendation_insights,
)

Kind = TypeVar("Kind", bound=Base)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


class Records:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.team = self._add(Team(name="Benefits"))
        self.member = self.person("reader", Role.RESEARCHER)

    def person(self, name: str, role: Role) -> Member:
        return self._add(Member(email=f"{name}@example.org", name=name.title(), role=role, team_id=self.team.id))

    def service(self, name: str) -> Service:
        return self._add(Service(name=name, team_id=self.team.id))

    def study(self, title: str = "Study", *, restricted_to: Member | None = None, **values: Any) -> Study:
        study = self._add(Study(title=title, team_id=self.team.id, restricted=restricted_to is not None, **values))
        if restricted_to is not None:
            row = {"study_id": study.id, "member_id": restricted_to.id}
            self.session.execute(study_members.insert().values(row))
        return study

    def highlight(self, study: Study, exact: str = "I gave up", *, meeting: ResearchSession | None = None) -> Highlight:
        meeting = meeting or self.meeting(study)
        text = self._add(SourceText(study_id=study.id, research_session_id=meeting.id, title="Note"))
        version = self._add(
            TextVersion(
                source_text_id=text.id, number=1, text=exact, length=len(exact), created_at=noon(date(2026, 1, 1))
            )
        )
        person = self._add(Participant(study_id=study.id, code=f"P-{version.id:04}"))
        return self._add(
            Highlight(
                text_version_id=version.id,
                source_text_id=text.id,
                study_id=study.id,
                research_session_id=meeting.id,
                participant_id=person.id,
                start=0,
                end=len(exact),
                exact=exact,
            )
        )

    def meeting(self, study: Study) -> ResearchSession:
        return self._add(ResearchSession(study_id=study.id, title="Interview", held_on=date(2026, 1, 1)))

    def insight(
        self,
        claim: str = "People give up",
        *,
        on: date | None = date(2026, 1, 1),
        rests_on: tuple[Highlight, ...] = (),
        **values: Any,
    ) -> Insight:
        values.setdefault("status", InsightStatus.DRAFT if on is None else InsightStatus.PUBLISHED)
        values.setdefault("fingerprint", "f1")
        values.setdefault("team_id", self.team.id)
        published_at = None if on is None else noon(on)
        insight = self._add(Insight(claim=claim, published_at=published_at, **values))
        for highlight in rests_on:
            self.evidence(insight, highlight_id=highlight.id)
        return insight

    def evidence(self, insight: Insight, **values: Any) -> EvidenceLink:
        values.setdefault("evidence_date", date(2026, 1, 1))
        return self._add(EvidenceLink(insight_id=insight.id, **values))

    def decision(
        self, title: str = "Shorten the form", *, on: date | None = date(2026, 2, 1), **values: Any
    ) -> Decision:
        values.setdefault("status", DecisionStatus.ACCEPTED)
        values.setdefault("team_id", self.team.id)
        return self._add(Decision(title=title, decided_on=on, **values))

    def link(
        self,
        insight: Insight,
        decision: Decision,
        type_: LinkType = LinkType.INFORMED,
        *,
        on: date = date(2026, 2, 1),
        pinned: str = "f1",
    ) -> DecisionLink:
        return self._add(
            DecisionLink(
                decision_id=decision.id,
                insight_id=insight.id,
                type=type_,
                rationale="Because they said so",
                insight_version=1,
                fingerprint=pinned,
                affirmed_at=noon(on),
                created_at=noon(on),
            )
        )

    def change(self, decision: Decision, **values: Any) -> Change:
        return self._add(Change(decision_id=decision.id, **values))

    def component(self, name: str, **values: Any) -> Component:
        return self._add(Component(name=name, kind=ComponentKind.LETTER, **values))

    def measure(self, decision: Decision, name: str = "Completion rate") -> Measure:
        return self._add(Measure(decision_id=decision.id, name=name))

    def check(self, decision: Decision, due_on: date, **values: Any) -> OutcomeCheck:
        return self._add(OutcomeCheck(decision_id=decision.id, due_on=due_on, **values))

    def answer(self, insight: Insight, kind: DispositionKind, on: date, **values: Any) -> DispositionEvent:
        return self._add(DispositionEvent(insight_id=insight.id, kind=kind, at=noon(on), **values))

    def contradiction(self, insight: Insight, other: Insight | None = None, **values: Any) -> Contradiction:
        other_id = None if other is None else other.id
        return self._add(Contradiction(insight_id=insight.id, other_insight_id=other_id, **values))

    def recommendation(self, *insights: Insight, **values: Any) -> Recommendation:
        values.setdefault("issued_on", date(2026, 3, 1))
        item = self._add(Recommendation(text="Shorten it", team_id=self.team.id, **values))
        for insight in insights:
            row = {"recommendation_id": item.id, "insight_id": insight.id}
            self.session.execute(recommendation_insights.insert().values(row))
        return item

    def _add(self, record: Kind) -> Kind:
        moment = noon(date(2026, 1, 1))
        if hasattr(record, "created_at"):
            record.created_at = record.created_at or moment
        if hasattr(record, "updated_at"):
            record.updated_at = moment
        self.session.add(record)
        self.session.flush()
        return record


@contextmanager
def counted_statements(session: Session) -> Iterator[list[str]]:
    """Collects the statements that the block sends to the database."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
