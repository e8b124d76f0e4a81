"""A small research world, made by the operations that people's acts go through."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import Session, sessionmaker

from insights.capture.models import PersonalDataReview, ResearchSession, SourceText, Study, TextVersion
from insights.capture.operations import create_study, log_research_session
from insights.coding.models import Highlight
from insights.coding.operations import highlight_passage
from insights.core.access import Role
from insights.core.base import Base
from insights.core.clock import FixedClock, set_clock
from insights.core.keys import Keys, set_keys
from insights.decisions.models import Decision, LinkType
from insights.decisions.operations import DecisionText, accept_decision, draft_decision, link_insight
from insights.people.models import Member, Service, Team
from insights.people.operations import add_member, create_service, create_team
from insights.synthesis.models import Concern, ConfidenceLevel, Insight
from insights.synthesis.operations import (
    ConfidenceJudgement,
    assess_confidence,
    attach_highlight,
    publish_insight,
    write_insight,
)

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
NO_CONCERN = ConfidenceJudgement(*[Concern.NO_OR_VERY_MINOR] * 4, level=ConfidenceLevel.HIGH)


def open_sessions(url: str) -> sessionmaker[Session]:
    engine = create_engine(url)
    event.listen(engine, "connect", _hurry)
    Base.metadata.create_all(engine)
    return sessionmaker(engine, expire_on_commit=False)


def _hurry(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


class World:
    """Makes records in one session; each method commits, as a request does."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.clock = FixedClock(START)
        set_clock(session, self.clock)
        set_keys(session, Keys.made())
        self.team = create_team(session, actor=None, name="Registration", is_central=True)
        self.members = 0
        self.researcher = self.member(Role.RESEARCHER)
        session.commit()

    def later(self, **passed: float) -> None:
        self.clock.moment += timedelta(**passed)

    def member(self, role: Role = Role.READER, team: Team | None = None) -> Member:
        self.members += 1
        email = f"person{self.members}@example.org"
        member = add_member(
            self.session, actor=None, email=email, name=f"Person {self.members}", role=role, team=team or self.team
        )
        self.session.commit()
        return member

    def service(self, name: str = "Register a birth") -> Service:
        service = create_service(self.session, actor=self.researcher, name=name, team=self.team)
        self.session.commit()
        return service

    def study(self, title: str = "How people register", **values: Any) -> Study:
        study = create_study(self.session, actor=self.researcher, title=title, **values)
        self.session.commit()
        return study

    def held(self, study: Study, notes: str, *, reviewed: bool = True, **values: Any) -> ResearchSession:
        """Its notes are looked through for personal data already, unless told otherwise."""
        held = log_research_session(
            self.session, actor=self.researcher, study=study, held_on=date(2026, 2, 27), notes=notes, **values
        )
        if reviewed:
            self.source(held).personal_data_review = PersonalDataReview.REVIEWED
        self.session.commit()
        return held

    def source(self, held: ResearchSession) -> SourceText:
        return self.session.scalars(select(SourceText).where(SourceText.research_session_id == held.id)).one()

    def quote(self, held: ResearchSession, words: str, tags: Sequence[str] = (), **values: Any) -> Highlight:
        source = self.source(held)
        text = self.session.scalars(select(TextVersion.text).where(TextVersion.id == source.current_version_id)).one()
        start = text.index(words)
        highlight = highlight_passage(
            self.session,
            actor=self.researcher,
            source=source,
            start=start,
            end=start + len(words),
            tags=tags,
            **values,
        )
        self.session.commit()
        return highlight

    def insight(self, claim: str, *quotes: Highlight, published: bool = True, **values: Any) -> Insight:
        insight = write_insight(self.session, actor=self.researcher, claim=claim, **values)
        for quote in quotes:
            attach_highlight(self.session, actor=self.researcher, insight=insight, highlight=quote)
        if published:
            assess_confidence(self.session, actor=self.researcher, insight=insight, judgement=NO_CONCERN)
            publish_insight(self.session, actor=self.researcher, insight=insight)
        self.session.commit()
        return insight

    def decision(self, title: str, *insights: Insight, status: str = "accepted", **values: Any) -> Decision:
        text = DecisionText(title=title, **values)
        decision = draft_decision(
            self.session,
            actor=self.researcher,
            text=text,
            status="draft" if status == "draft" else "proposed",
        )
        for insight in insights:
            link_insight(
                self.session,
                actor=self.researcher,
                decision=decision,
                insight=insight,
                type_=LinkType.CHANGED,
                rationale="People could not find it.",
            )
        if status == "accepted":
            basis = {} if insights else {"basis": "expert_judgement", "basis_reason": "We know."}
            accept_decision(self.session, actor=self.researcher, decision=decision, **basis)
        self.session.commit()
        return decision
