"""A frozen report made ready to leave, from its stored figures alone."""

from __future__ import annotations

from typing import Any

from insights.reports.freezing import FrozenFigures
from insights.reports.models import FrozenReport
from insights.reports.report import Report, Section
from insights.reports.table import Table, Value


def frozen_document(frozen: FrozenReport, figures: FrozenFigures) -> Report:
    """The same stored figures give the same report, whatever happened since."""
    values = figures.values
    sections = (
        Section("The figures", table=_figures_table(figures), leads=True),
        Section("Their parts", table=_parts_table(figures)),
        Section("Decision time, step by step", table=_steps_table(figures)),
        Section("The shelf by age", table=_counts("Shelf", "Days on the shelf", "Insights", values["shelf"])),
        Section("Leadership’s answers", table=_counts("Answers", "State", "Recommendations", values["answers"])),
        Section("What each figure means", table=_definitions_table(values["definitions"])),
        Section("How it was frozen", table=_origin_table(frozen, values)),
    )
    period = values["period"]
    subtitle = f"{figures.scope}, {period['from']} to {period['to']}. Frozen on {frozen.frozen_on.isoformat()}."
    name = f"{frozen.ref.lower()}-{period['from']}-{period['to']}"
    return Report(name, "Do we decide on evidence?", subtitle, frozen.frozen_on, sections, _cautions(figures))


def _figures_table(figures: FrozenFigures) -> Table:
    columns = ("Code", "Figure", "Value", "Numerator", "Denominator", "95% from", "95% to", "Note")
    rows = tuple(
        (
            *(figure["code"], figure["title"], figure["display"], figure["numerator"], figure["denominator"]),
            *(figure["interval"] or (None, None)),
            figure["note"],
        )
        for figure in figures.metrics
    )
    return Table("Figures", columns, rows)


def _parts_table(figures: FrozenFigures) -> Table:
    rows = tuple(
        (figure["code"], kind, part["label"], part["numerator"], part["denominator"], part["share"])
        for figure in figures.metrics
        for kind, parts in (("part", figure["parts"]), ("beside", figure["asides"]))
        for part in parts
    )
    return Table("Parts", ("Code", "Kind", "Part", "Numerator", "Denominator", "Share"), rows)


def _steps_table(figures: FrozenFigures) -> Table:
    rows = tuple(
        (curve["name"], *step) for figure in figures.metrics for curve in figure["curves"] for step in curve["steps"]
    )
    return Table("Steps", ("Curve", "Day", "At risk", "On that day", "Share still open"), rows)


def _counts(name: str, what: str, of_what: str, counts: dict[str, int]) -> Table:
    return Table(name, (what, of_what), tuple(counts.items()))


def _definitions_table(definitions: list[dict[str, str]]) -> Table:
    rows = tuple((each["code"], each["meaning"], each["formula"], each["misleads"]) for each in definitions)
    return Table("Definitions", ("Code", "Meaning", "Formula", "How it can mislead"), rows)


def _origin_table(frozen: FrozenReport, values: dict[str, Any]) -> Table:
    rows: list[tuple[Value, ...]] = [
        ("Reference", frozen.ref),
        ("Frozen on", frozen.frozen_on),
        ("Figures as of", values["as_of"]),
        ("Facts known up to", values["known_on"]),
        ("Covers", "what every account could see on that day"),
        ("Definitions version", values["definitions_version"]),
        ("SHA-256 of the data", frozen.sha256),
    ]
    rows += [(name.replace("_", " ").capitalize(), _said(value)) for name, value in sorted(values["settings"].items())]
    return Table("Origin", ("What", "Value"), tuple(rows))


def _said(value: Any) -> Value:  # noqa: ANN401 - whatever the settings hold
    return ", ".join(value) if isinstance(value, list) else value


def _cautions(figures: FrozenFigures) -> tuple[str, ...]:
    found = (f"{figure['code']}: {caution}" for figure in figures.metrics for caution in figure["cautions"])
    return tuple(dict.fromkeys(found))
