"""The contributor's monthly note: what became of their insights, by mail, until they end it (beyond.md 15).

queue_notes(session) -> how many            last month's, once each, in the first days of a month
month_in(mail) -> the first day of its month
stop_mail_of_reports(session, member_id=..., what="note")     and wants_mail, ask_for_mail_again
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.access import Permission, may
from insights.core.activity import record
from insights.core.clock import now, today
from insights.people.mail import queue_mail
from insights.people.models import Mail, Member
from insights.reports.days import shifted
from insights.reports.models import NoteChoice
from insights.synthesis.models import Insight

NOTE: Final = "note"
"""The kind of these mails in the outbox."""

LAST_DAY: Final = 10
"""After this day of the month the note of the last one is no longer news, and is not sent."""


class ReportMail(StrEnum):
    """What the reports send by mail, each of which a member can end."""

    NOTE = "note"
    NUDGES = "nudges"


@dataclass(frozen=True, slots=True)
class MailChoice:
    note: bool = True
    nudges: bool = True


def queue_notes(session: Session) -> int:
    """One to everybody who has published and did not end it; whether there is something to tell is seen on sending."""
    on = today(session)
    if on.day > LAST_DAY:
        return 0
    month = shifted(on.replace(day=1), -1).replace(day=1)
    unwanted = select(NoteChoice.member_id).where(NoteChoice.no_note_since.is_not(None))
    authors = session.scalars(
        select(Member)
        .where(
            Member.is_active,
            Member.id.in_(select(Insight.author_id).where(Insight.published_at.is_not(None))),
            Member.id.not_in(unwanted),
        )
        .order_by(Member.id)
    ).all()
    keys = [(each.id, f"{NOTE} {month:%Y-%m} MEM-{each.id}") for each in authors if may(each, Permission.EDIT_INSIGHTS)]
    return sum(queue_mail(session, member_id=number, kind=NOTE, key=key) is not None for number, key in keys)


def month_in(mail: Mail) -> date:
    """'note 2026-10 MEM-3' -> 1 October 2026."""
    return datetime.strptime(mail.key.split(" ")[1], "%Y-%m").date()  # noqa: DTZ007 - a month has no time zone


def choice_of(session: Session, member_id: int) -> MailChoice:
    found = session.get(NoteChoice, member_id)
    return MailChoice() if found is None else MailChoice(found.no_note_since is None, found.no_nudges_since is None)


def stop_mail_of_reports(session: Session, *, member: Member, what: ReportMail) -> None:
    """No more mail of that kind. Asked for by its reader, or by a link in a mail, which stands for them."""
    _choose(session, member, what, now(session))
    record(session, member, "unsubscribed from", member, detail={"mail": what.value})


def ask_for_mail_again(session: Session, *, member: Member, what: ReportMail) -> None:
    _choose(session, member, what, None)
    record(session, member, "subscribed to", member, detail={"mail": what.value})


def _choose(session: Session, member: Member, what: ReportMail, since: datetime | None) -> None:
    choice = session.get(NoteChoice, member.id)
    if choice is None:
        choice = NoteChoice(member_id=member.id)
        session.add(choice)
    if what is ReportMail.NOTE:
        choice.no_note_since = since
    else:
        choice.no_nudges_since = since
    session.flush()
