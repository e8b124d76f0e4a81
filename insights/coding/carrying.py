"""Carries highlights, utterances and pages over from one version of a text to the next (features.md C2).

A highlight never points silently at other words: where its own are found again for certain it follows them; where a
place is only likely, or none is left, it waits with the version it was read in for a person to decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import SourceText, Study, TextPage, TextVersion, Utterance
from insights.capture.operations import add_text_version
from insights.coding.models import Highlight, HighlightStatus
from insights.coding.personal_data.again import look_again_after
from insights.core.activity import record, touch
from insights.core.checks import required_text
from insights.core.errors import RuleBroken, StaleRecord
from insights.core.text import Anchor, Found, align, canonical_text, make_anchor, reanchor
from insights.people.models import Member
from insights.people.operations import require_same_area

# Code points; a report may be longer than the notes of one session.
LONGEST_SOURCE = 2_500_000


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """What an edit of the text makes of its highlights.

    kept: as they stood. moved: the same words at another place. found: the words found again by themselves.
    unsure: likely places, which a person must confirm. lost: no place left. returned: of those that had none before,
    how many the new text holds again.
    """

    kept: int = 0
    moved: int = 0
    found: int = 0
    unsure: int = 0
    lost: int = 0
    returned: int = 0

    @property
    def keep_their_words(self) -> int:
        return self.kept + self.moved + self.found

    @property
    def orphaned(self) -> int:
        """How many wait for a person."""
        return self.unsure + self.lost


def edit_source_text(
    session: Session, *, actor: Member, source: SourceText, study: Study, text: str, version_number: int
) -> CarriedOver:
    """Saves a new version of the text and carries every highlight over; what cannot be found again is orphaned.

    Raises StaleRecord with both texts when somebody saved in between (features.md C2, K2).
    """
    require_same_area(session, actor, study.team_id)
    current = current_version_of(session, source)
    new_text = _checked(text)
    if current.number != version_number and current.text != new_text:
        raise StaleRecord(source.ref, {"notes": current.text}, {"notes": new_text}, current.number)
    if current.text == new_text:
        return CarriedOver()
    version = add_text_version(session, actor=actor, source=source, text=new_text)
    look_again_after(session, source, current.text, new_text)
    highlights = _carried(session, source)
    texts = texts_of_versions(session, highlights)
    outcomes = [_carry_over(each, texts[each.text_version_id], current.id, version) for each in highlights]
    _carry_places(session, current, version)
    session.flush()
    touch(session, actor, source)
    record(
        session, actor, "edited text of", source, touches=[*refs_of_source(source), *(each.ref for each in highlights)]
    )
    return _counted(outcomes)


def foresee_edit(session: Session, *, source: SourceText, text: str) -> CarriedOver:
    """What saving this text would make of the highlights; nothing is changed."""
    current = current_version_of(session, source)
    new_text = _checked(text)
    if current.text == new_text:
        return CarriedOver()
    highlights = _carried(session, source)
    texts = texts_of_versions(session, highlights)
    return _counted(
        _outcome(each, _found(each, texts[each.text_version_id], new_text), current.id) for each in highlights
    )


def texts_of_versions(session: Session, highlights: Iterable[Highlight]) -> dict[int, str]:
    """The texts that the highlights were read in, by the version's id."""
    ids = {each.text_version_id for each in highlights}
    rows = session.execute(select(TextVersion.id, TextVersion.text).where(TextVersion.id.in_(ids))) if ids else ()
    return {row.id: row.text for row in rows}


def anchor_of(highlight: Highlight) -> Anchor:
    return Anchor(highlight.start, highlight.end, highlight.exact, highlight.prefix, highlight.suffix)


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


def _checked(text: str) -> str:
    new_text = canonical_text(text).strip("\n")
    required_text("notes", new_text, label="the notes", longest=LONGEST_SOURCE)
    return new_text


def _carried(session: Session, source: SourceText) -> Sequence[Highlight]:
    """Those that an edit concerns; what was withdrawn stays as it is."""
    return session.scalars(
        select(Highlight)
        .where(Highlight.source_text_id == source.id, Highlight.status != HighlightStatus.WITHDRAWN)
        .order_by(Highlight.id)
    ).all()


def _found(highlight: Highlight, old_text: str, new_text: str) -> Found | None:
    found = reanchor(old_text, new_text, anchor_of(highlight))
    # The last gate: whatever the search says, words that differ are no place for this quote.
    return None if found is not None and found.how != "approximate" and found.exact != highlight.exact else found


def _outcome(highlight: Highlight, found: Found | None, current_id: int) -> str:
    if highlight.status is HighlightStatus.DROPPED:
        return "dropped"
    waited = highlight.status is HighlightStatus.ORPHANED or highlight.text_version_id != current_id
    if found is None or found.how == "approximate":
        return "waits" if waited else "unsure" if found is not None else "lost"
    if waited:
        return "returned"
    return {"unchanged": "kept", "moved": "moved"}.get(found.how, "found")


def _carry_over(highlight: Highlight, old_text: str, current_id: int, new: TextVersion) -> str:
    found = _found(highlight, old_text, new.text)
    outcome = _outcome(highlight, found, current_id)
    if found is not None and found.how != "approximate":
        place_highlight(highlight, new.id, make_anchor(new.text, found.start, found.end))
    if highlight.status is not HighlightStatus.DROPPED:
        sure = found is not None and found.how != "approximate"
        highlight.status = HighlightStatus.ACTIVE if sure else HighlightStatus.ORPHANED
    return outcome


def _counted(outcomes: Iterable[str]) -> CarriedOver:
    counts = Counter(outcomes)
    names = ("kept", "moved", "found", "unsure", "lost", "returned")
    return CarriedOver(**{name: counts[name] for name in names})


def _carry_places(session: Session, old: TextVersion, new: TextVersion) -> None:
    """Times, speakers and printed pages follow their words; an utterance of which nothing is left is left behind."""
    number, reached = 0, 0
    for said in session.scalars(
        select(Utterance).where(Utterance.text_version_id == old.id).order_by(Utterance.start, Utterance.number)
    ).all():
        start, end = _region(old.text, new.text, said.start, said.end, reached)
        if start < end:
            number, reached = number + 1, end
            session.add(
                Utterance(
                    text_version_id=new.id,
                    number=number,
                    start=start,
                    end=end,
                    start_ms=said.start_ms,
                    end_ms=said.end_ms,
                    speaker=said.speaker,
                    participant_id=said.participant_id,
                )
            )
    reached = 0
    for page in session.scalars(
        select(TextPage).where(TextPage.text_version_id == old.id).order_by(TextPage.start, TextPage.number)
    ).all():
        start, reached = _region(old.text, new.text, page.start, page.end, reached)
        session.add(
            TextPage(text_version_id=new.id, number=page.number, label=page.label, start=start, end=max(start, reached))
        )


def _region(old: str, new: str, start: int, end: int, reached: int) -> tuple[int, int]:
    """Where old [start, end) lies now, behind what was placed before, without the white space around it."""
    region = align(old, new, start, end)
    first, last = max(region.start, reached), max(region.end, reached)
    words = new[first:last]
    return first + len(words) - len(words.lstrip()), last - (len(words) - len(words.rstrip()))
