"""Reads of what the reader marks in one text, and of the tags its picker offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from insights.capture.access import hidden_study_ids
from insights.coding.models import Highlight, HighlightStatus, Tag, TagStatus, highlight_tags
from insights.coding.queries.tags import list_tags
from insights.core.clock import now
from insights.people.models import Member, Participant

_RECENTLY = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Mark:
    """A highlight as the reader shows it; `participant` is the code of whoever said it, empty where nobody knows."""

    id: int
    ref: str
    exact: str
    start: int
    end: int
    status: str
    text_version_id: int
    observation: str
    polarity: int | None
    severity: int | None
    participant: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfferedTag:
    path: str
    definition: str


def marks_of_source(session: Session, source_id: int, *, touching: tuple[int, int] | None = None) -> list[Mark]:
    """Active and orphaned highlights in the order of the text; scope was checked when the source was opened.

    `touching` leaves those that reach into code points [start, end) of the text, and no orphans.
    """
    query = (
        select(
            Highlight.id,
            Highlight.exact,
            Highlight.start,
            Highlight.end,
            Highlight.status,
            Highlight.text_version_id,
            Highlight.observation,
            Highlight.polarity,
            Highlight.severity,
            Participant.code,
            _paths(),
        )
        .outerjoin(Participant, Participant.id == Highlight.participant_id)
        .where(Highlight.source_text_id == source_id)
        .order_by(Highlight.start, Highlight.id)
    )
    if touching is None:
        query = query.where(Highlight.status.in_((HighlightStatus.ACTIVE, HighlightStatus.ORPHANED)))
    else:
        query = query.where(
            Highlight.status == HighlightStatus.ACTIVE, Highlight.start < touching[1], Highlight.end > touching[0]
        )
    return [
        Mark(
            number,
            f"HL-{number}",
            exact,
            start,
            end,
            status.value,
            version,
            observation,
            polarity,
            severity,
            code or "",
            tuple(sorted(paths.split("\n"))) if paths else (),
        )
        for number, exact, start, end, status, version, observation, polarity, severity, code, paths in session.execute(
            query
        )
    ]


def tags_to_offer(session: Session, member: Member, study_id: int) -> list[OfferedTag]:
    """What the tag picker offers: first what this member used in this study, recently and often, then all others.

    A use in the last two weeks counts as three older ones. Others follow by how often anybody uses them.
    """
    own, hidden = _uses_by(session, member, study_id), hidden_study_ids(session, member)
    tags = _seen_tags(session, member, study_id, hidden) if hidden else _all_tags(session, study_id)
    tags.sort(key=lambda tag: (-own.get(tag.id, 0), -tag.uses, tag.path))
    return [OfferedTag(tag.path, tag.definition) for tag in tags]


def _paths() -> ScalarSelect[str]:
    """The paths of a highlight's tags, one a line."""
    return (
        select(func.aggregate_strings(Tag.path, "\n"))
        .join(highlight_tags, highlight_tags.c.tag_id == Tag.id)
        .where(highlight_tags.c.highlight_id == Highlight.id)
        .correlate(Highlight)
        .scalar_subquery()
    )


def _uses_by(session: Session, member: Member, study_id: int) -> dict[int, int]:
    since = now(session) - _RECENTLY
    rows = session.execute(
        select(highlight_tags.c.tag_id, Highlight.created_at)
        .join(Highlight, Highlight.id == highlight_tags.c.highlight_id)
        .where(Highlight.study_id == study_id, Highlight.created_by_id == member.id)
        .order_by(Highlight.id.desc())
        .limit(500)
    )
    uses: dict[int, int] = {}
    for tag_id, at in rows:
        uses[tag_id] = uses.get(tag_id, 0) + (3 if at >= since else 1)
    return uses


@dataclass(frozen=True, slots=True)
class _Tag:
    id: int
    path: str
    definition: str
    uses: int


def _seen_tags(session: Session, member: Member, study_id: int, hidden: frozenset[int]) -> list[_Tag]:
    """The words of a tag can give away what a hidden study heard, and so can how often it is used."""
    return [
        _Tag(row.id, row.path, row.definition, row.highlights)
        for row in list_tags(session, member, hidden=hidden)
        if not row.is_retired and row.study_id in {None, study_id}
    ]


def _all_tags(session: Session, study_id: int) -> list[_Tag]:
    """Where no study is hidden every use counts, which spares the reader's page the walk over all studies."""
    uses = select(highlight_tags.c.tag_id, func.count().label("uses")).group_by(highlight_tags.c.tag_id).subquery()
    query = (
        select(Tag.id, Tag.path, Tag.definition, func.coalesce(uses.c.uses, 0))
        .outerjoin(uses, uses.c.tag_id == Tag.id)
        .where(Tag.status == TagStatus.ACTIVE, Tag.study_id.is_(None) | (Tag.study_id == study_id))
    )
    return [_Tag(*row) for row in session.execute(query)]
