"""One decision file read: bytes in, a document out, nothing dropped and no guess silent."""

import hashlib
from pathlib import PurePosixPath

from insights.exchange.decision_files.assembly import assemble
from insights.exchange.decision_files.decoding import decode
from insights.exchange.decision_files.documents import DecisionDocument, NotADecision, Reading, UnreadableFile
from insights.exchange.decision_files.front_matter import split_front_matter
from insights.exchange.decision_files.labels import fact_label, text_label
from insights.exchange.decision_files.markdown_blocks import Block, cut_at_headings
from insights.exchange.decision_files.recognition import (
    recognise_by_heading,
    recognise_by_name,
    recognise_without_parts,
)
from insights.exchange.decision_files.restructured_text import to_markdown
from insights.exchange.decision_files.source import TITLE_KEY, SourceFile


def read_decision_file(name: str, data: bytes) -> Reading:
    """Reads one file; `name` is its path relative to the folder that is imported, with forward slashes.

    Never raises for what is in the file: what is no decision or no text comes back as such, with the reason.
    """
    decoded = decode(name, data)
    if isinstance(decoded, UnreadableFile):
        return decoded
    known = recognise_by_name(name, decoded.text)
    if known:
        return known
    front = split_front_matter(decoded.text)
    is_rst = PurePosixPath(name).suffix.casefold() in {".rst", ".rest"}
    body = to_markdown(front.body) if is_rst else front.body
    source = SourceFile(
        name=name,
        front=front,
        blocks=cut_at_headings(body, front.body_line),
        is_rst=is_rst,
        encoding=decoded.encoding,
        sha256=hashlib.sha256(data).hexdigest(),
    )
    return _read_source(source, decoded.text)


def _read_source(source: SourceFile, text: str) -> DecisionDocument | NotADecision:
    known = None if TITLE_KEY in source.own() else recognise_by_heading(source.name, source.blocks)
    if known:
        return known
    assembled = assemble(source)
    if assembled.has_facts or any(_is_known(block) for block in source.blocks):
        return assembled.document
    return recognise_without_parts(source.name, text) or assembled.document


def _is_known(block: Block) -> bool:
    heading = block.heading
    return heading is not None and (text_label(heading.text) is not None or fact_label(heading.text) is not None)
