"""Changes to highlights and tags, and to the texts they stand on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from insights.capture.models import SourceText, Study, TextVersion
from insights.capture.operations import add_text_version
from insights.coding.models import Highlight, HighlightStatus, Tag, highlight_tags
from insights.core.activity import add, record, touch
from insights.core.checks import clean, optional_line, required_text, text_of
from insights.core.clock import now
from insights.core.errors import InvalidInput, RuleBroken, StaleRecord
from insights.core.text import Anchor, AnchorError, canonical_text, make_anchor, reanchor
from insights.people.models import Member, Participant
from insights.people.operations import require_same_area

LONGEST_TAG = 120
MOST_TAGS = 30
# Code points; a report may be longer than the notes of one session.
LONGEST_SOURCE = 2_500_000


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """How many highlights an edit of the text left in place, moved, found again, or orphaned."""

    kept: int
    moved: int
    orphaned: int


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
    participant: Participant | None = None,
    text_version_id: int | None = None,
) -> Highlight:
    """Anchors a highlight at code points [start, end) of the source's current text; outer white space is left out.

    `participant` is whoever said it, where that is known. Raises RuleBroken when the page showed an older version of
    the text, InvalidInput for a passage that is not there or a participant of another study.
    """
    version = _current_version(session, source)
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
        participant_id=None if participant is None else participant.id,
        observation=text_of("observation", observation, label="the observation", longest=5_000),
        polarity=polarity,
        status=HighlightStatus.ACTIVE,
    )
    _place(highlight, version.id, anchor)
    add(session, actor, highlight)
    set_tags(session, actor=actor, highlight=highlight, tags=tags)
    record(session, actor, "highlighted", highlight, touches=_session_refs(source))
    return highlight


def edit_highlight(
    session: Session,
    *,
    actor: Member,
    highlight: Highlight,
    tags: Sequence[str],
    observation: str,
    polarity: int | None,
) -> None:
    highlight.observation = text_of("observation", observation, label="the observation", longest=5_000)
    highlight.polarity = polarity
    set_tags(session, actor=actor, highlight=highlight, tags=tags)
    touch(session, actor, highlight)
    record(session, actor, "edited", highlight)


def set_highlight_dropped(session: Session, *, actor: Member, highlight: Highlight, dropped: bool) -> None:
    """Takes a highlight away, or brings it back as it was; evidence that cites it keeps its words."""
    highlight.status = HighlightStatus.DROPPED if dropped else HighlightStatus.ACTIVE
    highlight.dropped_at = now(session) if dropped else None
    touch(session, actor, highlight)
    record(session, actor, "dropped" if dropped else "restored", highlight)


def edit_source_text(
    session: Session, *, actor: Member, source: SourceText, study: Study, text: str, version_number: int
) -> CarriedOver:
    """Saves a new version of the text and carries every highlight over; what cannot be found again is orphaned.

    Raises StaleRecord with both texts when somebody saved in between (features.md C2, K2).
    """
    require_same_area(session, actor, study.team_id)
    current = _current_version(session, source)
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
        session, actor, "edited text of", source, touches=[*_session_refs(source), *(each.ref for each in highlights)]
    )
    return CarriedOver(places.count("kept"), places.count("moved"), places.count("orphaned"))


def set_tags(session: Session, *, actor: Member, highlight: Highlight, tags: Sequence[str]) -> None:
    """Gives the highlight these tags and no others; a tag that is not in the codebook yet is added to it."""
    names = [name for name in (optional_line("tags", tag, label="a tag", longest=400) for tag in tags) if name]
    if len(names) > MOST_TAGS:
        raise InvalidInput.of("tags", f"A highlight takes at most {MOST_TAGS} tags; there are {len(names)}.")
    found = {find_or_add_tag(session, actor=actor, path=name).id for name in names}
    session.execute(delete(highlight_tags).where(highlight_tags.c.highlight_id == highlight.id))
    if found:
        rows = [{"highlight_id": highlight.id, "tag_id": tag_id} for tag_id in sorted(found)]
        session.execute(insert(highlight_tags), rows)


def find_or_add_tag(session: Session, *, actor: Member | None, path: str, definition: str = "") -> Tag:
    """The tag of that path ('trust/links'), its parents made as needed; a retired tag leads on to its successor."""
    steps = [step.strip() for step in path.split("/") if step.strip()]
    if not steps:
        raise InvalidInput.of("tags", "Enter a tag.")
    tag: Tag | None = None
    for depth in range(1, len(steps) + 1):
        tag = _tag_at(session, actor, steps[:depth], parent=tag)
    assert tag is not None  # noqa: S101 - there is at least one step
    if definition and not tag.definition:
        tag.definition = clean(definition)
    return tag


def _tag_at(session: Session, actor: Member | None, steps: list[str], *, parent: Tag | None) -> Tag:
    path = "/".join(steps)
    if len(path) > 400 or len(steps[-1]) > LONGEST_TAG:  # noqa: PLR2004 - the column's length
        raise InvalidInput.of("tags", f"A tag must be {LONGEST_TAG} characters or fewer.")
    found = session.scalar(select(Tag).where(Tag.folded_path == path.casefold()[:400]))
    if found is not None:
        successor = None if found.redirect_to_id is None else session.get(Tag, found.redirect_to_id)
        return successor or found
    tag = Tag(
        name=steps[-1], path=path, folded_path=path.casefold()[:400], parent_id=None if parent is None else parent.id
    )
    add(session, actor, tag)
    record(session, actor, "added", tag)
    return tag


def _carry_over(highlight: Highlight, old: TextVersion, new: TextVersion) -> str:
    anchor = Anchor(highlight.start, highlight.end, highlight.exact, highlight.prefix, highlight.suffix)
    found = reanchor(old.text, new.text, anchor)
    if found is None or found.how == "approximate":
        # An approximate place is a guess for a person to confirm; the quote stays with the version it was read in.
        highlight.status = HighlightStatus.ORPHANED
        return "orphaned"
    moved = (found.start, found.end) != (highlight.start, highlight.end)
    _place(highlight, new.id, make_anchor(new.text, found.start, found.end))
    return "moved" if moved else "kept"


def _place(highlight: Highlight, version_id: int, anchor: Anchor) -> None:
    highlight.text_version_id = version_id
    highlight.start, highlight.end, highlight.exact = anchor.start, anchor.end, anchor.exact
    highlight.prefix, highlight.suffix = anchor.prefix, anchor.suffix


def _current_version(session: Session, source: SourceText) -> TextVersion:
    version = None if source.current_version_id is None else session.get(TextVersion, source.current_version_id)
    if version is None:
        raise RuleBroken(f"{source.ref} has no text yet.")
    return version


def _session_refs(source: SourceText) -> list[str]:
    return [source.ref] if source.research_session_id is None else [f"SES-{source.research_session_id}"]
