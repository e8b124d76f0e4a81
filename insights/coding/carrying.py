"""Carries highlights over from one version of a text to the next (features.md C2)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import SourceText, Study, TextVersion
from insights.capture.operations import add_text_version
from insights.coding.models import Highlight, HighlightStatus
from insights.core.activity import record, touch
from insights.core.checks import required_text
from insights.core.errors import RuleBroken, StaleRecord
from insights.core.text import Anchor, canonical_text, make_anchor, reanchor
from insights.people.models import Member
from insights.people.operations import require_same_area

# Code points; a report may be longer than the notes of one session.
LONGEST_SOURCE = 2_500_000


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """How many highlights an edit of the text left in place, moved, found again, or orphaned."""

    kept: int
    moved: int
    orphaned: int


def edit_source_text(
    session: Session, *, actor: Member, source: SourceText, study: Study, text: str, version_number: int
) -> CarriedOver:
    """Saves a new version of the text and carries every highlight over; what cannot be found again is orphaned.

    Raises StaleRecord with both texts when somebody saved in between (features.md C2, K2).
    """
    require_same_area(session, actor, study.team_id)
    current = current_version_of(session, source)
    new_text = canonical_text(text).strip("\n")
    required_text("notes", new_text, label="the notes", longest=LONGEST_SOURCE)
    if current.number != version_number and current.text != new_text:
        raise StaleRecord(source.ref, {"notes": current.text}, {"notes": new_text}, current.number)
    if current.text == new_text:
        return CarriedOver(0, 0, 0)
    version = add_text_version(session, actor=actor, source=source, text=new_text)
    highlights = session.scalars(
        select(Highlight).where(
            Highlight.source_text_id == source.id,
            Highlight.status.in_((HighlightStatus.ACTIVE, HighlightStatus.DROPPED)),
        )
    ).all()
    places = [_carry_over(highlight, current, version) for highlight in highlights]
    session.flush()
    touch(session, actor, source)
    record(
        session, actor, "edited text of", source, touches=[*refs_of_source(source), *(each.ref for each in highlights)]
    )
    return CarriedOver(places.count("kept"), places.count("moved"), places.count("orphaned"))


def place_highlight(highlight: Highlight, version_id: int, anchor: Anchor) -> None:
    highlight.text_version_id = version_id
    highlight.start, highlight.end, highlight.exact = anchor.start, anchor.end, anchor.exact
    highlight.prefix, highlight.suffix = anchor.prefix, anchor.suffix


def current_version_of(session: Session, source: SourceText) -> TextVersion:
    version = None if source.current_version_id is None else session.get(TextVersion, source.current_version_id)
    if version is None:
        raise RuleBroken(f"{source.ref} has no text yet.")
    return version


def refs_of_source(source: SourceText) -> list[str]:
    return [source.ref] if source.research_session_id is None else [f"SES-{source.research_session_id}"]


def _carry_over(highlight: Highlight, old: TextVersion, new: TextVersion) -> str:
    anchor = Anchor(highlight.start, highlight.end, highlight.exact, highlight.prefix, highlight.suffix)
    found = reanchor(old.text, new.text, anchor)
    if found is None or found.how == "approximate":
        # An approximate place is a guess for a person to confirm; the quote stays with the version it was read in.
        highlight.status = HighlightStatus.ORPHANED
        return "orphaned"
    moved = (found.start, found.end) != (highlight.start, highlight.end)
    place_highlight(highlight, new.id, make_anchor(new.text, found.start, found.end))
    return "moved" if moved else "kept"
