"""Replaces passages of a text in a new version, where it is known to the code point what becomes of each (L3).

An edit by hand is compared with what stood there before; here nothing has to be found again: every highlight, utterance
and page keeps its place, and one that covers a replaced passage covers what stands there now.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import SourceText, Study, TextPage, TextVersion, Utterance
from insights.capture.operations import NewPage, NewUtterance, add_text_version
from insights.capture.operations.texts import add_places
from insights.coding.carrying import current_version_of, place_highlight, refs_of_source
from insights.coding.models import Highlight, HighlightStatus
from insights.core.activity import record, touch
from insights.core.text import canonical_text, make_anchor
from insights.people.models import Member


@dataclass(frozen=True, slots=True)
class Replacement:
    """Code points [start, end) of the text as it is, and the words to stand there instead."""

    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class _Moved:
    """From places in the old text to places in the new one."""

    replacements: Sequence[Replacement]
    starts: list[int] = field(default_factory=list)
    shifts: list[int] = field(default_factory=list)

    @classmethod
    def by(cls, replacements: Sequence[Replacement]) -> _Moved:
        shift, starts, shifts = 0, [], []
        for each in replacements:
            starts.append(each.start)
            shifts.append(shift)
            shift += len(each.words) - (each.end - each.start)
        return cls(replacements, starts, [*shifts, shift])

    def start(self, place: int) -> int:
        return self._to(place, at_end=False)

    def end(self, place: int) -> int:
        return self._to(place, at_end=True)

    def _to(self, place: int, *, at_end: bool) -> int:
        """A place within a replaced passage becomes its beginning, or its end."""
        before = bisect_right(self.starts, place if not at_end else place - 1)
        if before:
            last = self.replacements[before - 1]
            if last.start < place < last.end or (at_end and place == last.end) or (not at_end and place == last.start):
                begins = last.start + self.shifts[before - 1]
                return begins + len(last.words) if at_end else begins
        return place + self.shifts[before]


def replace_passages(
    session: Session, *, actor: Member, source: SourceText, study: Study, replacements: Sequence[Replacement], verb: str
) -> TextVersion:
    """The next version of the text. Callers have checked that the actor may, and that the passages do not overlap.

    What was read in earlier versions and waits for a place keeps it, with its words replaced where they hold one.
    """
    current = current_version_of(session, source)
    ordered = [_apart(each, current.text) for each in sorted(replacements, key=lambda each: each.start)]
    said = [(current.text[each.start : each.end], each.words) for each in ordered]
    text = _replaced(current.text, ordered)
    if canonical_text(text) != text:
        raise ValueError("What stands instead has to leave the text canonical.")
    version = add_text_version(session, actor=actor, source=source, text=text)
    moved = _Moved.by(ordered)
    highlights = _highlights(session, source)
    for each in highlights:
        if each.text_version_id == current.id:
            place_highlight(each, version.id, make_anchor(text, moved.start(each.start), moved.end(each.end)))
        else:
            _replace_words(each, said)
        touch(session, actor, each)
    _carry_places(session, current, version, moved)
    touch(session, actor, source)
    refs = [*refs_of_source(source), study.ref, *(each.ref for each in highlights)]
    # The words themselves stay out of the record of changes: they were replaced so that nobody reads them.
    record(session, actor, verb, source, touches=refs, detail={"places": len(ordered)})
    return version


def reverse_of(replacements: Sequence[Replacement], old_text: str) -> list[Replacement]:
    """What gives the old text back from the new one."""
    back, shift = [], 0
    for each in sorted(replacements, key=lambda each: each.start):
        each_apart = _apart(each, old_text)
        start = each.start + shift
        back.append(Replacement(start, start + len(each_apart.words), old_text[each.start : each.end]))
        shift += len(each_apart.words) - (each.end - each.start)
    return back


def _apart(replacement: Replacement, text: str) -> Replacement:
    """Words in brackets before a parenthesis would be read as a link."""
    follows = text[replacement.end : replacement.end + 1]
    if replacement.words.endswith("]") and follows in {"(", "[", ":"}:
        return Replacement(replacement.start, replacement.end, f"{replacement.words} ")
    return replacement


def _replaced(text: str, ordered: Sequence[Replacement]) -> str:
    pieces, at = [], 0
    for each in ordered:
        pieces += [text[at : each.start], each.words]
        at = each.end
    return "".join([*pieces, text[at:]])


def _replace_words(highlight: Highlight, said: Sequence[tuple[str, str]]) -> None:
    for words, instead in said:
        if words:
            highlight.exact = highlight.exact.replace(words, instead)
            highlight.prefix = highlight.prefix.replace(words, instead)[-64:]
            highlight.suffix = highlight.suffix.replace(words, instead)[:64]


def _highlights(session: Session, source: SourceText) -> Sequence[Highlight]:
    return session.scalars(
        select(Highlight)
        .where(Highlight.source_text_id == source.id, Highlight.status != HighlightStatus.WITHDRAWN)
        .order_by(Highlight.id)
    ).all()


def _carry_places(session: Session, old: TextVersion, new: TextVersion, moved: _Moved) -> None:
    said = session.scalars(
        select(Utterance).where(Utterance.text_version_id == old.id).order_by(Utterance.number)
    ).all()
    pages = session.scalars(select(TextPage).where(TextPage.text_version_id == old.id).order_by(TextPage.number)).all()
    add_places(
        session,
        new,
        [
            NewUtterance(
                moved.start(each.start),
                moved.end(each.end),
                each.start_ms,
                each.end_ms,
                each.speaker,
                each.participant_id,
            )
            for each in said
        ],
        [NewPage(each.label, moved.start(each.start), moved.end(each.end)) for each in pages],
    )
