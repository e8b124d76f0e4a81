"""What falls due, and when: the dry run of every night, and what the page of the rules shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import (
    Recording,
    ResearchSession,
    SourceKind,
    SourceText,
    Study,
    TextVersion,
    session_participants,
)
from insights.coding.models import Highlight, HighlightStatus
from insights.core.clock import local_day, months_later, today
from insights.people.models import Consent, Member, Participant
from insights.people.models.vault import Identity
from insights.stewardship.models import DataClass, RetentionHold, RetentionWarning
from insights.stewardship.retention.rules import WARNED_FOR, Rule, Rules, holds_on, rules_of

TEXTS = {SourceKind.TRANSCRIPT: DataClass.TRANSCRIPT, SourceKind.NOTE: DataClass.NOTES}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is kept: its number, and the day from which its time is counted; `bound_by` rules end it first."""

    study_id: int
    kind: DataClass
    id: int
    since: date
    bound_by: tuple[DataClass, ...] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """Things of a kind in a study. `next_on` is when the first goes, None where nothing does; `held` until when it may
    not. `overdue` counts what would go now, `soon` what goes within the month of warning, that included.
    """

    study: str
    study_id: int
    title: str
    kind: DataClass
    rule: Rule
    items: int
    overdue: int
    soon: int
    next_on: date | None
    held: date | None


def list_due(session: Session, member: Member, study: Study | None = None) -> list[Due]:
    """Of every study that the member may see, or of one; what goes first comes first."""
    query = select(Study).where(visible_studies(member)).order_by(Study.id)
    studies = [study] if study is not None else list(session.scalars(query))
    return sorted(
        _due(session, studies),
        key=lambda each: (each.next_on or date.max, each.study_id, list(DataClass).index(each.kind)),
    )


def items_due(session: Session) -> dict[tuple[int, DataClass], list[tuple[Item, date]]]:
    """What goes today, in every study: each thing with the day on which it fell due. What was not announced stays."""
    warned = warned_of(session)
    found = {
        key: [(item, day) for item, day in due if item.id in warned.get(key, ())]
        for key, due in items_within(session, timedelta()).items()
    }
    return {key: due for key, due in found.items() if due}


def warned_of(session: Session) -> dict[tuple[int, DataClass], set[int]]:
    """Numbers of things that somebody was warned of at least a month ago, by study and kind."""
    found: dict[tuple[int, DataClass], set[int]] = {}
    rows = session.execute(
        select(RetentionWarning.study_id, RetentionWarning.data_class, RetentionWarning.items).where(
            RetentionWarning.made_on <= today(session) - WARNED_FOR
        )
    )
    for study_id, kind, items in rows:
        found.setdefault((study_id, kind), set()).update(items)
    return found


def items_within(session: Session, ahead: timedelta) -> dict[tuple[int, DataClass], list[tuple[Item, date]]]:
    """What falls due by so many days from now and is not held back, with the day."""
    studies = list(session.scalars(select(Study).order_by(Study.id)))
    rules = rules_of(session, {each.id: each.team_id for each in studies})
    held = _held(holds_on(session, [each.id for each in studies]))
    on = today(session) + ahead
    found: dict[tuple[int, DataClass], list[tuple[Item, date]]] = {}
    for item in _items(session, [each.id for each in studies]):
        day = due_day(item, rules[item.study_id])
        if day is not None and day <= on and (item.study_id, item.kind) not in held:
            found.setdefault((item.study_id, item.kind), []).append((item, day))
    return found


def due_day(item: Item, rules: Rules) -> date | None:
    """None where nobody set a rule. Never within the month of warning after the rule was set."""
    days = [day for kind in item.bound_by or (item.kind,) if (day := _day(item.since, rules[kind])) is not None]
    return min(days, default=None)


def _day(since: date, rule: Rule) -> date | None:
    if rule.since is None:
        return None
    return max(months_later(since, rule.months), rule.since + WARNED_FOR)


