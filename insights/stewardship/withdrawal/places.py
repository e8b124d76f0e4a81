"""Where what somebody said is shown, told of or was taken to: each place by title and date, and what becomes of it.

Named before the act, for whoever decides; and kept with the withdrawal, for its certificate. A place holds no word of
theirs: what a title says of them is cut from it.
"""

from __future__ import annotations

import json
from collections.abc import Collection as Several
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import Date, Row, Select, String, case, cast, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from insights.core.base import Base, Record
from insights.core.clock import local_day
from insights.decisions.access import visible_decisions
from insights.decisions.models import Decision, DecisionLink
from insights.openness.entries.texts import SECTIONS, TITLE
from insights.openness.models import EntryStatus, PublicEntry, PublicEntryQuote, public_entry_insights
from insights.people.models import Mail, MailState, Member, Service
from insights.stewardship.erasure.copies import strings_in, strings_of, without
from insights.stewardship.erasure.shingles import Finder
from insights.stewardship.models import Collection, CollectionItem, FoundItem, Look, LookKind
from insights.stewardship.tray.sight import is_seen
from insights.stewardship.withdrawal.reach import Reach
from insights.synthesis.access import visible_insights
from insights.synthesis.models import Insight


class PlaceKind(StrEnum):
    PUBLIC_PAGE = "public page"
    FROZEN_REPORT = "frozen report"
    EVIDENCE_PACK = "evidence pack"
    COLLECTION = "collection"
    DIGEST = "digest by mail"
    FILES = "files taken away"


class Becomes(StrEnum):
    """What the act does with a place. `take_down` and `quotes_out` leave texts written from quotes: somebody looks."""

    TAKE_DOWN = "taken down"
    QUOTES_OUT = "quotes taken out"
    READ_AGAIN = "to be read again"
    WORDS_CUT = "words cut out"
    ENTRIES_OUT = "entries taken off"
    NO_WORDS = "holds no words"
    MADE_ANEW = "made anew without them"
    OUT_OF_REACH = "out of reach"


LOOK_AT = frozenset({Becomes.TAKE_DOWN, Becomes.QUOTES_OUT, Becomes.READ_AGAIN})


