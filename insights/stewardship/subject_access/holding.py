"""Everything that is held on a participant, without other people's words and names.

What is kept by the person is found by what points at them, so that a table that comes later is not forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import LargeBinary, select
from sqlalchemy.orm import Session

from insights.capture.models import Recording, ResearchSession, Study, TextVersion, Utterance
from insights.coding.models import Highlight, Tag, highlight_tags
from insights.people.models import Participant
from insights.stewardship.erasure.tables import columns_to
from insights.stewardship.withdrawal import Reach, SharedText, reach_of

SOMEBODY_ELSE = "[somebody else spoke]"
ANOTHER = "[another participant]"
STAFF = "[a member of staff]"

# How the database works, and nothing of the person.
_INNER = frozenset({"id", "uuid", "row_version", "created_by_id", "updated_by_id", "participant_id", "study_id"})


@dataclass(frozen=True, slots=True)
class Passage:
    """`said` is what is given out, without other people's words and names; `note` what was left out."""

    ref: str
    title: str
    on: date | None
    said: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """`records` by kind are rows that are kept by the person. The identity is added by who may open the vault."""

    participant: Mapping[str, Any]
    study: Mapping[str, Any]
    sessions: tuple[Mapping[str, Any], ...]
    texts: tuple[Passage, ...]
    quotes: tuple[Mapping[str, Any], ...]
    records: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    recordings: int = 0


def held_on(session: Session, participant: Participant, study: Study) -> Holding:
    """Raises nothing: what cannot be told apart from other people's words is said to be left out."""
    reach = reach_of(session, participant, study)
    hide = _hiding(session, reach)
    sources = [*reach.sources, *(each.source for each in reach.shared)]
    recordings = session.scalars(
        select(Recording.id).where(Recording.source_text_id.in_([each.id for each in sources]))
    ).all()
    return Holding(
        participant={
            "reference": participant.ref,
            "codes": [each.code for each in reach.codes],
            "group": participant.group,
            **{str(key): value for key, value in participant.attributes.items()},
        },
        study={"reference": study.ref, "title": study.title},
        sessions=tuple(_session_of(held, reach, hide) for held in _held(reach)),
        texts=(*_own_texts(session, reach, hide), *(_shared_text(each, hide) for each in reach.shared)),
        quotes=tuple(_quotes(session, reach, hide)),
        records=_records(session, reach),
        recordings=len(recordings),
    )


@dataclass(frozen=True, slots=True)
class _Hiding:
    """Names and codes of others, and what stands in their place."""

    patterns: tuple[tuple[re.Pattern[str], str], ...]

    def __call__(self, text: str) -> str:
        for pattern, instead in self.patterns:
            text = pattern.sub(instead, text)
        return text


def _hiding(session: Session, reach: Reach) -> _Hiding:
    own = {each.id for each in reach.codes}
    codes = session.execute(
        select(Participant.id, Participant.code).where(Participant.study_id == reach.study.id).order_by(Participant.id)
    )
    others = [code for number, code in codes if number not in own]
    staff = {
        name.strip()
        for held in _held(reach)
        for names in (held.moderator, held.observers)
        for name in re.split(r"[,;\n]", names)
        if name.strip()
    }
    return _Hiding(tuple(_patterns(others, ANOTHER)) + tuple(_patterns(staff, STAFF)))


def _patterns(words: Iterable[str], instead: str) -> Iterable[tuple[re.Pattern[str], str]]:
    for word in sorted(words, key=lambda each: (-len(each), each)):
        yield re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE), instead


def _held(reach: Reach) -> list[ResearchSession]:
    shared = {each.held.id: each.held for each in reach.shared if each.held is not None}
    return [*reach.sessions, *shared.values()]


