"""What an insight rests on: attached with its bearing on the claim, and taken away."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import ResearchSession, SourceText, Study
from insights.coding.models import Highlight, HighlightStatus
from insights.core.activity import add, record, touch
from insights.core.checks import required_line, term_of, text_of
from insights.core.clock import today
from insights.core.errors import InvalidInput, RuleBroken
from insights.people.models import Member
from insights.people.operations import require_same_area, web_address
from insights.synthesis.contradictions import open_contradiction
from insights.synthesis.models import (
    CITABLE,
    EvidenceLink,
    Insight,
    Relation,
)
from insights.synthesis.operations.versions import evidence_count, save_version


def attach_highlight(
    session: Session,
    *,
    actor: Member,
    insight: Insight,
    highlight: Highlight,
    relation: str | Relation = Relation.SUPPORTS,
    note: str = "",
) -> EvidenceLink:
    """Evidence that contradicts opens a contradiction by itself (beyond.md 6a)."""
    require_same_area(session, actor, insight.team_id)
    if highlight.status is not HighlightStatus.ACTIVE:
        raise RuleBroken(f"{highlight.ref} is not in use any more; choose another highlight.")
    known = select(EvidenceLink).where(EvidenceLink.insight_id == insight.id, EvidenceLink.highlight_id == highlight.id)
    if session.scalar(known) is not None:
        raise InvalidInput.of("highlight", f"{highlight.ref} is evidence for this insight already.")
    link = EvidenceLink(
        insight_id=insight.id,
        highlight_id=highlight.id,
        relation=term_of("relation", Relation, relation, label="how it bears on the claim"),
        note=text_of("note", note, label="the note", longest=2_000),
        evidence_date=_day_of(session, highlight),
    )
    return _attach(session, actor, insight, link)


def attach_insight(
    session: Session,
    *,
    actor: Member,
    insight: Insight,
    other: Insight,
    relation: str | Relation = Relation.SUPPORTS,
    note: str = "",
) -> EvidenceLink:
    require_same_area(session, actor, insight.team_id)
    if other.id == insight.id:
        raise InvalidInput.of("other", "An insight cannot be evidence for itself.")
    if other.status not in CITABLE:
        raise RuleBroken(
            f"{other.ref} is {other.status.value.replace('_', ' ')}; only published insights can be cited."
        )
    if _rests_on_restricted_study(session, other):
        # Its words would travel on to people whom its study does not name.
        raise RuleBroken(f"{other.ref} rests on a restricted study, so it cannot be evidence elsewhere.")
    known = select(EvidenceLink).where(EvidenceLink.insight_id == insight.id, EvidenceLink.other_insight_id == other.id)
    if session.scalar(known) is not None:
        raise InvalidInput.of("other", f"{other.ref} is evidence for this insight already.")
    link = EvidenceLink(
        insight_id=insight.id,
        other_insight_id=other.id,
        relation=term_of("relation", Relation, relation, label="how it bears on the claim"),
        note=text_of("note", note, label="the note", longest=2_000),
        evidence_date=today(session),
    )
    return _attach(session, actor, insight, link)


def attach_external_source(
    session: Session,
    *,
    actor: Member,
    insight: Insight,
    title: str,
    url: str = "",
    relation: str | Relation = Relation.SUPPORTS,
    note: str = "",
    dated_on: date | None = None,
) -> EvidenceLink:
    require_same_area(session, actor, insight.team_id)
    link = EvidenceLink(
        insight_id=insight.id,
        external_title=required_line("external_title", title, label="the source's title"),
        external_url=web_address("external_url", url),
        relation=term_of("relation", Relation, relation, label="how it bears on the claim"),
        note=text_of("note", note, label="the note", longest=2_000),
        evidence_date=dated_on or today(session),
    )
    return _attach(session, actor, insight, link)


def detach_evidence(session: Session, *, actor: Member, insight: Insight, link: EvidenceLink) -> None:
    """Takes evidence away; a published insight keeps at least one piece."""
    require_same_area(session, actor, insight.team_id)
    if insight.status in CITABLE and evidence_count(session, insight) == 1:
        raise RuleBroken("A published insight needs evidence. Attach other evidence first, or retire the insight.")
    target = link.target_ref
    session.delete(link)
    session.flush()
    save_version(session, actor=actor, insight=insight, note=f"took {target} away")
    touch(session, actor, insight)
    record(session, actor, "detached evidence from", insight, touches=[target])


def _attach(session: Session, actor: Member, insight: Insight, link: EvidenceLink) -> EvidenceLink:
    add(session, actor, link)
    save_version(session, actor=actor, insight=insight, note=f"attached {link.target_ref}")
    if link.relation is Relation.CONTRADICTS:
        open_contradiction(session, actor=actor, insight=insight, evidence=link, cause=link.note)
    touch(session, actor, insight)
    record(session, actor, "attached evidence to", insight, touches=[link.target_ref])
    return link


def _rests_on_restricted_study(session: Session, insight: Insight) -> bool:
    restricted = (
        select(EvidenceLink.id)
        .join(Highlight, Highlight.id == EvidenceLink.highlight_id)
        .join(Study, Study.id == Highlight.study_id)
        .where(EvidenceLink.insight_id == insight.id, Study.restricted)
    )
    return session.scalar(restricted.limit(1)) is not None


def _day_of(session: Session, highlight: Highlight) -> date:
    """When the evidence was heard: the session's day, the report's date, or the day it was highlighted."""
    day: date | None = None
    if highlight.research_session_id is not None:
        day = session.scalar(select(ResearchSession.held_on).where(ResearchSession.id == highlight.research_session_id))
    day = day or session.scalar(select(SourceText.dated_on).where(SourceText.id == highlight.source_text_id))
    return day or highlight.created_at.date()
