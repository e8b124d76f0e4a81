"""Which passages carry which tags, and who said them: what co-occurrence is counted from (features.md C7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from insights.capture.access import visible_studies
from insights.capture.models import SourceText, Study, session_participants
from insights.coding.models import Highlight, HighlightStatus, highlight_tags
from insights.people.models import Member, Participant

GROUP = "group"


@dataclass(frozen=True, slots=True)
class CodedPassage:
    """Code points [start, end) of one text version, with the tags that it carries and who said it, where known."""

    id: int
    text_version_id: int
    start: int
    end: int
    tag_ids: tuple[int, ...]
    participant_id: int | None


@dataclass(frozen=True, slots=True)
class Heard:
    """A participant as the tables need them: pairs of attribute and value, a list giving one pair for each item."""

    id: int
    attributes: tuple[tuple[str, str], ...]


def coded_passages(session: Session, member: Member, *, study_id: int | None = None) -> list[CodedPassage]:
    """Every active highlight that the member may see and that carries a tag; two statements."""
    links: defaultdict[int, list[int]] = defaultdict(list)
    tagged = _in_sight(select(highlight_tags.c.highlight_id, highlight_tags.c.tag_id), member, study_id)
    for highlight_id, tag_id in session.execute(
        tagged.join(highlight_tags, highlight_tags.c.highlight_id == Highlight.id)
    ):
        links[highlight_id].append(tag_id)
    columns = select(Highlight.id, Highlight.text_version_id, Highlight.start, Highlight.end, _speaker())
    rows = session.execute(_in_sight(columns, member, study_id).order_by(Highlight.id))
    return [
        CodedPassage(number, version, start, end, tuple(sorted(links[number])), speaker)
        for number, version, start, end, speaker in rows
        if number in links
    ]


def people_heard(session: Session, member: Member, *, study_id: int | None = None) -> list[Heard]:
    query = (
        select(Participant.id, Participant.group, Participant.attributes)
        .join(Study, Study.id == Participant.study_id)
        .where(visible_studies(member))
        .order_by(Participant.id)
    )
    rows = session.execute(query if study_id is None else query.where(Participant.study_id == study_id))
    return [Heard(number, tuple(_pairs(group, attributes))) for number, group, attributes in rows]


def carrying(tag_ids: Sequence[int], *, overlapping: bool = False) -> list[ColumnElement[bool]]:
    """Clauses on Highlight: it carries all these tags; with `overlapping` one of them, and reaches into a passage of
    the same text that carries the other.
    """
    if overlapping and len(tag_ids) == 2:  # noqa: PLR2004 - a pair of tags
        one, other = tag_ids
        return [or_(and_(_has(one), _meets(other)), and_(_has(other), _meets(one)))]
    return [_has(tag_id) for tag_id in tag_ids]


def said_by_people_with(session: Session, member: Member, name: str, value: str) -> ColumnElement[bool]:
    """A clause on Highlight: who said it has that value of that attribute, as the tables count it."""
    ids = [person.id for person in people_heard(session, member) if (name, value) in person.attributes]
    return _speaker().in_(ids)


def _in_sight(query: Select[*tuple[Any, ...]], member: Member, study_id: int | None) -> Select[*tuple[Any, ...]]:
    query = (
        query.select_from(Highlight)
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .join(Study, Study.id == Highlight.study_id)
        .where(visible_studies(member), Highlight.status == HighlightStatus.ACTIVE, SourceText.deleted_at.is_(None))
    )
    return query if study_id is None else query.where(Highlight.study_id == study_id)


def _speaker() -> ColumnElement[int | None]:
    """Whoever is named as having said it; else the one participant of its session, where there was but one."""
    there = session_participants.c
    only = (
        select(func.max(there.participant_id))
        .where(there.research_session_id == Highlight.research_session_id)
        .having(func.count() == 1)
        .correlate(Highlight)
        .scalar_subquery()
    )
    return func.coalesce(Highlight.participant_id, only)


def _has(tag_id: int) -> ColumnElement[bool]:
    return Highlight.id.in_(select(highlight_tags.c.highlight_id).where(highlight_tags.c.tag_id == tag_id))


def _meets(tag_id: int) -> ColumnElement[bool]:
    other = aliased(Highlight)
    return exists(
        select(other.id)
        .join(highlight_tags, highlight_tags.c.highlight_id == other.id)
        .where(
            highlight_tags.c.tag_id == tag_id,
            other.status == HighlightStatus.ACTIVE,
            other.text_version_id == Highlight.text_version_id,
            other.start < Highlight.end,
            other.end > Highlight.start,
        )
    )


def _pairs(group: str, attributes: dict[str, Any]) -> list[tuple[str, str]]:
    """One form for each word: attributes come from other programs as text, numbers, yes or no, and lists."""
    found = [(GROUP, group)] if group else []
    for name, value in attributes.items():
        values = value if isinstance(value, list) else [value]
        found += [(str(name), _word(each)) for each in values]
    return list(dict.fromkeys((name, word) for name, word in found if word))


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value).strip()
