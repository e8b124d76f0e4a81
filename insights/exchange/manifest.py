"""A table of reports to bring in at once: one row a file, with what is known of it (features.md A8).

    path,title,date,method,n,url,study
    2024/letters.md,Results letters,2024-05,usability test,12,https://example.org/letters,Results letters

`read_manifest` reads it, and says of each cell that cannot be taken where it stands and what to do;
`insights.exchange.manifest_import` stores what it names.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from insights.capture.models import Method
from insights.core.checks import optional_line
from insights.core.errors import InvalidInput
from insights.core.text import NotTextError, decode_text
from insights.exchange.manifest_cells import day_of, method_of, path_of
from insights.exchange.single_report import participant_count_of
from insights.people.operations import web_address

MOST_BYTES = 2_000_000
MOST_ROWS = 10_000
MOST_COLUMNS = 50
SEPARATORS = (",", ";", "\t")

Value = TypeVar("Value")

_NAMES: dict[str, tuple[str, ...]] = {
    "path": ("path", "file", "filename", "file name", "file path"),
    "title": ("title", "report", "report title"),
    "date": ("date", "dated", "dated on"),
    "method": ("method", "methods"),
    "n": ("n", "participants", "participant count", "number of participants", "sample size"),
    "url": ("url", "link", "address", "web address"),
    "study": ("study", "study title", "project"),
}
COLUMNS: dict[str, str] = {written: column for column, names in _NAMES.items() for written in names}
"""What a header may say, in small letters and with blanks, and the column it means."""


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """One report. `line` counts from 1 in the file, `path` is relative to the manifest's folder, with slashes.

    An empty title and a missing date are read from the report itself; `study` is a title or a reference, or empty.
    """

    line: int
    path: str
    title: str = ""
    dated_on: date | None = None
    date_precision: str = "day"
    method: Method | None = None
    participant_count: int | None = None
    url: str = ""
    study: str = ""


@dataclass(frozen=True, slots=True)
class ManifestError:
    """What cannot be taken: the line, the column where it is in one, and what to do."""

    line: int
    column: str
    what: str

    def __str__(self) -> str:
        place = f"line {self.line}, column {self.column}" if self.column else f"line {self.line}"
        return f"{place}: {self.what}"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The rows that can be taken and the errors of all others. `unused` are headers that say nothing to us."""

    rows: tuple[ManifestRow, ...]
    errors: tuple[ManifestError, ...]
    unused: tuple[str, ...] = ()


def read_manifest(source: Path | bytes) -> Manifest:
    """Reads CSV in UTF-8, with or without byte order mark, separated by commas, semicolons or tabs.

    A row that cannot be taken stops no other. Raises OSError where the file cannot be opened, and nothing else.
    """
    errors: list[ManifestError] = []
    rows: list[ManifestRow] = []
    try:
        table = _table_of(_text_of(source if isinstance(source, bytes) else _opened(source)))
    except _NotAManifestError as refused:
        return Manifest((), (refused.error,))
    for record in table.records:
        taken = record if isinstance(record, ManifestError) else _row_of(record, table)
        if isinstance(taken, ManifestRow):
            rows.append(taken)
        else:
            errors += [taken] if isinstance(taken, ManifestError) else taken
    return Manifest(tuple(rows), tuple(errors), table.unused)


class _NotAManifestError(Exception):
    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.error = ManifestError(line, "", what)


@dataclass(frozen=True, slots=True)
class _Record:
    """The cells of a row, and the line in which it begins."""

    line: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Table:
    """`places` says where in a row each column stands, `width` how many columns the header has, used or not."""

    places: Mapping[str, int]
    width: int
    unused: tuple[str, ...]
    records: Iterator[_Record | ManifestError]


