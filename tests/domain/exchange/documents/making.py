"""Makes small files of every kind, as the programs do that people use."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

import docx
import odfdo
import pypdfium2
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from xlsxwriter import Workbook


def word_bytes(document: WordDocument) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def word_with(*paragraphs: str) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return word_bytes(document)


def tracked_deletion(document: WordDocument, words: str) -> None:
    """A paragraph that somebody deleted with changes tracked."""
    deletion, run, text = OxmlElement("w:del"), OxmlElement("w:r"), OxmlElement("w:delText")
    deletion.set(qn("w:id"), "1")
    deletion.set(qn("w:author"), "Maya")
    text.text = words
    run.append(text)
    deletion.append(run)
    document.add_paragraph("She kept this.")._p.append(deletion)


def open_document_with(*elements: odfdo.Element) -> bytes:
    document = odfdo.Document("text")
    document.body.clear()
    for element in elements:
        document.body.append(element)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def workbook_with(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    file = io.BytesIO()
    with Workbook(file, {"default_date_format": "yyyy-mm-dd"}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for index, row in enumerate(rows):
                sheet.write_row(index, 0, row)
    return file.getvalue()


def pdf_of_lines(*pages: Sequence[str], title: str = "") -> bytes:
    """A PDF with Helvetica lines of 12 points, one under the other, written by hand."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(pages)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    for index, lines in enumerate(pages):
        stream = b"BT /F1 12 Tf 72 760 Td 14 TL " + b" ".join(_shown(line) for line in lines) + b" ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * index} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream")
    return _pdf(objects, title)


def pdf_without_text() -> bytes:
    document = pypdfium2.PdfDocument.new()
    document.new_page(300, 300)
    file = io.BytesIO()
    document.save(file)
    document.close()
    return file.getvalue()


def zip_with(entries: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file.getvalue()


def with_part(package: bytes, name: str, content: bytes) -> bytes:
    """The package with one part put in place of the one of that name, or added."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        entries = {info.filename: archive.read(info) for info in archive.infolist()}
    return zip_with({**entries, name: content})


def _shown(line: str) -> bytes:
    escaped = line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return b"(" + escaped.encode("cp1252") + b") Tj T*"


def _pdf(objects: Sequence[bytes], title: str) -> bytes:
    written = [*objects, f"<< /Title ({title}) >>".encode()] if title else [*objects]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(written, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    info = f" /Info {len(written)} 0 R" if title else ""
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"<< /Size {len(written) + 1} /Root 1 0 R{info} >>"
    end = f"xref\n0 {len(written) + 1}\n0000000000 65535 f \n{table}trailer\n{trailer}\nstartxref\n{len(out)}\n%%EOF\n"
    return out + end.encode()
