"""What is odd about a file, gathered by kind so that a thousand cases are one sentence."""

from __future__ import annotations

_MOST_LINES = 6


class Oddities:
    """`add` takes a sentence's end and the line it is about; `sentences` puts the lines in front."""

    def __init__(self) -> None:
        self._lines: dict[str, list[int]] = {}

    def add(self, what: str, line: int) -> None:
        self._lines.setdefault(what, []).append(line)

    def sentences(self) -> tuple[str, ...]:
        """In the order in which each kind was met first: 'Lines 4, 9 and 2 more: ...'."""
        return tuple(f"{lines_named(lines)}: {what}" for what, lines in self._lines.items())


def lines_named(lines: list[int]) -> str:
    if len(lines) == 1:
        return f"Line {lines[0]:,}"
    shown = [f"{line:,}" for line in lines[:_MOST_LINES]]
    left = len(lines) - len(shown)
    last = f"{left:,} more" if left else shown.pop()
    return f"Lines {', '.join(shown)} and {last}"
