"""Every save is a version; the fingerprint says whether its meaning changed."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.core.activity import record, touch
from insights.core.clock import now
from insights.core.errors import NotAllowed, RuleBroken
from insights.people.models import Member
from insights.people.operations import require_same_area
from insights.synthesis.fingerprints import insight_fingerprint
from insights.synthesis.models import (
    EvidenceLink,
    Insight,
    InsightVersion,
)


def save_version(session: Session, *, actor: Member | None, insight: Insight, note: str = "") -> InsightVersion | None:
    """The next version when something changed. A draft that nobody could cite yet keeps rewriting its first one."""
    session.flush()
    current = _version(session, insight, insight.version or 1)
    if current is not None and current.claim != insight.claim:
        # Other words may mean something else until a second person says that they do not.
        insight.fingerprint_claim = ""
    evidence = _evidence_pairs(session, insight)
    content: Mapping[str, object] = {
        "claim": insight.claim,
        "body": insight.body,
        "type": insight.type,
        "kind": insight.kind,
        "confidence": insight.confidence,
        "evidence": evidence,
        "fingerprint": insight_fingerprint(
            claim=insight.fingerprint_claim or insight.claim,
            type_=insight.type,
            confidence=insight.confidence,
            evidence=[(ref, relation) for ref, relation in evidence],
        ),
    }
    if current is not None and all(getattr(current, name) == value for name, value in content.items()):
        return None
    if current is None or insight.published_at is not None:
        insight.version = 1 if current is None else current.number + 1
        current = InsightVersion(insight_id=insight.id, number=insight.version)
        session.add(current)
    for name, value in content.items():
        setattr(current, name, value)
    current.at, current.by_id, current.note = now(session), None if actor is None else actor.id, note
    insight.fingerprint = current.fingerprint
    session.flush()
    return current


def mark_minor(session: Session, *, actor: Member, insight: Insight) -> InsightVersion:
    """Says of the newest version that typing alone was put right in its claim: links to the one before stay current.

    By somebody other than who wrote it (beyond.md 4). Raises NotAllowed for the writer, and RuleBroken where more than
    the wording of claim and body changed, or where nothing was saved before.
    """
    require_same_area(session, actor, insight.team_id)
    newest, before = _version(session, insight, insight.version), _version(session, insight, insight.version - 1)
    if newest is None or before is None:
        raise RuleBroken(f"{insight.ref} has one version only, so there is nothing to compare it with.")
    if newest.by_id == actor.id:
        raise NotAllowed("Someone other than who changed the claim has to say that it means the same.")
    if newest.claim == before.claim:
        raise RuleBroken("The claim is as it was, so its links are as good as they were.")
    other = [name for name in ("type", "confidence", "evidence") if getattr(newest, name) != getattr(before, name)]
    if other:
        raise RuleBroken(f"More than typing changed: {', '.join(other)}. Who decided has to read it again.")
    insight.fingerprint_claim = _claim_of(session, insight, before)
    newest.fingerprint = insight.fingerprint = before.fingerprint
    newest.minor_at, newest.minor_by_id = now(session), actor.id
    touch(session, actor, insight)
    record(session, actor, "marked as typing alone", insight, detail={"version": newest.number})
    return newest


def _claim_of(session: Session, insight: Insight, version: InsightVersion) -> str:
    """The claim from which a version's fingerprint was made: its own, or that of the version it is a minor edit of."""
    while version.minor_at is not None:
        before = _version(session, insight, version.number - 1)
        if before is None:
            break
        version = before
    return version.claim


def _version(session: Session, insight: Insight, number: int) -> InsightVersion | None:
    return session.scalar(
        select(InsightVersion).where(InsightVersion.insight_id == insight.id, InsightVersion.number == number)
    )


def evidence_count(session: Session, insight: Insight) -> int:
    return session.scalar(select(func.count(EvidenceLink.id)).where(EvidenceLink.insight_id == insight.id)) or 0


def _evidence_pairs(session: Session, insight: Insight) -> list[list[str]]:
    links = session.scalars(select(EvidenceLink).where(EvidenceLink.insight_id == insight.id))
    return sorted([link.target_ref, link.relation.value] for link in links)
