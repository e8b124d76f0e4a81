"""Merging insights with the decisions that rest on them (features.md D6), and taking a merge back.

A decision link that came from the duplicate stays pinned to the duplicate's fingerprint, so that it says honestly that
somebody should read the survivor and re-affirm it; which version it was read at stands in its rationale.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import Study
from insights.coding.models import Highlight
from insights.core.activity import ActivityEntry, record, touch
from insights.core.clock import now
from insights.core.errors import RuleBroken
from insights.decisions.models import Decision, DecisionLink
from insights.people.models import Member
from insights.people.operations import require_same_area
from insights.synthesis.access import visible_recommendations
from insights.synthesis.merging import Moves, carry_back, carry_over, refuse_merge, row_back, row_of
from insights.synthesis.models import (
    Contradiction,
    EvidenceLink,
    Insight,
    InsightStatus,
    InsightVersion,
    Recommendation,
    recommendation_insights,
)

MERGED, UNMERGED = "merged", "unmerged"


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What would happen: pieces of evidence that are new to the survivor and that it has, and all that follows along.

    `hides` are the restricted studies whose evidence would from then on hide the survivor from others.
    """

    evidence: int
    same_evidence: int
    recommendations: int
    contradictions: int
    citing_insights: int
    decisions: tuple[tuple[str, str], ...]
    hides: tuple[str, ...]


def preview_merge(session: Session, member: Member, *, duplicate: Insight, survivor: Insight) -> MergePreview:
    """Raises what would refuse the merge."""
    refuse_merge(session, actor=member, duplicate=duplicate, survivor=survivor)
    mine, theirs = (_targets(session, insight) for insight in (duplicate, survivor))
    decisions = session.execute(
        select(Decision.id, Decision.title)
        .join(DecisionLink, DecisionLink.decision_id == Decision.id)
        .where(DecisionLink.insight_id == duplicate.id)
        .distinct()
        .order_by(Decision.id)
    ).all()
    pairs = recommendation_insights.c
    counts = session.execute(
        select(
            select(func.count(Recommendation.id))
            .join(recommendation_insights, pairs.recommendation_id == Recommendation.id)
            .where(pairs.insight_id == duplicate.id, visible_recommendations(member))
            .scalar_subquery(),
            select(func.count(Contradiction.id))
            .where((Contradiction.insight_id == duplicate.id) | (Contradiction.other_insight_id == duplicate.id))
            .scalar_subquery(),
            select(func.count(EvidenceLink.id)).where(EvidenceLink.other_insight_id == duplicate.id).scalar_subquery(),
        )
    ).one()
    return MergePreview(
        evidence=len([each for each in mine if each not in theirs]),
        same_evidence=len([each for each in mine if each in theirs]),
        recommendations=counts[0],
        contradictions=counts[1],
        citing_insights=counts[2],
        decisions=tuple((f"DEC-{number}", title) for number, title in decisions),
        hides=_hiding_studies(session, member, duplicate, survivor),
    )


def merge_insights(session: Session, *, actor: Member, duplicate: Insight, survivor: Insight) -> ActivityEntry:
    """Everything that hangs on the duplicate hangs on the survivor; the duplicate is superseded and leads on."""
    refuse_merge(session, actor=actor, duplicate=duplicate, survivor=survivor)
    was = {
        "status": duplicate.status.value,
        "status_note": duplicate.status_note,
        "superseded_by_id": duplicate.superseded_by_id,
        "ended_at": None if duplicate.ended_at is None else duplicate.ended_at.isoformat(),
    }
    survivor_was = {"status": survivor.status.value, "status_note": survivor.status_note}
    links = _move_links(session, actor, duplicate, survivor)
    moves = carry_over(session, actor=actor, duplicate=duplicate, survivor=survivor)
    if duplicate.status is InsightStatus.CHALLENGED and survivor.status is InsightStatus.PUBLISHED:
        survivor.status, survivor.status_note = InsightStatus.CHALLENGED, duplicate.status_note
    duplicate.status, duplicate.status_note = InsightStatus.SUPERSEDED, ""
    duplicate.merged_into_id = duplicate.superseded_by_id = survivor.id
    duplicate.ended_at = now(session)
    touch(session, actor, duplicate)
    touch(session, actor, survivor)
    touched = _touched(session, duplicate, survivor, moves, links)
    record(session, actor, "took over", survivor, touches=touched, detail={"insight": duplicate.ref})
    detail = {
        "insight": survivor.ref,
        "into_id": survivor.id,
        "was": was,
        "survivor_was": survivor_was,
        "moves": moves,
        "links": links,
        "seen": [duplicate.row_version, survivor.row_version],
    }
    return record(session, actor, MERGED, duplicate, touches=touched, detail=detail)


def unmerge_insight(session: Session, *, actor: Member, duplicate: Insight) -> Insight:
    """Takes the merge back while neither insight nor what was moved has changed since; answers the other insight."""
    entry = last_merge(session, duplicate)
    survivor = None if entry is None else session.get(Insight, entry.detail["into_id"])
    if entry is None or survivor is None:
        raise RuleBroken(f"{duplicate.ref} was not merged into another insight.")
    require_same_area(session, actor, duplicate.team_id)
    require_same_area(session, actor, survivor.team_id)
    if entry.detail["seen"] != [duplicate.row_version, survivor.row_version]:
        raise RuleBroken(f"{survivor.ref} was changed since, so the merge cannot be undone. Nothing was changed.")
    told, moves = entry.detail, entry.detail["moves"]
    _bring_links_back(session, duplicate, survivor, told["links"])
    carry_back(session, actor=actor, duplicate=duplicate, survivor=survivor, moves=moves)
    survivor.status = InsightStatus(told["survivor_was"]["status"])
    survivor.status_note = told["survivor_was"]["status_note"]
    was = told["was"]
    duplicate.status, duplicate.status_note = InsightStatus(was["status"]), was["status_note"]
    duplicate.merged_into_id, duplicate.superseded_by_id = None, was["superseded_by_id"]
    duplicate.ended_at = None if was["ended_at"] is None else datetime.fromisoformat(was["ended_at"])
    touch(session, actor, duplicate)
    touch(session, actor, survivor)
    touched = _touched(session, duplicate, survivor, moves, told["links"])
    record(session, actor, "gave back", survivor, touches=touched, detail={"insight": duplicate.ref})
    record(session, actor, UNMERGED, duplicate, touches=touched, detail={"insight": survivor.ref})
    return survivor


