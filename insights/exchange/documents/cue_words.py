"""The words of a cue without its tags, and who says them."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Voice:
    """`name` is from a voice tag; empty where the cue has none. `words` are one paragraph."""

    name: str
    words: str


def voices_of(lines: Sequence[str]) -> list[Voice]:
    """The voices of a cue in order; none where it holds no words.

    Tags are left out where they are those of captions (voice, class, bold, colour, times); all other words in angle
    brackets stay. Lines are joined by a blank, except where a dash begins another person's words.
    """
    source = _joined(lines)
    parts = _VOICE.split(source)
    found = [Voice("", _plain(parts[0]))]
    found += [
        Voice(_plain(name).replace("\n", " "), _plain(words))
        for name, words in zip(parts[1::2], parts[2::2], strict=True)
    ]
    return [voice for voice in found if voice.words]


_VOICE = re.compile(r"<v(?:\.[\w.-]+)?[ \t]+([^<>\n]{1,200})>")
_TAG = re.compile(
    r"</?(?:c|i|b|u|ruby|rt|lang|v|font|s)(?:[.][^<>\s]*)?(?:[ \t][^<>]{0,400})?>"
    r"|<\d{1,4}:\d{1,2}(?::\d{1,2})?(?:[.,]\d{1,9})?>",
    re.IGNORECASE,
)
_PLACING = re.compile(r"\{\\an?\d{1,2}\}")
_DASH = ("-", "–", "—", "‐", ">>")


def _joined(lines: Sequence[str]) -> str:
    joined = ""
    for line in (part.strip() for text in lines for part in text.replace("[br]", "\n").split("\n")):
        if joined and line:
            shown = _TAG.sub("", line)
            joined += "\n" if shown.startswith(_DASH) else " "
        joined += line
    return joined


def _plain(source: str) -> str:
    """Entities are read once: `&amp;lt;` is what somebody wrote about `&lt;`."""
    words = html.unescape(_PLACING.sub("", _TAG.sub("", source)))
    return "\n".join(" ".join(line.split(" ")).strip() for line in words.split("\n")).strip()
