"""Reads about tags, scoped to the member, as frozen rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from insights.capture.access import hidden_study_ids, visible_studies
from insights.capture.models import SourceText, Study
from insights.coding.models import Highlight, HighlightStatus, Tag, TagStatus, highlight_tags
from insights.core.base import number_of
from insights.core.errors import NotFound
from insights.people.models import Member


@dataclass(frozen=True, slots=True)
class TagRow:
    id: int
    ref: str
    path: str
    definition: str
    status: str
    highlights: int


def get_tag(session: Session, member: Member, ref: str) -> TagRow:
    number = number_of(ref, Tag.PREFIX)
    found = next((row for row in list_tags(session, member) if row.id == number), None)
    if found is None:
        raise NotFound(ref)
    return found


def list_tags(session: Session, member: Member) -> list[TagRow]:
    """The codebook by path, each with the number of quotes that the member may see under it.

    The words of a tag can give away what a restricted study heard. So a tag that only hidden studies use, also in tags
    within it, is not there; a tag that nobody uses is.
    """
    seen, active = (
        visible_studies(member),
        and_(Highlight.status == HighlightStatus.ACTIVE, SourceText.deleted_at.is_(None)),
    )
    uses = (
        select(
            highlight_tags.c.tag_id,
            func.sum(case((and_(seen, active), 1), else_=0)).label("shown"),
            func.sum(case((seen, 1), else_=0)).label("open"),
            func.sum(case((seen, 0), else_=1)).label("hidden"),
        )
        .join(Highlight, Highlight.id == highlight_tags.c.highlight_id)
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .join(Study, Study.id == Highlight.study_id)
        .group_by(highlight_tags.c.tag_id)
        .subquery()
    )
    own = or_(Tag.study_id.is_(None), Tag.study_id.in_(select(Study.id).where(seen)))
    query = select(Tag, uses.c.shown, uses.c.open, uses.c.hidden).outerjoin(uses, uses.c.tag_id == Tag.id).where(own)
    rows = session.execute(query.order_by(Tag.folded_path)).all()
    opened = _paths_above(tag.folded_path for tag, _, opened, _ in rows if opened)
    hidden = _paths_above(tag.folded_path for tag, _, _, hidden in rows if hidden)
    return [
        TagRow(tag.id, tag.ref, tag.path, tag.definition, tag.status.value, shown or 0)
        for tag, shown, _, _ in rows
        if tag.folded_path in opened or tag.folded_path not in hidden
    ]


def tag_names(session: Session, member: Member) -> list[str]:
    """What the tag picker offers: the member's visible tags in use, most used first.

    Where no study is hidden from the member every use counts, which spares the reader's page the walk over all studies.
    """
    if hidden_study_ids(session, member):
        rows = [row for row in list_tags(session, member) if row.status == TagStatus.ACTIVE and row.highlights]
        return [row.path for row in sorted(rows, key=lambda row: (-row.highlights, row.path))]
    uses = select(highlight_tags.c.tag_id, func.count().label("uses")).group_by(highlight_tags.c.tag_id).subquery()
    query = select(Tag.path).join(uses, uses.c.tag_id == Tag.id).where(Tag.status == TagStatus.ACTIVE)
    return list(session.scalars(query.order_by(uses.c.uses.desc(), Tag.path)))


def _paths_above(paths: Iterable[str]) -> set[str]:
    """The paths themselves and those of every tag that they lie within."""
    parts = [path.split("/") for path in paths]
    return {"/".join(names[: depth + 1]) for names in parts for depth in range(len(names))}
