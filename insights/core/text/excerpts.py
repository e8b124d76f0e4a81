from dataclasses import dataclass

from insights.core.text.blocks import plain_passage, reading_blocks

_WINDOW = 6


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage with some words either side, as a reader sees them.

    Set side by side the three read as the text does: white space between them is kept at the edges of `before` and
    `after`. `cut_before` and `cut_after` ask for an ellipsis.
    """

    before: str
    passage: str
    after: str
    cut_before: bool
    cut_after: bool


def excerpt(text: str, start: int, end: int, *, around: int = 80) -> Excerpt:
    """Readable words of [start, end) with up to `around` characters either side, cut between words.

    Only the text near the passage is read, so the cost does not grow with the source's length.
    """
    first = _line_start(text, max(0, start - _WINDOW * around), start)
    last = min(len(text), end + _WINDOW * around)
    blocks = reading_blocks(text[first:last])
    before = _flat(plain_passage(blocks, 0, start - first))
    passage = _flat(plain_passage(blocks, start - first, end - first))
    after = _flat(plain_passage(blocks, end - first, last - first))
    shown_before, shown_after = _last_words(before, around), _first_words(after, around)
    up_to_end = _flat(plain_passage(blocks, 0, end - first))
    from_start = _flat(plain_passage(blocks, start - first, last - first))
    return Excerpt(
        before=shown_before + (" " if before and up_to_end.endswith(f"{before} {passage}") else ""),
        passage=passage,
        after=(" " if after and from_start.startswith(f"{passage} {after}") else "") + shown_after,
        cut_before=first > 0 or len(shown_before) < len(before),
        cut_after=last < len(text) or len(shown_after) < len(after),
    )


def _line_start(text: str, earliest: int, start: int) -> int:
    """The first line that begins in the window, so that its markup is read as what it is."""
    if earliest == 0:
        return 0
    line = text.find("\n", earliest, start)
    return earliest if line < 0 else line + 1


def _flat(words: str) -> str:
    return " ".join(words.split())


def _last_words(words: str, around: int) -> str:
    if len(words) <= around:
        return words
    kept = words[-around:]
    return kept.partition(" ")[2] or kept


def _first_words(words: str, around: int) -> str:
    if len(words) <= around:
        return words
    kept = words[:around]
    return kept.rpartition(" ")[0] or kept
