"""What a flow is: stops in four columns, bands between neighbours, rows behind each band, and the ways out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from insights.reports.days import Period
from insights.reports.table import Table


class Unit(StrEnum):
    """What a band counts."""

    INSIGHT = "insight"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Stop:
    """`key` is unique and stable; `column` runs from 0, studies, to 3, outcomes; `kind` is its stage's colour."""

    key: str
    column: int
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class FlowRow:
    ref: str
    title: str
    service: str
    owner: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """What goes from one stop to another; it counts its rows, of which no record comes twice."""

    source: str
    target: str
    unit: Unit
    rows: tuple[FlowRow, ...]

    @property
    def count(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Flow:
    """`insights` counts those first published in the period, `decisions` those that appear; both without repetition."""

    on: date
    period: Period
    stops: Mapping[str, Stop]
    bands: tuple[Band, ...]
    insights: int
    decisions: int

    def band(self, source: str, target: str) -> Band | None:
        return next((band for band in self.bands if (band.source, band.target) == (source, target)), None)

    def words(self, band: Band) -> str:
        """'Study A to acted on: 7 insights'."""
        noun = band.unit.value if band.count == 1 else f"{band.unit.value}s"
        return f"{self.stops[band.source].label} to {self.stops[band.target].label}: {band.count:,} {noun}"

    def as_json(self) -> dict[str, object]:
        return {
            "as_of": self.on.isoformat(),
            "from": self.period.start.isoformat(),
            "to": self.period.end.isoformat(),
            "insights": self.insights,
            "decisions": self.decisions,
            "bands": [
                {
                    "from": self.stops[band.source].label,
                    "to": self.stops[band.target].label,
                    "count": band.count,
                    "unit": band.unit.value,
                    "refs": [row.ref for row in band.rows],
                }
                for band in self.bands
            ],
        }

    def as_table(self) -> list[Table]:
        """The bands as on screen, then the rows behind them."""
        ends = [(band, self.stops[band.source].label, self.stops[band.target].label) for band in self.bands]
        bands = tuple((source, target, band.count, f"{band.unit.value}s") for band, source, target in ends)
        rows = tuple(
            (source, target, row.ref, row.title, row.note, row.service, row.owner)
            for band, source, target in ends
            for row in band.rows
        )
        return [
            Table("Flow", ("From", "To", "Count", "Of"), bands),
            Table("Rows", ("From", "To", "Reference", "Title", "Note", "Service", "Owner"), rows),
        ]
