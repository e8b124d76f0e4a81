from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import ResearchSession, SourceText, Study
from insights.coding.access import readable_quotes
from insights.coding.models import Highlight, HighlightStatus
from insights.core.clock import today
from insights.decisions.link_status import LINK_STATUS_WORDS, link_status
from insights.decisions.models import EVIDENCE_TYPES, Decision, DecisionLink, LinkStatus
from insights.decisions.queries.resting import is_contradicted, is_suspect
from insights.people.models import Member, Participant
from insights.synthesis.access import visible_insights
from insights.synthesis.models import CITABLE, EvidenceLink, Insight, Relation
from insights.synthesis.strength import Strength, strengths

QUOTES_SHOWN = 2
MOST_LINKS = 100_000
# A quote that one takes in at a glance comes before a long passage.
_AT_A_GLANCE = (20, 300)


@dataclass(frozen=True, slots=True)
class LinkedQuote:
    """`said_by` is the person's code, '' where nobody is named on the highlight."""

    ref: str
    exact: str
    relation: str
    said_by: str
    source_ref: str
    source: str
    study: str
    said_on: date | None


@dataclass(frozen=True, slots=True)
class LinkedInsight:
    """An insight's part in a decision, with the best of its quotes; `version` is what it is at now."""

    link_id: int
    insight_id: int
    ref: str
    claim: str
    insight_status: str
    version: int
    confidence: str
    type: str
    rationale: str
    pinned_version: int
    status: LinkStatus
    status_words: str
    affirmation: str
    affirmed_at: datetime
    affirmed_by: str
    is_evidence: bool
    is_citable: bool
    strength: Strength
    quotes: tuple[LinkedQuote, ...]
    revisit_on: date | None = None

    @property
    def needs_a_look(self) -> bool:
        """Whether the insight moved on since it was linked, so that somebody has to read it again."""
        return self.status not in {LinkStatus.CURRENT, LinkStatus.UNWANTED}


def linked_insights(
    session: Session,
    member: Member,
    decision: Decision,
    *,
    after: int = 0,
    limit: int | None = None,
    suspect: bool = False,
) -> list[LinkedInsight]:
    """What changed the decision first, then what informed and confirmed it; three statements.

    `after` leaves out so many at the top, for a page of a long list; `suspect` leaves out what is as it was read.
    """
    rank = case({each: place for place, each in enumerate(EVIDENCE_TYPES)}, value=DecisionLink.type, else_=9)
    query = (
        select(DecisionLink, Insight, Member.name, is_contradicted())
        .join(Insight, Insight.id == DecisionLink.insight_id)
        .outerjoin(Member, Member.id == DecisionLink.affirmed_by_id)
        .where(DecisionLink.decision_id == decision.id, visible_insights(member))
        .order_by(rank, DecisionLink.id)
        .offset(after)
    )
    if suspect:
        query = query.where(is_suspect())
    # SQLite knows no OFFSET without a LIMIT.
    rows = session.execute(query.limit(MOST_LINKS if limit is None else limit)).all()
    ids = sorted({insight.id for _, insight, *_ in rows})
    strong, quotes = strengths(session, ids), _best_quotes(session, member, ids)
    return [
        _linked(decision, link, insight, name or "", strong[insight.id], quotes[insight.id], contradicted=contradicted)
        for link, insight, name, contradicted in rows
    ]


def _best_quotes(session: Session, member: Member, insight_ids: Sequence[int]) -> Mapping[int, list[LinkedQuote]]:
    """A few quotes of each insight, what supports it first, in one statement however many there are."""
    found: dict[int, list[LinkedQuote]] = defaultdict(list)
    if not insight_ids:
        return found
    length = func.length(Highlight.exact)
    best = (
        (EvidenceLink.relation == Relation.SUPPORTS).desc(),
        length.between(*_AT_A_GLANCE).desc(),
        EvidenceLink.id,
    )
    place = func.row_number().over(partition_by=EvidenceLink.insight_id, order_by=best).label("place")
    ranked = (
        select(EvidenceLink.insight_id, EvidenceLink.highlight_id, EvidenceLink.relation, place)
        .join(Highlight, Highlight.id == EvidenceLink.highlight_id)
        .join(Study, Study.id == Highlight.study_id)
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .where(
            EvidenceLink.insight_id.in_(insight_ids),
            Highlight.status.in_((HighlightStatus.ACTIVE, HighlightStatus.ORPHANED)),
            SourceText.deleted_at.is_(None),
            visible_studies(member),
            readable_quotes(member, today(session)),
        )
        .subquery()
    )
    rows = session.execute(
        select(ranked.c.insight_id, ranked.c.relation, Highlight, SourceText, ResearchSession, Study.title, Participant)
        .join(Highlight, Highlight.id == ranked.c.highlight_id)
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .join(Study, Study.id == Highlight.study_id)
        .outerjoin(ResearchSession, ResearchSession.id == Highlight.research_session_id)
        .outerjoin(Participant, (Participant.id == Highlight.participant_id) & Participant.withdrawn_at.is_(None))
        .where(ranked.c.place <= QUOTES_SHOWN)
        .order_by(ranked.c.insight_id, ranked.c.place)
    )
    for insight_id, relation, highlight, source, held, study, person in rows:
        found[insight_id].append(_quote(relation, highlight, source, held, study, person))
    return found


def _quote(  # noqa: PLR0917 - the columns of one row
    relation: Relation,
    highlight: Highlight,
    source: SourceText,
    held: ResearchSession | None,
    study: str,
    person: Participant | None,
) -> LinkedQuote:
    return LinkedQuote(
        ref=highlight.ref,
        exact=highlight.exact,
        relation=relation.value,
        said_by="" if person is None else person.code,
        source_ref=source.ref if held is None else held.ref,
        source=source.title if held is None else held.title,
        study=study,
        said_on=source.dated_on if held is None else held.held_on,
    )


def _linked(  # noqa: PLR0917 - the columns of one row
    decision: Decision,
    link: DecisionLink,
    insight: Insight,
    affirmed_by: str,
    strength: Strength,
    quotes: Sequence[LinkedQuote],
    *,
    contradicted: bool,
) -> LinkedInsight:
    status = link_status(
        insight_status=insight.status,
        insight_fingerprint=insight.fingerprint,
        pinned_fingerprint=link.fingerprint,
        contradicted=contradicted,
        declared_basis=decision.basis is not None,
    )
    return LinkedInsight(
        link_id=link.id,
        insight_id=insight.id,
        ref=insight.ref,
        claim=insight.claim,
        insight_status=insight.status.value,
        version=insight.version,
        confidence="" if insight.confidence is None else insight.confidence.value,
        type=link.type.value,
        rationale=link.rationale,
        pinned_version=link.insight_version,
        status=status,
        status_words=LINK_STATUS_WORDS[status],
        affirmation=link.affirmation,
        affirmed_at=link.affirmed_at,
        affirmed_by=affirmed_by,
        is_evidence=link.type in EVIDENCE_TYPES,
        is_citable=insight.status in CITABLE,
        strength=strength,
        quotes=tuple(quotes),
        revisit_on=link.revisit_on,
    )
