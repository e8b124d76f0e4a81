"""What the reader's page needs of one text, read in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from insights.capture.models import SourceText, TextVersion
from insights.capture.queries import SourcePage, utterances_and_pages
from insights.coding.memos import MemoRow, by_highlight, memos_on, memos_on_source
from insights.coding.queries import Mark, marks_of_source
from insights.people.models import Member
from insights.synthesis.queries import insights_citing
from research_hub.web.reader.bare import bare_lines, bare_lines_between, span_around
from research_hub.web.reader.lines import Line, Margin, lines_of


@dataclass(frozen=True, slots=True)
class Opened:
    lines: Sequence[Line]
    orphans: Sequence[Mark]
    memos: Sequence[MemoRow]

    @property
    def timed(self) -> bool:
        return any(line.milliseconds is not None for line in self.lines)


def opened(session: Session, member: Member, *, page: SourcePage) -> Opened:
    """The whole text with its highlights, those that lost their place in it, and the memos on the text itself."""
    source_id, text_version_id = page.source_id, page.text_version_id
    marks = marks_of_source(session, source_id)
    placed = [mark for mark in marks if mark.status == "active" and mark.text_version_id == text_version_id]
    memos = memos_on_source(session, member, source_id, page.session_ref)
    margin = Margin(insights_citing(session, member, [mark.id for mark in marks]), by_highlight(memos))
    bare = bare_lines(page.text, *utterances_and_pages(session, text_version_id))
    return Opened(
        lines_of(bare, placed, margin),
        [mark for mark in marks if mark.status == "orphaned"],
        [memo for memo in memos if memo.subject_ref in {page.ref, f"SRC-{source_id}"}],
    )


def lines_between(session: Session, member: Member, *, source: SourceText, start: int, end: int) -> list[Line]:
    """The lines of the current text that touch code points [start, end), with all their highlights and notes."""
    version = session.get_one(TextVersion, source.current_version_id)
    span = span_around(version.text, start, end)
    bare = bare_lines_between(version.text, start, end, *utterances_and_pages(session, version.id, within=span))
    if not bare:
        return []
    marks = marks_of_source(session, source.id, touching=(bare[0].start, bare[-1].end))
    within = [mark for mark in marks if mark.text_version_id == version.id]
    margin = Margin(
        insights_citing(session, member, [mark.id for mark in within]),
        by_highlight(memos_on(session, member, [mark.ref for mark in within])),
    )
    return lines_of(bare, within, margin, whole=False)
