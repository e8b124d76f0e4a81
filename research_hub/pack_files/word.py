"""A pack as a Word document: real headings, tables with header rows, gaps in red and in words.

Paragraphs and tables are written as elements: python-docx looks a style up by its name for each of them, and walks a
table anew for each row, which took ten times as long.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any, Final

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from insights.reports.pack.shapes import Pack
from research_hub.pack_files.archive import repacked
from research_hub.pack_files.blocks import Block, Grid, Heading, Items, blocks_of

_COLOURS: Final = {"gap": "A1200F", "quiet": "5C5850"}
_STYLES: Final = {"quote": "Quote"}


def as_word(pack: Pack) -> bytes:
    """The same pack gives the same bytes: no moment and no name of a machine is written into it."""
    document = Document()
    _describe(document, pack)
    end = document.element.body.sectPr
    for block in blocks_of(pack):
        for element in _elements(block):
            end.addprevious(element)
    file = io.BytesIO()
    document.save(file)
    return repacked(file.getvalue())


def _describe(document: WordDocument, pack: Pack) -> None:
    told = document.core_properties
    made = datetime.combine(pack.made_on, time(), tzinfo=UTC)
    told.title, told.author, told.last_modified_by = pack.title[:255], "Research Hub", "Research Hub"
    told.created = told.modified = made
    told.comments, told.language = "", "en-GB"


def _elements(block: Block) -> Sequence[Any]:
    if isinstance(block, Heading):
        return [_paragraph(block.text, style=f"Heading{block.level}")]
    if isinstance(block, Items):
        return [_paragraph(each, style="ListBullet") for each in block.texts]
    if isinstance(block, Grid):
        return [_paragraph(block.caption, style="Caption"), _table(block), _paragraph("")]
    colour = _COLOURS.get(block.kind, "")
    return [_paragraph(block.text, style=_STYLES.get(block.kind, ""), colour=colour, bold=block.kind == "gap")]


def _paragraph(text: str, *, style: str = "", colour: str = "", bold: bool = False) -> Any:  # noqa: ANN401 - an element
    run = _with("w:r", *_run_looks(colour, bold=bold), _text(text))
    looks = [_with("w:pPr", _valued("w:pStyle", style))] if style else []
    return _with("w:p", *looks, run)


def _run_looks(colour: str, *, bold: bool) -> Sequence[Any]:
    looks = ([_with("w:b")] if bold else []) + ([_valued("w:color", colour)] if colour else [])
    return [_with("w:rPr", *looks)] if looks else []


def _table(grid: Grid) -> Any:  # noqa: ANN401 - an element
    width = _valued("w:tblW", "")
    width.attrib.clear()
    width.set(qn("w:w"), "5000")
    width.set(qn("w:type"), "pct")
    columns = _with("w:tblGrid", *(_with("w:gridCol") for _ in grid.columns))
    # Readers aloud and page breaks repeat a row that says it is the header.
    head = _with(
        "w:tr", _with("w:trPr", _valued("w:tblHeader", "true")), *(_cell(each, bold=True) for each in grid.columns)
    )
    rows = (_with("w:tr", *(_cell(each) for each in row)) for row in grid.rows)
    return _with("w:tbl", _with("w:tblPr", _valued("w:tblStyle", "TableGrid"), width), columns, head, *rows)


def _cell(text: str, *, bold: bool = False) -> Any:  # noqa: ANN401 - an element
    return _with("w:tc", _paragraph(text, bold=bold))


def _text(text: str) -> Any:  # noqa: ANN401 - an element
    made = OxmlElement("w:t")
    made.text = text
    made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made


def _valued(name: str, value: str) -> Any:  # noqa: ANN401 - an element
    made = OxmlElement(name)
    made.set(qn("w:val"), value)
    return made


def _with(name: str, *parts: Any) -> Any:  # noqa: ANN401 - elements
    made = OxmlElement(name)
    made.extend(parts)
    return made
