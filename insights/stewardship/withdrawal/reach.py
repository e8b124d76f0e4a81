"""What is somebody's in a study: texts of their own, passages in texts that hold other people's words too, quotes."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from insights.capture.models import ResearchSession, SourceText, Study, TextVersion, Utterance, session_participants
from insights.coding.models import Highlight
from insights.people.models import Participant
from insights.stewardship.erasure.cutting import Cutting, Span
from insights.stewardship.erasure.shingles import Finder

WHOLE, MARKED = "whole", "marked"
"""Choices for a text in which people cannot be told apart: all of it goes, or the quotes marked as theirs alone."""

SPEAKER = "speaker:"
"""A choice too: what this label in the text says is theirs."""

_DECORATION = len("****: [00:00:00.000] ")


@dataclass(frozen=True, slots=True)
class SharedText:
    """A text that holds other people's words. `spans` are theirs by text version; `labels` speakers without a person.

    `is_told_apart` says that the text itself tells who spoke; else somebody has to choose.
    """

    source: SourceText
    held: ResearchSession | None
    versions: tuple[TextVersion, ...]
    spans: Mapping[int, tuple[Span, ...]]
    is_told_apart: bool
    labels: Mapping[str, int]
    marked: int

    @property
    def passages(self) -> int:
        return len(self.spans.get(self.source.current_version_id or 0, ()))

    def cuttings(self) -> list[tuple[TextVersion, Cutting]]:
        return [(each, Cutting.of(each.text, self.spans.get(each.id, ()))) for each in self.versions]


@dataclass(frozen=True, slots=True)
class Reach:
    """`codes` are the participant and every code merged into it. What was deleted before counts too."""

    participant: Participant
    study: Study
    codes: tuple[Participant, ...]
    sessions: tuple[ResearchSession, ...]
    sources: tuple[SourceText, ...]
    versions: tuple[TextVersion, ...]
    shared: tuple[SharedText, ...]
    highlights: tuple[Highlight, ...]
    others: Mapping[int, int] = field(default_factory=dict)

    @property
    def undecided(self) -> tuple[SharedText, ...]:
        return tuple(each for each in self.shared if not each.is_told_apart)

    def words(self) -> list[str]:
        """Everything that goes; in memory alone."""
        cut = [words for each in self.shared for _version, cutting in each.cuttings() for words in cutting.words]
        return [*(each.text for each in self.versions), *cut, *(each.exact for each in self.highlights)]


def reach_of(
    session: Session, participant: Participant, study: Study, choices: Mapping[str, str] | None = None
) -> Reach:
    """`choices` maps the uuid of a text to WHOLE, MARKED or SPEAKER and a label. Five statements, however many."""
    chosen = choices or {}
    codes = _codes(session, participant)
    people = [each.id for each in codes]
    held, others = _sessions(session, people)
    versions = _texts(session, people, list(held))
    own = [
        each for each in versions if chosen.get(each.uuid) == WHOLE or others.get(each.research_session_id or 0, 1) == 0
    ]
    ids = [version.id for found in versions.values() for version in found]
    utterances = list(
        session.scalars(select(Utterance).where(Utterance.text_version_id.in_(ids)).order_by(Utterance.id))
    )
    highlights = list(
        session.scalars(
            select(Highlight)
            .where(or_(Highlight.participant_id.in_(people), Highlight.text_version_id.in_(ids)))
            .order_by(Highlight.id)
        )
    )
    shared = [
        _shared(
            (each, held.get(each.research_session_id or 0)),
            found,
            [turn for turn in utterances if turn.text_version_id in {version.id for version in found}],
            [quote for quote in highlights if quote.source_text_id == each.id and quote.participant_id in people],
            (people, chosen.get(each.uuid)),
        )
        for each, found in versions.items()
        if each not in own
    ]
    return Reach(
        participant=participant,
        study=study,
        codes=codes,
        sessions=tuple(each for each in held.values() if not others[each.id]),
        sources=tuple(own),
        versions=tuple(version for each in own for version in versions[each]),
        shared=tuple(shared),
        highlights=_theirs(highlights, people, {each.id for each in own}, shared),
        others={number: count for number, count in others.items() if count},
    )


def _codes(session: Session, participant: Participant) -> tuple[Participant, ...]:
    merged = select(Participant).where(Participant.merged_into_id == participant.id).order_by(Participant.id)
    return (participant, *session.scalars(merged))


def _sessions(session: Session, people: Collection[int]) -> tuple[dict[int, ResearchSession], dict[int, int]]:
    """Where they were heard, and how many others with them."""
    present = session_participants.c
    mine = select(present.research_session_id).where(present.participant_id.in_(people))
    others = (
        select(func.count())
        .where(present.research_session_id == ResearchSession.id, present.participant_id.not_in(people))
        .correlate(ResearchSession)
        .scalar_subquery()
    )
    query = select(ResearchSession, others).where(ResearchSession.id.in_(mine)).order_by(ResearchSession.id)
    rows = session.execute(query).all()
    return {held.id: held for held, _ in rows}, {held.id: number for held, number in rows}


def _texts(session: Session, people: Collection[int], sessions: Collection[int]) -> dict[SourceText, list[TextVersion]]:
    """Texts of those sessions, and others in which something is marked as theirs, with every version."""
    spoke = (
        select(TextVersion.source_text_id)
        .join(Utterance, Utterance.text_version_id == TextVersion.id)
        .where(Utterance.participant_id.in_(people))
    )
    quoted = select(Highlight.source_text_id).where(Highlight.participant_id.in_(people))
    query = (
        select(SourceText, TextVersion)
        .join(TextVersion, TextVersion.source_text_id == SourceText.id)
        .where(or_(SourceText.research_session_id.in_(sessions), SourceText.id.in_(spoke), SourceText.id.in_(quoted)))
        .order_by(SourceText.id, TextVersion.id)
    )
    found: dict[SourceText, list[TextVersion]] = {}
    for source, version in session.execute(query):
        found.setdefault(source, []).append(version)
    return found


def _shared(
    text: tuple[SourceText, ResearchSession | None],
    versions: list[TextVersion],
    utterances: list[Utterance],
    quotes: list[Highlight],
    whose: tuple[Collection[int], str | None],
) -> SharedText:
    (source, held), (people, choice) = text, whose
    label = choice.removeprefix(SPEAKER) if choice and choice.startswith(SPEAKER) else None
    unknown = [each for each in utterances if each.participant_id is None]
    theirs = [each for each in utterances if each.participant_id in people]
    theirs += [each for each in unknown if label is not None and each.speaker == label]
    labels: dict[str, int] = {}
    for each in unknown:
        if each.speaker and each.text_version_id == source.current_version_id:
            labels[each.speaker] = labels.get(each.speaker, 0) + 1
    return SharedText(
        source=source,
        held=held,
        versions=tuple(versions),
        spans=_spans(versions, theirs, [each for each in utterances if each not in theirs], quotes),
        is_told_apart=bool(theirs) or held is None or choice == MARKED,
        labels=labels,
        marked=len(quotes),
    )


def _spans(
    versions: list[TextVersion], theirs: list[Utterance], others: list[Utterance], quotes: list[Highlight]
) -> dict[int, tuple[Span, ...]]:
    """Where a version has no turns of its own, as after an edit, their words are looked for in it."""
    finder = Finder(secrets.token_bytes(32))
    texts = {each.id: each.text for each in versions}
    said = {texts[each.text_version_id][each.start : each.end] for each in theirs}
    wanted = finder.digests_of(said)
    spans: dict[int, tuple[Span, ...]] = {}
    for version in versions:
        found = [_with_label(version.text, each) for each in theirs if each.text_version_id == version.id]
        if not found:
            found = finder.spans(version.text, wanted)
            found += [span for words in said for span in _places(version.text, words)]
        said_by_others = [_with_label(version.text, each) for each in others if each.text_version_id == version.id]
        for quote in quotes:
            if quote.text_version_id == version.id:
                found += _outside((quote.start, quote.end), said_by_others)
        spans[version.id] = Cutting.of(version.text, found).spans
    return spans


def _outside(span: Span, others: list[Span]) -> list[Span]:
    """What of a quote is not somebody else's turn: one that runs on into the next turn takes none of it along."""
    left: list[Span] = []
    start, end = span
    for low, high in sorted(others):
        if high <= start or low >= end:
            continue
        if low > start:
            left.append((start, low))
        start = max(start, high)
    return [*left, (start, end)] if start < end else left


