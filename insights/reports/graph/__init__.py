"""The traceability graph: from study to outcome and back, built from plain rows with no database in it.

graph = graph_of(rows)
graph.upstream("DEC-17")               everything it rests on
graph.downstream("SES-4", depth=1)     what directly came of it
graph.paths("HL-9", "DEC-17")          the ways from a quote to a decision, as a generator
layered(graph, "DEC-17")               boxes and lines for a drawing
"""

from insights.reports.graph.building import graph_of
from insights.reports.graph.layers import Drawing, layered
from insights.reports.graph.model import Edge, Graph, Node, Stage, traceability_graph
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

__all__ = [
    "ComponentRow",
    "DecisionRow",
    "Drawing",
    "Edge",
    "EvidenceRow",
    "Graph",
    "GraphRows",
    "InsightRow",
    "LinkRow",
    "Node",
    "PlacedRow",
    "RecommendationRow",
    "Stage",
    "graph_of",
    "layered",
    "traceability_graph",
]
