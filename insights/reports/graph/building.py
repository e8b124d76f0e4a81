"""Rows into a graph: one node a record, one edge a connection, in the order of the rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from insights.decisions.link_status import LINK_STATUS_WORDS
from insights.reports.graph.model import Edge, Graph, Node, Stage, traceability_graph
from insights.reports.graph.rows import GraphRows
from insights.reports.uncollected import uncollected

_STAGES = {
    "STU": Stage.STUDY,
    "SES": Stage.SESSION,
    "SRC": Stage.SOURCE,
    "HL": Stage.QUOTE,
    "CHG": Stage.CHANGE,
    "MEA": Stage.MEASURE,
    "CHK": Stage.OUTCOME,
}
_HOW = {
    Stage.SESSION: "contains",
    Stage.SOURCE: "contains",
    Stage.QUOTE: "quoted",
    Stage.CHANGE: "changed",
    Stage.MEASURE: "measured by",
    Stage.OUTCOME: "checked by",
}


def graph_of(rows: GraphRows) -> Graph:
    """Connections to records that no row tells of are left out. Takes time in proportion to the rows."""
    with uncollected():
        return traceability_graph(_nodes(rows), _edges(rows))


def _nodes(rows: GraphRows) -> Iterator[Node]:
    for each in (*rows.capture, *rows.following):
        yield Node(each.ref, _stage_of(each.ref), each.title, _words(each.state), _iso(each.on))
    for insight in rows.insights:
        yield Node(f"INS-{insight.id}", Stage.INSIGHT, insight.claim, _words(insight.state), _iso(insight.on))
    for item in rows.recommendations:
        yield Node(f"REC-{item.id}", Stage.RECOMMENDATION, item.text, _words(item.state), _iso(item.on))
    for decision in rows.decisions:
        state = ", ".join(_words(term) for term in (decision.state, decision.delivery) if term)
        yield Node(f"DEC-{decision.id}", Stage.DECISION, decision.title, state, _iso(decision.on))
    for component in rows.components:
        state = "" if component.on is None else "changed"
        yield Node(f"CMP-{component.id}", Stage.COMPONENT, component.name, state, _iso(component.on))


def _edges(rows: GraphRows) -> Iterator[Edge]:
    for each in (*rows.capture, *rows.following):
        if each.parent:
            yield Edge(each.parent, each.ref, _HOW[_stage_of(each.ref)])
    yield from _edges_to_insights(rows)
    yield from _edges_to_decisions(rows)


def _edges_to_insights(rows: GraphRows) -> Iterator[Edge]:
    for insight in rows.insights:
        if insight.superseded_by_id is not None:
            yield Edge(f"INS-{insight.id}", f"INS-{insight.superseded_by_id}", "superseded by")
    for evidence in rows.evidence:
        yield Edge(evidence.source, f"INS-{evidence.insight_id}", _words(evidence.relation), "", evidence.note)
    for item in rows.recommendations:
        for insight_id in item.insight_ids:
            yield Edge(f"INS-{insight_id}", f"REC-{item.id}", "recommends")


def _edges_to_decisions(rows: GraphRows) -> Iterator[Edge]:
    for link in rows.links:
        ends = (f"INS-{link.insight_id}", f"DEC-{link.decision_id}")
        yield Edge(*ends, _words(link.type), LINK_STATUS_WORDS[link.status], link.note)
    for decision in rows.decisions:
        if decision.superseded_by_id is not None:
            yield Edge(f"DEC-{decision.id}", f"DEC-{decision.superseded_by_id}", "superseded by")
    for component in rows.components:
        for number in component.decision_ids:
            yield Edge(f"DEC-{number}", f"CMP-{component.id}", "applies to")
        for number in component.insight_ids:
            yield Edge(f"INS-{number}", f"CMP-{component.id}", "is about")


def _stage_of(ref: str) -> Stage:
    return _STAGES[ref.partition("-")[0]]


def _words(term: str) -> str:
    return str(term).replace("_", " ")


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()
