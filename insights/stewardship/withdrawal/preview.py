"""What a withdrawal would reach, before anybody says yes: what goes, and what becomes of what rests on it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.capture.models import Recording
from insights.core.base import Base, Record
from insights.decisions.models import Decision, DecisionLink
from insights.people.models import Member, Participant
from insights.stewardship.erasure.shingles import Finder
from insights.stewardship.erasure.tables import columns_to
from insights.stewardship.models import Comment
from insights.stewardship.withdrawal.places import Place, places_of
from insights.stewardship.withdrawal.reach import Reach
from insights.synthesis.access import visible_insights
from insights.synthesis.models import EvidenceLink, Insight, InsightStatus, Relation

_NAMED = {
    "consents": "consent",
    "contacts": "contact",
    "incentives": "incentive",
    "identities": "identity in the vault",
}


@dataclass(frozen=True, slots=True)
class InsightAfter:
    """Evidence before and after; `sources` are texts that support it. `ref` is '' where it is out of sight."""

    ref: str
    claim: str
    quotes: int
    quotes_left: int
    sources: int
    sources_left: int
    evidence_left: int
    is_published: bool
    decisions: tuple[tuple[str, str], ...]

    @property
    def becomes_unsupported(self) -> bool:
        return self.evidence_left == 0


@dataclass(frozen=True, slots=True)
class Preview:
    """`hidden` counts insights that the member may not see; `about` what else is kept by the person, by kind."""

    insights: tuple[InsightAfter, ...]
    hidden: int
    places: tuple[Place, ...]
    recordings: int
    files: int
    about: tuple[tuple[str, int], ...]
    comments: int

    @property
    def decisions(self) -> tuple[tuple[str, str], ...]:
        return tuple(sorted({pair for each in self.insights for pair in each.decisions}))


def preview_of(session: Session, member: Member, reach: Reach) -> Preview:
    """Five statements, however much it is."""
    shown, insights = _insights(session, member, reach)
    touched = [*reach.sources, *(each.source for each in reach.shared if each.passages)]
    counts = _counts(session, reach, [each.id for each in touched])
    return Preview(
        insights=tuple(shown),
        hidden=len(insights) - len(shown),
        places=tuple(places_of(session, member, reach, insights, _words_of(reach))),
        recordings=counts.pop("recordings"),
        comments=counts.pop("comments"),
        files=len({each.sha256 for each in touched if each.sha256}),
        about=tuple((_NAMED.get(name, name.replace("_", " ")), number) for name, number in counts.items() if number),
    )


def _insights(session: Session, member: Member, reach: Reach) -> tuple[list[InsightAfter], list[int]]:
    going = {each.id: each.source_text_id for each in reach.highlights}
    touched = select(EvidenceLink.insight_id).where(EvidenceLink.highlight_id.in_(going))
    highlights = Base.metadata.tables["highlights"]
    rows = session.execute(
        select(
            Insight,
            EvidenceLink,
            highlights.c.source_text_id,
            visible_insights(member).label("is_seen"),
            Decision.id.label("decision_id"),
            Decision.title.label("decision_title"),
        )
        .join(EvidenceLink, EvidenceLink.insight_id == Insight.id)
        .outerjoin(highlights, highlights.c.id == EvidenceLink.highlight_id)
        .outerjoin(DecisionLink, DecisionLink.insight_id == Insight.id)
        .outerjoin(Decision, Decision.id == DecisionLink.decision_id)
        .where(Insight.id.in_(touched), Insight.merged_into_id.is_(None))
        .order_by(Insight.id, EvidenceLink.id, Decision.id)
    ).all()
    evidence: dict[Insight, dict[EvidenceLink, int | None]] = {}
    decisions: dict[Insight, dict[str, str]] = {}
    seen: set[Insight] = set()
    for insight, link, source_id, is_seen, decision_id, title in rows:
        evidence.setdefault(insight, {})[link] = source_id
        known = decisions.setdefault(insight, {})
        if decision_id is not None:
            known[f"{Decision.PREFIX}-{decision_id}"] = title
        if is_seen:
            seen.add(insight)
    shown = [
        _after(each, list(links.items()), going, list(decisions[each].items()))
        for each, links in evidence.items()
        if each in seen
    ]
    return shown, [each.id for each in evidence]


def _after(
    insight: Insight,
    links: Sequence[tuple[EvidenceLink, int | None]],
    going: dict[int, int],
    decisions: Sequence[tuple[str, str]],
) -> InsightAfter:
    left = [pair for pair in links if pair[0].highlight_id not in going]

    def quotes(pairs: Sequence[tuple[EvidenceLink, int | None]]) -> list[int | None]:
        return [source for link, source in pairs if link.highlight_id and link.relation is Relation.SUPPORTS]

    return InsightAfter(
        ref=insight.ref,
        claim=insight.claim,
        quotes=len(quotes(links)),
        quotes_left=len(quotes(left)),
        sources=len(set(quotes(links))),
        sources_left=len(set(quotes(left))),
        evidence_left=len(left),
        is_published=insight.status is InsightStatus.PUBLISHED,
        decisions=tuple(decisions),
    )


def _words_of(reach: Reach) -> tuple[Finder, set[str]]:
    """What is looked for, but what others said too; the key is for this one look."""
    finder = Finder(secrets.token_bytes(32))
    left = [cutting.left for each in reach.shared for _version, cutting in each.cuttings()]
    kept = finder.digests_of([*left, reach.study.plan, reach.study.question])
    return finder, finder.digests_of(reach.words()) - kept


def _counts(session: Session, reach: Reach, sources: Sequence[int]) -> dict[str, int]:
    """All at once; tables that hold something by the person are found by what they point at."""
    people = [each.id for each in reach.codes]
    records: tuple[Record, ...] = (*reach.sessions, *reach.sources, *reach.highlights, *reach.codes)
    refs = [each.ref for each in records]
    columns = [
        select(func.count()).where(Recording.source_text_id.in_(sources)).scalar_subquery().label("recordings"),
        select(func.count()).where(Comment.subject_ref.in_(refs)).scalar_subquery().label("comments"),
    ]
    for column in columns_to(Participant.__tablename__):
        table = column.table
        if column.nullable or table.name in {"session_participants", "withdrawals"}:
            continue
        counted = select(func.count()).select_from(table).where(column.in_(people))
        columns.append(counted.scalar_subquery().label(table.name))
    row = session.execute(select(*columns)).one()
    return row._asdict()
