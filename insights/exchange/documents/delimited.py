"""Tables as text (CSV and TSV): the sign between cells is found, and a quotation mark that never closes is named."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator

from insights.core.text import DecodedText, canonical_text
from insights.exchange.documents.contents import Content, UnreadableError
from insights.exchange.documents.plain_text import notes_on_characters
from insights.exchange.documents.table_shape import MOST_ROWS, refuse_without_tables, shaped


def read_delimited(decoded: DecodedText, format_: str) -> Content:
    """Raises UnreadableError for a quotation mark that never closes, and for a file without rows."""
    text = canonical_text(decoded.text)
    declared, text, skipped = _declared_delimiter(text)
    delimiter = declared or _delimiter(text, format_)
    rows = [*_rows(text, delimiter, skipped)]
    table = shaped("", rows[: MOST_ROWS + 1], more_rows=max(0, len(rows) - MOST_ROWS - 1))
    refuse_without_tables([table.table] if table else [])
    assert table is not None  # noqa: S101 - refused on the line above
    usual = "\t" if format_ == "tsv" else ","
    return Content(
        text="",
        encoding=decoded.encoding,
        encoding_guessed=decoded.guessed,
        tables=(table.table,),
        notes=(
            *([f"Cells are parted by {_NAMES[delimiter]}."] if delimiter != usual else []),
            *table.notes,
            *notes_on_characters(decoded.text),
        ),
        lost=table.lost,
    )


_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SAMPLE_LINES = 60
_LONGEST_FIELD = 10_000_000
# A row that no file can hold, for canonical text has no NUL: it ends up inside a field whose quotation mark is open.
_LAST = "\x00"


def _declared_delimiter(text: str) -> tuple[str, str, int]:
    """Excel's first line `sep=;`, the text without it, and how many lines it took."""
    first, _, rest = text.partition("\n")
    declared = first.strip().removeprefix("sep=")
    return (declared, rest, 1) if first.startswith("sep=") and declared in _NAMES else ("", text, 0)


def _delimiter(text: str, format_: str) -> str:
    """The sign that parts most lines of the beginning into the same number of cells, more than one."""
    sample = text.split("\n", _SAMPLE_LINES)[:_SAMPLE_LINES]
    best, best_score = "\t" if format_ == "tsv" else ",", 0.0
    for delimiter in dict.fromkeys((best, *_NAMES)):
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=delimiter) if row)
        width, rows = widths.most_common(1)[0] if widths else (1, 0)
        score = rows / widths.total() * min(width, 3) if width > 1 else 0.0
        if score > best_score * 1.1:
            best, best_score = delimiter, score
    return best


def _rows(text: str, delimiter: str, skipped: int) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(_with_end(text), delimiter=delimiter)
    begins = 1
    try:
        for row in reader:
            if row == [_LAST]:
                return
            if row and row[-1].endswith(f"\n{_LAST}"):
                raise UnreadableError(_never_closed(begins + skipped, row[-1]))
            yield row
            begins = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableError(
            f"Line {reader.line_num + skipped:,} cannot be read as a table ({error}). Save it again as “CSV UTF-8”."
        ) from None


def _with_end(text: str) -> Iterator[str]:
    yield from io.StringIO(text, newline="\n")
    if not text.endswith("\n"):
        yield "\n"
    yield _LAST


def _never_closed(line: int, field: str) -> str:
    words = " ".join(field.removesuffix(_LAST).split())[:60]
    return (
        f"A quotation mark that opens in the row of line {line:,} is never closed, before “{words}…”. All that follows "
        'would be one cell. Close it, or write it twice ("") where it belongs to the words.'
    )
