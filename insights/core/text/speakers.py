"""Who speaks in a block: a convenience for display, never a record of who was there."""

import re
from collections.abc import Sequence

_VOICE_TAG = re.compile(r"<v(?:\.[\w.]+)? ([^<>\n]{1,80})>")
_LABEL = re.compile(r"(?:\*\*|__)?([^\W_][^:*\n<>|\[\]]{0,39})(?:(?:\*\*|__):|:(?:\*\*|__)?)\s")
_ATTRIBUTION = re.compile(r"^[> \t]*(?:--|[—–―])[ \t]*(\S.{0,120})$", re.MULTILINE)
_AFTER_QUOTE = re.compile(r"[\"”][ \t]*[-–—]{1,3}[ \t]*([^\s\"”][^\"”\n]{0,80})\Z")
_MOST_WORDS_IN_A_LABEL = 4
_FEWEST_LABELLED = 2


def speakers_of(blocks: Sequence[tuple[str, str]]) -> list[str | None]:
    """The speaker of each (kind, source) block, or None.

    Voice tags and attributions under quotations always count. "Name: words" counts only where a conversation is
    written down: at least half of the paragraphs begin so, under at least two labels.
    """
    labels = [_label(kind, source) for kind, source in blocks]
    paragraphs = sum(kind == "paragraph" for kind, _ in blocks)
    labelled = sum(label is not None for label in labels)
    conversation = labelled * 2 >= paragraphs and len(set(labels) - {None}) >= _FEWEST_LABELLED
    return [
        _explicit(kind, source) or (label if conversation else None)
        for (kind, source), label in zip(blocks, labels, strict=True)
    ]


def _explicit(kind: str, source: str) -> str | None:
    if voice := _VOICE_TAG.match(source):
        return voice[1].strip()
    if kind != "quote":
        return None
    attribution = _ATTRIBUTION.search(source) or _AFTER_QUOTE.search(source)
    return attribution[1].strip() if attribution else None


def _label(kind: str, source: str) -> str | None:
    found = _LABEL.match(source) if kind == "paragraph" else None
    if not found:
        return None
    name = found[1].strip()
    is_name = len(name.split()) <= _MOST_WORDS_IN_A_LABEL and (name[0].isupper() or name[0].isdigit())
    return name if is_name else None
