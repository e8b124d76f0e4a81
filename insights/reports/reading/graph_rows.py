"""The rows of a thread, or of everything, as one member may see them: ten statements, however many rows there are.

read_graph_rows(session, member, select_thread("DEC-17")) -> GraphRows
read_graph_rows(session, member) -> GraphRows               the whole organisation
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, String, cast, literal, null, or_, select, true, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from insights.capture.access import visible_studies
from insights.capture.models import ResearchSession, SourceText, Study
from insights.coding.access import readable_quotes
from insights.coding.models import Highlight, HighlightStatus
from insights.core.clock import today
from insights.decisions.access import visible_decisions
from insights.decisions.link_status import link_status
from insights.decisions.models import Change, Decision, DecisionLink, DeliveryState, Measure, OutcomeCheck, Verdict
from insights.people.models import Component, Member
from insights.reports.graph.rows import (
    ComponentRow,
    DecisionRow,
    EvidenceRow,
    GraphRows,
    InsightRow,
    LinkRow,
    PlacedRow,
    RecommendationRow,
)
from insights.reports.reading.selecting import day_of
from insights.reports.thread_selection import Ids, ThreadSelection
from insights.reports.uncollected import uncollected
from insights.synthesis.access import visible_insights, visible_recommendations
from insights.synthesis.models import (
    Contradiction,
    ContradictionStatus,
    EvidenceLink,
    Insight,
    Recommendation,
    insight_components,
    recommendation_insights,
)

LONGEST_TITLE = 300
READABLE = (HighlightStatus.ACTIVE, HighlightStatus.ORPHANED)

# PostgreSQL takes a null without a type for a text, and no union of texts and numbers.
_NO_NUMBER: ColumnElement[Any] = cast(null(), Integer)


def read_graph_rows(session: Session, member: Member | None, chosen: ThreadSelection | None = None) -> GraphRows:
    """`chosen` is generous: what hangs on nothing that was asked for is cut off by the graph."""
    part = chosen or ThreadSelection()
    with uncollected():
        return GraphRows(
            capture=_capture(session, member, part),
            insights=_insights(session, member, part),
            evidence=_evidence(session, part),
            recommendations=_recommendations(session, member, part),
            decisions=_decisions(session, member, part),
            links=_links(session, member, part),
            components=_components(session, part),
            following=(*_changes_and_measures(session, part), *_checks(session, part)),
        )


def _chosen(column: InstrumentedAttribute[Any], ids: Ids | None) -> ColumnElement[bool]:
    return true() if ids is None else column.in_(ids)


def _capture(session: Session, member: Member | None, part: ThreadSelection) -> tuple[PlacedRow, ...]:
    """Studies, sessions, texts and quotes in one statement: numbers of the record and of what it may lie in."""
    in_sight = readable_quotes(member, today(session))
    statement = union_all(*(each.where(visible_studies(member)) for each in _capture_parts(part, in_sight)))
    rows = session.execute(statement)
    return tuple(
        PlacedRow(f"{row.kind}-{row.id}", _parent(row), row.title or "", _telling(row.state), row.on) for row in rows
    )


def _capture_parts(part: ThreadSelection, in_sight: ColumnElement[bool]) -> list[Select[Any]]:
    meeting, text, quote, no_number = ResearchSession, SourceText, Highlight, _NO_NUMBER
    return [
        _columns("STU", Study.id, no_number, no_number, no_number, Study.title, Study.status, Study.starts_on).where(
            _chosen(Study.id, part.studies)
        ),
        _columns(
            "SES", meeting.id, meeting.study_id, no_number, no_number, meeting.title, meeting.status, meeting.held_on
        )
        .join(Study, Study.id == meeting.study_id)
        .where(_chosen(meeting.id, part.sessions), meeting.deleted_at.is_(None)),
        _columns(
            "SRC",
            text.id,
            text.study_id,
            text.research_session_id,
            no_number,
            text.title,
            text.kind,
            text.dated_on,
        )
        .join(Study, Study.id == text.study_id)
        .where(_chosen(text.id, part.sources), text.deleted_at.is_(None)),
        _columns(
            "HL",
            quote.id,
            no_number,
            no_number,
            quote.source_text_id,
            quote.exact,
            quote.status,
            cast(null(), Study.starts_on.type),
        )
        .join(Study, Study.id == quote.study_id)
        .where(_chosen(quote.id, part.highlights), quote.status.in_(READABLE), in_sight),
    ]


def _telling(state: str | None) -> str:
    """That a quote is active says nothing to anybody."""
    return "" if state in {None, HighlightStatus.ACTIVE.value} else str(state)


def _columns(kind: str, *values: Any) -> Select[Any]:  # noqa: ANN401 - columns of many types
    number, study_id, session_id, source_id, title, state, on = values
    return select(
        literal(kind).label("kind"),
        number.label("id"),
        study_id.label("study_id"),
        session_id.label("session_id"),
        source_id.label("source_id"),
        title.label("title"),
        cast(state, String).label("state"),
        on.label("on"),
    )


def _parent(row: Any) -> str:  # noqa: ANN401 - a row of the statement above
    if row.source_id is not None:
        return f"SRC-{row.source_id}"
    if row.session_id is not None:
        return f"SES-{row.session_id}"
    return "" if row.study_id is None else f"STU-{row.study_id}"


def _insights(session: Session, member: Member | None, part: ThreadSelection) -> tuple[InsightRow, ...]:
    statement = select(Insight.id, Insight.claim, Insight.status, Insight.published_at, Insight.superseded_by_id)
    rows = session.execute(statement.where(_chosen(Insight.id, part.insights), visible_insights(member)))
    return tuple(
        InsightRow(row.id, row.claim, row.status.value, day_of(row.published_at), row.superseded_by_id) for row in rows
    )


def _evidence(session: Session, part: ThreadSelection) -> tuple[EvidenceRow, ...]:
    """Sources outside have no record to lead to."""
    link = EvidenceLink
    statement = select(link.insight_id, link.highlight_id, link.other_insight_id, link.relation, link.note).where(
        _chosen(link.insight_id, part.insights), or_(link.highlight_id.is_not(None), link.other_insight_id.is_not(None))
    )
    return tuple(
        EvidenceRow(
            f"INS-{row.other_insight_id}" if row.highlight_id is None else f"HL-{row.highlight_id}",
            row.insight_id,
            row.relation,
            row.note,
        )
        for row in session.execute(statement)
    )


def _recommendations(session: Session, member: Member | None, part: ThreadSelection) -> tuple[RecommendationRow, ...]:
    """Those of which the member may see every insight: their text can tell of each."""
    pairs, item = recommendation_insights.c, Recommendation
    statement = (
        select(item.id, item.text, item.status, item.issued_on, pairs.insight_id)
        .join(recommendation_insights, pairs.recommendation_id == item.id)
        .where(visible_recommendations(member))
        .order_by(item.id, pairs.insight_id)
    )
    if part.insights is not None:
        statement = statement.where(pairs.insight_id.in_(part.insights))
    found: dict[int, tuple[Any, list[int]]] = {}
    for row in session.execute(statement):
        found.setdefault(row.id, (row, []))[1].append(row.insight_id)
    return tuple(
        RecommendationRow(row.id, shortened(row.text), tuple(insights), row.status.value, row.issued_on)
        for row, insights in found.values()
    )


def _decisions(session: Session, member: Member | None, part: ThreadSelection) -> tuple[DecisionRow, ...]:
    statement = select(
        Decision.id,
        Decision.title,
        Decision.status,
        Decision.delivery_state,
        Decision.decided_on,
        Decision.superseded_by_id,
    ).where(_chosen(Decision.id, part.decisions), visible_decisions(member))
    return tuple(
        DecisionRow(
            row.id,
            row.title,
            row.status.value,
            "" if row.delivery_state is DeliveryState.NOT_STARTED else row.delivery_state.value,
            row.decided_on,
            row.superseded_by_id,
        )
        for row in session.execute(statement)
    )


def _links(session: Session, member: Member | None, part: ThreadSelection) -> tuple[LinkRow, ...]:
    """Each with its state today; those to decisions off the thread are cut off later."""
    statement = (
        select(
            DecisionLink.insight_id,
            DecisionLink.decision_id,
            DecisionLink.type,
            DecisionLink.fingerprint.label("pinned"),
            DecisionLink.rationale,
            Insight.status,
            Insight.fingerprint,
            Decision.basis,
        )
        .join(Insight, Insight.id == DecisionLink.insight_id)
        .join(Decision, Decision.id == DecisionLink.decision_id)
        .where(_chosen(DecisionLink.insight_id, part.insights))
    )
    contradicted = _contradicted(session, member)
    return tuple(
        LinkRow(
            row.insight_id,
            row.decision_id,
            row.type,
            link_status(
                insight_status=row.status,
                insight_fingerprint=row.fingerprint,
                pinned_fingerprint=row.pinned,
                contradicted=row.insight_id in contradicted,
                declared_basis=row.basis is not None,
            ),
            row.rationale,
        )
        for row in session.execute(statement)
    )


def _contradicted(session: Session, member: Member | None) -> set[int]:
    """Insights with an open contradiction whose two sides the member may see; it marks both."""
    doubted, other = Contradiction.insight_id, Contradiction.other_insight_id
    is_open = Contradiction.status == ContradictionStatus.OPEN
    involved = select(doubted).where(is_open).union(select(other).where(is_open))
    seen = select(Insight.id).where(Insight.id.in_(involved), visible_insights(member))
    statement = select(doubted, other).where(is_open, doubted.in_(seen), or_(other.is_(None), other.in_(seen)))
    return {side for row in session.execute(statement) for side in row if side is not None}


def _components(session: Session, part: ThreadSelection) -> tuple[ComponentRow, ...]:
    """One row comes for each record on a component, a decision or an insight."""
    block, pairs = Component, insight_components.c
    columns = (block.id, block.name, block.kind, block.changed_on)
    decided = (
        select(*columns, Decision.id.label("decision_id"), _NO_NUMBER.label("insight_id"))
        .join(Decision, Decision.component_id == block.id)
        .where(_chosen(Decision.id, part.decisions))
    )
    about = select(*columns, _NO_NUMBER, pairs.insight_id).join(insight_components, pairs.component_id == block.id)
    if part.insights is not None:
        about = about.where(pairs.insight_id.in_(part.insights))
    found: dict[int, Any] = {}
    decisions: defaultdict[int, list[int]] = defaultdict(list)
    insights: defaultdict[int, list[int]] = defaultdict(list)
    for row in session.execute(union_all(decided, about)):
        found[row.id] = row
        if row.decision_id is None:
            insights[row.id].append(row.insight_id)
        else:
            decisions[row.id].append(row.decision_id)
    return tuple(
        ComponentRow(key, row.name, row.kind.value, tuple(decisions[key]), tuple(insights[key]), row.changed_on)
        for key, row in found.items()
    )


def _changes_and_measures(session: Session, part: ThreadSelection) -> tuple[PlacedRow, ...]:
    """Those of a decision out of sight hang on nothing and are cut off; so are its checks."""
    changes = select(
        literal("CHG").label("kind"),
        Change.id.label("id"),
        Change.decision_id.label("decision_id"),
        Change.after.label("title"),
        cast(null(), Measure.baseline_on.type).label("on"),
    ).where(_chosen(Change.decision_id, part.decisions))
    measures = select(
        literal("MEA"), Measure.id, Measure.decision_id, cast(Measure.name, Change.after.type), Measure.baseline_on
    ).where(_chosen(Measure.decision_id, part.decisions))
    return tuple(
        PlacedRow(f"{row.kind}-{row.id}", f"DEC-{row.decision_id}", shortened(row.title) or "A change", "", row.on)
        for row in session.execute(union_all(changes, measures))
    )


def _checks(session: Session, part: ThreadSelection) -> tuple[PlacedRow, ...]:
    check, day = OutcomeCheck, today(session)
    statement = select(
        check.id, check.decision_id, check.measure_id, check.due_on, check.verdict, check.recorded_on, check.note
    ).where(_chosen(check.decision_id, part.decisions))
    return tuple(
        PlacedRow(
            f"CHK-{row.id}",
            f"DEC-{row.decision_id}" if row.measure_id is None else f"MEA-{row.measure_id}",
            shortened(row.note) or f"Check due on {row.due_on.isoformat()}",
            _check_state(row.verdict, row.due_on, day),
            row.recorded_on or row.due_on,
        )
        for row in session.execute(statement)
    )


def _check_state(verdict: Verdict | None, due_on: date, on: date) -> str:
    if verdict is not None:
        return verdict.value
    return "overdue" if due_on < on else "due"


def shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1]}…"
