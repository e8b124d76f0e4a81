"""A thread as a drawing in layers, study on the left and outcome on the right; the same graph gives the same drawing.

    drawn = layered(graph, "DEC-17")
    drawn.boxes, drawn.lines, drawn.heads      in units of a drawing `width` by `height`

Each layer shows at most `MOST` boxes, those nearest to the record in the middle; one box stands for the rest. Texts of
a session are left out, for the session stands for them. Records are ordered within a layer by the mean place of their
neighbours, swept both ways (Sugiyama, Tagawa and Toda 1981), so that few lines cross.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from insights.core.text import plain_words
from insights.decisions.link_status import LINK_STATUS_WORDS
from insights.decisions.models import LinkStatus
from insights.reports.graph.model import Edge, Graph, Node, Stage

MOST = 9
WIDEST = 1154
BOX_WIDTH, BOX_HEIGHT = 150, 80
_ROW = BOX_HEIGHT + 14
_HEAD = 34
_LETTERS = 21
# Words of people are set in a serif that is larger and wider.
_LETTERS_OF_A_QUOTE = 18
_SWEEPS = 4
_LARGEST_GAP = 110

_LAYERS: tuple[tuple[str, tuple[Stage, ...]], ...] = (
    ("Studies", (Stage.STUDY,)),
    ("Sessions and texts", (Stage.SESSION, Stage.SOURCE)),
    ("Quotes", (Stage.QUOTE,)),
    ("Insights", (Stage.INSIGHT,)),
    ("Asked and decided", (Stage.RECOMMENDATION, Stage.DECISION)),
    ("What changed", (Stage.COMPONENT, Stage.CHANGE, Stage.MEASURE)),
    ("Outcomes", (Stage.OUTCOME,)),
)
_LAYER_OF = {stage: place for place, (_, stages) in enumerate(_LAYERS) for stage in stages}
_SOUND = {"", LINK_STATUS_WORDS[LinkStatus.CURRENT], LINK_STATUS_WORDS[LinkStatus.UNWANTED]}


@dataclass(frozen=True, slots=True)
class Box:
    """A record, or the `more` records that the drawing has no room for, of which `ref` is then empty."""

    ref: str
    stage: Stage
    label: tuple[str, ...]
    title: str
    state: str
    x: int
    y: int
    is_here: bool = False
    more: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """`path` is that of an SVG; `is_suspect` when the link between the two is no longer sound."""

    source: str
    target: str
    path: str
    words: str
    is_suspect: bool = False
    is_against: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    label: str
    x: int
    count: int


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    heads: tuple[Head, ...]
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def layered(graph: Graph, here: str) -> Drawing:
    """Raises NotFound when the graph has no record `here`."""
    shown = _without_texts_of_sessions(graph, here)
    layers = _ordered(shown, _in_layers(shown))
    kept = _nearest(shown, layers, here)
    boxes = _boxes(shown, layers, kept, here)
    height = max((box.y for box in boxes.values()), default=0) + BOX_HEIGHT + 4
    width = max((box.x for box in boxes.values()), default=0) + BOX_WIDTH + 2
    heads = [
        Head(_LAYERS[place][0], x, len(layers[place])) for place, x in zip(layers, _columns(len(layers)), strict=True)
    ]
    unique = {id(box): box for box in boxes.values()}
    return Drawing(width, height, tuple(heads), tuple(unique.values()), _lines(shown.edges, boxes))


def _without_texts_of_sessions(graph: Graph, here: str) -> Graph:
    """What was quoted from a text hangs on its session instead."""
    stands_for = {
        edge.target: edge.source
        for edge in graph.edges
        if graph.nodes[edge.target].stage is Stage.SOURCE
        and graph.nodes[edge.source].stage is Stage.SESSION
        and edge.target != here
    }
    if not stands_for:
        return graph
    edges = [
        Edge(stands_for.get(edge.source, edge.source), edge.target, edge.kind, edge.state, edge.note)
        for edge in graph.edges
        if edge.target not in stands_for
    ]
    nodes = {ref: node for ref, node in graph.nodes.items() if ref not in stands_for}
    joined = Graph(nodes, tuple(edges), {}, {})
    return joined.within(nodes)


def _in_layers(graph: Graph) -> dict[int, list[str]]:
    """Refs by layer, the empty layers left out, each in the order of day and number."""
    found: defaultdict[int, list[Node]] = defaultdict(list)
    for node in graph.nodes.values():
        found[_LAYER_OF[node.stage]].append(node)
    return {
        place: [node.ref for node in sorted(found[place], key=lambda node: (node.on or "9999", _number(node.ref)))]
        for place in sorted(found)
    }


def _ordered(graph: Graph, layers: dict[int, list[str]]) -> dict[int, list[str]]:
    places = {ref: _height(row, len(refs)) for refs in layers.values() for row, ref in enumerate(refs)}
    for sweep in range(_SWEEPS):
        neighbours = graph.before if sweep % 2 == 0 else graph.after
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            layers[layer] = sorted(layers[layer], key=lambda ref: _middle(ref, neighbours, places))
            places |= {ref: _height(row, len(layers[layer])) for row, ref in enumerate(layers[layer])}
    return layers


def _height(row: int, rows: int) -> float:
    """Between 0 and 1, so that layers of different sizes can be compared."""
    return (row + 0.5) / rows


def _middle(ref: str, neighbours: Mapping[str, tuple[str, ...]], places: Mapping[str, float]) -> float:
    others = neighbours.get(ref, ())
    return sum(places[other] for other in others) / len(others) if others else places[ref]


def _nearest(graph: Graph, layers: Mapping[int, Sequence[str]], here: str) -> dict[int, list[str]]:
    """The records each layer has room for, in its order."""
    steps = graph.steps_from(here)
    far = len(graph.nodes)
    kept = {}
    for layer, refs in layers.items():
        room = MOST if len(refs) <= MOST else MOST - 1
        chosen = set(sorted(refs, key=lambda ref: steps.get(ref, far))[:room])
        kept[layer] = [ref for ref in refs if ref in chosen]
    return kept


def _columns(number: int) -> list[int]:
    gap = (WIDEST - number * BOX_WIDTH) // max(1, number - 1)
    return [place * (BOX_WIDTH + min(gap, _LARGEST_GAP)) + 1 for place in range(number)]


def _boxes(
    graph: Graph, layers: Mapping[int, Sequence[str]], kept: Mapping[int, Sequence[str]], here: str
) -> dict[str, Box]:
    """By ref; those without room share the one box that stands for them."""
    rows = {layer: len(kept[layer]) + (len(kept[layer]) < len(refs)) for layer, refs in layers.items()}
    tallest = max(rows.values(), default=1)
    boxes: dict[str, Box] = {}
    for (layer, refs), x in zip(layers.items(), _columns(len(layers)), strict=True):
        top = _HEAD + (tallest - rows[layer]) * _ROW // 2
        for row, ref in enumerate(kept[layer]):
            boxes[ref] = _box(graph.nodes[ref], x, top + row * _ROW, here)
        left_out = [ref for ref in refs if ref not in boxes]
        if left_out:
            stage = graph.nodes[left_out[0]].stage
            label = (f"{len(left_out):,} more,", "in the list below")
            more = Box("", stage, label, " ".join(label), "", x, top + len(kept[layer]) * _ROW, more=len(left_out))
            boxes |= dict.fromkeys(left_out, more)
    return boxes


def _box(node: Node, x: int, y: int, here: str) -> Box:
    title = plain_words(node.title)
    letters = _LETTERS_OF_A_QUOTE if node.stage is Stage.QUOTE else _LETTERS
    label = textwrap.wrap(title, letters, max_lines=2, placeholder="…")
    return Box(node.ref, node.stage, tuple(label), title, node.state, x, y, is_here=node.ref == here)


def _lines(edges: Iterable[Edge], boxes: Mapping[str, Box]) -> tuple[Line, ...]:
    """One line between two boxes, however many connections lie under it."""
    found: dict[tuple[int, int], Line] = {}
    for edge in edges:
        first, second = boxes[edge.source], boxes[edge.target]
        pair = (id(first), id(second))
        if first is second or (pair in found and found[pair].is_suspect):
            continue
        words = f"{edge.source} {edge.kind} {edge.target}"
        found[pair] = Line(
            edge.source,
            edge.target,
            _path(first, second),
            f"{words}: {edge.state}" if edge.state else words,
            edge.state not in _SOUND,
            edge.kind in {"contradicts", "considered not followed"},
        )
    return tuple(found.values())


def _path(first: Box, second: Box) -> str:
    y_from, y_to = first.y + BOX_HEIGHT // 2, second.y + BOX_HEIGHT // 2
    if first.x == second.x:
        edge, bow = first.x + BOX_WIDTH, first.x + BOX_WIDTH + 24
        return f"M{edge} {y_from}C{bow} {y_from} {bow} {y_to} {edge} {y_to}"
    left, right = (first, second) if first.x < second.x else (second, first)
    start, end = left.x + BOX_WIDTH, right.x
    y_left, y_right = left.y + BOX_HEIGHT // 2, right.y + BOX_HEIGHT // 2
    bend = min(80, max(14, (end - start) // 2))
    return f"M{start} {y_left}C{start + bend} {y_left} {end - bend} {y_right} {end} {y_right}"


def _number(ref: str) -> int:
    return int(ref.rpartition("-")[2])
