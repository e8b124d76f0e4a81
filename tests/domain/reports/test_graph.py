from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.core.errors import InvalidInput, NotFound
from insights.reports.graph import Edge, Graph, Node, Stage, traceability_graph

REFS = [f"INS-{number}" for number in range(8)]
PAIRS = st.sets(st.tuples(st.sampled_from(REFS), st.sampled_from(REFS)), max_size=25)


def graph_of(pairs: set[tuple[str, str]]) -> Graph:
    nodes = [Node(ref, Stage.INSIGHT, ref) for ref in REFS]
    return traceability_graph(nodes, [Edge(first, second, "supports") for first, second in sorted(pairs)])


def reached_naively(pairs: set[tuple[str, str]], ref: str, depth: int) -> set[str]:
    """Every walk of up to `depth` edges, tried out one edge at a time."""
    reached = {ref}
    for _ in range(depth):
        reached |= {second for first, second in pairs if first in reached}
    return reached - {ref}


@settings(deadline=None)
@given(PAIRS, st.sampled_from(REFS), st.integers(0, 9))
def test_walking_down_reaches_what_trying_every_edge_reaches(pairs: set[tuple[str, str]], ref: str, depth: int) -> None:
    graph = graph_of(pairs)

    assert graph.downstream(ref, depth) == reached_naively(pairs, ref, depth)
    assert graph.downstream(ref) == reached_naively(pairs, ref, len(REFS))


@settings(deadline=None)
@given(PAIRS, st.sampled_from(REFS), st.integers(0, 9))
def test_walking_up_is_walking_down_with_every_edge_turned_round(
    pairs: set[tuple[str, str]], ref: str, depth: int
) -> None:
    turned = {(second, first) for first, second in pairs}

    assert graph_of(pairs).upstream(ref, depth) == graph_of(turned).downstream(ref, depth)


@settings(deadline=None)
@given(PAIRS, st.sampled_from(REFS))
def test_what_rests_on_a_record_is_what_it_is_upstream_of(pairs: set[tuple[str, str]], ref: str) -> None:
    graph = graph_of(pairs)

    assert graph.downstream(ref) == {other for other in REFS if ref in graph.upstream(other)}


def test_a_ring_of_supersession_ends() -> None:
    ring = {("INS-0", "INS-1"), ("INS-1", "INS-2"), ("INS-2", "INS-0")}

    graph = graph_of(ring)

    assert graph.downstream("INS-0") == graph.upstream("INS-0") == {"INS-1", "INS-2"}
    assert len(graph.thread("INS-0").edges) == 3


def test_a_record_that_superseded_itself_is_not_its_own_downstream() -> None:
    assert graph_of({("INS-0", "INS-0")}).downstream("INS-0") == set()


def test_a_chain_of_ten_thousand_is_walked() -> None:
    refs = [f"DEC-{number}" for number in range(10_000)]
    edges = [Edge(first, second, "superseded by") for first, second in itertools.pairwise(refs)]
    graph = traceability_graph([Node(ref, Stage.DECISION, ref) for ref in refs], edges)

    assert len(graph.downstream("DEC-0")) == 9_999


def test_an_edge_to_a_record_out_of_sight_is_left_out() -> None:
    graph = traceability_graph([Node("INS-1", Stage.INSIGHT, "Seen")], [Edge("INS-1", "DEC-9", "changed")])

    assert graph.edges == ()


def test_a_thread_leaves_out_what_only_shares_a_neighbour() -> None:
    graph = graph_of({("INS-0", "INS-2"), ("INS-1", "INS-2")})

    assert set(graph.thread("INS-0").nodes) == {"INS-0", "INS-2"}


def test_an_unknown_record_and_a_negative_depth_are_refused() -> None:
    graph = graph_of(set())

    with pytest.raises(NotFound):
        graph.upstream("INS-99")
    with pytest.raises(InvalidInput, match="-1 steps"):
        graph.downstream("INS-0", -1)
