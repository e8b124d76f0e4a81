"""Contradictions of a duplicate become those of the insight that it is merged into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from insights.core.errors import RuleBroken
from insights.synthesis.merging.rows import row_back, row_of
from insights.synthesis.models import Contradiction, ContradictionStatus, EvidenceLink, Insight


def move_contradictions(
    session: Session, duplicate: Insight, survivor: Insight, copies: Mapping[int, EvidenceLink | None]
) -> dict[str, Any]:
    """Those of the duplicate become the survivor's. One that is open there already lends its words and goes."""
    found = session.scalars(
        select(Contradiction).where(
            or_(
                Contradiction.insight_id.in_((duplicate.id, survivor.id)),
                Contradiction.other_insight_id.in_((duplicate.id, survivor.id)),
            )
        )
    ).all()
    pair = {duplicate.id, survivor.id}
    open_with = {
        other: each
        for each in found
        if each.status is ContradictionStatus.OPEN
        and (other := _other_side(each, survivor.id)) is not None
        and other not in pair
    }
    moved: list[list[int | None]] = []
    dropped: list[dict[str, Any]] = []
    words: dict[str, str] = {}
    for each in found:
        if (
            duplicate.id not in {each.insight_id, each.other_insight_id}
            or {each.insight_id, each.other_insight_id} == pair
        ):
            continue
        known = open_with.get(_other_side(each, duplicate.id) or 0) if each.status is ContradictionStatus.OPEN else None
        if known is not None:
            words.setdefault(str(known.id), known.cause)
            known.cause = known.cause if each.cause in known.cause else f"{known.cause} {each.cause}".strip()
            dropped.append(row_of(each))
            session.delete(each)
            continue
        moved.append([each.id, each.insight_id, each.other_insight_id, each.evidence_link_id])
        each.insight_id = survivor.id if each.insight_id == duplicate.id else each.insight_id
        each.other_insight_id = survivor.id if each.other_insight_id == duplicate.id else each.other_insight_id
        copy = copies.get(each.evidence_link_id or 0)
        each.evidence_link_id = each.evidence_link_id if copy is None else copy.id
    session.flush()
    return {"moved": moved, "dropped": dropped, "words": words}


def bring_contradictions_back(
    session: Session, duplicate: Insight, survivor: Insight, moves: Mapping[str, Any]
) -> None:
    for number, insight_id, other_id, link_id in moves["moved"]:
        each = session.get(Contradiction, number)
        if each is None or survivor.id not in {each.insight_id, each.other_insight_id}:
            raise RuleBroken(
                f"A contradiction that came from {duplicate.ref} was changed since, so nothing was undone."
            )
        each.insight_id, each.other_insight_id, each.evidence_link_id = insight_id, other_id, link_id
    for number, cause in moves["words"].items():
        each = session.get(Contradiction, int(number))
        if each is not None:
            each.cause = cause
    session.add_all(row_back(Contradiction, row) for row in moves["dropped"])
    session.flush()


def _other_side(each: Contradiction, insight_id: int) -> int | None:
    if each.insight_id == insight_id:
        return each.other_insight_id
    return each.insight_id if each.other_insight_id == insight_id else None
