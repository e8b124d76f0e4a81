"""OpenDocument texts (.odt), read from their own XML: paragraphs, headings, lists, tables, notes and comments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html import escape
from xml.etree.ElementTree import Element

from insights.exchange.archives import Archive, ArchiveError
from insights.exchange.documents.contents import Content, UnreadableError
from insights.exchange.documents.markup import counted, markdown_of, named
from insights.exchange.documents.packages import checked_package
from insights.exchange.safe_xml import parse_xml


def read_open_document(content: bytes) -> Content:
    """Raises UnreadableError for what is damaged, protected or over the limits."""
    package = checked_package(content)
    if "content.xml" not in package:
        raise UnreadableError("It holds no content.xml, so there is no text in it. Save it anew and bring that.")
    _refuse_protected(package)
    root = parse_xml(package.read("content.xml"), name="content.xml")
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise UnreadableError("It is no text document. Save it as .odt or as PDF and bring that.")
    writer = _Writer()
    html = "".join(writer.blocks(body))
    notes = "".join(f"<p>[{number}] {words}</p>" for number, words in enumerate(writer.notes, start=1))
    return Content(
        text=markdown_of(html + notes).text,
        title=_title(package),
        lost=tuple(_lost(writer, body, package)),
    )


_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
_MANIFEST = "META-INF/manifest.xml"
_DEEPEST_HEADING = 6
# A cell that says it is repeated a million times is empty paper, not words.
_MOST_REPEATED = 1_000


def _refuse_protected(package: Archive) -> None:
    try:
        manifest = package.read(_MANIFEST) if _MANIFEST in package else b""
    except ArchiveError:
        return
    if b"encryption-data" in manifest:
        raise UnreadableError("It is protected with a password. Remove the password and bring it again.")


def _title(package: Archive) -> str:
    if "meta.xml" not in package:
        return ""
    found = next(parse_xml(package.read("meta.xml"), name="meta.xml").iter(f"{_DUBLIN_CORE}title"), None)
    return " ".join((found.text or "").split()) if found is not None else ""


class _Writer:
    """Writes HTML; footnotes are gathered and stand at the end, with their number where they were called."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.left_out: Counter[str] = Counter()
        self._writers = {
            f"{_TEXT}note": self._note,
            f"{_OFFICE}annotation": self._comment,
            f"{_DRAW}frame": self._frame,
        }

    def blocks(self, parent: Element) -> Iterator[str]:
        for child in parent:
            yield from self._block(child)

    def _block(self, element: Element) -> Iterator[str]:
        tag = element.tag
        if tag == f"{_TEXT}p":
            yield f"<p>{self._inline(element)}</p>"
        elif tag == f"{_TEXT}h":
            level = _number(element.get(f"{_TEXT}outline-level"), 1, _DEEPEST_HEADING)
            yield f"<h{level}>{self._inline(element)}</h{level}>"
        elif tag == f"{_TEXT}list":
            items = (
                f"<li>{''.join(self.blocks(item))}</li>" for item in element if item.tag.startswith(f"{_TEXT}list-")
            )
            yield f"<ul>{''.join(items)}</ul>"
        elif tag == f"{_TABLE}table":
            yield f"<table>{''.join(self._rows(element))}</table>"
        elif tag not in {f"{_TEXT}tracked-changes", f"{_TEXT}sequence-decls"}:
            yield from self.blocks(element)

    def _item(self, item: Element) -> str:
        return f"<li>{''.join(self.blocks(item))}</li>"

    def _rows(self, table: Element) -> Iterator[str]:
        for row in table.iter(f"{_TABLE}table-row"):
            cells = (cell for cell in row if cell.tag == f"{_TABLE}table-cell")
            yield f"<tr>{''.join(self._cell(cell) for cell in cells)}</tr>"

    def _cell(self, cell: Element) -> str:
        words = "".join(self.blocks(cell))
        repeated = _number(cell.get(f"{_TABLE}number-columns-repeated"), 1, _MOST_REPEATED) if words else 1
        return f"<td>{words}</td>" * repeated

    def _inline(self, element: Element) -> str:
        pieces = [escape(element.text or "", quote=False)]
        for child in element:
            pieces += (self._piece(child), escape(child.tail or "", quote=False))
        return "".join(pieces)

    def _piece(self, element: Element) -> str:
        tag = element.tag
        if tag == f"{_TEXT}s":
            return " " * _number(element.get(f"{_TEXT}c"), 1, _MOST_REPEATED)
        if tag in _SIGNS:
            return _SIGNS[tag]
        if write := self._writers.get(tag):
            return write(element)
        if tag in {f"{_TEXT}p", f"{_TEXT}h", f"{_TEXT}list", f"{_TABLE}table"}:
            return f"<br>{''.join(self._block(element))}"
        return self._inline(element)

    def _note(self, element: Element) -> str:
        body = element.find(f"{_TEXT}note-body")
        self.notes.append(" ".join(_paragraphs(body)) if body is not None else "")
        return f"[{len(self.notes)}]"

    def _comment(self, element: Element) -> str:
        author = element.findtext(f"{_DUBLIN_CORE}creator") or ""
        self.notes.append(f"Comment by {escape(author)}: {' '.join(_paragraphs(element))}")
        return f"[{len(self.notes)}]"

    def _frame(self, element: Element) -> str:
        boxes = "".join("".join(self.blocks(box)) for box in element.iter(f"{_DRAW}text-box"))
        if not boxes:
            self.left_out["picture or embedded object"] += 1
        return boxes


_SIGNS = {
    f"{_TEXT}tab": "\t",
    f"{_TEXT}line-break": "<br>",
    f"{_TEXT}soft-page-break": "",
    f"{_OFFICE}annotation-end": "",
}


def _paragraphs(element: Element) -> Iterator[str]:
    for paragraph in element.iter():
        if paragraph.tag in {f"{_TEXT}p", f"{_TEXT}h"}:
            yield escape(" ".join("".join(paragraph.itertext()).split()), quote=False)


def _lost(writer: _Writer, body: Element, package: Archive) -> Iterator[str]:
    for what, count in writer.left_out.items():
        yield f"{counted(count, what)} left out."
    deleted = [" ".join("".join(found.itertext()).split()) for found in body.iter(f"{_TEXT}deletion")]
    if deleted:
        yield f"Tracked changes: {counted(len(deleted), 'deleted passage')} left out: {named(deleted)}."
    inserted = sum(1 for _ in body.iter(f"{_TEXT}insertion"))
    if inserted:
        yield f"Tracked changes: {counted(inserted, 'inserted passage')} taken as accepted."
    if "styles.xml" in package:
        root = parse_xml(package.read("styles.xml"), name="styles.xml")
        for kind in ("header", "footer"):
            words = [text for found in root.iter(f"{_STYLE}{kind}") if (text := " ".join(_paragraphs(found)).strip())]
            if words:
                yield f"The {kind} of its pages left out: {named(words)}."


_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"


def _number(written: str | None, least: int, most: int) -> int:
    return min(max(int(written), least), most) if written and written.isascii() and written.isdigit() else least
