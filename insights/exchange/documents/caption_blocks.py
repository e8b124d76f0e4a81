"""The blocks of a caption file: head, cues, and what is no speech (comments, styles, regions)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from insights.exchange.documents.oddities import Oddities, lines_named
from insights.exchange.documents.times import milliseconds


@dataclass(frozen=True, slots=True)
class Cue:
    """`line` is where its time stands; a time that could not be read, or that is missing, is None."""

    line: int
    start_ms: int | None
    end_ms: int | None
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Track:
    """`head` is what a WebVTT file says of itself before the first cue; `lost` what is no speech, as sentences."""

    cues: tuple[Cue, ...]
    has_times: bool
    title: str = ""
    head: dict[str, str] = field(default_factory=dict)
    lost: tuple[str, ...] = ()


def read_cues(text: str, format_: str, odd: Oddities) -> Track:
    """All cues in the order of the file. What is odd about a line goes into `odd`."""
    reader = _Reader(format_, odd)
    for first_line, lines in _blocks(text):
        reader.block(first_line, lines)
    return reader.track()


_LONGEST_TIMES = 1_000
_HOLDS_A_TIME = re.compile(r"\d:\d")
_HEAD_VALUE = re.compile(r"([A-Za-z][\w-]{0,40}):[ \t]*(.*)")
_NUMBER = re.compile(r"\d+")
_LONGEST_SHOWN = 80
_MOST_SHOWN = 5


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines without an empty one between, with the number of the first, from 1."""
    gathered: list[str] = []
    number = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            gathered.append(line)
        elif gathered:
            yield number - len(gathered), gathered
            gathered = []
    if gathered:
        yield number - len(gathered) + 1, gathered


class _Reader:
    def __init__(self, format_: str, odd: Oddities) -> None:
        self._format = format_
        self._odd = odd
        self._cues: list[Cue] = []
        self._has_times = False
        self._title = ""
        self._head: dict[str, str] = {}
        self._dropped: dict[str, list[tuple[int, str]]] = {}
        self._begun = False

    def track(self) -> Track:
        lost = tuple(_sentence(kind, found) for kind, found in self._dropped.items())
        return Track(tuple(self._cues), self._has_times, self._title, self._head, lost)

    def block(self, line: int, lines: list[str]) -> None:
        if self._format == "vtt":
            if not self._begun and self._is_head(line, lines):
                return
            kind = lines[0].split(maxsplit=1)[0].rstrip(":")
            if kind in {"NOTE", "STYLE", "REGION"} and not self._times(lines[0]):
                self._drop(kind, line, " ".join(" ".join(lines).split()[1:]))
                return
        self._begun = True
        self._cues_of(line, lines)

    def _is_head(self, line: int, lines: list[str]) -> bool:
        self._begun = True
        if not lines[0].startswith("WEBVTT"):
            self._odd.add(
                "a WebVTT file begins with the word WEBVTT, which is missing here; it was read all the same.", line
            )
            return False
        timed = next((index for index, text in enumerate(lines) if self._times(text)), len(lines))
        self._title = lines[0].removeprefix("WEBVTT").strip(" \t-–—:")
        for offset, text in enumerate(lines[1:timed], start=1):
            if found := _HEAD_VALUE.fullmatch(text.strip()):
                self._head[found[1]] = found[2]
            else:
                self._drop("HEAD", line + offset, text)
        if timed < len(lines):
            self._cues_of(line + timed, lines[timed:])
        return True

    def _cues_of(self, line: int, lines: list[str]) -> None:
        """One cue as a rule; more where the empty lines between cues are missing."""
        timed = [index for index, text in enumerate(lines) if self._times(text)]
        if not timed:
            self._without_times(line, lines)
            return
        self._identifier(line, lines[: timed[0]])
        for this, following in zip(timed, [*timed[1:], len(lines)], strict=True):
            words = lines[this + 1 : following]
            if following < len(lines):
                if words and _NUMBER.fullmatch(words[-1].strip()):
                    words = words[:-1]
                if not words and lines[this].split() == lines[following].split():
                    self._odd.add("the same time stands twice; the second was left out.", line + following)
                    continue
                self._odd.add("no empty line before this cue.", line + following)
            self._cue(line + this, lines[this], words)

    def _cue(self, line: int, times: str, words: Sequence[str]) -> None:
        self._has_times = True
        found = self._times(times)
        start, end = (milliseconds(time) for time in found) if found else (None, None)
        if start is None or end is None:
            which = "times" if start is None and end is None else "first time" if start is None else "second time"
            self._odd.add(f"the {which} cannot be read; the words were kept without.", line)
        if start is not None and end is not None and end < start:
            self._odd.add("ends before it begins; the end was left out.", line)
            end = None
        self._cues.append(Cue(line, start, end, tuple(words)))

    def _without_times(self, line: int, lines: list[str]) -> None:
        words = lines
        if self._format == "srt" and _NUMBER.fullmatch(lines[0].strip()):
            words = lines[1:]
        if words:
            self._odd.add("words without a time; they were kept where they stand.", line)
            self._cues.append(Cue(line, None, None, tuple(words)))
        else:
            self._odd.add("the number of a cue without time and words; left out.", line)

    def _identifier(self, line: int, lines: Sequence[str]) -> None:
        """What stands before the time is the cue's name, which nobody says."""
        for offset, text in enumerate(lines):
            if not _NUMBER.fullmatch(text.strip()):
                self._drop("NAME", line + offset, text.strip())

    def _times(self, text: str) -> tuple[str, str] | None:
        """Start and end as they are written, or None for a line that holds no times."""
        if len(text) > _LONGEST_TIMES or not _HOLDS_A_TIME.search(text):
            return None
        start, arrow, rest = text.partition("," if self._format == "sbv" else "-->")
        if not arrow:
            return None
        if self._format == "sbv":
            looks_right = start.strip()[:1].isdigit() and ":" in start and " " not in text.strip()
            return (start.strip(), rest.strip()) if looks_right else None
        # Behind the second time WebVTT says where the caption stands.
        return start.strip(), (rest.split(maxsplit=1) or [""])[0]

    def _drop(self, kind: str, line: int, text: str) -> None:
        self._dropped.setdefault(kind, []).append((line, text))


_KINDS = {
    "NOTE": "comments, which nobody says",
    "STYLE": "styles, which say how captions look",
    "REGION": "regions, which say where captions stand",
    "HEAD": "words of the head that are no name and value",
    "NAME": "names of cues, which nobody says",
}


def _sentence(kind: str, found: list[tuple[int, str]]) -> str:
    shown = "; ".join(f"“{_short(text)}”" for _, text in found[:_MOST_SHOWN] if text) if kind != "STYLE" else ""
    more = len(found) - _MOST_SHOWN
    tail = f" and {more:,} more" if shown and more > 0 else ""
    return f"{lines_named([line for line, _ in found])}: {_KINDS[kind]}{f': {shown}{tail}' if shown else ''}."


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
