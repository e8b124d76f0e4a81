"""CommonMark's emphasis by delimiter runs, in linear time."""

from collections import Counter
from dataclasses import dataclass

from insights.core.text.runs import Marks, Style


@dataclass(slots=True)
class _Opener:
    sign: str
    start: int
    end: int


class Emphasis:
    """Pairs the delimiter runs of one stretch of text as they are met from left to right."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self._openers: list[_Opener] = []
        self._waiting: Counter[str] = Counter()

    def meet(self, text: str, start: int, end: int) -> None:
        """Take the run of equal signs text[start:end], which closes what it can and then opens what it may."""
        sign = text[start]
        opens, closes = _flanks(text, start, end)
        while closes and end - start >= _narrowest(sign) and self._waiting[sign]:
            start += self._pair(sign, start, end)
        if opens and end - start >= _narrowest(sign):
            self._openers.append(_Opener(sign, start, end))
            self._waiting[sign] += 1

    def _pair(self, sign: str, start: int, end: int) -> int:
        while self._openers[-1].sign != sign:
            self._waiting[self._openers.pop().sign] -= 1
        opener = self._openers[-1]
        width = min(2, opener.end - opener.start, end - start)
        self._marks.hide(opener.end - width, opener.end)
        self._marks.style(opener.end, start, _style(sign, width))
        self._marks.hide(start, start + width)
        opener.end -= width
        if opener.end - opener.start < _narrowest(sign):
            self._openers.pop()
            self._waiting[sign] -= 1
        return width


def _narrowest(sign: str) -> int:
    return 2 if sign == "~" else 1


def _style(sign: str, width: int) -> Style:
    if sign == "~":
        return "strike"
    return "strong" if width > 1 else "emphasis"


def _flanks(text: str, start: int, end: int) -> tuple[bool, bool]:
    """Whether the run may open and may close: CommonMark's flanking, but 2*3*4 stays a sum."""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    if before.isdigit() and after.isdigit():
        return False, False
    opens = not after.isspace() and (after.isalnum() or not before.isalnum())
    closes = not before.isspace() and (before.isalnum() or not after.isalnum())
    if text[start] == "_":
        return opens and not before.isalnum(), closes and not after.isalnum()
    return opens, closes
