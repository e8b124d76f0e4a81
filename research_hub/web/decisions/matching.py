"""Which insights come near the words of a decision: asked of the search index, read again in the member's scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import Study
from insights.core.base import number_of
from insights.decisions.models import LinkType
from insights.decisions.queries import EvidenceMatch, evidence_matches, insights_to_cite
from insights.people.models import Member
from insights.synthesis.models import CITABLE, Insight
from research_hub.search_service import search_engine
from research_hub.web.words import count
from search_index.engine import SearchRequest, SearchUnavailable
from search_index.projection import clearances_from
from search_index.query import fold, parse_query

OFFERED = 8
LONGEST_TEXT = 500
WORTH_SHOWING = 0.3
"""A match that scores less than this share of the best one has only common words with the title."""

TICK, RELATION, BECAUSE = "evidence-", "relation-", "because-"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ticked:
    """What was ticked and typed beside a match, as it was sent."""

    ref: str
    relation: str
    because: str


@dataclass(frozen=True, slots=True)
class Matches:
    """What is offered for the words; `ticked` by ref, those first. `plain` where no index could be asked."""

    words: str
    found: tuple[EvidenceMatch, ...]
    ticked: Mapping[str, Ticked]
    plain: bool = False

    @property
    def in_words(self) -> str:
        if not self.words:
            return "Write what you decide, and the insights nearest to it stand here."
        if not self.found:
            return "No published insight that you may see comes near these words."
        contradicted = sum(1 for each in self.found if each.row.contradicted)
        against = f", {contradicted} of them contradicted" if contradicted else ""
        return f"{count(len(self.found), 'insight')} found{against}."


def find_matches(
    session: Session, member: Member, words: str, ticked: Sequence[Ticked] = (), *, about: str = ""
) -> Matches:
    """Insights near the words, or else near what it is `about`; what is ticked stands first, whatever the words."""
    asked = (words.strip() or about.strip())[:LONGEST_TEXT]
    chosen = {each.ref: each for each in ticked}
    refs, plain = _refs(session, member, asked, is_about=not words.strip()) if asked else ([], False)
    found = evidence_matches(session, member, [*chosen, *refs])
    return Matches(asked, tuple(found), chosen, plain)


def ticked_in(fields: Mapping[str, str], refs: Iterable[str] = ()) -> list[Ticked]:
    """What a form, or the draft of one, holds about evidence; `refs` are ticked beside those that the form ticks."""
    named = [name.removeprefix(TICK) for name, value in fields.items() if name.startswith(TICK) and value]
    return [
        Ticked(ref, str(fields.get(f"{RELATION}{ref}", LinkType.CHANGED.value)), str(fields.get(f"{BECAUSE}{ref}", "")))
        for ref in dict.fromkeys([*named, *refs])
        if number_of(ref, Insight.PREFIX) is not None
    ]


def _refs(session: Session, member: Member, words: str, *, is_about: bool) -> tuple[list[str], bool]:
    """Refs of the nearest insights, the nearest first, and whether they were found without the index."""
    engine = search_engine()
    try:
        if number_of(words, Insight.PREFIX) is None and engine.watermark().database_id:
            visible = list(session.scalars(select(Study.id).where(visible_studies(member))))
            request = SearchRequest(
                # Words only: nobody means a search operator in the title of a decision.
                query=parse_query(fold(words)),
                clearances=clearances_from(session, member, visible),
                filters={"kind": ("insight",), "status": tuple(status.value for status in CITABLE)},
                limit=OFFERED,
            )
            hits = engine.search(request).hits
            return [hit.key for hit in hits if hit.score >= WORTH_SHOWING * hits[0].score], False
    except SearchUnavailable as error:
        log.warning("evidence for a decision is looked up without the index", reason=str(error))
    rows = insights_to_cite(session, member, "" if is_about else words, about=words)
    return [row.ref for row in rows], True
