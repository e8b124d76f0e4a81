"""Word documents (.docx): headings, lists, tables, footnotes and comments as Markdown; the rest is named."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import mammoth

from insights.exchange.archives import Archive
from insights.exchange.documents.contents import Content, UnreadableError
from insights.exchange.documents.markup import counted, markdown_of, named
from insights.exchange.documents.packages import checked_package
from insights.exchange.safe_xml import parse_xml


def read_word(content: bytes) -> Content:
    """Raises UnreadableError for what is damaged or over the limits."""
    package = checked_package(content)
    try:
        result: Any = mammoth.convert_to_html(
            io.BytesIO(content), style_map=_STYLES, convert_image=mammoth.images.img_element(_no_picture)
        )
    except RecursionError:
        raise
    except Exception as error:
        raise UnreadableError(
            f"Its parts do not fit together ({type(error).__name__}: {error}). Open it in Word, save it anew, "
            "and bring that."
        ) from error
    markdown = markdown_of(_with_plain_notes(result.value))
    return Content(
        text=markdown.text,
        title=_title(package),
        lost=(*_lost_from_body(package), *_lost_around(package)),
    )


_STYLES = """
comment-reference => sup
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote:fresh > p:fresh
p[style-name='Intense Quote'] => blockquote:fresh > p:fresh
del => s
"""
_BACK = re.compile(r' ?<a href="#(?:footnote|endnote|comment)-ref-\d+">↑</a>')
_CALL = re.compile(r'<a href="#(?:footnote|endnote|comment)-\d+" id="[^"]*">([^<]*)</a>')
_NOTE = re.compile(r'<li id="(?:foot|end)note-(\d+)"><p>')
_NOTES = re.compile(r'<ol>(<li id="(?:foot|end)note-.*)</ol>', re.DOTALL)
_COMMENT = re.compile(r'<dt id="comment-\d+">([^<]*)</dt><dd><p>')
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
_PICTURES = frozenset(("drawing", "pict", "object"))


def _with_plain_notes(html: str) -> str:
    """Footnotes and comments as paragraphs that begin with their mark, without links up and down the page."""
    plain = _CALL.sub(r"\1", _BACK.sub("", html))
    if found := _NOTES.search(plain):
        notes = _NOTE.sub(r"<p>[\1] ", found[1]).replace("</li>", "")
        plain = f"{plain[: found.start()]}{notes}{plain[found.end() :]}"
    return _COMMENT.sub(r"<p>\1: ", plain).replace("<dl>", "").replace("</dl>", "").replace("</dd>", "")


def _no_picture(_image: object) -> dict[str, str]:
    return {"src": ""}


def _title(package: Archive) -> str:
    """What the document's properties call it; programs that fill them in themselves say 'Document1' or the like."""
    if "docProps/core.xml" not in package:
        return ""
    found = parse_xml(package.read("docProps/core.xml"), name="docProps/core.xml").find(f"{_DUBLIN_CORE}title")
    title = " ".join((found.text or "").split()) if found is not None else ""
    return "" if title.casefold() in {"word document", "document1", "untitled"} else title


def _lost_from_body(package: Archive) -> Iterator[str]:
    body = _parsed(package, "word/document.xml")
    if body is None:
        return
    pictures = sum(_local(element) in _PICTURES for element in body.iter())
    if pictures:
        yield f"{counted(pictures, 'picture, drawing or embedded object')} left out."
    deleted = [text for element in body.iter() if _local(element) == "del" and (text := _deleted_text(element))]
    if deleted:
        yield f"Tracked changes: {counted(len(deleted), 'deleted passage')} left out: {named(deleted)}."
    inserted = sum(_local(element) == "ins" for element in body.iter())
    if inserted:
        yield f"Tracked changes: {counted(inserted, 'inserted passage')} taken as accepted."
    formulas = ["".join(part.itertext()) for part in body.iter(f"{_MATH}oMath")]
    if formulas:
        yield f"{counted(len(formulas), 'formula')} left out: {named(formulas)}."


def _lost_around(package: Archive) -> Iterator[str]:
    """Headers and footers stand on every page and so in no place of the text."""
    for entry in package.entries:
        name = entry.name.lower()
        if name.startswith(("word/header", "word/footer")) and name.endswith(".xml"):
            root = _parsed(package, entry.name)
            words = " ".join(_paragraphs(root)) if root is not None else ""
            if words:
                yield f"The {'header' if 'header' in name else 'footer'} of its pages left out: {named([words])}."
    charts = sum(entry.name.lower().startswith("word/charts/chart") for entry in package.entries)
    if charts:
        yield f"{counted(charts, 'chart')} left out."


def _parsed(package: Archive, name: str) -> Element | None:
    return parse_xml(package.read(name), name=name) if name in package else None


def _paragraphs(root: Element) -> Iterator[str]:
    for element in root.iter():
        if _local(element) == "t" and (element.text or "").strip():
            yield " ".join((element.text or "").split())


def _deleted_text(element: Element) -> str:
    return "".join(part.text or "" for part in element.iter() if _local(part) == "delText")


def _local(element: Element) -> str:
    """The name of an element of Word's own language, else ''."""
    tag = element.tag
    return tag.rpartition("}")[2] if tag.startswith((_WORD, _STRICT)) else ""
