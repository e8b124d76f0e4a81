"""What a text says about itself: title, date, who speaks, who took part. Guesses are said in the notes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from insights.core.text import Block, plain_passage, reading_blocks
from insights.exchange.documents.contents import Content, UnreadableError
from insights.exchange.documents.json_form import plain_values
from insights.exchange.documents.kinds import Recognised
from insights.exchange.documents.reading import ReadDocument
from insights.exchange.documents.speakers import participants_named, speakers_seen
from insights.exchange.documents.turns import find_turns
from insights.exchange.research_files.dates import stated_date
from insights.exchange.research_files.describing import participants_of, title_of

_TABLES = frozenset(("csv", "tsv", "xlsx", "xls", "ods"))
_NOTES_FORMATS = frozenset(("txt", "md"))
_FEWEST_HEADINGS_OF_A_DOCUMENT = 3
_LONGEST_TITLE = 500
_HEAD_CHARACTERS = 200_000
_TRANSCRIPT = re.compile(r"\btranscript\b", re.IGNORECASE)


def described(path: str, name: str, recognised: Recognised, content: Content) -> ReadDocument:
    """The read document. Raises UnreadableError where there are no words to read or to cite."""
    if recognised.format in _TABLES:
        return _described_table(path, name, recognised, content)
    if not any(char.isalnum() for char in content.text):
        raise UnreadableError(_without_words(content))
    turns = find_turns(content)
    blocks = reading_blocks(content.text[:_HEAD_CHARACTERS])
    title, title_guessed = _title(path, content, blocks)
    dated = stated_date(path.replace("\\", "/"), content.front_matter, title, content.text)
    words = plain_passage(blocks, 0, _HEAD_CHARACTERS)
    count = participants_of(words)
    return ReadDocument(
        name=name,
        format=recognised.format,
        encoding=content.encoding,
        encoding_guessed=content.encoding_guessed,
        kind=_kind(
            recognised.format,
            content.front_matter,
            blocks,
            speaks=bool(turns.utterances) or _is_called_a_transcript(title, content.front_matter),
        ),
        title=title,
        text=content.text,
        dated_on=dated.on if dated else None,
        date_precision=dated.precision if dated else "day",
        utterances=turns.utterances,
        pages=content.pages,
        speakers=(speakers := speakers_seen(content.text, turns.utterances)),
        participants=participants_named(content.text, speakers),
        participant_count=count,
        front_matter=plain_values(content.front_matter),
        notes=(
            *recognised.notes,
            *_note_on_encoding(content),
            *content.notes,
            *turns.notes,
            *([f"The title was made from the file's name: {title}."] if title_guessed else []),
            *([f"Dated {dated.on.isoformat()} ({dated.precision}) by the {dated.source}."] if dated else []),
        ),
        lost=content.lost,
    )


def _described_table(path: str, name: str, recognised: Recognised, content: Content) -> ReadDocument:
    title, _ = title_of(path.replace("\\", "/"), {}, ())
    dated = stated_date(path.replace("\\", "/"), {}, title, "")
    return ReadDocument(
        name=name,
        format=recognised.format,
        encoding=content.encoding,
        encoding_guessed=content.encoding_guessed,
        kind="document",
        title=title[:_LONGEST_TITLE],
        text="",
        dated_on=dated.on if dated else None,
        date_precision=dated.precision if dated else "day",
        tables=content.tables,
        notes=(*recognised.notes, *_note_on_encoding(content), *content.notes),
        lost=content.lost,
    )


def _title(path: str, content: Content, blocks: tuple[Block, ...]) -> tuple[str, bool]:
    front: Mapping[str, Any] = content.front_matter
    if content.title and not front.get("title"):
        front = {**front, "title": content.title}
    title, guessed = title_of(path.replace("\\", "/"), front, blocks)
    return title[:_LONGEST_TITLE], guessed


def _kind(format_: str, front_matter: Mapping[str, Any], blocks: tuple[Block, ...], *, speaks: bool) -> str:
    if speaks:
        return "transcript"
    headings = sum(block.kind == "heading" for block in blocks)
    is_note = format_ in _NOTES_FORMATS and not front_matter and headings < _FEWEST_HEADINGS_OF_A_DOCUMENT
    return "note" if is_note else "document"


def _is_called_a_transcript(title: str, front_matter: Mapping[str, Any]) -> bool:
    return "transcript_by" in front_matter or bool(_TRANSCRIPT.search(title))


def _note_on_encoding(content: Content) -> list[str]:
    if not content.encoding_guessed:
        return []
    return [f"The encoding is not said; it was taken for {content.encoding}. Check letters with accents."]


def _without_words(content: Content) -> str:
    lost = f" {' '.join(content.lost)}" if content.lost else ""
    where = "below its front matter" if content.front_matter else "in it"
    return f"There are no words {where} to read or to cite.{lost} Choose another file."