def _opened(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _text_of(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise _NotAManifestError(1, f"The file is larger than {MOST_BYTES // 1_000_000} MB. Split it into several.")
    try:
        decoded = decode_text(content)
    except NotTextError as error:
        raise _NotAManifestError(1, f"{error} A manifest is a table saved as “CSV UTF-8”.") from error
    if decoded.encoding != "utf-8":
        what = f"This is not UTF-8 but seems to be {decoded.encoding}. Save the table again as “CSV UTF-8”."
        raise _NotAManifestError(_first_line_beyond_ascii(content), what)
    return decoded.text


def _first_line_beyond_ascii(content: bytes) -> int:
    place = next((place for place, byte in enumerate(content) if byte > 127), 0)  # noqa: PLR2004 - where ASCII ends
    return content.count(b"\n", 0, place) + 1


def _table_of(text: str) -> _Table:
    lines = list(io.StringIO(text, newline=""))
    before = next((number for number, line in enumerate(lines) if not _says_nothing(line)), 0)
    separator = max(SEPARATORS, key=lambda each: _understood("".join(lines[before : before + 1]), each))
    records = _records(lines, separator, before)
    header = next(records, None)
    if header is None:
        raise _NotAManifestError(1, f"The file is empty. Its first line names the columns: {','.join(_NAMES)}")
    if isinstance(header, ManifestError):
        raise _NotAManifestError(header.line, header.what)
    places, unused = _columns_of(header)
    return _Table(places, len(header.cells), unused, records)


def _says_nothing(line: str) -> bool:
    """Blank lines, and the `sep=;` that Excel writes for itself."""
    return not line.strip(" ,;\t\r\n") or line.casefold().startswith("sep=")


def _understood(line: str, separator: str) -> tuple[int, int]:
    """How many names of a header are known when it is cut so, and into how many parts it is cut."""
    parts = [_plain(part.strip(' "\r\n')) for part in line.split(separator)]
    return sum(part in COLUMNS for part in parts), len(parts)


def _plain(header: str) -> str:
    return " ".join(header.casefold().replace("_", " ").replace("-", " ").split())


def _columns_of(header: _Record) -> tuple[dict[str, int], tuple[str, ...]]:
    if len(header.cells) > MOST_COLUMNS:
        what = f"It has {len(header.cells)} columns; a manifest has {', '.join(_NAMES)}. Is this another table?"
        raise _NotAManifestError(header.line, what)
    places: dict[str, int] = {}
    for place, written in enumerate(header.cells):
        column = COLUMNS.get(_plain(written))
        if column in places:
            what = f"Two columns say the same: “{written.strip()}” is {column} again. Keep one of them."
            raise _NotAManifestError(header.line, what)
        if column is not None:
            places[column] = place
    unused = [cell.strip()[:40] for cell in header.cells if cell.strip() and _plain(cell) not in COLUMNS]
    if "path" not in places:
        what = f"There is no column “path” to name the files. The columns are: {', '.join([*places, *unused])}."
        raise _NotAManifestError(header.line, what)
    return places, tuple(unused)


def _records(lines: Sequence[str], separator: str, before: int) -> Iterator[_Record | ManifestError]:
    """Each record below the first `before` lines, or in its place what is wrong with it; blank ones are passed over."""
    reader = csv.reader(lines[before:], delimiter=separator, strict=True)
    count = -1
    while True:
        line = before + reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            can_go_on = "expected after" in str(error)
            yield ManifestError(line, "", _STRAY_QUOTE if can_go_on else _OPEN_QUOTE)
            if can_go_on:
                continue
            return
        if cells is None:
            return
        count += any(cell.strip() for cell in cells)
        if count > MOST_ROWS:
            yield ManifestError(line, "", f"Nothing was read from here on: {MOST_ROWS:,} rows are the most. Split it.")
            return
        if any(cell.strip() for cell in cells):
            yield _Record(line, cells)


_STRAY_QUOTE = 'A quotation mark stands inside a text. Write it twice ("") and put quotation marks around the text.'
_OPEN_QUOTE = "A quotation mark is opened here and not closed, so nothing was read from this line on. Close it."


def _row_of(record: _Record, table: _Table) -> ManifestRow | list[ManifestError]:
    """The row, or everything that is wrong with it."""
    if any(cell.strip() for cell in record.cells[table.width :]):
        what = f"It has {len(record.cells)} cells and the header {table.width}. Put quotation marks around a text that"
        return [ManifestError(record.line, "", f"{what} holds the separator.")]
    cells = _Cells(record, table)
    no_day: tuple[date | None, str] = (None, "day")
    dated_on, date_precision = cells.read("date", day_of, no_day)
    row = ManifestRow(
        line=record.line,
        path=cells.read("path", path_of, ""),
        title=cells.read("title", _line_of, ""),
        dated_on=dated_on,
        date_precision=date_precision,
        method=cells.read("method", method_of, None),
        participant_count=cells.read("n", participant_count_of, None),
        url=cells.read("url", web_address, ""),
        study=cells.read("study", _line_of, ""),
    )
    return cells.errors or row


def _line_of(field: str, written: str) -> str:
    return optional_line(field, written, label=f"the {field}")


class _Cells:
    """The cells of one row by column, read one by one; what cannot be taken gathers in `errors`."""

    def __init__(self, record: _Record, table: _Table) -> None:
        self.errors: list[ManifestError] = []
        self._record, self._table = record, table

    def read(self, column: str, read: Callable[[str, str], Value], instead: Value) -> Value:
        place = self._table.places.get(column, len(self._record.cells))
        written = " ".join("".join(self._record.cells[place : place + 1]).split())
        try:
            return read(column, written)
        except InvalidInput as error:
            self.errors.append(ManifestError(self._record.line, column, error.message))
            return instead
