"""What a duplicate has goes to the survivor, and comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from insights.core.activity import add
from insights.core.errors import InvalidInput, RuleBroken
from insights.people.models import Member
from insights.people.operations import require_same_area
from insights.synthesis.merging.citations import bring_citations_back, move_citations
from insights.synthesis.merging.contradictions import bring_contradictions_back, move_contradictions
from insights.synthesis.models import (
    CITABLE,
    Contradiction,
    ContradictionStatus,
    EvidenceLink,
    Insight,
    InsightStatus,
    insight_components,
    recommendation_insights,
)
from insights.synthesis.operations import save_version

Moves = dict[str, Any]
"""What a merge moved, as JSON: ids, or whole rows of what it took away."""

_OPEN = (InsightStatus.DRAFT, InsightStatus.IN_REVIEW, *CITABLE)


def refuse_merge(session: Session, *, actor: Member, duplicate: Insight, survivor: Insight) -> None:
    """Raises what speaks against the merge: other areas, states that cannot carry it, a contradiction."""
    require_same_area(session, actor, duplicate.team_id)
    require_same_area(session, actor, survivor.team_id)
    if duplicate.id == survivor.id:
        raise InvalidInput.of("into", "Choose another insight; one cannot be merged into itself.")
    for insight in (duplicate, survivor):
        if insight.status not in _OPEN:
            raise RuleBroken(f"{insight.ref} is {insight.status.value}; only insights in use can be merged.")
    if duplicate.status in CITABLE and survivor.status not in CITABLE:
        raise RuleBroken(
            f"{survivor.ref} is not published, and decisions may rest on {duplicate.ref}. Merge the other way round."
        )
    pair = (duplicate.id, survivor.id)
    against = select(Contradiction.id).where(
        Contradiction.status == ContradictionStatus.OPEN,
        Contradiction.insight_id.in_(pair),
        Contradiction.other_insight_id.in_(pair),
    )
    if session.scalar(against) is not None:
        raise RuleBroken(f"{duplicate.ref} and {survivor.ref} contradict each other. Settle that first.")


def carry_over(session: Session, *, actor: Member, duplicate: Insight, survivor: Insight) -> Moves:
    """Gives the survivor what the duplicate has; answers what was moved, for `carry_back`."""
    copies = _copy_evidence(session, actor, duplicate, survivor)
    moves: Moves = {
        "evidence": sorted(each.id for each in copies.values() if each is not None),
        "contradictions": move_contradictions(session, duplicate, survivor, copies),
        "cited": move_citations(session, actor, duplicate, survivor),
        "recommendations": _move_recommendations(session, duplicate, survivor),
        "components": _share_components(session, duplicate, survivor),
        "merged_before": list(
            session.scalars(select(Insight.id).where(Insight.merged_into_id == duplicate.id).order_by(Insight.id))
        ),
    }
    _lead_on(session, moves["merged_before"], survivor.id)
    save_version(session, actor=actor, insight=survivor, note=f"{duplicate.ref} was merged into it")
    return moves


def carry_back(
    session: Session, *, actor: Member, duplicate: Insight, survivor: Insight, moves: Mapping[str, Any]
) -> None:
    """Undoes `carry_over`. Raises RuleBroken where something that was moved is no longer there."""
    _lead_on(session, moves["merged_before"], duplicate.id)
    _bring_recommendations_back(session, duplicate, survivor, moves["recommendations"])
    if moves["components"]:
        held = insight_components.c
        session.execute(
            delete(insight_components).where(held.insight_id == survivor.id, held.component_id.in_(moves["components"]))
        )
    bring_citations_back(session, actor, duplicate, survivor, moves["cited"])
    bring_contradictions_back(session, duplicate, survivor, moves["contradictions"])
    session.execute(delete(EvidenceLink).where(EvidenceLink.id.in_(moves["evidence"])))
    session.flush()
    save_version(session, actor=actor, insight=survivor, note=f"{duplicate.ref} is an insight of its own again")


def _copy_evidence(
    session: Session, actor: Member, duplicate: Insight, survivor: Insight
) -> dict[int, EvidenceLink | None]:
    """For each piece of the duplicate's evidence its copy; None where the survivor rests on the same already."""
    there = {_target(link): link for link in _evidence(session, survivor)}
    copies: dict[int, EvidenceLink | None] = {}
    for link in _evidence(session, duplicate):
        if _target(link) in there or link.other_insight_id == survivor.id:
            copies[link.id] = None
            continue
        copy = EvidenceLink(
            insight_id=survivor.id,
            highlight_id=link.highlight_id,
            other_insight_id=link.other_insight_id,
            external_title=link.external_title,
            external_url=link.external_url,
            relation=link.relation,
            note=link.note,
            evidence_date=link.evidence_date,
        )
        add(session, actor, copy)
        there[_target(link)] = copies[link.id] = copy
    return copies


def _evidence(session: Session, insight: Insight) -> Sequence[EvidenceLink]:
    return session.scalars(
        select(EvidenceLink).where(EvidenceLink.insight_id == insight.id).order_by(EvidenceLink.id)
    ).all()


def _target(link: EvidenceLink) -> tuple[object, ...]:
    if link.highlight_id is not None:
        return ("quote", link.highlight_id)
    if link.other_insight_id is not None:
        return ("insight", link.other_insight_id)
    return ("outside", link.external_title.casefold(), link.external_url)


def _move_recommendations(session: Session, duplicate: Insight, survivor: Insight) -> Moves:
    """Recommendations rest on the survivor; on the same insight only once."""
    pairs = recommendation_insights.c
    mine = set(session.scalars(select(pairs.recommendation_id).where(pairs.insight_id == duplicate.id)))
    there = set(session.scalars(select(pairs.recommendation_id).where(pairs.insight_id == survivor.id)))
    session.execute(delete(recommendation_insights).where(pairs.insight_id == duplicate.id))
    new = [{"recommendation_id": number, "insight_id": survivor.id} for number in sorted(mine - there)]
    if new:
        session.execute(insert(recommendation_insights), new)
    return {"moved": sorted(mine - there), "same": sorted(mine & there)}


def _bring_recommendations_back(
    session: Session, duplicate: Insight, survivor: Insight, moves: Mapping[str, Any]
) -> None:
    pairs = recommendation_insights.c
    came = (pairs.insight_id == survivor.id, pairs.recommendation_id.in_(moves["moved"]))
    session.execute(delete(recommendation_insights).where(*came))
    numbers = (*moves["moved"], *moves["same"])
    if numbers:
        back = [{"recommendation_id": number, "insight_id": duplicate.id} for number in numbers]
        session.execute(insert(recommendation_insights), back)


def _share_components(session: Session, duplicate: Insight, survivor: Insight) -> list[int]:
    held = insight_components.c
    mine = set(session.scalars(select(held.component_id).where(held.insight_id == duplicate.id)))
    new = sorted(mine - set(session.scalars(select(held.component_id).where(held.insight_id == survivor.id))))
    if new:
        session.execute(insert(insight_components), [{"insight_id": survivor.id, "component_id": each} for each in new])
    return new


def _lead_on(session: Session, insight_ids: Sequence[int], to: int) -> None:
    """What was merged into the duplicate before leads straight to where that went."""
    if insight_ids:
        session.execute(
            update(Insight).where(Insight.id.in_(insight_ids)).values(merged_into_id=to, superseded_by_id=to)
        )
