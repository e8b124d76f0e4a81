"""Taguette's codebook and highlights as CSV or XLSX: codes with descriptions, quotes without the texts around them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from uuid import NAMESPACE_URL, uuid5

from insights.core.errors import InvalidInput
from insights.core.text import canonical_text
from insights.exchange.documents import ReadTable, read_document
from insights.exchange.qda.model import Code
from insights.exchange.qda.understood import Passage, Problem, Tally, Text, Understood


def understand_table(name: str, content: bytes) -> Understood:
    """Raises InvalidInput where the columns are neither of a codebook (tag) nor of highlights (document, content)."""
    tables = read_document(name, content).tables
    digest = sha256(content).hexdigest()
    for table in tables:
        columns = {column.strip().casefold(): place for place, column in enumerate(table.columns)}
        rows = [_Row(columns, cells) for cells in table.rows]
        if {"document", "content"} <= columns.keys():
            return _highlights(_title(name), rows, digest)
        if "tag" in columns:
            return _codebook(_title(name), rows, digest)
    raise InvalidInput.of("file", f"This table is none of Taguette’s: it has the columns {_columns_of(tables)}.")


class _Row:
    def __init__(self, columns: Mapping[str, int], cells: Sequence[str]) -> None:
        self._columns, self._cells = columns, cells

    def __getitem__(self, name: str) -> str:
        place = self._columns.get(name)
        return "" if place is None else self._cells[place].strip()


def _codebook(title: str, rows: Sequence[_Row], digest: str) -> Understood:
    told = [row for row in rows if row["tag"]]
    codes = tuple(Code(_guid(digest, "tag", row["tag"]), row["tag"], row["description"]) for row in told)
    return Understood(
        format="codebook",
        name=title,
        origin="Taguette",
        codes=codes,
        tallies=(Tally("codes", len(rows), len(codes)),),
    )


def _highlights(title: str, rows: Sequence[_Row], digest: str) -> Understood:
    """Each document becomes a text of its quotes, one a paragraph; a quote with several tags has several rows."""
    quotes: dict[tuple[str, str], tuple[str, list[str]]] = {}
    for number, row in enumerate(rows):
        words = canonical_text(row["content"]).strip()
        if not words:
            continue
        found = quotes.setdefault((row["document"], row["id"] or f"row {number}"), (words, []))
        if row["tag"] and row["tag"] not in found[1]:
            found[1].append(row["tag"])
    names = list(dict.fromkeys(tag for _, tags in quotes.values() for tag in tags))
    texts = tuple(_texts(quotes, digest))
    why = "the file holds its quotes alone, so its text is made of them, one a paragraph."
    return Understood(
        format="taguette",
        name=title,
        origin="Taguette",
        codes=tuple(Code(_guid(digest, "tag", name), name) for name in names),
        texts=texts,
        tallies=(
            Tally("texts", len({row["document"] for row in rows}), len(texts)),
            Tally("codes", len(names), len(names)),
            Tally("passages", len({(row["document"], row["id"]) for row in rows}), len(quotes)),
            Tally("codings", sum(bool(row["tag"]) for row in rows), sum(len(tags) for _, tags in quotes.values())),
        ),
        problems=tuple(Problem("text", text.title, why, is_lost=False) for text in texts),
    )


def _texts(quotes: Mapping[tuple[str, str], tuple[str, list[str]]], digest: str) -> Iterator[Text]:
    by_document: dict[str, list[tuple[str, str, list[str]]]] = defaultdict(list)
    for (document, number), (words, tags) in quotes.items():
        by_document[document].append((number, words, tags))
    for document, held in by_document.items():
        passages, length = [], 0
        for number, words, tags in held:
            codes = tuple(_guid(digest, "tag", tag) for tag in tags)
            guid = _guid(digest, "highlight", f"{document} {number}")
            passages.append(Passage(guid, length, length + len(words), codes))
            length += len(words) + 2
        yield Text(
            guid=_guid(digest, "document", document),
            title=document or "Quotes",
            kind="note",
            text="\n\n".join(words for _, words, _ in held),
            passages=tuple(passages),
        )


def _guid(digest: str, kind: str, name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"taguette {digest} {kind} {name}"))


def _title(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[0] or "Taguette"


def _columns_of(tables: Sequence[ReadTable]) -> str:
    return ", ".join(f"“{column[:40]}”" for table in tables[:1] for column in table.columns[:8]) or "of no table"
