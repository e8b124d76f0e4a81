"""Records and the connections between them, walked both ways; edges run the way evidence travels.

Supersession runs from the old record to the new one and may form rings in data that came from elsewhere; a walk visits
each record once, so it ends, and nothing here calls itself, so no chain is too long.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
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
    RECOMMENDATION = "recommendation"
    DECISION = "decision"
    COMPONENT = "component"
    CHANGE = "change"
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
    """`kind` says how one hangs on the other: 'contains', 'supports', 'changed', 'superseded by', 'checked by'."""

    source: str
    target: str
    kind: str
    state: str = ""
    note: str = ""

    def as_json(self) -> dict[str, str]:
        return {"from": self.source, "to": self.target, "kind": self.kind, "state": self.state, "note": self.note}


@dataclass(frozen=True, slots=True)
class Graph:
    """`after` and `before` hold the neighbours of each record that has any."""

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
        return frozenset(self._steps(ref, self.before, depth)) - {ref}

    def downstream(self, ref: str, depth: int | None = None) -> frozenset[str]:
        """The refs that rest on `ref`, itself left out. Raises as `upstream` does."""
        return frozenset(self._steps(ref, self.after, depth)) - {ref}

    def steps_from(self, ref: str) -> dict[str, int]:
        """How many edges lie between `ref` and each record up or down its thread, itself 0; the shorter way counts."""
        steps = self._steps(ref, self.before, None)
        for other, walked in self._steps(ref, self.after, None).items():
            steps[other] = min(walked, steps.get(other, walked))
        return steps

    def paths(self, source: str, target: str) -> Iterator[tuple[str, ...]]:
        """Every way from one record down to another that meets no record twice, in the order of the edges.

        There may be more of them than anybody can read: take as many as are wanted. Raises as `upstream` does.
        """
        leads_there = self.upstream(target) | {target}
        if source not in self.nodes:
            raise NotFound(source)
        path = [source]
        waiting = [iter(self.after.get(source, ()))] if source != target else []
        if source == target:
            yield (source,)
        while waiting:
            step = next(waiting[-1], None)
            if step is None:
                waiting.pop()
                path.pop()
            elif step == target:
                yield (*path, step)
            elif step in leads_there and step not in path:
                path.append(step)
                waiting.append(iter(self.after.get(step, ())))

    def thread(self, ref: str, depth: int | None = None) -> Graph:
        """The part of the graph that `ref` rests on or that rests on it, itself included."""
        return self.within({ref} | self.upstream(ref, depth) | self.downstream(ref, depth))

    def within(self, refs: Iterable[str]) -> Graph:
        kept = set(refs)
        nodes = [node for ref, node in self.nodes.items() if ref in kept]
        return traceability_graph(nodes, self.edges)

    def _steps(self, ref: str, neighbours: Mapping[str, tuple[str, ...]], depth: int | None) -> dict[str, int]:
        if ref not in self.nodes:
            raise NotFound(ref)
        if depth is not None and depth < 0:
            raise InvalidInput.of("depth", f"A walk cannot go {depth} steps. Give 0 or more, or leave it out for all.")
        steps, frontier, walked = {ref: 0}, [ref], 0
        while frontier and (depth is None or walked < depth):
            walked += 1
            found = {other for here in frontier for other in neighbours.get(here, ()) if other not in steps}
            steps.update(dict.fromkeys(found, walked))
            frontier = list(found)
        return steps


def traceability_graph(nodes: Iterable[Node], edges: Iterable[Edge]) -> Graph:
    """Joins them; an edge to a record that is not among the nodes is left out, for it may not be seen.

    Where a ref comes twice, the later node counts; the same edge is kept once.
    """
    known = {node.ref: node for node in nodes}
    # Keyed by its fields, for to hash a quarter of a million edges one by one takes as long as all the rest.
    unique = {
        (edge.source, edge.target, edge.kind, edge.state, edge.note): edge
        for edge in edges
        if edge.source in known and edge.target in known
    }
    kept = tuple(unique.values())
    after: defaultdict[str, list[str]] = defaultdict(list)
    before: defaultdict[str, list[str]] = defaultdict(list)
    for edge in kept:
        after[edge.source].append(edge.target)
        before[edge.target].append(edge.source)
    return Graph(known, kept, _frozen(after), _frozen(before))


def _frozen(neighbours: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {ref: tuple(dict.fromkeys(others)) for ref, others in neighbours.items()}
