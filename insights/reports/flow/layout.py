"""A flow as shapes (a Sankey diagram): four columns of bars, and between them bands as thick as what they count.

Every stop and band keeps the order of the flow, so the same flow always gives the same drawing, and no library is
needed: with four columns in a fixed order there is nothing to solve.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from insights.reports.flow.model import Band, Flow, Stop, Unit

WIDTH = 1154
BAR = 14
HEAD = 34
COLUMN_NAMES = ("Studies", "What became of the insights", "Decisions", "Outcomes")
_LEFT = (0, 300, 650, 940)
_TALLEST = 400.0
_THICKEST = 12.0
_ROOM = 20.0
_GAP = 8.0
_THINNEST = 1.5


@dataclass(frozen=True, slots=True)
class Bar:
    """`counts` say in words what passes it."""

    stop: Stop
    x: float
    y: float
    height: float
    counts: str


@dataclass(frozen=True, slots=True)
class Ribbon:
    band: Band
    words: str
    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class FlowDrawing:
    width: int
    height: int
    columns: tuple[tuple[str, int], ...]
    bars: tuple[Bar, ...]
    ribbons: tuple[Ribbon, ...]


def laid_out(flow: Flow) -> FlowDrawing:
    scale = _scale(flow)
    bars = {bar.stop.key: bar for column in range(4) for bar in _column(flow, column, scale)}
    height = max((bar.y + max(bar.height, _ROOM) for bar in bars.values()), default=0.0)
    return FlowDrawing(
        WIDTH,
        int(height) + 6,
        tuple(zip(COLUMN_NAMES, _LEFT, strict=True)),
        tuple(bars.values()),
        tuple(_ribbons(flow, bars, scale)),
    )


def _scale(flow: Flow) -> float:
    """How high one of anything is, in units of the drawing: the fullest column fits."""
    fullest = max((sum(_amount(flow, stop) for stop in _stops_of(flow, column)) for column in range(4)), default=0)
    return min(_THICKEST, _TALLEST / fullest) if fullest else _THICKEST


def _stops_of(flow: Flow, column: int) -> list[Stop]:
    return [stop for stop in flow.stops.values() if stop.column == column]


def _amount(flow: Flow, stop: Stop) -> int:
    """What comes in or goes out, whichever is more: insights may come in where decisions go out."""
    return max(
        sum(band.count for band in flow.bands if band.target == stop.key),
        sum(band.count for band in flow.bands if band.source == stop.key),
    )


def _column(flow: Flow, column: int, scale: float) -> Iterable[Bar]:
    y = float(HEAD)
    for stop in _stops_of(flow, column):
        height = max(_THINNEST, _amount(flow, stop) * scale)
        yield Bar(stop, _LEFT[column], round(y, 1), round(height, 1), _counts(flow, stop))
        y += max(height, _ROOM) + _GAP


def _counts(flow: Flow, stop: Stop) -> str:
    """Insights and decisions that pass, each record once: '7 insights', '12 insights, 5 decisions'."""
    refs: defaultdict[Unit, set[str]] = defaultdict(set)
    for band in flow.bands:
        if stop.key in {band.source, band.target}:
            refs[band.unit].update(row.ref for row in band.rows)
    return ", ".join(
        f"{len(refs[unit]):,} {unit.value}{'' if len(refs[unit]) == 1 else 's'}" for unit in Unit if refs[unit]
    )


def _ribbons(flow: Flow, bars: dict[str, Bar], scale: float) -> Iterable[Ribbon]:
    leaving: defaultdict[str, float] = defaultdict(float)
    coming: defaultdict[str, float] = defaultdict(float)
    for band in flow.bands:
        source, target, thick = bars[band.source], bars[band.target], band.count * scale
        kind = "decision" if band.unit is Unit.INSIGHT and source.stop.column == 1 else source.stop.kind
        path = _path(source, source.y + leaving[band.source], target, target.y + coming[band.target], thick)
        yield Ribbon(band, flow.words(band), kind, path)
        leaving[band.source] += thick
        coming[band.target] += thick


def _path(source: Bar, y_from: float, target: Bar, y_to: float, thick: float) -> str:
    start, end = source.x + BAR, target.x
    middle = (start + end) / 2
    low = max(thick, _THINNEST)
    return (
        f"M{start:.1f} {y_from:.1f}C{middle:.1f} {y_from:.1f} {middle:.1f} {y_to:.1f} {end:.1f} {y_to:.1f}"
        f"v{low:.1f}C{middle:.1f} {y_to + low:.1f} {middle:.1f} {y_from + low:.1f} {start:.1f} {y_from + low:.1f}Z"
    )
