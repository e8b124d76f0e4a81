"""The thread of one record: study, session, source, quote, insight, decision, what changed and what came of it.

    trace(session, member, "DEC-17", *, depth=None) -> Trace

Ten statements, whatever the record and however much hangs on it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

from insights.core.errors import NotFound
from insights.people.models import Member
from insights.reports.graph import Edge, Graph, Node, Stage, graph_of
from insights.reports.reading.graph_rows import read_graph_rows
from insights.reports.table import Table
from insights.reports.thread_selection import select_thread


@dataclass(frozen=True)
class Trace:
    """`graph` holds the record and all that it rests on or that rests on it, as far as was asked for."""

    ref: str
    graph: Graph

    @cached_property
    def stages(self) -> dict[Stage, tuple[Node, ...]]:
        """Every stage in the order of the chain, with its records by date and number; empty where there are none."""
        ordered = sorted(self.graph.nodes.values(), key=lambda node: (node.on or "9999", _number(node.ref)))
        return {stage: tuple(node for node in ordered if node.stage is stage) for stage in Stage}

    @cached_property
    def edges(self) -> list[Edge]:
        """In the order of the records they join."""
        places = {
            node.ref: place for place, node in enumerate(node for nodes in self.stages.values() for node in nodes)
        }
        return sorted(self.graph.edges, key=lambda edge: (places[edge.source], places[edge.target], edge.kind))

    def counts(self, refs: Iterable[str]) -> dict[Stage, int]:
        """How many of the refs belong to each stage, those with none left out, in the order of the chain."""
        found = Counter(self.graph.nodes[ref].stage for ref in refs)
        return {stage: found[stage] for stage in Stage if found[stage]}

    def as_json(self) -> dict[str, object]:
        """{"ref", "stages": {stage: [ref, ...]}, "nodes": [...], "edges": [...]}."""
        return {
            "ref": self.ref,
            "stages": {stage.value: [node.ref for node in nodes] for stage, nodes in self.stages.items()},
            "nodes": [node.as_json() for nodes in self.stages.values() for node in nodes],
            "edges": [edge.as_json() for edge in self.edges],
        }

    def as_table(self) -> list[Table]:
        nodes = [
            (node.stage.value, node.ref, node.title, node.state, node.on)
            for members in self.stages.values()
            for node in members
        ]
        edges = [(edge.source, edge.target, edge.kind, edge.state, edge.note) for edge in self.edges]
        return [
            Table("Thread", ("Stage", "Reference", "Title", "State", "Date"), tuple(nodes)),
            Table("Connections", ("From", "To", "How", "State", "Why"), tuple(edges)),
        ]


def trace(session: Session, member: Member | None, ref: str, *, depth: int | None = None) -> Trace:
    """The thread of a record as the member may see it; `depth` limits the steps each way (features.md G10).

    Raises:
        NotFound: when there is no such record, or the member may not see it.
        InvalidInput: when records of that kind have no thread.
    """
    wanted = ref.strip().upper()
    graph = graph_of(read_graph_rows(session, member, select_thread(wanted)))
    if wanted not in graph.nodes:
        raise NotFound(wanted)
    return Trace(wanted, graph.thread(wanted, depth))


def _number(ref: str) -> int:
    return int(ref.rpartition("-")[2])
