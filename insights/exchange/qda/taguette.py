"""Taguette's own project file: an SQLite database with documents as HTML, tags as dotted paths, and highlights.

Its places count the UTF-8 bytes of the document's text, tags left out, with nothing between two paragraphs.
"""

from __future__ import annotations

import itertools
import sqlite3
import tempfile
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from insights.core.errors import InvalidInput
from insights.exchange.qda.model import Code, Coding, Selection
from insights.exchange.qda.offsets import Translation, Unit
from insights.exchange.qda.placing import NotPlaced, Placed, SearchableText, place
from insights.exchange.qda.understood import Memo, Passage, Problem, Tally, Text, Understood

_TABLES = {
    "projects": ("id", "name", "description", "created"),
    "documents": ("id", "project_id", "name", "description", "created", "contents"),
    "tags": ("id", "project_id", "path", "description"),
    "highlights": ("id", "document_id", "start_offset", "end_offset", "snippet"),
    "highlight_tags": ("highlight_id", "tag_id"),
}
# Steps of SQLite's machine between two looks at how many there were; the most is some seconds' work.
_STEPS, _MOST_LOOKS = 100_000, 5_000
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}
# fmt: off
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "br", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p",
    "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))
# fmt: on


def understand_database(content: bytes) -> Understood:
    """Raises InvalidInput where it is no Taguette project, holds several, or is damaged."""
    with tempfile.NamedTemporaryFile(suffix=".sqlite3") as copy:
        copy.write(content)
        copy.flush()
        try:
            with closing(_opened(copy.name)) as database:
                rows = {table: list(_rows(database, table, columns)) for table, columns in _TABLES.items()}
        except sqlite3.Error as error:
            raise InvalidInput.of(
                "file", f"The database cannot be read ({error}). Export the project from Taguette again."
            ) from None
    if len(rows["projects"]) != 1:
        raise InvalidInput.of(
            "file", f"The database holds {len(rows['projects'])} projects. Export one of them from Taguette."
        )
    return _Understanding(rows, sha256(content).hexdigest()).understood()


def _opened(path: str) -> sqlite3.Connection:
    """Read-only, with no code of the file's own: only tables are read, and no function is called."""
    database = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    database.execute("PRAGMA trusted_schema=OFF")
    database.execute("PRAGMA cell_size_check=ON")
    found = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if missing := sorted(_TABLES.keys() - found):
        database.close()
        raise InvalidInput.of("file", f"This database is no Taguette project: it has no table “{missing[0]}”.")
    database.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY)
    looks = iter(range(_MOST_LOOKS))
    database.set_progress_handler(lambda: next(looks, None) is None, _STEPS)
    return database


