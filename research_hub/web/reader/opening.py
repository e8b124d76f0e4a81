"""What the reader's page needs of one text, read in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from insights.capture.models import SourceText, TextVersion
from insights.capture.queries import pages_of, utterances_of
from insights.coding.memos import by_highlight, memos_on, memos_on_highlights
from insights.coding.queries import Mark, marks_of_source
from insights.people.models import Member
from insights.synthesis.queries import insights_citing
from research_hub.web.reader.bare import bare_lines, bare_lines_between, span_around
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
    bare = bare_lines(text, utterances_of(session, text_version_id), pages_of(session, text_version_id))
    return Opened(lines_of(bare, placed, margin), [mark for mark in marks if mark.status == "orphaned"])


def lines_between(session: Session, member: Member, *, source: SourceText, start: int, end: int) -> list[Line]:
    """The lines of the current text that touch code points [start, end), with all their highlights and notes."""
    version = session.get_one(TextVersion, source.current_version_id)
    span = span_around(version.text, start, end)
    bare = bare_lines_between(
        version.text,
        start,
        end,
        utterances_of(session, version.id, within=span),
        pages_of(session, version.id, within=span),
    )
    if not bare:
        return []
    marks = marks_of_source(session, source.id, touching=(bare[0].start, bare[-1].end))
    within = [mark for mark in marks if mark.text_version_id == version.id]
    margin = Margin(
        insights_citing(session, member, [mark.id for mark in within]),
        by_highlight(memos_on(session, member, [mark.ref for mark in within])),
    )
    return lines_of(bare, within, margin, whole=False)
