"""Every save is a version; the fingerprint says whether its meaning changed."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.core.clock import now
from insights.people.models import Member
from insights.synthesis.fingerprints import insight_fingerprint
from insights.synthesis.models import (
    EvidenceLink,
    Insight,
    InsightVersion,
)


def save_version(session: Session, *, actor: Member | None, insight: Insight, note: str = "") -> InsightVersion | None:
    """The next version when something changed. A draft that nobody could cite yet keeps rewriting its first one."""
    session.flush()
    evidence = _evidence_pairs(session, insight)
    content: Mapping[str, object] = {
        "claim": insight.claim,
        "body": insight.body,
        "type": insight.type,
        "kind": insight.kind,
        "confidence": insight.confidence,
        "evidence": evidence,
        "fingerprint": insight_fingerprint(
            claim=insight.claim,
            type_=insight.type,
            confidence=insight.confidence,
            evidence=[(ref, relation) for ref, relation in evidence],
        ),
    }
    current = session.scalar(
        select(InsightVersion).where(
            InsightVersion.insight_id == insight.id, InsightVersion.number == (insight.version or 1)
        )
    )
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


def evidence_count(session: Session, insight: Insight) -> int:
    return session.scalar(select(func.count(EvidenceLink.id)).where(EvidenceLink.insight_id == insight.id)) or 0


def _evidence_pairs(session: Session, insight: Insight) -> list[list[str]]:
    links = session.scalars(select(EvidenceLink).where(EvidenceLink.insight_id == insight.id))
    return sorted([link.target_ref, link.relation.value] for link in links)
