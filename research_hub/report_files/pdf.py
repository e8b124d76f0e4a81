"""A report as a tagged PDF, set by Typst. Words reach it as data and are never read as its language.

A character that no font here can show is not allowed in PDF/UA: then the file is tagged as well, without the claim.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from typing import Any, Final, Literal

import typst

from insights.reports.report import Report, Section
from insights.reports.table import Table
from research_hub.report_files.page import as_svg
from research_hub.report_files.values import is_number, said

MOST_ROWS: Final = 1_000
"""Rows of one table that are printed; a thousand fill about forty pages. The workbook has them all."""

LONGEST_CELL: Final = 1_000
_WIDE: Final = 6
"""A table with more columns turns the pages on their side."""

_FULL: Final = 80
"""Characters that fill a line; a table with fewer is as wide as its words."""

_SHORT: Final = 12
"""Characters of a reference, a day or a number with its heading: columns of them are as wide as their words."""

_WHOLE_ON_A_LINE, _WHOLE_ON_A_WIDE_LINE = 55, 100
"""Characters of such columns that leave enough of a line to sentences, upright and on its side."""


def as_pdf(report: Report) -> bytes:
    """At most a thousand rows a table, and a thousand characters a cell; what is left out says so."""
    inputs = {"report": json.dumps(_as_data(report), ensure_ascii=False, sort_keys=True)}
    made = datetime.combine(report.made_on, time(), UTC)
    try:
        return _set(inputs, made, "ua-1")
    except typst.TypstError:
        return _set(inputs, made, "1.7")


def _set(inputs: dict[str, str], made: datetime, standards: Literal["ua-1", "1.7"]) -> bytes:
    compiled = typst.Compiler(_SOURCE.encode(), sys_inputs=inputs).compile(
        format="pdf", pdf_standards=standards, timestamp=made
    )
    return _one(compiled)


def _one(compiled: bytes | list[bytes] | None) -> bytes:
    if not isinstance(compiled, bytes):
        raise TypeError("Typst answers one PDF with one string of bytes.")
    return compiled


def _as_data(report: Report) -> dict[str, Any]:
    wide = any(len(section.table.columns) > _WIDE for section in report.printed if section.table is not None)
    sections = [_section(section, _WHOLE_ON_A_WIDE_LINE if wide else _WHOLE_ON_A_LINE) for section in report.printed]
    day = report.made_on
    return {
        "title": report.title,
        "subtitle": report.subtitle,
        "date": [day.year, day.month, day.day],
        "made": f"Made with Research Hub from its figures of {said(day)}.",
        "wide": wide,
        "sections": sections,
        "cautions": list(report.cautions),
    }


def _section(section: Section, room: int) -> dict[str, Any]:
    table = section.table or Table("", (), ())
    more = len(table.rows) - MOST_ROWS
    left_out = [f"The first {MOST_ROWS:,} of {len(table.rows):,} rows; the workbook has them all."] if more > 0 else []
    drawing, widths = section.drawing, _widths(table)
    return {
        "title": section.title,
        "paragraphs": [*section.paragraphs, *left_out],
        "columns": list(table.columns),
        "widths": widths,
        "whole": _whole(widths, room),
        "narrow": sum(widths) < _FULL,
        "numbers": [any(is_number(row[place]) for row in table.rows[:20]) for place in range(len(table.columns))],
        "cells": [_cut(said(value)) for row in table.rows[:MOST_ROWS] for value in row],
        "svg": "" if drawing is None else as_svg(drawing),
        "alt": "" if drawing is None else f"{drawing.title}. {drawing.words}",
    }


def _widths(table: Table) -> list[float]:
    """Shares of the page by how long the words of a column are, so that no sentence starves."""
    widths = []
    for place, column in enumerate(table.columns):
        lengths = [len(said(row[place])) for row in table.rows[:MOST_ROWS]]
        widths.append(float(min(40, max(6, len(column), *lengths, 0) if lengths else max(6, len(column)))))
    return widths


def _whole(widths: list[float], room: int) -> list[bool]:
    """The columns whose words never break, as long as they have room beside the others."""
    short = [width <= _SHORT for width in widths]
    taken = sum(width for width, is_short in zip(widths, short, strict=True) if is_short)
    return short if taken <= room else [False] * len(widths)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL].rstrip()} … (cut here)"


_SOURCE: Final = """\
#let report = json(bytes(sys.inputs.report))
#let quiet = rgb("#5c5850")
#let (year, month, day) = report.date
#set document(title: report.title, date: datetime(year: year, month: month, day: day))
#set page(paper: "a4", flipped: report.wide, margin: (x: 18mm, top: 18mm, bottom: 20mm), numbering: "1 / 1")
#set text(lang: "en", size: 10pt, fill: rgb("#1d1b18"))
#set par(leading: 0.6em)
#show title: set text(size: 20pt)
#show heading: set block(above: 2em, below: 0.9em, sticky: true)
#show heading: set text(size: 12pt)
#show table.cell.where(y: 0): set text(weight: "bold", fill: quiet)
#title()
#text(fill: quiet, report.subtitle)
#for section in report.sections {
  heading(level: 1, section.title)
  for words in section.paragraphs { par(text(words)) }
  if section.svg != "" { image(bytes(section.svg), format: "svg", alt: section.alt, width: 130mm) }
  if section.cells.len() > 0 {
    set text(size: 8.5pt)
    set par(justify: false)
    table(
      columns: section.widths.zip(section.whole).map(((width, whole)) => {
        if section.narrow or whole { auto } else { width * 1fr }
      }),
      align: (column, row) => if section.numbers.at(column) { right } else { left },
      stroke: (x, y) => (bottom: 0.4pt + rgb("#c9c4b8")),
      inset: (x: if section.narrow { 9pt } else { 3pt }, y: 4pt),
      table.header(repeat: true, ..section.columns.map(words => text(words))),
      ..section.cells.map(words => text(words)),
    )
  } else if section.columns.len() > 0 { par(text(fill: quiet, "None.")) }
}
#if report.cautions.len() > 0 {
  heading(level: 1, "How this can mislead")
  list(..report.cautions.map(words => text(words)))
}
#text(fill: quiet, size: 8.5pt, report.made)
"""
