"""Recovery codes: ten, shown once, each good once, for whoever does not have their second factor at hand.

Sixty random bits each: the first twenty find the row, the other forty are proved by argon2id (OWASP ASVS 5.0, 6.5).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from insights.core.activity import record
from insights.core.clock import now
from insights.people.accounts.limits import Tried, count_failure, forget_failures, refuse_while_paused
from insights.people.models import Member, RecoveryCode
from insights.people.passwords import hash_secret, password_matches

HOW_MANY: Final = 10
# Without I, L, O and U: nobody mistakes a letter for a number.
_SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISTAKEN: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_LENGTH, _HINT = 12, 4


@dataclass(frozen=True, slots=True)
class NewCode:
    """`shown` in groups of four; `code_hash` is what may be kept."""

    shown: str
    hint: str
    code_hash: str


def make_codes() -> list[NewCode]:
    """Ten new ones. Hashing takes a second: do it before a unit of work begins, which holds up others."""
    return [_made("".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))) for _ in range(HOW_MANY)]


def keep_codes(session: Session, *, member: Member, codes: list[NewCode]) -> None:
    """Takes the place of all codes of before."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.member_id == member.id))
    moment = now(session)
    session.add_all(
        RecoveryCode(member_id=member.id, hint=code.hint, code_hash=code.code_hash, made_at=moment) for code in codes
    )
    session.flush()
    record(session, member, "made recovery codes for", member)


def take_code(session: Session, *, member: Member, code: str, network: str = "") -> bool:
    """Whether it is one of theirs and was not used; it is used now. Counted together with wrong codes of an app."""
    refuse_while_paused(session, Tried.SECOND_FACTOR, email=member.email, network=network)
    row = _matching(session, member, code.upper().translate(_MISTAKEN))
    if row is None:
        count_failure(session, Tried.SECOND_FACTOR, email=member.email, network=network)
        record(session, None, "was given a wrong code for", member, detail={"way": "recovery code"})
        return False
    row.used_at = now(session)
    session.flush()
    forget_failures(session, Tried.SECOND_FACTOR, email=member.email)
    record(session, member, "used a recovery code of", member)
    return True


def count_codes(session: Session, member: Member) -> int:
    """Those not used yet."""
    query = select(func.count()).select_from(RecoveryCode)
    return session.scalar(query.where(RecoveryCode.member_id == member.id, RecoveryCode.used_at.is_(None))) or 0


def drop_codes(session: Session, *, member: Member) -> None:
    session.execute(delete(RecoveryCode).where(RecoveryCode.member_id == member.id))


def _matching(session: Session, member: Member, code: str) -> RecoveryCode | None:
    rows = session.scalars(
        select(RecoveryCode)
        .where(RecoveryCode.member_id == member.id, RecoveryCode.hint == code[:_HINT], RecoveryCode.used_at.is_(None))
        .order_by(RecoveryCode.id)
    )
    return next((row for row in rows if password_matches(row.code_hash, code[_HINT:])), None)


def _made(code: str) -> NewCode:
    shown = "-".join(code[start : start + _HINT] for start in range(0, _LENGTH, _HINT))
    return NewCode(shown, code[:_HINT], hash_secret(code[_HINT:]))