def _rows(database: sqlite3.Connection, table: str, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    order = "id" if "id" in columns else ", ".join(columns)
    query = f"SELECT {', '.join(columns)} FROM {table} ORDER BY {order}"
    for row in database.execute(query):
        yield {
            name: value if isinstance(value, int) else str(value or "")
            for name, value in zip(columns, row, strict=True)
        }


class _Understanding:
    def __init__(self, rows: dict[str, list[dict[str, Any]]], digest: str) -> None:
        self.rows, self.digest = rows, digest
        self.problems: list[Problem] = []
        self.tags = {row["id"]: self._guid("tag", row["id"]) for row in rows["tags"]}
        self.tags_of: dict[Any, list[str]] = defaultdict(list)
        self.highlights: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        self.codings = 0

    def understood(self) -> Understood:
        rows = self.rows
        for pair in rows["highlight_tags"]:
            if pair["tag_id"] in self.tags:
                self.tags_of[pair["highlight_id"]].append(self.tags[pair["tag_id"]])
        for row in rows["highlights"]:
            self.highlights[row["document_id"]].append(row)
        texts = tuple(self._text(row) for row in rows["documents"])
        placed = sum(len(text.passages) for text in texts)
        project = rows["projects"][0]
        return Understood(
            format="taguette",
            name=project["name"] or "Taguette project",
            origin="Taguette",
            description=project["description"],
            created=_moment(project["created"]),
            codes=tuple(
                Code(self.tags[row["id"]], row["path"] or "Tag without a name", row["description"])
                for row in rows["tags"]
            ),
            texts=texts,
            memos=tuple(self._memos()),
            tallies=(
                Tally("texts", len(rows["documents"]), len(texts)),
                Tally("codes", len(rows["tags"]), len(rows["tags"])),
                Tally("passages", len(rows["highlights"]), placed),
                Tally("codings", len(rows["highlight_tags"]), self.codings),
            ),
            problems=tuple(self.problems),
            unit=Unit.BYTES.value,
        )

    def _text(self, row: dict[str, Any]) -> Text:
        document = read_html(row["contents"])
        text = SearchableText(document.translation)
        passages = []
        for highlight in self.highlights[row["id"]]:
            selection = self._selection(document, highlight)
            found = place(text, selection, Unit.CODE_POINTS)
            if isinstance(found, NotPlaced):
                self.problems.append(Problem("passage", f"{row['name']}: highlight {highlight['id']}", f"{found.why}."))
                continue
            if found.remark:
                what = f"{row['name']}: {selection.words[:80]}"
                self.problems.append(Problem("passage", what, f"{found.remark}.", is_lost=False))
            passages.append(self._passage(selection, found))
        return Text(
            guid=self._guid("document", row["id"]),
            title=row["name"],
            kind="transcript",
            text=text.text,
            passages=tuple(passages),
            created=_moment(row["created"]),
        )

    def _selection(self, document: Document, highlight: dict[str, Any]) -> Selection:
        at = document.code_points(highlight["start_offset"], highlight["end_offset"])
        return Selection(
            guid=self._guid("highlight", highlight["id"]),
            start=at[0] if at else 0,
            end=at[1] if at else -1,
            words=read_html(highlight["snippet"]).translation.text,
            codings=tuple(Coding("", code) for code in self.tags_of[highlight["id"]]),
        )

    def _passage(self, selection: Selection, found: Placed) -> Passage:
        codes = tuple(dict.fromkeys(coding.code for coding in selection.codings))
        self.codings += len(codes)
        return Passage(selection.guid, found.start, found.end, codes)

    def _memos(self) -> Iterator[Memo]:
        for row in self.rows["documents"]:
            if row["description"].strip():
                subject = ("source", self._guid("document", row["id"]))
                yield Memo(self._guid("memo", row["id"]), "Description", row["description"].strip(), subject)

    def _guid(self, kind: str, number: Any) -> str:  # noqa: ANN401 - whatever the file has for an id
        return str(uuid5(NAMESPACE_URL, f"taguette {self.digest} {kind} {number}"))


@dataclass(frozen=True, slots=True)
class Document:
    """A document's text with a blank line between paragraphs. `breaks` are code points of the text without them."""

    translation: Translation
    raw: Translation
    breaks: tuple[int, ...]

    def code_points(self, start: Any, end: Any) -> tuple[int, int] | None:  # noqa: ANN401 - what the file has
        """Bytes of the bare text as code points of the text with blank lines; None outside of it."""
        if not isinstance(start, int) or not isinstance(end, int):
            return None
        at = self.raw.code_points(start, end, Unit.BYTES)
        if at is None:
            return None
        return at[0] + 2 * bisect_right(self.breaks, at[0]), at[1] + 2 * bisect_left(self.breaks, at[1])


def read_html(markup: str) -> Document:
    parser = _TextParser()
    with suppress(AssertionError):
        # The parser gives up on some malformed declarations; what it read before counts.
        parser.feed(markup)
        parser.close()
    bare = "".join(parser.pieces)
    breaks = tuple(place for place in sorted(set(parser.breaks)) if 0 < place < len(bare))
    cuts = [0, *breaks, len(bare)]
    parted = "\n\n".join(bare[start:end] for start, end in itertools.pairwise(cuts))
    return Document(Translation(parted), Translation(bare), breaks)


class _TextParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.breaks: list[int] = []
        self._length = 0

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)
        self._length += len(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the interface
        if tag in _BLOCKS:
            self.breaks.append(self._length)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.breaks.append(self._length)


def _moment(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    except ValueError:
        return None
