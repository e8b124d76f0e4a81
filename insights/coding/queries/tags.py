"""Reads about tags, scoped to the member, as frozen rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import CTE, Select, and_, case, distinct, func, or_, select
from sqlalchemy.orm import Session

from insights.capture.access import hidden_study_ids, visible_studies
from insights.capture.models import SourceText, Study
from insights.coding.models import Highlight, HighlightStatus, Tag, TagStatus, highlight_tags
from insights.core.base import number_of
from insights.core.errors import NotFound
from insights.people.models import Member

_Found: TypeAlias = tuple[Any, ...]
"""A tag with its quotes, those within it, and whether an open and a hidden study use it."""


@dataclass(frozen=True, slots=True)
class TagRow:
    """`highlights` carry the tag itself, `highlights_within` it or a tag within it, each quote counted once.

    `depth` is 0 at the top. `study_id` None is the organisation's codebook.
    """

    id: int
    ref: str
    path: str
    name: str
    depth: int
    parent_id: int | None
    study_id: int | None
    definition: str
    use_when: str
    do_not_use_when: str
    example: str
    synonyms: tuple[str, ...]
    status: str
    redirect_to_id: int | None
    highlights: int
    highlights_within: int

    @property
    def is_retired(self) -> bool:
        return self.status == TagStatus.RETIRED


def get_tag(session: Session, member: Member, ref: str, *, follow: bool = False) -> TagRow:
    """The tag of that ref; with `follow` a tag that was merged leads on to where it went."""
    rows = {row.id: row for row in list_tags(session, member)}
    found = rows.get(number_of(ref, Tag.PREFIX) or 0)
    if found is None:
        raise NotFound(ref)
    return tag_in_use(rows, found) if follow else found


def tag_in_use(rows: dict[int, TagRow], row: TagRow) -> TagRow:
    """Where a merged tag leads, as far as the member may see; itself where it was not merged."""
    seen = {row.id}
    while row.redirect_to_id in rows and row.redirect_to_id not in seen:
        row = rows[row.redirect_to_id]
        seen.add(row.id)
    return row


def list_tags(
    session: Session, member: Member, *, counted_in: int | None = None, hidden: frozenset[int] | None = None
) -> list[TagRow]:
    """The tree of tags, each before those within it, with the number of quotes that the member may see under it.

    The words of a tag can give away what a restricted study heard. So a tag that only hidden studies use, also in tags
    within it, is not there, nor is anything within such a tag; a tag that nobody used is. `counted_in` counts the
    quotes of one study alone. `hidden` are the studies that the member may not see, where the caller knows them.
    """
    seen = visible_studies(member)
    uses = _uses(member, counted_in).subquery()
    own = or_(Tag.study_id.is_(None), Tag.study_id.in_(select(Study.id).where(seen)))
    rows = session.execute(
        select(Tag, uses.c.own, uses.c.within, uses.c.opened, uses.c.hidden)
        .outerjoin(uses, uses.c.above_id == Tag.id)
        .where(own)
        .order_by(Tag.position, Tag.folded_path)
    ).all()
    unseen = hidden
    if unseen is None:
        unseen = hidden_study_ids(session, member) if any(row[0].heard_in for row in rows) else frozenset()
    children: defaultdict[int | None, list[_Found]] = defaultdict(list)
    for row in rows:
        if _is_shown(tuple(row), unseen):
            children[row[0].parent_id].append(tuple(row))
    return list(_walk(children, None, 0))


def tag_names(session: Session, member: Member, *, study_id: int | None = None) -> list[str]:
    """What the tag picker offers in a study: its own tags and the organisation's that are active, most used first.

    Where no study is hidden from the member every use counts, which spares the reader's page the walk over all studies.
    """
    offered = (None, study_id)
    if hidden_study_ids(session, member):
        rows = [row for row in list_tags(session, member) if not row.is_retired and row.study_id in offered]
        return _unique(row.path for row in sorted(rows, key=lambda row: (-row.highlights, row.path)))
    uses = select(highlight_tags.c.tag_id, func.count().label("uses")).group_by(highlight_tags.c.tag_id).subquery()
    query = (
        select(Tag.path)
        .outerjoin(uses, uses.c.tag_id == Tag.id)
        .where(Tag.status == TagStatus.ACTIVE, or_(Tag.study_id.is_(None), Tag.study_id == study_id))
    )
    return _unique(session.scalars(query.order_by(func.coalesce(uses.c.uses, 0).desc(), Tag.path)))


def _uses(member: Member, counted_in: int | None) -> Select[Any]:
    """By tag, over itself and all within it: quotes shown, and whether an open and a hidden study use it."""
    lines = _lines()
    seen = visible_studies(member)
    shown = and_(seen, Highlight.status == HighlightStatus.ACTIVE, SourceText.deleted_at.is_(None))
    if counted_in is not None:
        shown = and_(shown, Highlight.study_id == counted_in)
    itself = lines.c.tag_id == lines.c.above_id
    return (
        select(
            lines.c.above_id,
            func.count(distinct(case((shown, Highlight.id)))).label("within"),
            func.count(distinct(case((and_(shown, itself), Highlight.id)))).label("own"),
            func.max(case((seen, 1), else_=0)).label("opened"),
            func.max(case((seen, 0), else_=1)).label("hidden"),
        )
        .join(highlight_tags, highlight_tags.c.tag_id == lines.c.tag_id)
        .join(Highlight, Highlight.id == highlight_tags.c.highlight_id)
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .join(Study, Study.id == Highlight.study_id)
        .group_by(lines.c.above_id)
    )


def _lines() -> CTE:
    """Each tag beside itself and every tag that it lies within."""
    lines = select(Tag.id.label("tag_id"), Tag.id.label("above_id")).cte("lines", recursive=True)
    above = select(lines.c.tag_id, Tag.parent_id.label("above_id")).join(Tag, Tag.id == lines.c.above_id)
    return lines.union(above.where(Tag.parent_id.is_not(None)))


def _is_shown(row: _Found, hidden_studies: frozenset[int]) -> bool:
    tag, _own, _within, opened, hidden = row
    if opened:
        return True
    heard_in = set(tag.heard_in)
    return not hidden and not (heard_in and heard_in <= hidden_studies)


def _walk(children: dict[int | None, list[_Found]], parent_id: int | None, depth: int) -> Iterator[TagRow]:
    for tag, own, within, _opened, _hidden in children.get(parent_id, ()):
        yield TagRow(
            id=tag.id,
            ref=tag.ref,
            path=tag.path,
            name=tag.name,
            depth=depth,
            parent_id=tag.parent_id,
            study_id=tag.study_id,
            definition=tag.definition,
            use_when=tag.use_when,
            do_not_use_when=tag.do_not_use_when,
            example=tag.example,
            synonyms=tuple(str(each) for each in tag.synonyms),
            status=tag.status.value,
            redirect_to_id=tag.redirect_to_id,
            highlights=own or 0,
            highlights_within=within or 0,
        )
        yield from _walk(children, tag.id, depth + 1)


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
