"""Records for tests, made through the operations as people make them."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import PersonalDataReview, ResearchSession, SourceText, Study, TextVersion
from insights.capture.operations import create_study, log_research_session
from insights.coding.models import Highlight
from insights.coding.operations import highlight_passage
from insights.core.access import Role
from insights.decisions.models import Decision
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

NOTES = (
    "She opened the letter at the table.\n\n"
    "“I saw positive and I stopped reading. I rang my sister before I’d got to the bit about the GP.”\n\n"
    "“It should say what happens now, first. Then I can breathe and read the rest.”"
)
QUOTE = "I saw positive and I stopped reading."
_numbers = count(1)


def make_team(session: Session, **values: Any) -> Team:
    values.setdefault("name", f"Team {next(_numbers)}")
    return create_team(session, actor=None, **values)


def make_member(session: Session, *, role: Role = Role.RESEARCHER, team: Team | None = None, **values: Any) -> Member:
    number = next(_numbers)
    values.setdefault("email", f"member{number}@example.org")
    values.setdefault("name", f"Member {number}")
    return add_member(session, actor=None, role=role, team=team or a_team(session), **values)


def a_team(session: Session) -> Team:
    """The first team there is, or a new one: members of one test share it unless the test says otherwise."""
    return session.scalar(select(Team).order_by(Team.id)) or make_team(session)


def make_service(session: Session, **values: Any) -> Service:
    values.setdefault("name", f"Service {next(_numbers)}")
    values.setdefault("team", a_team(session))
    return create_service(session, actor=None, **values)


def make_study(session: Session, *, actor: Member | None = None, **values: Any) -> Study:
    values.setdefault("title", f"Results letters, round {next(_numbers)}")
    return create_study(session, actor=actor or make_member(session), **values)


def make_session(
    session: Session,
    *,
    actor: Member | None = None,
    study: Study | None = None,
    reviewed: bool = True,
    **values: Any,
) -> ResearchSession:
    """Its notes are looked through for personal data already, unless told otherwise."""
    actor = actor or make_member(session)
    values.setdefault("held_on", date(2026, 10, 14))
    values.setdefault("notes", NOTES)
    held = log_research_session(session, actor=actor, study=study or make_study(session, actor=actor), **values)
    if reviewed:
        source_of(session, held).personal_data_review = PersonalDataReview.REVIEWED
        session.flush()
    return held


def source_of(session: Session, research_session: ResearchSession) -> SourceText:
    return session.scalars(select(SourceText).where(SourceText.research_session_id == research_session.id)).one()


def make_highlight(
    session: Session,
    *,
    actor: Member | None = None,
    research_session: ResearchSession | None = None,
    words: str = QUOTE,
    **values: Any,
) -> Highlight:
    actor = actor or make_member(session)
    source = source_of(session, research_session or make_session(session, actor=actor))
    text = text_of(session, source)
    start = text.index(words)
    return highlight_passage(session, actor=actor, source=source, start=start, end=start + len(words), **values)


def text_of(session: Session, source: SourceText) -> str:
    version = session.get(TextVersion, source.current_version_id)
    assert version is not None
    return version.text


def make_insight(
    session: Session,
    *,
    actor: Member | None = None,
    highlight: Highlight | None = None,
    published: bool = True,
    level: ConfidenceLevel = ConfidenceLevel.HIGH,
    **values: Any,
) -> Insight:
    """Published with one quote and a judged confidence, unless told otherwise."""
    actor = actor or make_member(session)
    values.setdefault("claim", f"People stop reading at the result, {next(_numbers)}.")
    insight = write_insight(session, actor=actor, **values)
    attach_highlight(session, actor=actor, insight=insight, highlight=highlight or make_highlight(session, actor=actor))
    judge(session, actor, insight, level)
    if published:
        publish_insight(session, actor=actor, insight=insight)
    return insight


def judge(session: Session, actor: Member, insight: Insight, level: ConfidenceLevel = ConfidenceLevel.HIGH) -> None:
    none = Concern.NO_OR_VERY_MINOR
    judgement = ConfidenceJudgement(none, none, none, none, level, "Few people so far.")
    assess_confidence(session, actor=actor, insight=insight, judgement=judgement)


def make_decision(session: Session, *, actor: Member | None = None, title: str = "", **values: Any) -> Decision:
    text = DecisionText(title=title or f"Put the next step first, {next(_numbers)}")
    return draft_decision(session, actor=actor or make_member(session), text=text, **values)


def make_accepted_decision(
    session: Session, *, insight: Insight, actor: Member | None = None, type_: str = "changed", **values: Any
) -> Decision:
    actor = actor or make_member(session)
    decision = make_decision(session, actor=actor, **values)
    link_insight(
        session, actor=actor, decision=decision, insight=insight, type_=type_, rationale="Six of eight stopped there."
    )
    accept_decision(session, actor=actor, decision=decision)
    return decision
