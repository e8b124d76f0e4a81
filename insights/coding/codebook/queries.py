"""Reads about the codebook: a tag with all that belongs to it, and one's own acts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import Study
from insights.coding.models import CodingAct, Highlight, Tag
from insights.coding.queries.tags import TagRow, list_tags, tag_in_use
from insights.core.activity import ActivityEntry
from insights.core.base import number_of
from insights.core.errors import NotFound
from insights.people.models import Member

MOST_ACTS = 100
_MOST_ENTRIES = 50


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """`was` is the path before, where it was renamed or moved; `actor` is '' where the machine's operator acted."""

    at: datetime
    actor: str
    verb: str
    was: str


@dataclass(frozen=True, slots=True)
class TagPage:
    """`above` from the top down; `beside` are the siblings in their order, the tag among them.

    `leads_to` is where a merged tag went, `merged_here` what was merged into this one; all as far as the member may
    see. `everything` holds every tag of the codebook by its id, for choices of another place.
    """

    row: TagRow
    above: tuple[TagRow, ...]
    inside: tuple[TagRow, ...]
    beside: tuple[TagRow, ...]
    leads_to: TagRow | None
    merged_here: tuple[TagRow, ...]
    everything: tuple[TagRow, ...]

    def neighbour(self, steps: int) -> TagRow | None:
        """The sibling so many places further on, None past either end."""
        place = self.beside.index(self.row) + steps
        return self.beside[max(place, 0)] if place < len(self.beside) else None

    @property
    def places_to_merge(self) -> tuple[TagRow, ...]:
        """Tags that may take its quotes in; the same rules as for a place to move to."""
        return self.places

    @property
    def places(self) -> tuple[TagRow, ...]:
        """Where the tag may be moved: not into itself, what lies within it, or another codebook's tag."""
        inside = self.within()
        return tuple(
            row
            for row in self.everything
            if row.id not in inside and row.study_id in {None, self.row.study_id} and not row.is_retired
        )

    def within(self) -> set[int]:
        """Ids of the tag and of all within it."""
        ids = {self.row.id}
        for row in self.everything:
            if row.parent_id in ids:
                ids.add(row.id)
        return ids


@dataclass(frozen=True, slots=True)
class ActRow:
    id: int
    at: datetime
    label: str
    subject_ref: str
    undone_at: datetime | None


def codebook_of(session: Session, member: Member, *, study_id: int | None = None, words: str = "") -> list[TagRow]:
    """The organisation's tree; with a study its own tags among them, counted in the study.

    `words` leaves the tags that have them in name, definition or synonyms, and the tags above those.
    """
    rows = [row for row in list_tags(session, member, counted_in=study_id) if row.study_id in {None, study_id}]
    wanted = words.casefold().split()
    if not wanted:
        return rows
    by_id = {row.id: row for row in rows}
    kept: set[int] = set()
    for row in rows:
        if all(word in searched_words(row) for word in wanted):
            kept.update(each.id for each in (row, *_above(by_id, row)))
    return [row for row in rows if row.id in kept]


def searched_words(row: TagRow) -> str:
    """What the filter of the codebook looks in, casefolded."""
    texts = (row.path, row.definition, row.use_when, row.do_not_use_when, row.example, *row.synonyms)
    return " ".join(texts).casefold()


def read_tag(session: Session, member: Member, ref: str) -> TagPage:
    rows = list_tags(session, member)
    by_id = {row.id: row for row in rows}
    row = by_id.get(number_of(ref, Tag.PREFIX) or 0)
    if row is None:
        raise NotFound(ref)
    target = tag_in_use(by_id, row)
    return TagPage(
        row=row,
        above=tuple(_above(by_id, row))[::-1],
        inside=tuple(each for each in rows if each.parent_id == row.id),
        beside=tuple(each for each in rows if each.parent_id == row.parent_id),
        leads_to=None if target is row else target,
        merged_here=tuple(each for each in rows if each is not row and tag_in_use(by_id, each) is row),
        everything=tuple(rows),
    )


def tag_to_change(session: Session, member: Member, ref: str) -> Tag:
    """The record of a tag that the member may see. Raises NotFound."""
    row = next((row for row in list_tags(session, member) if row.id == number_of(ref, Tag.PREFIX)), None)
    if row is None:
        raise NotFound(ref)
    return session.get_one(Tag, row.id)


def history_of(session: Session, ref: str) -> list[HistoryRow]:
    """What was done to the tag, newest first; scope was checked when the tag was opened."""
    entries = session.execute(
        select(ActivityEntry, Member.name)
        .outerjoin(Member, Member.id == ActivityEntry.actor_id)
        .where(ActivityEntry.subject_ref == ref)
        .order_by(ActivityEntry.id.desc())
        .limit(_MOST_ENTRIES)
    )
    return [HistoryRow(entry.at, name or "", entry.verb, str(entry.detail.get("was", ""))) for entry, name in entries]


def list_acts(session: Session, member: Member, *, limit: int = MOST_ACTS) -> list[ActRow]:
    """The member's own acts of coding, newest first; those on what they may no longer see are left out."""
    acts = session.scalars(
        select(CodingAct).where(CodingAct.member_id == member.id).order_by(CodingAct.id.desc()).limit(limit)
    ).all()
    visible = _visible(session, member, [act.subject_ref for act in acts])
    return [
        ActRow(act.id, act.at, act.label, act.subject_ref, act.undone_at) for act in acts if act.subject_ref in visible
    ]


def get_latest_act(session: Session, member: Member) -> CodingAct | None:
    return session.scalar(
        select(CodingAct).where(CodingAct.member_id == member.id).order_by(CodingAct.id.desc()).limit(1)
    )


def get_act(session: Session, member: Member, act_id: int) -> CodingAct:
    """One of the member's own acts. Raises NotFound."""
    act = session.get(CodingAct, act_id)
    if act is None or act.member_id != member.id or not _visible(session, member, [act.subject_ref]):
        raise NotFound(f"act {act_id}")
    return act


def _visible(session: Session, member: Member, refs: Iterable[str]) -> set[str]:
    """Those of the refs that the member may see; a tag that an undone act removed belongs to nobody else's study."""
    refs = set(refs)
    tags = [ref for ref in refs if ref.startswith(f"{Tag.PREFIX}-")]
    highlights = [number_of(ref, Highlight.PREFIX) or 0 for ref in refs - set(tags)]
    seen = (
        session.scalars(
            select(Highlight.id)
            .join(Study, Study.id == Highlight.study_id)
            .where(Highlight.id.in_(highlights), visible_studies(member))
        )
        if highlights
        else ()
    )
    return {f"{Highlight.PREFIX}-{number}" for number in seen} | _visible_tags(session, member, tags)


def _visible_tags(session: Session, member: Member, refs: list[str]) -> set[str]:
    if not refs:
        return set()
    shown = {row.ref for row in list_tags(session, member)}
    numbers = {number_of(ref, Tag.PREFIX) or 0 for ref in refs}
    there = {f"{Tag.PREFIX}-{number}" for number in session.scalars(select(Tag.id).where(Tag.id.in_(numbers)))}
    return {ref for ref in refs if ref in shown or ref not in there}


def _above(by_id: dict[int, TagRow], row: TagRow) -> list[TagRow]:
    """From the nearest up."""
    found: list[TagRow] = []
    while row.parent_id in by_id:
        row = by_id[row.parent_id]
        found.append(row)
    return found
