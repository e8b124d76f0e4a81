"""The traceability graph: study, session, source, quote, insight, decision, outcome; walked both ways.

    graph = traceability_graph(nodes, edges)
    graph.upstream("DEC-17")               everything it rests on
    graph.downstream("SES-4", depth=1)     what directly came of it

Edges run the way evidence travels. Supersession runs from the old record to the new one and may form rings in data that
came from elsewhere; a walk visits each record once, so it ends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from insights.core.errors import InvalidInput, NotFound


class Stage(StrEnum):
    """The stages of the chain, in its order."""

    STUDY = "study"
    SESSION = "session"
    SOURCE = "source"
    QUOTE = "quote"
    INSIGHT = "insight"
    DECISION = "decision"
    MEASURE = "measure"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class Node:
    """`state` is said in words; `on` is an ISO 8601 day, or empty."""

    ref: str
    stage: Stage
    title: str
    state: str = ""
    on: str = ""

    def as_json(self) -> dict[str, str]:
        return {"ref": self.ref, "kind": self.stage.value, "title": self.title, "state": self.state, "on": self.on}


@dataclass(frozen=True, slots=True)
class Edge:
    """`kind` says how one hangs on the other: 'contains', 'supports', 'changed', 'superseded by', 'is checked by'."""

    source: str
    target: str
    kind: str
    state: str = ""
    note: str = ""

    def as_json(self) -> dict[str, str]:
        return {"from": self.source, "to": self.target, "kind": self.kind, "state": self.state, "note": self.note}


@dataclass(frozen=True, slots=True)
class Graph:
    nodes: Mapping[str, Node]
    edges: tuple[Edge, ...]
    after: Mapping[str, tuple[str, ...]]
    before: Mapping[str, tuple[str, ...]]

    def upstream(self, ref: str, depth: int | None = None) -> frozenset[str]:
        """The refs that `ref` rests on, itself left out; `depth` counts edges, None is all the way.

        Raises:
            NotFound: when the graph holds no such record.
            InvalidInput: when the depth is negative.
        """
        return self._reachable(ref, self.before, depth)

    def downstream(self, ref: str, depth: int | None = None) -> frozenset[str]:
        """The refs that rest on `ref`, itself left out. Raises as `upstream` does."""
        return self._reachable(ref, self.after, depth)

    def thread(self, ref: str, depth: int | None = None) -> Graph:
        """The part of the graph that `ref` rests on or that rests on it, itself included."""
        return self.within({ref} | self.upstream(ref, depth) | self.downstream(ref, depth))

    def within(self, refs: Iterable[str]) -> Graph:
        kept = set(refs)
        nodes = [node for ref, node in self.nodes.items() if ref in kept]
        return traceability_graph(nodes, self.edges)

    def _reachable(self, ref: str, neighbours: Mapping[str, tuple[str, ...]], depth: int | None) -> frozenset[str]:
        if ref not in self.nodes:
            raise NotFound(ref)
        if depth is not None and depth < 0:
            raise InvalidInput.of("depth", f"A walk cannot go {depth} steps. Give 0 or more, or leave it out for all.")
        seen, frontier, walked = {ref}, [ref], 0
        while frontier and (depth is None or walked < depth):
            found = {after for here in frontier for after in neighbours.get(here, ())} - seen
            seen |= found
            frontier, walked = list(found), walked + 1
        return frozenset(seen - {ref})


def traceability_graph(nodes: Iterable[Node], edges: Iterable[Edge]) -> Graph:
    """Joins them; an edge to a record that is not among the nodes is left out, for it may not be seen.

    Where a ref comes twice, the later node counts; the same edge is kept once.
    """
    known = {node.ref: node for node in nodes}
    kept = tuple(dict.fromkeys(edge for edge in edges if edge.source in known and edge.target in known))
    after: defaultdict[str, list[str]] = defaultdict(list)
    before: defaultdict[str, list[str]] = defaultdict(list)
    for edge in kept:
        after[edge.source].append(edge.target)
        before[edge.target].append(edge.source)
    return Graph(known, kept, _frozen(after), _frozen(before))


def _frozen(neighbours: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {ref: tuple(dict.fromkeys(others)) for ref, others in neighbours.items()}
