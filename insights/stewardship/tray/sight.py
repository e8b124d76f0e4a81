"""What can be gathered, and who may see it: the record's own rule, asked anew each time.

The clauses are correlated with the item, so that a page that only counts a tray asks about its few items and not about
every record there is.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from insights.capture.access import visible_studies
from insights.capture.inside import day_of
from insights.capture.models import ResearchSession, SessionStatus, SourceText, Study
from insights.coding.access import readable_quotes
from insights.coding.models import Highlight, HighlightStatus
from insights.core.base import Record, number_of
from insights.decisions.access import visible_decisions
from insights.decisions.models import Decision
from insights.people.models import Member
from insights.stewardship.models import CollectionItem, TrayItem
from insights.synthesis.access import visible_insights, visible_recommendations
from insights.synthesis.models import Insight, Recommendation

KINDS: tuple[type[Record], ...] = (Insight, Highlight, Decision, Recommendation, ResearchSession, SourceText, Study)

_IN_USE = (HighlightStatus.ACTIVE, HighlightStatus.ORPHANED)
_GONE = (SessionStatus.WITHDRAWN, SessionStatus.PURGED)


def parted(ref: str) -> tuple[str, int] | None:
    """The ref as it is stored, with its number ('ins-7@2' -> 'INS-7', 7); None for what cannot be gathered."""
    plain = ref.partition("@")[0]
    for kind in KINDS:
        number = number_of(plain, kind.PREFIX)
        if number is not None:
            return f"{kind.PREFIX}-{number}", number
    return None


def is_seen(item: type[TrayItem | CollectionItem], member: Member) -> ColumnElement[bool]:
    """Whether the member may see the record that the item names."""

    def there(kind: type[Record], found: Select[*tuple[Any, ...]], number: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a mapped attribute
        exists = found.where(number == item.subject_id).correlate(item).exists()
        return and_(item.subject_ref.startswith(f"{kind.PREFIX}-"), exists)

    return or_(
        there(Insight, select(Insight.id).where(visible_insights(member)), Insight.id),
        there(Highlight, seen_highlights(member), Highlight.id),
        there(Decision, select(Decision.id).where(visible_decisions(member)), Decision.id),
        there(Recommendation, select(Recommendation.id).where(visible_recommendations(member)), Recommendation.id),
        there(ResearchSession, seen_sources(member), ResearchSession.id),
        there(SourceText, seen_sources(member), SourceText.id),
        there(Study, select(Study.id).where(visible_studies(member)), Study.id),
    )


def seen_highlights(member: Member) -> Select[*tuple[Any, ...]]:
    """Quotes in use, of texts that were neither deleted nor withdrawn."""
    return (
        select(Highlight.id)
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .join(Study, Study.id == Highlight.study_id)
        .outerjoin(ResearchSession, ResearchSession.id == Highlight.research_session_id)
        .where(
            visible_studies(member),
            readable_quotes(member, day_of(member)),
            Highlight.status.in_(_IN_USE),
            _stands(),
        )
    )


def seen_sources(member: Member) -> Select[*tuple[Any, ...]]:
    """Texts with their sessions, neither deleted nor withdrawn."""
    return (
        select(SourceText.id)
        .join(Study, Study.id == SourceText.study_id)
        .outerjoin(ResearchSession, ResearchSession.id == SourceText.research_session_id)
        .where(visible_studies(member), _stands())
    )


def _stands() -> ColumnElement[bool]:
    return and_(
        SourceText.deleted_at.is_(None), or_(ResearchSession.id.is_(None), ResearchSession.status.not_in(_GONE))
    )
