"""Who speaks when: the turns of a conversation that is written down as text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from insights.exchange.documents.contents import Content
from insights.exchange.documents.labels import label_at, may_be_a_name, participant_code, role_of, short_name
from insights.exchange.documents.reading import ReadUtterance
from insights.exchange.documents.repetition import note_on_repetition
from insights.exchange.documents.times import milliseconds


@dataclass(frozen=True, slots=True)
class Turns:
    utterances: tuple[ReadUtterance, ...] = ()
    notes: tuple[str, ...] = ()


def find_turns(content: Content) -> Turns:
    """The utterances that the format told (captions), else those that labels in the text tell.

    A turn runs from its label to the next label or heading. Labels count only where a conversation is written down:
    words before a colon are common in reports too.
    """
    if content.utterances:
        return Turns(content.utterances)
    marks = [*_marks(content.text)]
    labels = _labels_of_a_conversation(marks)
    repeated = note_on_repetition(content.text)
    if not labels:
        return Turns((), repeated)
    utterances = tuple(_utterances(content.text, marks, labels))
    backwards = _note_on_times(content.text, utterances)
    return Turns(utterances, (*backwards, *repeated))


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where a paragraph, heading or label begins. `name` is empty for other than labels."""

    start: int
    is_heading: bool = False
    name: str = ""
    mark: str = ""
    start_ms: int | None = None
    is_item: bool = False
    has_words: bool = True


_LINE = re.compile(r"^[^\n]*\S[^\n]*$", re.MULTILINE)
_HEADING = re.compile(r"[ ]{0,3}#{1,6}[ \t]")
_FENCE = re.compile(r"[ \t]*(?:```|~~~)")
# “Jane Doe   0:03” on a line of its own, as meeting tools write it.
_NAME_AND_TIME = re.compile(
    r"(?P<name>[^\W\d_][^\n:<>|\[\]]{0,58}?)[ \t]+[\[(]?(?P<time>\d{1,3}:\d\d(?::\d\d)?)[\])]?[ \t]*"
)
_ADDRESS = re.compile(r"[ \t]*<?https?://", re.IGNORECASE)
_LONGEST_LINE_OF_A_NAME = 200
_FEWEST_TIMED = 3
_FEWEST_LABELS = 2
_FEWEST_TURNS = 2
_MANY_TURNS = 6
_ENOUGH_REPEATED = 2


def _marks(text: str) -> Iterator[_Mark]:
    """Headings, labels, and paragraphs that are neither; nothing of fenced code."""
    fenced = after_blank = False
    last_end = -2
    for line in _LINE.finditer(text):
        after_blank = text.count("\n", last_end, line.start()) > 1 if last_end >= 0 else True
        last_end = line.end()
        if _FENCE.match(line[0]):
            fenced = not fenced
        elif not fenced:
            mark = _mark(text, line.start(), line.end())
            if mark.is_heading or mark.name or after_blank:
                yield mark


def _mark(text: str, start: int, end: int) -> _Mark:
    if _HEADING.match(text, start, end):
        return _Mark(start, is_heading=True)
    found = label_at(text, start, end)
    if found and may_be_a_name(found["name"].strip()) and not _ADDRESS.match(text, found.end(), end):
        time = found["time_before"] or found["time_inside"] or (found["time_behind"] or "").strip("[]()")
        return _Mark(
            start,
            name=short_name(found["name"].strip()),
            mark=found["mark"] or "",
            start_ms=milliseconds(time) if time else None,
            is_item=bool(found["bullet"]),
            has_words=bool(text[found.end() : end].strip()),
        )
    alone = _NAME_AND_TIME.fullmatch(text, start, end) if end - start <= _LONGEST_LINE_OF_A_NAME else None
    if alone and may_be_a_name(alone["name"].strip()):
        return _Mark(start, name=alone["name"].strip(), start_ms=milliseconds(alone["time"]))
    return _Mark(start)


def _labels_of_a_conversation(marks: Sequence[_Mark]) -> frozenset[str]:
    labelled = [mark for mark in marks if mark.name and not mark.is_item]
    counts = Counter(mark.name for mark in labelled)
    timed = {mark.name for mark in labelled if mark.start_ms is not None}
    if sum(mark.start_ms is not None for mark in labelled) >= _FEWEST_TIMED:
        return frozenset(timed)
    main_mark = Counter(mark.mark for mark in labelled).most_common(1)[0][0] if labelled else ""
    speaking = {mark.name for mark in labelled if mark.has_words}
    names = {name for name, count in counts.items() if name in speaking and _counts_as_name(name, count)}
    names &= {mark.name for mark in labelled if mark.mark == main_mark}
    turns = sum(counts[name] for name in names)
    repeated = sum(counts[name] >= _ENOUGH_REPEATED for name in names)
    return frozenset(names) if _is_conversation(marks, names, turns, repeated) else frozenset()


def _counts_as_name(name: str, count: int) -> bool:
    """A label that stands once must look like a name: a capital or a figure at the beginning of every word."""
    if count >= _ENOUGH_REPEATED or role_of(name) or participant_code(name):
        return True
    return all(word[0].isupper() or not word[0].isalpha() for word in name.split())


def _is_conversation(marks: Sequence[_Mark], names: set[str], turns: int, repeated: int) -> bool:
    """Two people at least; half of the paragraphs labelled, or a fifth where the same names come again and again.

    A report that repeats its labels under every heading has nearly as many headings as labels.
    """
    if len(names) < _FEWEST_LABELS or turns < _FEWEST_TURNS or all(name[0].islower() for name in names):
        return False
    within = _between(marks, names)
    headings = sum(mark.is_heading for mark in within)
    paragraphs = sum(not mark.is_heading for mark in within)
    if headings * 3 > turns and not any(role_of(name) or participant_code(name) for name in names):
        return False
    if turns * 2 >= paragraphs:
        # Labels that never come again are a list of people; a question and its answer are a conversation.
        return repeated >= 1 or (len(names) == _FEWEST_LABELS and any(role_of(name) for name in names))
    return turns >= _MANY_TURNS and repeated >= _FEWEST_LABELS and turns * 5 >= paragraphs


def _between(marks: Sequence[_Mark], names: set[str]) -> Sequence[_Mark]:
    """From the first label to the last: what stands before and after a conversation says nothing about it."""
    places = [index for index, mark in enumerate(marks) if mark.name in names]
    return marks[places[0] : places[-1] + 1]


def _utterances(text: str, marks: Sequence[_Mark], labels: frozenset[str]) -> Iterator[ReadUtterance]:
    opened: _Mark | None = None
    for mark in [*marks, _Mark(len(text), is_heading=True)]:
        if not mark.is_heading and mark.name not in labels:
            continue
        if opened:
            start, end = _trimmed(text, opened.start, mark.start)
            yield ReadUtterance(start, end, opened.start_ms, None, opened.name)
        opened = None if mark.is_heading else mark


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _note_on_times(text: str, utterances: Sequence[ReadUtterance]) -> tuple[str, ...]:
    last = -1
    for utterance in utterances:
        if utterance.start_ms is not None:
            if utterance.start_ms < last:
                line = text.count("\n", 0, utterance.start) + 1
                return (f"Line {line:,}: the times run backwards from here; they were kept as they stand.",)
            last = utterance.start_ms
    return ()