def last_merge(session: Session, duplicate: Insight) -> ActivityEntry | None:
    """The entry of the merge that holds, None for an insight that stands by itself."""
    if duplicate.merged_into_id is None:
        return None
    return session.scalar(
        select(ActivityEntry)
        .where(ActivityEntry.subject_ref == duplicate.ref, ActivityEntry.verb == MERGED)
        .order_by(ActivityEntry.id.desc())
        .limit(1)
    )


def _move_links(session: Session, actor: Member, duplicate: Insight, survivor: Insight) -> Moves:
    """One decision links the survivor once for each type; the sentence of a second link is kept with the first."""
    found = session.scalars(
        select(DecisionLink).where(DecisionLink.insight_id.in_((duplicate.id, survivor.id))).order_by(DecisionLink.id)
    ).all()
    there = {(link.decision_id, link.type): link for link in found if link.insight_id == survivor.id}
    moved: list[list[Any]] = []
    dropped: list[dict[str, Any]] = []
    words: dict[str, str] = {}
    for link in found:
        if link.insight_id != duplicate.id:
            continue
        note = f"(Read at {duplicate.ref}@{link.insight_version}, since merged into {survivor.ref}.)"
        same = there.get((link.decision_id, link.type))
        if same is not None:
            words[str(same.id)] = same.rationale
            same.rationale = f"{same.rationale} Also: {link.rationale} {note}"
            touch(session, actor, same)
            dropped.append(row_of(link))
            session.delete(link)
            continue
        moved.append([link.id, link.insight_version, link.rationale, link.fingerprint])
        link.insight_id, link.rationale = survivor.id, f"{link.rationale} {note}"
        link.insight_version = _version_at(session, survivor, link.affirmed_at)
        touch(session, actor, link)
    session.flush()
    return {"moved": moved, "dropped": dropped, "words": words}


def _bring_links_back(session: Session, duplicate: Insight, survivor: Insight, moves: Mapping[str, Any]) -> None:
    for number, version, rationale, pinned in moves["moved"]:
        link = session.get(DecisionLink, number)
        if link is None or link.insight_id != survivor.id or link.fingerprint != pinned:
            raise RuleBroken(f"A decision’s link that came from {duplicate.ref} was changed since. Nothing was undone.")
        link.insight_id, link.insight_version, link.rationale = duplicate.id, version, rationale
    for number, rationale in moves["words"].items():
        link = session.get(DecisionLink, int(number))
        if link is not None:
            link.rationale = rationale
    session.add_all(row_back(DecisionLink, row) for row in moves["dropped"])
    session.flush()


def _version_at(session: Session, insight: Insight, moment: datetime) -> int:
    """The version that the insight was at then; its first where it did not exist yet."""
    found = session.scalar(
        select(func.max(InsightVersion.number)).where(
            InsightVersion.insight_id == insight.id, InsightVersion.at <= moment
        )
    )
    return found or 1


def _touched(
    session: Session, duplicate: Insight, survivor: Insight, moves: Mapping[str, Any], links: Mapping[str, Any]
) -> list[str]:
    """Everything whose search document says something else now."""
    numbers = [*(each[0] for each in links["moved"]), *map(int, links["words"])]
    decisions = session.scalars(select(DecisionLink.decision_id).where(DecisionLink.id.in_(numbers)))
    citing = session.scalars(select(EvidenceLink.insight_id).where(EvidenceLink.id.in_(moves["cited"]["moved"])))
    pairs = moves["recommendations"]
    return [
        duplicate.ref,
        survivor.ref,
        *(f"DEC-{number}" for number in decisions),
        *(f"INS-{number}" for number in citing),
        *(f"INS-{each['row']['insight_id']}" for each in moves["cited"]["dropped"]),
        *(f"REC-{number}" for number in (*pairs["moved"], *pairs["same"])),
    ]


def _targets(session: Session, insight: Insight) -> list[tuple[object, ...]]:
    rows = session.execute(
        select(
            EvidenceLink.highlight_id,
            EvidenceLink.other_insight_id,
            EvidenceLink.external_title,
            EvidenceLink.external_url,
        ).where(EvidenceLink.insight_id == insight.id)
    )
    return [tuple(row) for row in rows]


def _hiding_studies(session: Session, member: Member, duplicate: Insight, survivor: Insight) -> tuple[str, ...]:
    """Restricted studies that the duplicate's evidence comes from and the survivor's does not yet."""

    def studies_under(insight: Insight) -> set[int]:
        return set(
            session.scalars(
                select(Study.id)
                .join(Highlight, Highlight.study_id == Study.id)
                .join(EvidenceLink, EvidenceLink.highlight_id == Highlight.id)
                .where(EvidenceLink.insight_id == insight.id, Study.restricted, visible_studies(member))
            )
        )

    return tuple(f"STU-{number}" for number in sorted(studies_under(duplicate) - studies_under(survivor)))
