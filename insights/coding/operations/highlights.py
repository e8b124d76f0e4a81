"""Changes to highlights: passages of a text that somebody marked."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from insights.capture.models import SourceText
from insights.capture.queries import speaker_at
from insights.coding.carrying import current_version_of, place_highlight, refs_of_source
from insights.coding.models import Highlight, HighlightStatus
from insights.coding.operations.tags import set_tags
from insights.core.activity import add, record, touch
from insights.core.checks import text_of
from insights.core.clock import now
from insights.core.errors import InvalidInput, RuleBroken
from insights.core.text import AnchorError, make_anchor
from insights.people.models import Member, Participant

POLARITIES = (-1, 0, 1)
# Minor, serious, and what stops people.
SEVERITIES = (1, 2, 3)


def highlight_passage(
    session: Session,
    *,
    actor: Member,
    source: SourceText,
    start: int,
    end: int,
    tags: Sequence[str] = (),
    observation: str = "",
    polarity: int | None = None,
    severity: int | None = None,
    participant: Participant | None = None,
    text_version_id: int | None = None,
) -> Highlight:
    """Anchors a highlight at code points [start, end) of the source's current text; outer white space is left out.

    `participant` is whoever said it; without one it is who speaks there, where that is known. Raises RuleBroken when
    the page showed an older version of the text, InvalidInput for a passage that is not there or a participant of
    another study.
    """
    version = current_version_of(session, source)
    if text_version_id is not None and text_version_id != version.id:
        raise RuleBroken("The text was changed since you opened it, so nothing was stored. Reload and select again.")
    try:
        anchor = make_anchor(version.text, start, end)
    except AnchorError as error:
        raise InvalidInput.of("passage", str(error)) from error
    if participant is not None and participant.study_id != source.study_id:
        raise InvalidInput.of("participant", f"{participant.code} took part in another study. Choose who said it.")
    highlight = Highlight(
        text_version_id=version.id,
        source_text_id=source.id,
        study_id=source.study_id,
        research_session_id=source.research_session_id,
        participant_id=speaker_at(session, source, anchor.start) if participant is None else participant.id,
        observation=text_of("observation", observation, label="the observation", longest=5_000),
        polarity=_one_of("polarity", polarity, POLARITIES),
        severity=_one_of("severity", severity, SEVERITIES),
        status=HighlightStatus.ACTIVE,
    )
    place_highlight(highlight, version.id, anchor)
    add(session, actor, highlight)
    set_tags(session, actor=actor, highlight=highlight, tags=tags)
    record(session, actor, "highlighted", highlight, touches=refs_of_source(source))
    return highlight


def edit_highlight(
    session: Session,
    *,
    actor: Member,
    highlight: Highlight,
    tags: Sequence[str],
    observation: str,
    polarity: int | None,
    severity: int | None = None,
) -> None:
    highlight.observation = text_of("observation", observation, label="the observation", longest=5_000)
    highlight.polarity = _one_of("polarity", polarity, POLARITIES)
    highlight.severity = _one_of("severity", severity, SEVERITIES)
    set_tags(session, actor=actor, highlight=highlight, tags=tags)
    touch(session, actor, highlight)
    record(session, actor, "edited", highlight)


def set_highlight_dropped(session: Session, *, actor: Member, highlight: Highlight, dropped: bool) -> None:
    """Takes a highlight away, or brings it back as it was; evidence that cites it keeps its words.

    One that had lost its place, or whose text was edited meanwhile, comes back as one that waits for a place.
    """
    if dropped:
        highlight.status = HighlightStatus.DROPPED
    else:
        source = session.get_one(SourceText, highlight.source_text_id)
        here = highlight.text_version_id == source.current_version_id
        highlight.status = HighlightStatus.ACTIVE if here else HighlightStatus.ORPHANED
    highlight.dropped_at = now(session) if dropped else None
    touch(session, actor, highlight)
    record(session, actor, "dropped" if dropped else "restored", highlight)


def _one_of(field: str, value: int | None, known: Sequence[int]) -> int | None:
    if value is not None and value not in known:
        raise InvalidInput.of(field, f"Choose the {field}: one of {', '.join(map(str, known))}, or nothing.")
    return value
