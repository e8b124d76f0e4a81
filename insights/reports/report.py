"""A report as it leaves: titled sections of sentences, tables and curves, the same for every kind of file.

    Report("scorecard", "Do we decide on evidence?", "All services, ...", made_on, sections)
    report_of_tables("matrix", "Matrix", "...", made_on, tables)      any list of tables

`research_hub.report_files` writes it as one HTML page that opens offline and as a tagged PDF; `tables` are what goes
into CSV (the first one) and XLSX (all of them).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from insights.reports.kaplan_meier import Curve
from insights.reports.table import Table


@dataclass(frozen=True, slots=True)
class Drawing:
    """A curve to be drawn, with the words that stand for it where it cannot be seen."""

    title: str
    words: str
    curve: Curve


class Place(StrEnum):
    """Where a section stands: tables that nobody reads on paper in the workbook alone, words for people in print."""

    EVERYWHERE = "everywhere"
    PRINT = "print"
    WORKBOOK = "workbook"


@dataclass(frozen=True, slots=True)
class Section:
    """`leads` marks the table that goes into CSV and stands first in the workbook, wherever it is printed."""

    title: str
    paragraphs: tuple[str, ...] = ()
    table: Table | None = None
    drawing: Drawing | None = None
    place: Place = Place.EVERYWHERE
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """`name` becomes the file's name, `subtitle` says of what and when, `made_on` is the day of its figures."""

    name: str
    title: str
    subtitle: str
    made_on: date
    sections: tuple[Section, ...]
    cautions: tuple[str, ...] = ()

    @property
    def tables(self) -> list[Table]:
        kept = [section for section in self.sections if section.place is not Place.PRINT]
        kept.sort(key=lambda section: not section.leads)
        return [section.table for section in kept if section.table is not None]

    @property
    def printed(self) -> tuple[Section, ...]:
        return tuple(section for section in self.sections if section.place is not Place.WORKBOOK)


def report_of_tables(
    name: str,
    title: str,
    subtitle: str,
    made_on: date,
    tables: Iterable[Table],
    *,
    cautions: Sequence[str] = (),
) -> Report:
    """A section for each table."""
    sections = tuple(Section(table.name, table=table) for table in tables)
    return Report(name, title, subtitle, made_on, sections, tuple(cautions))
