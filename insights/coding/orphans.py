"""Highlights whose place an edit took: where their words may stand now, and what a person decides (features.md C2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rapidfuzz.fuzz import partial_ratio_alignment
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from insights.capture.inside import inside_studies
from insights.capture.models import ResearchSession, SourceText, Study, TextVersion
from insights.coding.carrying import anchor_of, current_version_of, place_highlight, texts_of_versions
from insights.coding.models import Highlight, HighlightStatus
from insights.core.activity import record, touch
from insights.core.errors import InvalidInput, RuleBroken
from insights.core.text import AnchorError, make_anchor, reanchor
from insights.people.models import Member

PAGE = 20
# Code points shown on either side of old words and of a likely place.
_CONTEXT = 90
# Of 100: below it a passage has too little in common with the quote to be worth a look.
_ENOUGH_LIKENESS = 60
_LONGEST_QUOTE_LOOKED_FOR = 600
_LONGEST_TEXT_LOOKED_THROUGH = 400_000


@dataclass(frozen=True, slots=True)
class Passage:
    """Code points [start, end) of a text, the words there and around them."""

    start: int
    end: int
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class OrphanRow:
    """A highlight that waits: its words as they were heard, and where they may stand in the text as it is now."""

    id: int
    ref: str
    source_ref: str
    source: str
    study_ref: str
    study: str
    said_on: date | None
    heard: Passage
    candidates: tuple[Passage, ...]
    text_version_id: int
    current_version_id: int


def list_orphans(
    session: Session, member: Member, *, source_id: int | None = None, after_id: int | None = None, limit: int = PAGE
) -> list[OrphanRow]:
    """Those in studies that the member may see, in the order of their sources; `after_id` is the cursor."""
    query = (
        select(Highlight, SourceText, Study, ResearchSession)
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .join(Study, Study.id == Highlight.study_id)
        .outerjoin(ResearchSession, ResearchSession.id == Highlight.research_session_id)
        .where(*_waiting(member))
        .order_by(Highlight.id)
        .limit(limit)
    )
    if source_id is not None:
        query = query.where(Highlight.source_text_id == source_id)
    if after_id is not None:
        query = query.where(Highlight.id > after_id)
    rows = session.execute(query).all()
    current = [source.current_version_id for _, source, _, _ in rows if source.current_version_id is not None]
    texts = texts_of_versions(session, [highlight for highlight, *_ in rows])
    texts |= _texts(session, [number for number in current if number not in texts])
    return [_row(highlight, source, study, held, texts) for highlight, source, study, held in rows]


def count_orphans(session: Session, member: Member) -> int:
    query = (
        select(func.count(Highlight.id))
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .join(Study, Study.id == Highlight.study_id)
        .where(*_waiting(member))
    )
    return session.scalar(query) or 0


def put_in_place(
    session: Session,
    *,
    actor: Member,
    highlight: Highlight,
    source: SourceText,
    start: int,
    end: int,
    text_version_id: int | None = None,
) -> None:
    """A person says where a highlight belongs now; from then on its words are those that stand there.

    Raises RuleBroken where it does not wait or the text was edited since the page was opened.
    """
    version = current_version_of(session, source)
    if text_version_id is not None and text_version_id != version.id:
        raise RuleBroken("The text was changed since you opened it, so nothing was stored. Reload and choose again.")
    if highlight.status is not HighlightStatus.ORPHANED:
        raise RuleBroken(f"{highlight.ref} has its place. Reload the page to see it.")
    _anchor_at(highlight, version, start, end)
    highlight.status = HighlightStatus.ACTIVE
    touch(session, actor, highlight)
    record(session, actor, "placed", highlight, touches=[source.ref])


def take_out_of_place(
    session: Session,
    *,
    actor: Member,
    highlight: Highlight,
    source: SourceText,
    text_version_id: int,
    place: tuple[int, int],
) -> None:
    """Undoes `put_in_place`: the highlight waits again, with the words it had in an earlier version of its text."""
    version = session.get(TextVersion, text_version_id)
    if version is None or version.source_text_id != source.id or version.id == source.current_version_id:
        raise RuleBroken(f"{highlight.ref} cannot go back to that text.")
    _anchor_at(highlight, version, *place)
    highlight.status = HighlightStatus.ORPHANED
    touch(session, actor, highlight)
    record(session, actor, "took out of place", highlight, touches=[source.ref])


def _anchor_at(highlight: Highlight, version: TextVersion, start: int, end: int) -> None:
    try:
        anchor = make_anchor(version.text, start, end)
    except AnchorError as error:
        raise InvalidInput.of("passage", str(error)) from error
    place_highlight(highlight, version.id, anchor)


def _waiting(member: Member) -> tuple[ColumnElement[bool], ...]:
    return (
        Highlight.status == HighlightStatus.ORPHANED,
        SourceText.deleted_at.is_(None),
        inside_studies(member),
    )


def _texts(session: Session, version_ids: list[int]) -> dict[int, str]:
    if not version_ids:
        return {}
    rows = session.execute(select(TextVersion.id, TextVersion.text).where(TextVersion.id.in_(version_ids)))
    return {row.id: row.text for row in rows}


def _row(
    highlight: Highlight, source: SourceText, study: Study, held: ResearchSession | None, texts: dict[int, str]
) -> OrphanRow:
    old, new = texts[highlight.text_version_id], texts.get(source.current_version_id or 0, "")
    return OrphanRow(
        id=highlight.id,
        ref=highlight.ref,
        source_ref=source.ref if held is None else held.ref,
        source=source.title if held is None else held.title,
        study_ref=study.ref,
        study=study.title,
        said_on=source.dated_on if held is None else held.held_on,
        heard=_passage(old, highlight.start, highlight.end),
        candidates=tuple(_candidates(highlight, old, new)),
        text_version_id=highlight.text_version_id,
        current_version_id=source.current_version_id or 0,
    )


def _candidates(highlight: Highlight, old: str, new: str) -> list[Passage]:
    """The likeliest place between the remembered surroundings, and the one whose letters are most alike, if another."""
    places: list[tuple[int, int]] = []
    found = reanchor(old, new, anchor_of(highlight))
    if found is not None:
        places.append((found.start, found.end))
    alike = _most_alike(highlight.exact, new)
    if alike is not None and not any(start < alike[1] and alike[0] < end for start, end in places):
        places.append(alike)
    return [_passage(new, start, end) for start, end in places]


def _most_alike(exact: str, text: str) -> tuple[int, int] | None:
    if len(exact) > _LONGEST_QUOTE_LOOKED_FOR or len(text) > _LONGEST_TEXT_LOOKED_THROUGH or len(exact) >= len(text):
        return None
    found = partial_ratio_alignment(exact, text, score_cutoff=_ENOUGH_LIKENESS)
    if found is None:
        return None
    start, end = _whole_words(text, found.dest_start, found.dest_end)
    if end < len(text) and text[end] == exact[-1] and not text[end].isalnum():
        end += 1
    return (start, end) if text[start:end].strip() else None


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Widened to where words begin and end, so far as that is near."""
    for _ in range(20):
        if start == 0 or text[start - 1].isspace() or not text[start - 1].isalnum():
            break
        start -= 1
    for _ in range(20):
        if end >= len(text) or text[end].isspace() or not text[end].isalnum():
            break
        end += 1
    return start, end


def _passage(text: str, start: int, end: int) -> Passage:
    before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    return Passage(
        start,
        end,
        ("…" if start > _CONTEXT else "") + before,
        text[start:end],
        after + ("…" if end + _CONTEXT < len(text) else ""),
    )
