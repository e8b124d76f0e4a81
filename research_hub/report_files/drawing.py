"""Where the corners of a Kaplan-Meier curve lie in a drawing of 640 by 250: days to the right, shares downwards."""

from __future__ import annotations

from dataclasses import dataclass

from insights.reports.kaplan_meier import Curve

LEFT, RIGHT, TOP, BOTTOM = 66, 628, 20, 188
_THIRTY = 30
_A_YEAR = 360
_ANCHORS = ("start", "middle", "middle", "end")


@dataclass(frozen=True, slots=True)
class Tick:
    """A day under the axis and how many were still watched on it."""

    x: int
    anchor: str
    day: int
    at_risk: int


@dataclass(frozen=True, slots=True)
class DrawnCurve:
    """`path` is the d of an SVG path; a line ends on the last day that anybody was watched."""

    path: str
    ticks: tuple[Tick, ...]


def draw(curve: Curve) -> DrawnCurve:
    horizon = last_day_drawn(curve)
    return DrawnCurve(_path(curve, horizon), tuple(_tick(curve, horizon, part) for part in range(4)))


def last_day_drawn(curve: Curve) -> int:
    """All that was watched up to a year, in whole thirds of thirty days."""
    return min(_A_YEAR, max(_THIRTY, -(-curve.last_day // _THIRTY) * _THIRTY))


def _tick(curve: Curve, horizon: int, part: int) -> Tick:
    day = horizon * part // 3
    return Tick(LEFT + part * (RIGHT - LEFT) // 3, _ANCHORS[part], day, curve.at_risk_on(day))


def _path(curve: Curve, horizon: int) -> str:
    corners = [f"M{LEFT} {TOP}"]
    for day, share in curve.points():
        if day <= horizon:
            x = LEFT + (RIGHT - LEFT) * day / horizon
            corners.append(f"H{x:.1f}V{TOP + (BOTTOM - TOP) * (1 - share):.1f}")
    if curve.last_day > horizon:
        corners.append(f"H{RIGHT}")
    return "".join(corners)
