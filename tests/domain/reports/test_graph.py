from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.core.errors import InvalidInput, NotFound
from insights.decisions.models import LinkStatus, LinkType
from insights.reports.graph import (
    ComponentRow,
    DecisionRow,
    Edge,
    EvidenceRow,
    Graph,
    GraphRows,
    InsightRow,
    LinkRow,
    Node,
    PlacedRow,
    Stage,
    layered,
    traceability_graph,
)
from insights.reports.graph import graph_of as graph_of_rows
from insights.reports.graph.layers import BOX_HEIGHT, BOX_WIDTH

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


def ways_naively(pairs: set[tuple[str, str]], source: str, target: str) -> set[tuple[str, ...]]:
    """Every way that meets no record twice, by making all ways longer until none can be."""
    ways, found = {(source,)}, set()
    while ways:
        found |= {way for way in ways if way[-1] == target}
        ways = {(*way, second) for way in ways for first, second in pairs if first == way[-1] and second not in way}
    return found


@settings(deadline=None, max_examples=50)
@given(st.sets(st.tuples(st.sampled_from(REFS[:5]), st.sampled_from(REFS[:5])), max_size=12), st.sampled_from(REFS[:5]))
def test_paths_are_those_that_making_every_way_longer_finds(pairs: set[tuple[str, str]], target: str) -> None:
    told = list(graph_of(pairs).paths("INS-0", target))

    assert set(told) == ways_naively(pairs, "INS-0", target)
    assert len(told) == len(set(told))


def test_the_first_path_of_a_long_chain_is_there_at_once_and_beyond_it_there_is_none() -> None:
    refs = [f"DEC-{number}" for number in range(5_000)]
    edges = [Edge(first, second, "superseded by") for first, second in itertools.pairwise(refs)]
    graph = traceability_graph([Node(ref, Stage.DECISION, ref) for ref in refs], edges)

    assert next(graph.paths("DEC-0", "DEC-4999")) == tuple(refs)
    assert list(graph.paths("DEC-4999", "DEC-0")) == []
    with pytest.raises(NotFound):
        next(graph.paths("DEC-0", "DEC-5000"))


@settings(deadline=None)
@given(PAIRS, st.sampled_from(REFS))
def test_steps_are_the_fewest_edges_up_or_down(pairs: set[tuple[str, str]], ref: str) -> None:
    graph = graph_of(pairs)

    told = graph.steps_from(ref)

    assert told[ref] == 0
    for depth in range(1, len(REFS)):
        near = graph.upstream(ref, depth) | graph.downstream(ref, depth)
        assert {other for other, steps in told.items() if 0 < steps <= depth} == near


def test_rows_become_records_and_connections_and_rows_out_of_sight_none() -> None:
    graph = graph_of_rows(
        GraphRows(
            capture=(PlacedRow("STU-1", "", "Letters", "in_field"), PlacedRow("SES-1", "STU-1", "Kitchen")),
            insights=(InsightRow(1, "People give up", "published", date(1969, 12, 31)),),
            evidence=(EvidenceRow("HL-9", 1),),
            decisions=(DecisionRow(1, "Shorten", "accepted", "in_progress", superseded_by_id=2),),
            links=(LinkRow(1, 1, LinkType.CONSIDERED_NOT_FOLLOWED, LinkStatus.OUTDATED, "Why"),),
            components=(ComponentRow(1, "Letter", decision_ids=(1, 7)),),
        )
    )

    assert {ref: (node.state, node.on) for ref, node in graph.nodes.items()} == {
        "STU-1": ("in field", ""),
        "SES-1": ("", ""),
        "INS-1": ("published", "1969-12-31"),
        "DEC-1": ("accepted, in progress", ""),
        "CMP-1": ("", ""),
    }
    assert {(edge.source, edge.target): (edge.kind, edge.state, edge.note) for edge in graph.edges} == {
        ("STU-1", "SES-1"): ("contains", "", ""),
        ("INS-1", "DEC-1"): ("considered not followed", "evidence changed since", "Why"),
        ("DEC-1", "CMP-1"): ("applies to", "", ""),
    }


def a_thread(quotes: int) -> Graph:
    """A study, its session with a text and so many quotes, an insight on all of them and a decision."""
    return graph_of_rows(
        GraphRows(
            capture=(
                PlacedRow("STU-1", "", "Letters"),
                PlacedRow("SES-1", "STU-1", "Kitchen"),
                PlacedRow("SRC-1", "SES-1", "Notes"),
                *(PlacedRow(f"HL-{number}", "SRC-1", "**I** gave up") for number in range(quotes)),
            ),
            insights=(InsightRow(1, "People give up"),),
            evidence=tuple(EvidenceRow(f"HL-{number}", 1) for number in range(quotes)),
            decisions=(DecisionRow(1, "Shorten"), DecisionRow(2, "Drop", superseded_by_id=1)),
            links=(LinkRow(1, 1, LinkType.CHANGED, LinkStatus.UNSUPPORTED),),
        )
    )


def test_the_drawing_runs_from_left_to_right_and_leaves_out_texts_of_sessions() -> None:
    drawn = layered(a_thread(3), "INS-1")

    places = {box.ref: box.x for box in drawn.boxes}
    assert places["STU-1"] < places["SES-1"] < places["HL-0"] < places["INS-1"] < places["DEC-1"] == places["DEC-2"]
    assert "SRC-1" not in places
    assert {(line.source, line.target) for line in drawn.lines} >= {("SES-1", "HL-0"), ("DEC-2", "DEC-1")}
    assert [line.words for line in drawn.lines if line.is_suspect] == ["INS-1 changed DEC-1: evidence withdrawn"]
    assert next(box.title for box in drawn.boxes if box.ref == "HL-0") == "I gave up"


def test_a_text_is_drawn_when_the_thread_is_its_own() -> None:
    assert "SRC-1" in {box.ref for box in layered(a_thread(1), "SRC-1").boxes}


def test_words_of_people_are_broken_earlier_for_they_are_set_wider() -> None:
    words = "It was all too slow for me to see what came of it."
    graph = traceability_graph([Node("HL-1", Stage.QUOTE, words), Node("INS-1", Stage.INSIGHT, words)], [])

    widest = {box.stage: max(map(len, box.label)) for box in layered(graph, "HL-1").boxes}

    assert widest[Stage.QUOTE] <= 18 < widest[Stage.INSIGHT] <= 21


def test_one_box_stands_for_what_a_layer_has_no_room_for() -> None:
    drawn = layered(a_thread(5_000), "INS-1")

    (more,) = [box for box in drawn.boxes if box.more]
    assert (more.more, more.stage, len([box for box in drawn.boxes if box.stage is Stage.QUOTE])) == (4_992, "quote", 9)
    assert len(drawn.lines) < 30


@settings(deadline=None, max_examples=40)
@given(PAIRS, st.sampled_from(REFS))
def test_no_two_boxes_lie_on_one_another_and_the_same_graph_gives_the_same_drawing(
    pairs: set[tuple[str, str]], here: str
) -> None:
    graph = graph_of(pairs)

    drawn = layered(graph, here)

    places = [(box.x, box.y) for box in drawn.boxes]
    assert len(set(places)) == len(places)
    assert all(box.y + BOX_HEIGHT <= drawn.height and box.x + BOX_WIDTH <= drawn.width for box in drawn.boxes)
    assert layered(graph, here) == drawn
    assert [box.ref for box in drawn.boxes if box.is_here] == [here]
