"""Which rows may belong to the thread of one record, as nested selects of ids, so that a trace needs few statements.

The selection is generous; what does not hang on the record is cut off by the graph afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Select, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from insights.capture.models import ResearchSession, SourceText, Study
from insights.coding.models import Highlight
from insights.core.base import number_of
from insights.core.errors import InvalidInput, NotFound
from insights.decisions.models import Change, Decision, DecisionLink, Measure, OutcomeCheck
from insights.synthesis.models import EvidenceLink, Insight, insight_components, recommendation_insights

Ids: TypeAlias = Select[Any]


@dataclass(frozen=True, slots=True)
class ThreadSelection:
    """Each field selects one column of ids; None stands for all."""

    studies: Ids | None = None
    sessions: Ids | None = None
    sources: Ids | None = None
    highlights: Ids | None = None
    insights: Ids | None = None
    decisions: Ids | None = None


def select_thread(ref: str) -> ThreadSelection:
    """The rows around a study, session, source, quote, insight, recommendation, decision, component, change, measure
    or check.

    Raises:
        InvalidInput: when the ref is of none of these kinds.
        NotFound: when its number is none.
    """
    prefix = ref.partition("-")[0]
    if prefix not in _SELECTIONS:
        raise InvalidInput.of(
            "ref",
            f"“{ref}” has no thread. Give the reference of a study, session, source, quote, insight, recommendation, "
            "decision, component, change, measure or outcome check, such as DEC-17.",
        )
    number = number_of(ref, prefix)
    if number is None:
        raise NotFound(ref)
    return _SELECTIONS[prefix](number)


def _from_study(number: int) -> ThreadSelection:
    return _from_capture(
        Highlight.study_id == number,
        studies=_one(Study.id, number),
        sessions=select(ResearchSession.id).where(ResearchSession.study_id == number),
        sources=select(SourceText.id).where(SourceText.study_id == number),
    )


def _from_session(number: int) -> ThreadSelection:
    return _from_capture(
        Highlight.research_session_id == number,
        studies=select(ResearchSession.study_id).where(ResearchSession.id == number),
        sessions=_one(ResearchSession.id, number),
        sources=select(SourceText.id).where(SourceText.research_session_id == number),
    )


def _from_source(number: int) -> ThreadSelection:
    return _from_capture(
        Highlight.source_text_id == number,
        studies=select(SourceText.study_id).where(SourceText.id == number),
        sessions=select(SourceText.research_session_id).where(SourceText.id == number),
        sources=_one(SourceText.id, number),
    )


def _from_highlight(number: int) -> ThreadSelection:
    return _from_capture(
        Highlight.id == number,
        studies=select(Highlight.study_id).where(Highlight.id == number),
        sessions=select(Highlight.research_session_id).where(Highlight.id == number),
        sources=select(Highlight.source_text_id).where(Highlight.id == number),
    )


def _from_capture(highlights: Any, *, studies: Ids, sessions: Ids, sources: Ids) -> ThreadSelection:  # noqa: ANN401 - a clause
    quotes = select(Highlight.id).where(highlights)
    seeds = select(EvidenceLink.insight_id.label("id")).where(EvidenceLink.highlight_id.in_(quotes))
    insights = _insights_after(seeds)
    return ThreadSelection(studies, sessions, sources, quotes, insights, _decisions_after(_resting_on(insights)))


def _from_insight(number: int) -> ThreadSelection:
    return _from_insights(_one(Insight.id, number))


def _from_recommendation(number: int) -> ThreadSelection:
    pairs = recommendation_insights.c
    return _from_insights(select(pairs.insight_id.label("id")).where(pairs.recommendation_id == number))


def _from_insights(seeds: Ids) -> ThreadSelection:
    before, after = _insights_before(seeds), _insights_after(seeds)
    every = select(Insight.id).where(or_(Insight.id.in_(before), Insight.id.in_(after)))
    return _under(before, insights=every, decisions=_decisions_after(_resting_on(after)))


def _from_decision(number: int) -> ThreadSelection:
    return _from_decisions(_one(Decision.id, number))


def _from_measure(number: int) -> ThreadSelection:
    return _from_decisions(select(Measure.decision_id.label("id")).where(Measure.id == number))


def _from_check(number: int) -> ThreadSelection:
    return _from_decisions(select(OutcomeCheck.decision_id.label("id")).where(OutcomeCheck.id == number))


def _from_change(number: int) -> ThreadSelection:
    return _from_decisions(select(Change.decision_id.label("id")).where(Change.id == number))


def _from_component(number: int) -> ThreadSelection:
    """Upstream only: the decisions taken on it, the insights about it, and what those rest on."""
    pairs = insight_components.c
    decisions = _decisions_before(select(Decision.id.label("id")).where(Decision.component_id == number))
    linked = select(DecisionLink.insight_id.label("id")).where(DecisionLink.decision_id.in_(decisions))
    about = select(pairs.insight_id.label("id")).where(pairs.component_id == number)
    seeds = select(Insight.id.label("id")).where(or_(Insight.id.in_(linked), Insight.id.in_(about)))
    insights = _insights_before(seeds)
    return _under(insights, insights=insights, decisions=decisions)


def _from_decisions(seeds: Ids) -> ThreadSelection:
    before, after = _decisions_before(seeds), _decisions_after(seeds)
    every = select(Decision.id).where(or_(Decision.id.in_(before), Decision.id.in_(after)))
    linked = select(DecisionLink.insight_id.label("id")).where(DecisionLink.decision_id.in_(before))
    insights = _insights_before(linked)
    return _under(insights, insights=insights, decisions=every)


def _under(resting: Ids, *, insights: Ids, decisions: Ids) -> ThreadSelection:
    """What the insights `resting` rest on."""
    quotes = select(EvidenceLink.highlight_id).where(EvidenceLink.insight_id.in_(resting))
    return ThreadSelection(
        _of_highlights(Highlight.study_id, quotes),
        _of_highlights(Highlight.research_session_id, quotes),
        _of_highlights(Highlight.source_text_id, quotes),
        quotes,
        insights,
        decisions,
    )


def _resting_on(insights: Ids) -> Ids:
    return select(DecisionLink.decision_id.label("id")).where(DecisionLink.insight_id.in_(insights))


def _of_highlights(column: InstrumentedAttribute[Any], quotes: Ids) -> Ids:
    return select(column).where(Highlight.id.in_(quotes), column.is_not(None))


def _one(column: InstrumentedAttribute[int], number: int) -> Ids:
    return select(column.label("id")).where(column == number)


def _insights_after(seeds: Ids) -> Ids:
    """The seeds, the insights that rest on them and those that superseded them, all the way."""
    return _closure(seeds, _insight_pairs(), forward=True)


def _insights_before(seeds: Ids) -> Ids:
    return _closure(seeds, _insight_pairs(), forward=False)


def _decisions_after(seeds: Ids) -> Ids:
    return _closure(seeds, _decision_pairs(), forward=True)


def _decisions_before(seeds: Ids) -> Ids:
    return _closure(seeds, _decision_pairs(), forward=False)


def _insight_pairs() -> Any:  # noqa: ANN401 - a sub-query of two columns
    evidence = select(EvidenceLink.other_insight_id.label("earlier"), EvidenceLink.insight_id.label("later"))
    superseded = select(Insight.id.label("earlier"), Insight.superseded_by_id.label("later"))
    return union_all(
        evidence.where(EvidenceLink.other_insight_id.is_not(None)),
        superseded.where(Insight.superseded_by_id.is_not(None)),
    ).subquery()


def _decision_pairs() -> Any:  # noqa: ANN401 - a sub-query of two columns
    superseded = select(Decision.id.label("earlier"), Decision.superseded_by_id.label("later"))
    return superseded.where(Decision.superseded_by_id.is_not(None)).subquery()


def _closure(seeds: Ids, pairs: Any, *, forward: bool) -> Ids:  # noqa: ANN401 - a sub-query of two columns
    """UNION drops what was met before, so a ring of supersession ends the walk instead of keeping it going."""
    here, there = (pairs.c.earlier, pairs.c.later) if forward else (pairs.c.later, pairs.c.earlier)
    reached = seeds.cte(recursive=True)
    reached = reached.union(select(there.label("id")).join(reached, here == reached.c.id))
    return select(reached.c.id)


_SELECTIONS = {
    "STU": _from_study,
    "SES": _from_session,
    "SRC": _from_source,
    "HL": _from_highlight,
    "INS": _from_insight,
    "REC": _from_recommendation,
    "DEC": _from_decision,
    "CMP": _from_component,
    "CHG": _from_change,
    "MEA": _from_measure,
    "CHK": _from_check,
}
