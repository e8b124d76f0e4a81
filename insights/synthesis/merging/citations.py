"""Insights that rest on a duplicate rest on the insight that it is merged into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from insights.core.errors import RuleBroken
from insights.people.models import Member
from insights.synthesis.merging.rows import row_back, row_of
from insights.synthesis.models import Contradiction, EvidenceLink, Insight
from insights.synthesis.operations import save_version


def move_citations(session: Session, actor: Member, duplicate: Insight, survivor: Insight) -> dict[str, Any]:
    """Insights that rest on the duplicate rest on the survivor; none of them on the same twice, or on itself."""
    citing = session.scalars(
        select(EvidenceLink).where(EvidenceLink.other_insight_id == duplicate.id).order_by(EvidenceLink.id)
    ).all()
    known = select(EvidenceLink.insight_id).where(EvidenceLink.other_insight_id == survivor.id)
    holds = {*session.scalars(known), survivor.id}
    moved: list[int] = []
    dropped: list[dict[str, Any]] = []
    for link in citing:
        if link.insight_id in holds:
            dropped.append({"row": row_of(link), "told_by": _let_go_of(session, link.id)})
            session.delete(link)
        else:
            moved.append(link.id)
            link.other_insight_id = survivor.id
            holds.add(link.insight_id)
    session.flush()
    _save_versions(
        session,
        actor,
        {link.insight_id for link in citing} - {survivor.id},
        f"{duplicate.ref} is part of {survivor.ref}",
    )
    return {"moved": moved, "dropped": dropped}


def bring_citations_back(
    session: Session, actor: Member, duplicate: Insight, survivor: Insight, moves: Mapping[str, Any]
) -> None:
    touched: set[int] = set()
    for number in moves["moved"]:
        link = session.get(EvidenceLink, number)
        if link is None or link.other_insight_id != survivor.id:
            raise RuleBroken(f"Evidence that came from {duplicate.ref} was taken away since, so nothing was undone.")
        link.other_insight_id = duplicate.id
        touched.add(link.insight_id)
    for dropped in moves["dropped"]:
        link = row_back(EvidenceLink, dropped["row"])
        session.add(link)
        session.flush()
        touched.add(link.insight_id)
        session.execute(
            update(Contradiction).where(Contradiction.id.in_(dropped["told_by"])).values(evidence_link_id=link.id)
        )
    session.flush()
    _save_versions(session, actor, touched - {survivor.id}, f"{duplicate.ref} is an insight of its own again")


def _let_go_of(session: Session, link_id: int) -> list[int]:
    told_by = session.scalars(select(Contradiction).where(Contradiction.evidence_link_id == link_id)).all()
    for each in told_by:
        each.evidence_link_id = None
    session.flush()
    return [each.id for each in told_by]


def _save_versions(session: Session, actor: Member, insight_ids: set[int], note: str) -> None:
    for insight in session.scalars(select(Insight).where(Insight.id.in_(sorted(insight_ids)))).all():
        save_version(session, actor=actor, insight=insight, note=note)
