"""What the reader's page needs of one text, read in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from insights.capture.models import SourceText, TextVersion
from insights.capture.queries import pages_of, utterances_of
from insights.coding.memos import memos_on_highlights
from insights.coding.queries import Mark, marks_of_source
from insights.people.models import Member
from insights.synthesis.queries import insights_citing
from research_hub.web.reader.bare import BareLine, bare_lines
from research_hub.web.reader.lines import Line, Margin, lines_of


@dataclass(frozen=True, slots=True)
class Opened:
    lines: Sequence[Line]
    orphans: Sequence[Mark]

    @property
    def timed(self) -> bool:
        return any(line.milliseconds is not None for line in self.lines)


def opened(session: Session, member: Member, *, source_id: int, text: str, text_version_id: int) -> Opened:
    """The whole text with its highlights, and those that lost their place in it."""
    marks = marks_of_source(session, source_id)
    placed = [mark for mark in marks if mark.status == "active" and mark.text_version_id == text_version_id]
    margin = Margin(
        insights_citing(session, member, [mark.id for mark in marks]),
        memos_on_highlights(session, member, source_id),
    )
    bare = _bare(session, text, text_version_id)
    return Opened(lines_of(bare, placed, margin), [mark for mark in marks if mark.status == "orphaned"])


def lines_between(session: Session, member: Member, *, source: SourceText, start: int, end: int) -> list[Line]:
    """The lines of the current text that touch code points [start, end), with all their highlights and notes."""
    version = session.get_one(TextVersion, source.current_version_id)
    bare = [line for line in _bare(session, version.text, version.id) if line.start < end and start < line.end]
    if not bare:
        return []
    marks = marks_of_source(session, source.id, touching=(bare[0].start, bare[-1].end))
    margin = Margin(
        insights_citing(session, member, [mark.id for mark in marks]),
        memos_on_highlights(session, member, source.id),
    )
    within = [mark for mark in marks if mark.text_version_id == version.id]
    return lines_of(bare, within, margin, whole=False)


def _bare(session: Session, text: str, text_version_id: int) -> Sequence[BareLine]:
    return bare_lines(text, utterances_of(session, text_version_id), pages_of(session, text_version_id))