def _with_label(text: str, turn: Utterance) -> Span:
    """The label at the beginning of the line goes too: it may be a name."""
    line = text.rfind("\n", 0, turn.start) + 1
    before = text[line : turn.start]
    is_label = bool(turn.speaker) and turn.speaker in before and len(before) <= len(turn.speaker) + _DECORATION
    return (line if is_label else turn.start, turn.end)


def _places(text: str, words: str) -> list[Span]:
    """Every place of a passage that is long enough not to stand there by chance."""
    places: list[Span] = []
    if len(words.split()) < 3:  # noqa: PLR2004 - one or two words are anybody's
        return places
    start = text.find(words)
    while start >= 0:
        places.append((start, start + len(words)))
        start = text.find(words, start + len(words))
    return places


def _theirs(
    highlights: Collection[Highlight], people: Collection[int], own: Collection[int], shared: Collection[SharedText]
) -> tuple[Highlight, ...]:
    """Quotes marked as theirs, all of their own texts, and those of which a cut leaves nothing."""
    cuttings = {version.id: cutting for each in shared for version, cutting in each.cuttings()}
    return tuple(
        each
        for each in highlights
        if each.participant_id in people
        or each.source_text_id in own
        or cuttings[each.text_version_id].swallows(each.start, each.end)
    )