@dataclass(frozen=True, slots=True)
class Place:
    """`title` is '' where whoever looks may not see it; `on` is the day it was published, frozen, changed or sent."""

    kind: PlaceKind
    ref: str
    title: str
    on: date | None
    becomes: Becomes

    @property
    def look(self) -> bool:
        return self.becomes in LOOK_AT

    def as_json(self) -> dict[str, str]:
        return {
            "kind": self.kind.value,
            "ref": self.ref,
            "title": self.title,
            "on": "" if self.on is None else self.on.isoformat(),
            "becomes": self.becomes.value,
        }

    @classmethod
    def from_json(cls, told: dict[str, str]) -> Self:
        on = date.fromisoformat(told["on"]) if told["on"] else None
        return cls(PlaceKind(told["kind"]), told["ref"], told["title"], on, Becomes(told["becomes"]))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a place may hold or name: refs of theirs, insights under which their quotes stand, and their words."""

    reach: Reach
    refs: frozenset[str]
    insights: frozenset[int]
    quotes: frozenset[int]
    finder: Finder
    digests: frozenset[str]

    @property
    def named(self) -> frozenset[str]:
        return self.refs | {f"{Insight.PREFIX}-{number}" for number in self.insights}

    def said_in(self, *contents: object) -> bool:
        return any(not self.digests.isdisjoint(self.finder.digests_of(strings_of(each))) for each in contents)

    def title(self, title: str, *, seen: bool) -> str:
        """As far as the reader may see it, without their words."""
        return (without(title, self.finder, self.digests) or title) if seen else ""


def places_of(
    session: Session, member: Member | None, reach: Reach, insights: Several[int], said: tuple[Finder, Several[str]]
) -> list[Place]:
    """Every place, public pages first; three statements. `insights` rest on their quotes.

    Without a member, as for a restore, no title is told but those that everybody may see.
    """
    records: tuple[Record, ...] = (*reach.codes, *reach.sessions, *reach.sources, *reach.highlights)
    quotes = frozenset(each.id for each in reach.highlights)
    finder, digests = said
    refs = frozenset(each.ref for each in records)
    wanted = _Wanted(reach, refs, frozenset(insights), quotes, finder, frozenset(digests))
    return [
        *_public_pages(session, member, wanted),
        *_collections(session, member, wanted),
        *_kept_and_taken(session, wanted),
    ]


def _public_pages(session: Session, member: Member | None, wanted: _Wanted) -> Iterator[Place]:
    """What shows a quote or says their words, and what was written from an insight that rests on them."""
    link = public_entry_insights.c
    unseen = Insight.id.in_(()) if member is None else ~visible_insights(member)
    hidden = select(link.entry_id).join(Insight, Insight.id == link.insight_id).where(unseen)
    seen = Decision.id.in_(()) if member is None else visible_decisions(member)
    rows = session.execute(
        select(
            PublicEntry,
            PublicEntry.id.in_(
                select(PublicEntryQuote.entry_id).where(PublicEntryQuote.highlight_id.in_(wanted.quotes))
            ),
            PublicEntry.id.in_(select(link.entry_id).where(link.insight_id.in_(wanted.insights))),
            seen & PublicEntry.id.not_in(hidden),
        )
        .join(Decision, Decision.id == PublicEntry.decision_id)
        .order_by(PublicEntry.id)
    )
    for entry, has_quote, rests_on_it, is_seen_by_them in rows:
        stood = any(each.get("highlight_id") in wanted.quotes for each in entry.published.get("quotes", []))
        said = wanted.said_in(entry.published, *(getattr(entry, name) for name in (TITLE, *SECTIONS)))
        if has_quote or stood or said:
            is_live = entry.status is EntryStatus.PUBLISHED
            becomes = Becomes.TAKE_DOWN if is_live else Becomes.QUOTES_OUT
        elif rests_on_it:
            becomes = Becomes.READ_AGAIN
        else:
            continue
        day = local_day(entry.published_at or entry.updated_at)
        yield Place(PlaceKind.PUBLIC_PAGE, entry.ref, wanted.title(entry.title, seen=is_seen_by_them), day, becomes)


def _kept_and_taken(session: Session, wanted: _Wanted) -> Iterator[Place]:
    """Frozen reports, packs, files and mail: what was frozen, made and sent, in one statement."""
    rows: dict[str, list[Row[*tuple[Any, ...]]]] = {}
    for row in session.execute(union_all(*_selects(wanted))):
        rows.setdefault(row.what, []).append(row)
    yield from _frozen_reports(sorted(rows.get("frozen", ()), key=lambda row: row.number), wanted)
    services = [(row.number, row.text) for row in sorted(rows.get("service", ()), key=lambda row: row.number)]
    yield from _packs_and_files(services, rows.get("look", ()), wanted)
    yield from _digests(rows.get("mail", ()))


def _selects(wanted: _Wanted) -> Iterator[Select[*tuple[Any, ...]]]:
    """Each as what, number, text, more, at, on, first, last."""
    moment, no_text, no_day = cast(null(), Look.hour.type), cast(literal(""), String), cast(null(), Date)
    kept: list[Record] = [*wanted.reach.sources, *wanted.reach.highlights]
    kept += [each.source for each in wanted.reach.shared]
    of_study = (Look.kind == LookKind.FILE) & (Look.study_ref == wanted.reach.study.ref)
    about = case((Look.kind == LookKind.PACK, cast(Look.ref, String)), else_=cast(Look.study_ref, String))
    kind = case((Look.kind == LookKind.PACK, literal(LookKind.PACK.value)), else_=literal(LookKind.FILE.value))
    looked = (
        select(about.label("about"), kind.label("kind"), Look.hour)
        .where(or_(Look.kind == LookKind.PACK, of_study), Look.at >= min(each.created_at for each in kept))
        .subquery()
        if kept
        else None
    )
    if looked is not None:
        yield select(
            literal("look").label("what"),
            func.count().label("number"),
            looked.c.about.label("text"),
            looked.c.kind.label("more"),
            looked.c.hour.label("at"),
            no_day.label("on"),
            no_day.label("first"),
            no_day.label("last"),
        ).group_by(looked.c.about, looked.c.kind, looked.c.hour)
    under = select(Decision.service_id).join(DecisionLink, DecisionLink.decision_id == Decision.id)
    yield select(
        literal("service").label("what"),
        Service.id.label("number"),
        cast(Service.name, String).label("text"),
        no_text.label("more"),
        moment.label("at"),
        no_day.label("on"),
        no_day.label("first"),
        no_day.label("last"),
    ).where(
        or_(
            Service.id.in_(under.where(DecisionLink.insight_id.in_(wanted.insights))),
            Service.id.in_(select(Insight.service_id).where(Insight.id.in_(wanted.insights))),
        )
    )
    frozen = Base.metadata.tables["frozen_reports"].c
    yield select(
        literal("frozen"),
        frozen.id,
        cast(frozen.note, String),
        cast(frozen.refs, String),
        moment,
        frozen.frozen_on,
        frozen.starts_on,
        frozen.ends_on,
    )
    told = (FoundItem.ref.in_(wanted.named), Mail.state == MailState.SENT, Mail.sent_at.is_not(None))
    mail = select(Mail.member_id, Mail.sent_at).join(FoundItem, FoundItem.mail_id == Mail.id).where(*told).distinct()
    sent = mail.subquery().c
    yield select(literal("mail"), sent.member_id, no_text, no_text, sent.sent_at, no_day, no_day, no_day)


def _frozen_reports(rows: Iterable[Row[*tuple[Any, ...]]], wanted: _Wanted) -> Iterator[Place]:
    """Everybody may read them. They hold figures, references and a note; a note can say what somebody said."""
    for row in rows:
        says = wanted.said_in(row.text, row.more)
        if says or not wanted.named.isdisjoint(strings_in(json.loads(row.more or "{}"))):
            title = f"Figures from {row.first.isoformat()} to {row.last.isoformat()}"
            becomes = Becomes.WORDS_CUT if says else Becomes.NO_WORDS
            yield Place(PlaceKind.FROZEN_REPORT, f"FRZ-{row.number}", title, row.on, becomes)


def _packs_and_files(
    services: Iterable[tuple[int, str]], looks: Iterable[Row[*tuple[Any, ...]]], wanted: _Wanted
) -> Iterator[Place]:
    """No pack is kept here: each is made when it is asked for. Downloads stand in the record of who saw what."""
    taken: dict[tuple[str, str], dict[date, int]] = {}
    for row in looks:
        days = taken.setdefault((row.more, row.text), {})
        day = local_day(row.at)
        days[day] = days.get(day, 0) + row.number
    named = list(services)
    for number, name in named:
        ref = f"{Service.PREFIX}-{number}"
        yield Place(PlaceKind.EVIDENCE_PACK, ref, name, None, Becomes.MADE_ANEW)
        for day, times in sorted(taken.get((LookKind.PACK.value, ref), {}).items()):
            yield Place(PlaceKind.EVIDENCE_PACK, ref, _taken(name, times), day, Becomes.OUT_OF_REACH)
    # Of downloads of before the record named the service nothing but the day is known.
    for day, times in sorted(taken.get((LookKind.PACK.value, ""), {}).items() if named else ()):
        title = _taken("of a service that the record does not name", times)
        yield Place(PlaceKind.EVIDENCE_PACK, "", title, day, Becomes.OUT_OF_REACH)
    files = taken.get((LookKind.FILE.value, wanted.reach.study.ref), {})
    if files:
        title = _taken(f"about {wanted.reach.study.ref}", sum(files.values()))
        yield Place(PlaceKind.FILES, wanted.reach.study.ref, title, max(files), Becomes.OUT_OF_REACH)


def _taken(what: str, times: int) -> str:
    return f"{what}, downloaded {'once' if times == 1 else f'{times} times'}"


def _digests(rows: Iterable[Row[*tuple[Any, ...]]]) -> Iterator[Place]:
    """Mail that told of their quotes, or of insights on them, by the day it was sent. No mail is kept with words."""
    readers: dict[date, set[int]] = {}
    for row in rows:
        readers.setdefault(local_day(row.at), set()).add(row.number)
    for day, members in sorted(readers.items()):
        title = f"sent to {len(members)} {'member' if len(members) == 1 else 'members'}"
        yield Place(PlaceKind.DIGEST, "", title, day, Becomes.OUT_OF_REACH)


def _collections(session: Session, member: Member | None, wanted: _Wanted) -> Iterator[Place]:
    item, other = aliased(CollectionItem), aliased(CollectionItem)
    seen = (
        Collection.id.in_(())
        if member is None
        else or_(
            Collection.owner_id == member.id,
            select(other.id).where(other.collection_id == Collection.id, is_seen(other, member)).exists(),
        )
    )
    rows = session.execute(
        select(Collection, item.subject_ref, item.note, seen)
        .outerjoin(item, item.collection_id == Collection.id)
        .where(Collection.deleted_at.is_(None))
        .order_by(Collection.id, item.id)
    )
    found: dict[Collection, tuple[set[Becomes], bool]] = {}
    for collection, ref, note, is_seen_by_them in rows:
        becomes, _ = found.setdefault(collection, (set(), bool(is_seen_by_them)))
        if ref in wanted.refs:
            becomes.add(Becomes.ENTRIES_OUT)
        elif ref in wanted.named:
            becomes.add(Becomes.NO_WORDS)
        if wanted.said_in(note, collection.introduction, collection.title):
            becomes.add(Becomes.WORDS_CUT)
    for collection, (becomes, is_seen_by_them) in found.items():
        for fate in (Becomes.WORDS_CUT, Becomes.ENTRIES_OUT, Becomes.NO_WORDS):
            if fate in becomes:
                title = wanted.title(collection.title, seen=is_seen_by_them)
                yield Place(PlaceKind.COLLECTION, collection.ref, title, local_day(collection.updated_at), fate)
                break
