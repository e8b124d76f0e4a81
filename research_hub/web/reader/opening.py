"""What the reader's page needs of one text, read in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy.orm import Session

from insights.capture.models import SourceText, TextVersion
from insights.capture.queries import SourcePage, utterances_and_pages
from insights.coding.memos import MemoRow, by_highlight, memos_on, memos_on_source
from insights.coding.queries import Mark, marks_of_source
from insights.people.models import Member
from insights.synthesis.queries import insights_citing
from research_hub.web.reader.bare import bare_lines_between, span_around
from research_hub.web.reader.lines import Line, Margin, lines_of
from research_hub.web.reader.shown import Offer, Said, shown_text


@dataclass(frozen=True, slots=True)
class Opened:
    """`text` with its highlights and notes; `timed` where its utterances tell when they were said; `memos` on the text
    or its session; `orphans` lost their place.
    """

    text: Markup
    timed: bool
    orphans: Sequence[Mark]
    memos: Sequence[MemoRow]


def opened(session: Session, member: Member, *, page: SourcePage, offer: Offer) -> Opened:
    """The whole text as the member sees it."""
    marks = marks_of_source(session, page.source_id)
    placed = [mark for mark in marks if mark.status == "active" and mark.text_version_id == page.text_version_id]
    memos = memos_on_source(session, member, page.source_id, page.session_ref)
    margin = Margin(insights_citing(session, member, [mark.id for mark in marks]), by_highlight(memos))
    said = Said(page.text, *utterances_and_pages(session, page.text_version_id))
    return Opened(
        text=shown_text(said, placed, margin, offer),
        timed=said.timed,
        orphans=[mark for mark in marks if mark.status == "orphaned"],
        memos=[memo for memo in memos if memo.subject_ref in {page.ref, f"SRC-{page.source_id}"}],
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
