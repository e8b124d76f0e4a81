"""Whoever owns what falls due is told a month before, once; what nobody can be told of does not go.

    make_warnings(session, by_mail=True) -> how many      the nightly work; twice in a night makes nothing twice
    warnings_for(session, member) -> [WarningRow, ...]    the member's own that stand, for the home page
    warnings_in_mail(session, member, mail_id)

The lead of the study is told; where it has none whose account is open, everybody who protects data. Where there is
nobody of either, nothing is deleted, and the page of the rules goes on showing it as overdue.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import Study
from insights.core.access import Role
from insights.core.clock import today
from insights.people.mail import queue_mail
from insights.people.models import Member
from insights.stewardship.models import DataClass, RetentionWarning
from insights.stewardship.retention.due import items_within
from insights.stewardship.retention.rules import WARNED_FOR

RETENTION: Final = "retention"
"""The kind of these mails in the outbox."""

AHEAD: Final = timedelta(days=7)
"""What falls due in the week after is told of with the rest, so that nobody is told of the same kind every night."""


@dataclass(frozen=True, slots=True)
class WarningRow:
    """`items` things of a kind go from `due_on` on, unless somebody holds them back."""

    study_ref: str
    title: str
    kind: DataClass
    items: int
    due_on: date

    @property
    def what(self) -> str:
        """'1 note', '3 proofs of consent'."""
        one, many = _NAMES[self.kind]
        return f"{self.items:,} {one if self.items == 1 else many}"


_NAMES: Final[Mapping[DataClass, tuple[str, str]]] = {
    DataClass.RECORDING: ("recording", "recordings"),
    DataClass.TRANSCRIPT: ("transcript", "transcripts"),
    DataClass.NOTES: ("note", "notes"),
    DataClass.IDENTITY: ("name and contact", "names and contacts"),
    DataClass.CONSENT_PROOF: ("proof of consent", "proofs of consent"),
    DataClass.QUOTE: ("quote", "quotes"),
}
_Key = tuple[int, DataClass]


def make_warnings(session: Session, *, by_mail: bool, unwanted: Collection[int] = ()) -> int:
    """Ends warnings of which nothing is left, and makes those that are due; `unwanted` are ids of who wants no mail."""
    on = today(session)
    near = items_within(session, WARNED_FOR + AHEAD)
    _end_settled(session, {key: {item.id for item, _day in due} for key, due in near.items()})
    told = _told(session)
    made: list[RetentionWarning] = []
    owners = _owners(session, {study_id for study_id, _kind in near})
    for (study_id, kind), due in near.items():
        new = [(item.id, day) for item, day in due if item.id not in told.get((study_id, kind), ())]
        first = min((day for _number, day in new), default=date.max)
        if first > on + WARNED_FOR:
            continue
        goes_on = max(first, on + WARNED_FOR)
        numbers = sorted(number for number, _day in new)
        for member_id in owners.get(study_id, ()):
            warning = RetentionWarning(
                study_id=study_id, data_class=kind, member_id=member_id, made_on=on, due_on=goes_on, items=numbers
            )
            made.append(warning)
    session.add_all(made)
    session.flush()
    if by_mail:
        _queue(session, made, set(unwanted))
    return len(made)


def warnings_for(session: Session, member: Member) -> list[WarningRow]:
    """What goes first comes first; of studies that the member may see, in one statement."""
    return _rows(session, member, RetentionWarning.member_id == member.id)


def warnings_in_mail(session: Session, member: Member, mail_id: int) -> list[WarningRow]:
    """What of a mail is still to be said."""
    return _rows(session, member, RetentionWarning.mail_id == mail_id)


def _rows(session: Session, member: Member, chosen: ColumnElement[bool]) -> list[WarningRow]:
    rows = session.execute(
        select(RetentionWarning, Study.title)
        .join(Study, Study.id == RetentionWarning.study_id)
        .where(chosen, RetentionWarning.done_on.is_(None), visible_studies(member))
        .order_by(RetentionWarning.due_on, RetentionWarning.id)
    )
    return [
        WarningRow(f"{Study.PREFIX}-{each.study_id}", title, each.data_class, len(each.items), each.due_on)
        for each, title in rows
    ]


def _told(session: Session) -> Mapping[_Key, set[int]]:
    """Of everything that anybody was told, however long ago: once is enough."""
    found: defaultdict[_Key, set[int]] = defaultdict(set)
    for study_id, kind, items in session.execute(
        select(RetentionWarning.study_id, RetentionWarning.data_class, RetentionWarning.items)
    ):
        found[study_id, kind] |= set(items)
    return found


def _end_settled(session: Session, near: Mapping[_Key, set[int]]) -> None:
    """What went, was held back, or is kept longer now, is nothing to be warned of."""
    for each in session.scalars(select(RetentionWarning).where(RetentionWarning.done_on.is_(None))).all():
        if near.get((each.study_id, each.data_class), set()).isdisjoint(each.items):
            each.done_on = today(session)
    session.flush()


def _owners(session: Session, study_ids: Collection[int]) -> dict[int, list[int]]:
    """Ids of whom to tell, by study."""
    protecting = session.scalars(
        select(Member).where(Member.is_active, Member.role == Role.DATA_PROTECTION).order_by(Member.id)
    ).all()
    others = (
        protecting
        or session.scalars(
            select(Member).where(Member.is_active, Member.role == Role.ADMINISTRATOR).order_by(Member.id)
        ).all()
    )
    rows = session.execute(
        select(Study.id, Member.id)
        .join(Member, Member.id == Study.lead_id)
        .where(Study.id.in_(study_ids), Member.is_active)
    )
    leads = {row[0]: row[1] for row in rows}
    return {number: [leads[number]] if number in leads else [each.id for each in others] for number in study_ids}


def _queue(session: Session, made: Iterable[RetentionWarning], unwanted: set[int]) -> None:
    """One mail a person and day."""
    turns: defaultdict[int, list[RetentionWarning]] = defaultdict(list)
    for warning in made:
        if warning.member_id not in unwanted:
            turns[warning.member_id].append(warning)
    for member_id, warnings in turns.items():
        key = f"{RETENTION} {today(session).isoformat()} MEM-{member_id}"
        mail: Any = queue_mail(session, member_id=member_id, kind=RETENTION, key=key)
        for warning in warnings if mail is not None else ():
            warning.mail_id = mail.id
    session.flush()
