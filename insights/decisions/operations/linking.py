"""The insights that a decision rests on: linked, taken away, brought back, re-affirmed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.activity import ActivityEntry, add, record, touch
from insights.core.base import number_of
from insights.core.checks import required_line, term_of
from insights.core.clock import now
from insights.core.errors import InvalidInput, NotFound, RuleBroken
from insights.decisions.days import day_to_come
from insights.decisions.models import (
    EVIDENCE_TYPES,
    Decision,
    DecisionLink,
    DecisionStatus,
    LinkType,
)
from insights.people.models import Member
from insights.people.operations import require_same_area
from insights.synthesis.access import visible_insights
from insights.synthesis.models import CITABLE, Insight

UNLINKED = "unlinked"


def link_insight(
    session: Session,
    *,
    actor: Member,
    decision: Decision,
    insight: Insight,
    type_: str | LinkType,
    rationale: str,
    revisit_on: date | None = None,
) -> DecisionLink:
    """Links with one sentence, pinned to the insight's version and fingerprint of this moment (features.md G2).

    `revisit_on` is the day on which what was considered and not followed is asked again (beyond.md 12).
    """
    require_same_area(session, actor, decision.team_id)
    if insight.status not in CITABLE:
        raise RuleBroken(
            f"{insight.ref} is {insight.status.value.replace('_', ' ')}; only a published insight can carry a decision."
        )
    chosen = term_of("type", LinkType, type_, label="what the insight did")
    sentence = required_line("rationale", rationale, label="why, in one sentence")
    if revisit_on is not None and chosen is not LinkType.CONSIDERED_NOT_FOLLOWED:
        raise InvalidInput.of("revisit_on", "A day to ask again goes with what was considered, and not followed.")
    if revisit_on is not None:
        revisit_on = day_to_come(session, "revisit_on", revisit_on, label="the day on which it is asked again")
    known = select(DecisionLink.id).where(
        DecisionLink.decision_id == decision.id, DecisionLink.insight_id == insight.id, DecisionLink.type == chosen
    )
    if session.scalar(known):
        raise InvalidInput.of("insight", f"{insight.ref} is linked as “{chosen.value.replace('_', ' ')}” already.")
    link = DecisionLink(
        decision_id=decision.id,
        insight_id=insight.id,
        type=chosen,
        rationale=sentence,
        insight_version=insight.version,
        fingerprint=insight.fingerprint,
        affirmed_at=now(session),
        affirmed_by_id=actor.id,
        revisit_on=revisit_on,
    )
    add(session, actor, link)
    touch(session, actor, decision)
    record(session, actor, "linked", decision, touches=[insight.ref], detail={"insight": insight.ref, "type": chosen})
    return link


def unlink_insight(session: Session, *, actor: Member, decision: Decision, link: DecisionLink) -> ActivityEntry:
    """Takes a link away; an accepted decision keeps evidence or a declared basis.

    The entry in the record of changes holds the link as it was, so that `restore_link` can bring it back.
    """
    require_same_area(session, actor, decision.team_id)
    others = session.scalars(
        select(DecisionLink.type).where(DecisionLink.decision_id == decision.id, DecisionLink.id != link.id)
    )
    rests_on_others = any(each in EVIDENCE_TYPES for each in others)
    is_evidence = link.type in EVIDENCE_TYPES
    if decision.status is DecisionStatus.ACCEPTED and decision.basis is None and is_evidence and not rests_on_others:
        raise RuleBroken("This is the evidence that the decision was accepted on. Link other evidence first.")
    ref = f"INS-{link.insight_id}"
    detail = {
        "insight": ref,
        "type": link.type.value,
        "rationale": link.rationale,
        "version": link.insight_version,
        "fingerprint": link.fingerprint,
        "affirmation": link.affirmation,
        "affirmed_at": link.affirmed_at.isoformat(),
        "affirmed_by_id": link.affirmed_by_id,
        "revisit_on": None if link.revisit_on is None else link.revisit_on.isoformat(),
    }
    session.delete(link)
    touch(session, actor, decision)
    return record(session, actor, UNLINKED, decision, touches=[ref], detail=detail)


def restore_link(session: Session, *, actor: Member, decision: Decision, entry_id: int) -> DecisionLink:
    """Undoes `unlink_insight`: the link is back with the version, fingerprint and words it had."""
    require_same_area(session, actor, decision.team_id)
    entry = session.get(ActivityEntry, entry_id)
    if entry is None or entry.verb != UNLINKED or entry.subject_ref != decision.ref:
        raise NotFound(f"link that was taken from {decision.ref}")
    was = entry.detail
    insight_id = number_of(was["insight"], Insight.PREFIX) or 0
    known = select(DecisionLink.id).where(
        DecisionLink.decision_id == decision.id,
        DecisionLink.insight_id == insight_id,
        DecisionLink.type == LinkType(was["type"]),
    )
    seen = select(Insight.id).where(Insight.id == insight_id, visible_insights(actor))
    if session.scalar(known) or session.scalar(seen) is None:
        raise RuleBroken(f"The link to {was['insight']} cannot be brought back: it is linked again, or gone.")
    link = DecisionLink(
        decision_id=decision.id,
        insight_id=insight_id,
        type=LinkType(was["type"]),
        rationale=was["rationale"],
        insight_version=was["version"],
        fingerprint=was["fingerprint"],
        affirmation=was["affirmation"],
        affirmed_at=datetime.fromisoformat(was["affirmed_at"]),
        affirmed_by_id=was["affirmed_by_id"],
        revisit_on=date.fromisoformat(was["revisit_on"]) if was.get("revisit_on") else None,
    )
    add(session, actor, link)
    touch(session, actor, decision)
    record(session, actor, "linked", decision, touches=[was["insight"]], detail=dict(was))
    return link


def reaffirm_link(
    session: Session, *, actor: Member, decision: Decision, link: DecisionLink, insight: Insight, sentence: str
) -> None:
    """Pins the link to what the insight says now: somebody read it again and the decision stands (G5)."""
    require_same_area(session, actor, decision.team_id)
    if insight.status not in CITABLE:
        raise RuleBroken(f"{insight.ref} is no longer held, so the link cannot be re-affirmed. Review the decision.")
    link.affirmation = required_line("sentence", sentence, label="why the decision still stands, in one sentence")
    link.insight_version, link.fingerprint = insight.version, insight.fingerprint
    link.affirmed_at, link.affirmed_by_id = now(session), actor.id
    touch(session, actor, link)
    record(session, actor, "re-affirmed", decision, touches=[insight.ref], detail={"insight": insight.ref})
