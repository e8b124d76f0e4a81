"""A pack as a Word document: real headings, tables with header rows, gaps in red and in words."""

from __future__ import annotations

import io
from datetime import UTC, datetime, time

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import RGBColor

from insights.reports.pack.shapes import Pack
from research_hub.pack_files.archive import repacked
from research_hub.pack_files.blocks import Block, Grid, Heading, Items, blocks_of

_RED = RGBColor(0xA1, 0x20, 0x0F)
_QUIET = RGBColor(0x5C, 0x58, 0x50)


def as_word(pack: Pack) -> bytes:
    """The same pack gives the same bytes: no moment and no name of a machine is written into it."""
    document = Document()
    _describe(document, pack)
    for block in blocks_of(pack):
        _add(document, block)
    file = io.BytesIO()
    document.save(file)
    return repacked(file.getvalue())


def _describe(document: WordDocument, pack: Pack) -> None:
    told = document.core_properties
    made = datetime.combine(pack.made_on, time(), tzinfo=UTC)
    told.title, told.author, told.last_modified_by = pack.title, "Research Hub", "Research Hub"
    told.created = told.modified = made
    told.comments, told.language = "", "en-GB"


def _add(document: WordDocument, block: Block) -> None:
    if isinstance(block, Heading):
        document.add_heading(block.text, level=block.level)
    elif isinstance(block, Items):
        for each in block.texts:
            document.add_paragraph(each, style="List Bullet")
    elif isinstance(block, Grid):
        _add_table(document, block)
    else:
        style = "Quote" if block.kind == "quote" else None
        run = document.add_paragraph(style=style).add_run(block.text)
        if block.kind == "gap":
            run.font.color.rgb, run.bold = _RED, True
        elif block.kind == "quiet":
            run.font.color.rgb = _QUIET


def _add_table(document: WordDocument, grid: Grid) -> None:
    document.add_paragraph(grid.caption, style="Caption")
    table = document.add_table(rows=1, cols=len(grid.columns), style="Table Grid")
    for cell, name in zip(table.rows[0].cells, grid.columns, strict=True):
        cell.paragraphs[0].add_run(name).bold = True
    # Readers aloud and page breaks repeat a row that says it is the header.
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(header)  # noqa: SLF001 - python-docx has no name for it
    for row in grid.rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_paragraph()
