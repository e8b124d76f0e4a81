"""Reads of coding rounds, scoped to the member: whose codings are seen depends on whether the round is blind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import ResearchSession, SourceText, Study, TextVersion
from insights.coding.models import CodingRound, LayerCoding, Tag, round_coders, round_sources, round_tags
from insights.core.base import number_of
from insights.core.errors import NotFound
from insights.people.models import Member


@dataclass(frozen=True, slots=True)
class RoundRow:
    ref: str
    title: str
    study_ref: str
    study: str
    blind: bool
    ended_at: datetime | None
    created_at: datetime
    coders: int
    sources: int


@dataclass(frozen=True, slots=True)
class RoundText:
    """A text of the round; `own` is how many codings the member has made in it."""

    source_id: int
    ref: str
    title: str
    text_version_id: int
    own: int


@dataclass(frozen=True, slots=True)
class RoundPage:
    """`coders` and `tags` are pairs of id and name or path."""

    coders: tuple[tuple[int, str], ...]
    texts: tuple[RoundText, ...]
    tags: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True, slots=True)
class CodingRow:
    id: int
    coder_id: int
    coder: str
    tag_id: int
    tag: str
    start: int
    end: int
    exact: str
    highlight_id: int | None


def list_rounds(session: Session, member: Member, *, study_id: int | None = None) -> list[RoundRow]:
    """Newest first, of one study or of all that the member may see."""
    coders = select(func.count()).where(round_coders.c.coding_round_id == CodingRound.id).scalar_subquery()
    sources = select(func.count()).where(round_sources.c.coding_round_id == CodingRound.id).scalar_subquery()
    rows = session.execute(
        select(CodingRound, Study.title, coders, sources)
        .join(Study, Study.id == CodingRound.study_id)
        .where(visible_studies(member), true() if study_id is None else Study.id == study_id)
        .order_by(CodingRound.id.desc())
    )
    return [
        RoundRow(
            each.ref,
            each.title,
            f"STU-{each.study_id}",
            study,
            each.blind,
            each.ended_at,
            each.created_at,
            number_of_coders,
            number_of_sources,
        )
        for each, study, number_of_coders, number_of_sources in rows
    ]


def get_round(session: Session, member: Member, ref: str) -> tuple[CodingRound, Study]:
    """Raises NotFound for a round that is not there or whose study the member may not see."""
    row = session.execute(
        select(CodingRound, Study)
        .join(Study, Study.id == CodingRound.study_id)
        .where(CodingRound.id == (number_of(ref, CodingRound.PREFIX) or 0), visible_studies(member))
    ).first()
    if row is None:
        raise NotFound(ref)
    return row[0], row[1]


def round_page(session: Session, member: Member, coding_round: CodingRound) -> RoundPage:
    """In three statements."""
    own = (
        select(func.count(LayerCoding.id))
        .where(
            LayerCoding.coding_round_id == coding_round.id,
            LayerCoding.source_text_id == SourceText.id,
            LayerCoding.coder_id == member.id,
        )
        .scalar_subquery()
    )
    texts = session.execute(
        select(SourceText, ResearchSession.title, round_sources.c.text_version_id, own)
        .join(round_sources, round_sources.c.source_text_id == SourceText.id)
        .outerjoin(ResearchSession, ResearchSession.id == SourceText.research_session_id)
        .where(round_sources.c.coding_round_id == coding_round.id)
        .order_by(SourceText.id)
    )
    coders = session.execute(
        select(Member.id, Member.name)
        .join(round_coders, round_coders.c.member_id == Member.id)
        .where(round_coders.c.coding_round_id == coding_round.id)
        .order_by(Member.name, Member.id)
    )
    tags = session.execute(
        select(Tag.id, Tag.path, Tag.definition)
        .join(round_tags, round_tags.c.tag_id == Tag.id)
        .where(round_tags.c.coding_round_id == coding_round.id)
        .order_by(Tag.folded_path)
    )
    return RoundPage(
        coders=tuple((number, name) for number, name in coders),
        texts=tuple(
            RoundText(source.id, source.ref, source.title or held or source.ref, version, count)
            for source, held, version, count in texts
        ),
        tags=tuple((number, path, definition) for number, path, definition in tags),
    )


def text_in_round(session: Session, coding_round: CodingRound, ref: str) -> tuple[SourceText, TextVersion]:
    """A text of the round in the wording that is coded. Raises NotFound for any other."""
    row = session.execute(
        select(SourceText, TextVersion)
        .join(round_sources, round_sources.c.source_text_id == SourceText.id)
        .join(TextVersion, TextVersion.id == round_sources.c.text_version_id)
        .where(
            round_sources.c.coding_round_id == coding_round.id,
            SourceText.id == (number_of(ref, SourceText.PREFIX) or 0),
        )
    ).first()
    if row is None:
        raise NotFound(ref)
    return row[0], row[1]


def codings_on(
    session: Session, member: Member, coding_round: CodingRound, *, source_id: int, tag_id: int | None = None
) -> list[CodingRow]:
    """In the order of the text; the member's own alone while a blind round runs."""
    rows = session.execute(
        select(LayerCoding, Member.name, Tag.path)
        .join(Member, Member.id == LayerCoding.coder_id)
        .join(Tag, Tag.id == LayerCoding.tag_id)
        .where(
            LayerCoding.coding_round_id == coding_round.id,
            LayerCoding.source_text_id == source_id,
            seen_codings(member, coding_round),
            true() if tag_id is None else LayerCoding.tag_id == tag_id,
        )
        .order_by(LayerCoding.start, LayerCoding.end, LayerCoding.id)
    )
    return [
        CodingRow(each.id, each.coder_id, coder, each.tag_id, tag, each.start, each.end, each.exact, each.highlight_id)
        for each, coder, tag in rows
    ]


def seen_codings(member: Member, coding_round: CodingRound) -> ColumnElement[bool]:
    hidden = coding_round.blind and coding_round.ended_at is None
    return LayerCoding.coder_id == member.id if hidden else true()