def _session_of(held: ResearchSession, reach: Reach, hide: _Hiding) -> Mapping[str, Any]:
    return {
        "reference": held.ref,
        "title": hide(held.title),
        "held_on": held.held_on,
        "method": held.method.value,
        "minutes": held.minutes,
        "others_took_part": reach.others.get(held.id, 0),
    }


def _own_texts(session: Session, reach: Reach, hide: _Hiding) -> list[Passage]:
    """Whole, but for turns of somebody who is not the participant, such as whoever asked."""
    current = {each.current_version_id for each in reach.sources}
    versions = {each.source_text_id: each for each in reach.versions if each.id in current}
    people = {each.id for each in reach.codes}
    turns = session.scalars(
        select(Utterance)
        .where(Utterance.text_version_id.in_([each.id for each in versions.values()]))
        .order_by(Utterance.text_version_id, Utterance.start)
    ).all()
    found: list[Passage] = []
    for source in reach.sources:
        version = versions.get(source.id)
        if version is None:
            continue
        mine = [each for each in turns if each.text_version_id == version.id]
        said = hide(_without_others(version, mine, people))
        found.append(Passage(source.ref, hide(source.title), source.dated_on, (said,)))
    return found


def _without_others(version: TextVersion, turns: Iterable[Utterance], people: set[int]) -> str:
    """Where nobody of the text is known to be them, all of it is about them, and given out."""
    known = list(turns)
    if not any(each.participant_id in people for each in known):
        return version.text
    text = version.text
    for each in sorted(known, key=lambda turn: turn.start, reverse=True):
        if each.participant_id not in people:
            text = text[: each.start] + SOMEBODY_ELSE + text[each.end :]
    return text


def _shared_text(shared: SharedText, hide: _Hiding) -> Passage:
    current = next((each for each in shared.cuttings() if each[0].id == shared.source.current_version_id), None)
    said = () if current is None else tuple(hide(words) for words in current[1].words)
    note = "What other people said in it is left out."
    if not shared.is_told_apart:
        note = "The text does not tell who spoke, so that only what is marked as theirs is given out."
    title = shared.source.title or ("" if shared.held is None else shared.held.title)
    return Passage(shared.source.ref, hide(title), shared.source.dated_on, said, note)


def _quotes(session: Session, reach: Reach, hide: _Hiding) -> list[Mapping[str, Any]]:
    ids = [each.id for each in reach.highlights]
    rows = session.execute(
        select(highlight_tags.c.highlight_id, Tag.path)
        .join(Tag, Tag.id == highlight_tags.c.tag_id)
        .where(highlight_tags.c.highlight_id.in_(ids))
        .order_by(highlight_tags.c.highlight_id, Tag.path)
    )
    tags: dict[int, list[str]] = {}
    for number, path in rows:
        tags.setdefault(number, []).append(path)
    return [_quote(each, tags.get(each.id, []), hide) for each in reach.highlights]


def _quote(highlight: Highlight, tags: list[str], hide: _Hiding) -> Mapping[str, Any]:
    return {
        "reference": highlight.ref,
        "words": hide(highlight.exact),
        "observation": hide(highlight.observation),
        "tags": tags,
        "status": highlight.status.value,
    }


def _records(session: Session, reach: Reach) -> dict[str, tuple[Mapping[str, Any], ...]]:
    ids = [each.id for each in reach.codes]
    found: dict[str, tuple[Mapping[str, Any], ...]] = {}
    for column in columns_to(Participant.__tablename__):
        table = column.table
        if column.nullable or table.name in {"session_participants", "identities"}:
            continue
        shown = [
            each
            for each in table.columns
            if each.name not in _INNER and not each.foreign_keys and not isinstance(each.type, LargeBinary)
        ]
        rows = session.execute(select(*shown).where(column.in_(ids)).order_by(*table.primary_key.columns)).mappings()
        held = tuple({name: plain(value) for name, value in row.items()} for row in rows)
        if held:
            found[table.name] = held
    return found


def plain(value: object) -> object:
    """As JSON has it."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)
