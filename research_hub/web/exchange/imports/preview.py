"""The first paragraphs of a file as they will look once it is stored."""

from __future__ import annotations

from dataclasses import dataclass, replace

from insights.core.text import reading_blocks
from insights.exchange.documents import ReadDocument
from insights.exchange.imports import FileChoices, SpeakerRole, with_codes

NEW_CODE = "P-????"
_READ = 12_000
_MOST = 14
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class PreviewBlock:
    """`kind` and `level` are the reader's; `cut` says that the paragraph goes on."""

    kind: str
    level: int
    speaker: str
    words: str
    cut: bool


def first_paragraphs(document: ReadDocument, choices: FileChoices) -> list[PreviewBlock]:
    """With codes for names; a code that is still to be drawn is shown with question marks."""
    drawn = tuple(
        replace(each, code=NEW_CODE) if each.role is SpeakerRole.PARTICIPANT and not each.code else each
        for each in choices.speakers
    )
    text = with_codes(document, replace(choices, speakers=drawn)).text
    blocks = [block for block in reading_blocks(text[:_READ]) if block.number]
    return [
        PreviewBlock(block.kind, block.level, block.speaker or "", block.words[:_LONGEST], len(block.words) > _LONGEST)
        for block in blocks[:_MOST]
    ]
