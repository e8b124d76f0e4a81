"""The outbox: what waits to be sent, what was, and what was given up.

A try is noted before it begins. Whatever stops the machine in the midst of it, the mail is tried again after the wait,
under the same Message-ID, and never lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.core.activity import record
from insights.core.clock import now
from insights.core.errors import RuleBroken
from insights.people.models import Mail, MailState, Member

WAITS: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)
"""How long after each try in vain the next one begins."""

GIVES_UP_AFTER: Final = len(WAITS) + 1
"""Tries; the last one comes about two days after the first."""

_LONGEST_PROBLEM: Final = 500
_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class MailCounts:
    waiting: int = 0
    sent: int = 0
    given_up: int = 0
    not_needed: int = 0


@dataclass(frozen=True, slots=True)
class MailRow:
    """What an administrator sees of a mail: to whom and how it goes with it, never what it says."""

    id: int
    kind: str
    member: str
    state: MailState
    made_at: datetime
    attempts: int
    next_try_at: datetime
    problem: str


def queue_mail(session: Session, *, member_id: int, kind: str, key: str) -> Mail | None:
    """A mail that waits from now on; None where one of that key was made before."""
    if session.scalar(select(Mail.id).where(Mail.key == key)) is not None:
        return None
    moment = now(session)
    mail = Mail(kind=kind, key=key, member_id=member_id, made_at=moment, next_try_at=moment)
    session.add(mail)
    session.flush()
    return mail


def due_mails(session: Session, *, limit: int = _SHOWN) -> list[int]:
    """The ids of mails whose time has come, the longest waiting first."""
    return list(
        session.scalars(
            select(Mail.id)
            .where(Mail.state == MailState.WAITING, Mail.next_try_at <= now(session))
            .order_by(Mail.next_try_at, Mail.id)
            .limit(limit)
        )
    )


def begin_try(session: Session, mail: Mail) -> None:
    """Notes that a try begins, and when the next one is due should this one never end."""
    mail.attempts += 1
    mail.next_try_at = now(session) + WAITS[min(mail.attempts, len(WAITS)) - 1]
    session.flush()


def mark_sent(session: Session, mail: Mail) -> None:
    mail.state, mail.sent_at, mail.problem = MailState.SENT, now(session), ""
    session.flush()


def mark_not_needed(session: Session, mail: Mail) -> None:
    """There is nothing left to say: whoever it was for may no longer see it, or wants no mail of it."""
    mail.state, mail.problem = MailState.NOT_NEEDED, ""
    session.flush()


def mark_failed(session: Session, mail: Mail, problem: str, *, for_good: bool = False) -> None:
    """Keeps what went wrong; gives up after the last try, or at once where the server said that it will never do."""
    mail.problem = " ".join(problem.split())[:_LONGEST_PROBLEM]
    if for_good or mail.attempts >= GIVES_UP_AFTER:
        mail.state = MailState.GIVEN_UP
    session.flush()


def retry_mail(session: Session, *, actor: Member, mail: Mail) -> None:
    """Begins anew with a mail that was given up, or at once with one that waits. Raises RuleBroken for any other."""
    if mail.state not in {MailState.GIVEN_UP, MailState.WAITING}:
        raise RuleBroken("This mail was sent, or is not needed any more. Nothing is to be tried again.")
    mail.state, mail.attempts, mail.next_try_at = MailState.WAITING, 0, now(session)
    session.flush()
    record(session, actor, "tried again to send mail to", session.get_one(Member, mail.member_id))


def count_mails(session: Session) -> MailCounts:
    rows = session.execute(select(Mail.state, func.count(Mail.id)).group_by(Mail.state))
    return MailCounts(**{state.value: number for state, number in rows})


def list_mails(session: Session) -> list[MailRow]:
    """What was given up, then what was tried in vain and waits, newest first, fifty at most."""
    rows = session.execute(
        select(Mail, Member.name)
        .join(Member, Member.id == Mail.member_id)
        .where(Mail.state.in_((MailState.GIVEN_UP, MailState.WAITING)))
        .order_by((Mail.state == MailState.WAITING), Mail.id.desc())
        .limit(_SHOWN)
    )
    return [
        MailRow(mail.id, mail.kind, name, mail.state, mail.made_at, mail.attempts, mail.next_try_at, mail.problem)
        for mail, name in rows
    ]