def _due(session: Session, studies: list[Study]) -> Iterable[Due]:
    ids = [each.id for each in studies]
    rules = rules_of(session, {each.id: each.team_id for each in studies})
    held = _held(holds_on(session, ids))
    on = today(session)
    days: dict[tuple[int, DataClass], list[date | None]] = {}
    for item in _items(session, ids):
        days.setdefault((item.study_id, item.kind), []).append(due_day(item, rules[item.study_id]))
    for study in studies:
        for kind in DataClass:
            found = days.get((study.id, kind), [])
            known = sorted(day for day in found if day is not None)
            yield Due(
                study=study.ref,
                study_id=study.id,
                title=study.title,
                kind=kind,
                rule=rules[study.id][kind],
                items=len(found),
                overdue=sum(day <= on for day in known),
                soon=sum(day <= on + WARNED_FOR for day in known),
                next_on=known[0] if known else None,
                held=held.get((study.id, kind)),
            )


def _held(holds: Iterable[RetentionHold]) -> Mapping[tuple[int, DataClass], date]:
    found: dict[tuple[int, DataClass], date] = {}
    for each in holds:
        for kind in DataClass if each.data_class is None else (each.data_class,):
            key = (each.study_id, kind)
            found[key] = max(each.until, found.get(key, each.until))
    return found


def _items(session: Session, study_ids: list[int]) -> list[Item]:
    """Everything that is kept by a rule; four statements."""
    return [
        *_texts_and_sound(session, study_ids),
        *_quotes(session, study_ids),
        *_people(session, study_ids),
    ]


def _texts_and_sound(session: Session, study_ids: list[int]) -> Iterable[Item]:
    """What was emptied is kept no longer, and counts no more."""
    rows = session.execute(
        select(SourceText, ResearchSession.held_on, Recording.id, TextVersion.length)
        .join(TextVersion, TextVersion.id == SourceText.current_version_id)
        .outerjoin(ResearchSession, ResearchSession.id == SourceText.research_session_id)
        .outerjoin(Recording, Recording.source_text_id == SourceText.id)
        .where(SourceText.study_id.in_(study_ids))
        .order_by(SourceText.id, Recording.id)
    )
    seen: set[int] = set()
    for source, held_on, recording_id, length in rows:
        since = held_on or source.dated_on or local_day(source.created_at)
        if recording_id is not None:
            yield Item(source.study_id, DataClass.RECORDING, recording_id, since)
        if source.id not in seen and source.kind in TEXTS and length:
            yield Item(source.study_id, TEXTS[source.kind], source.id, since)
        seen.add(source.id)


def _quotes(session: Session, study_ids: list[int]) -> Iterable[Item]:
    """A quote cannot outlive the text that it is from; one of a report stands in what was published anyway."""
    rows = session.execute(
        select(Highlight.study_id, Highlight.id, SourceText.kind, ResearchSession.held_on, SourceText.created_at)
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .outerjoin(ResearchSession, ResearchSession.id == SourceText.research_session_id)
        .where(
            Highlight.study_id.in_(study_ids),
            Highlight.status != HighlightStatus.WITHDRAWN,
            SourceText.kind.in_(list(TEXTS)),
        )
        .order_by(Highlight.id)
    )
    for study_id, number, kind, held_on, created_at in rows:
        since = held_on or local_day(created_at)
        yield Item(study_id, DataClass.QUOTE, number, since, (DataClass.QUOTE, TEXTS[kind]))


def _people(session: Session, study_ids: list[int]) -> Iterable[Item]:
    """Who they are counts from the last time they were heard, a proof of consent from the day it was given."""
    last = (
        select(func.max(ResearchSession.held_on))
        .join(session_participants, session_participants.c.research_session_id == ResearchSession.id)
        .where(session_participants.c.participant_id == Participant.id)
        .correlate(Participant)
        .scalar_subquery()
    )
    identities = session.execute(
        select(Participant.study_id, Identity.id, last, Identity.created_at)
        .join(Participant, Participant.id == Identity.participant_id)
        .where(Participant.study_id.in_(study_ids))
        .order_by(Identity.id)
    )
    for study_id, number, heard_on, created_at in identities:
        yield Item(study_id, DataClass.IDENTITY, number, heard_on or local_day(created_at))
    papers = session.execute(
        select(Consent.study_id, Consent.id, Consent.given_on)
        .where(Consent.study_id.in_(study_ids), Consent.evidence_sha256.is_not(None))
        .order_by(Consent.id)
    )
    for study_id, number, given_on in papers:
        yield Item(study_id, DataClass.CONSENT_PROOF, number, given_on)
