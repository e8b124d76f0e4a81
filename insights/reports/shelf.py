"""The shelf: published actionable insights that nobody has answered, oldest first (features.md I2, beyond.md 1).

    shelf(base, on=None, *, service_id=None, owner_id=None) -> ShelfReport

An insight leaves it by a disposition only, never by an edit or a view. Parked ones are listed apart until their date
has passed; then they are back on the shelf.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from insights.decisions.disposition import DispositionState
from insights.reports.days import age_in_days
from insights.reports.facts import EvidenceBase, InsightFact
from insights.reports.metrics.metric import counted
from insights.reports.standing import disposition, is_actionable, is_published
from insights.reports.strength import strength_in_words
from insights.reports.table import Table
from insights.synthesis.models import DispositionKind


class AgeBand(StrEnum):
    """Days since the first publication."""

    UP_TO_30 = "0-30"
    UP_TO_90 = "31-90"
    UP_TO_180 = "91-180"
    OVER_180 = ">180"


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """`age` in days since first publication. `parked_until` is the last date it was parked to, also when that is past.

    `legacy` marks the imported back catalogue, which T5 leaves out.
    """

    ref: str
    claim: str
    service_id: int | None
    service: str
    owner_id: int | None
    owner: str
    age: int
    band: AgeBand
    strength: str
    parked_until: date | None
    published_on: date
    legacy: bool

    @property
    def waiting(self) -> str:
        """'on the shelf for 112 days'."""
        return f"on the shelf for {counted(self.age, 'day')}"

    def as_json(self) -> dict[str, object]:
        return {
            "ref": self.ref,
            "claim": self.claim,
            "service": self.service,
            "owner": self.owner,
            "age_days": self.age,
            "band": self.band.value,
            "strength": self.strength,
            "published_on": self.published_on.isoformat(),
            "parked_until": None if self.parked_until is None else self.parked_until.isoformat(),
            "legacy": self.legacy,
        }


@dataclass(frozen=True, slots=True)
class ShelfReport:
    """`bands` has every band, in order, with 0 where it is empty."""

    on: date
    rows: tuple[ShelfRow, ...]
    parked: tuple[ShelfRow, ...]

    @property
    def bands(self) -> dict[AgeBand, int]:
        counts = Counter(row.band for row in self.rows)
        return {band: counts[band] for band in AgeBand}

    def bands_by_service(self) -> list[tuple[str, dict[AgeBand, int]]]:
        """Services by name with their bands; those without a service come last, under an empty name."""
        counts = Counter((row.service, row.band) for row in self.rows)
        services = sorted({row.service for row in self.rows}, key=lambda name: (not name, name.casefold()))
        return [(service, {band: counts[service, band] for band in AgeBand}) for service in services]

    def as_json(self) -> dict[str, object]:
        return {
            "as_of": self.on.isoformat(),
            "total": len(self.rows),
            "bands": {band.value: number for band, number in self.bands.items()},
            "rows": [row.as_json() for row in self.rows],
            "parked": [row.as_json() for row in self.parked],
        }

    def as_table(self) -> list[Table]:
        bands = tuple((band.value, number) for band, number in self.bands.items())
        return [
            _shelf_table("Shelf", self.rows),
            Table("Age bands", ("Days on the shelf", "Insights"), bands),
            _shelf_table("Parked", self.parked),
        ]


def shelf(
    base: EvidenceBase, on: date | None = None, *, service_id: int | None = None, owner_id: int | None = None
) -> ShelfReport:
    """The shelf as it stood on a day, today by default."""
    day = base.today if on is None else on
    chosen = [
        insight
        for insight in base.insights_in_scope
        if service_id in {None, insight.service_id} and owner_id in {None, insight.owner_id}
    ]
    rows: dict[DispositionState, list[ShelfRow]] = {DispositionState.OPEN: [], DispositionState.PARKED: []}
    for insight in chosen:
        if insight.published_on is None or not is_published(insight, day) or not is_actionable(insight, day):
            continue
        state = disposition(base, insight, day).state
        if state in rows:
            rows[state].append(_row(base, insight, insight.published_on, day))
    return ShelfReport(day, _oldest_first(rows[DispositionState.OPEN]), _oldest_first(rows[DispositionState.PARKED]))


def age_band(days: int) -> AgeBand:
    for longest, band in ((30, AgeBand.UP_TO_30), (90, AgeBand.UP_TO_90), (180, AgeBand.UP_TO_180)):
        if days <= longest:
            return band
    return AgeBand.OVER_180


def _row(base: EvidenceBase, insight: InsightFact, published_on: date, on: date) -> ShelfRow:
    age = age_in_days(published_on, on)
    return ShelfRow(
        ref=insight.ref,
        claim=insight.claim,
        service_id=insight.service_id,
        service=insight.service,
        owner_id=insight.owner_id,
        owner=insight.owner,
        age=age,
        band=age_band(age),
        strength=strength_in_words(insight, on),
        parked_until=_parked_until(base, insight, on),
        published_on=published_on,
        legacy=insight.legacy,
    )


def _parked_until(base: EvidenceBase, insight: InsightFact, on: date) -> date | None:
    known = [event for event in base.events_of_insight.get(insight.id, ()) if event.on <= on]
    return known[-1].until if known and known[-1].kind is DispositionKind.PARKED else None


def _oldest_first(rows: Iterable[ShelfRow]) -> tuple[ShelfRow, ...]:
    return tuple(sorted(rows, key=lambda row: -row.age))


def _shelf_table(name: str, rows: Iterable[ShelfRow]) -> Table:
    columns = (
        "Reference",
        "Claim",
        "Service",
        "Owner",
        "Days on the shelf",
        "Age band",
        "Strength",
        "First published",
        "Parked until",
        "Back catalogue",
    )
    return Table(
        name,
        columns,
        tuple(
            (
                row.ref,
                row.claim,
                row.service,
                row.owner,
                row.age,
                row.band.value,
                row.strength,
                row.published_on,
                row.parked_until,
                row.legacy,
            )
            for row in rows
        ),
    )
