"""Stand-ins for what gives somebody away, the same for the same value in all texts of a study.

A value is known by a digest with the installation's key: whoever holds a copy of the database alone cannot try names
until one fits.
"""

from __future__ import annotations

import hashlib
import hmac

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.coding.models import Pseudonym
from insights.coding.personal_data.rules import HitKind
from insights.core.clock import now
from insights.core.keys import keys_of

_CALLED = {
    HitKind.NAME: "person",
    HitKind.CODE: "participant",
    HitKind.EMAIL: "e-mail address",
    HitKind.PHONE: "telephone",
    HitKind.POSTCODE: "place",
    HitKind.ADDRESS: "address",
    HitKind.VEHICLE: "vehicle",
    HitKind.BIRTH_DATE: "date of birth",
}


def key_of_value(session: Session, study_id: int, kind: HitKind, value: str) -> str:
    """The same for the same words whatever their case and spacing; different in another study."""
    told = f"personal data\n{study_id}\n{kind.value}\n{' '.join(value.casefold().split())}"
    return hmac.new(keys_of(session).audit, told.encode("utf-8", errors="replace"), hashlib.sha256).hexdigest()


def pseudonym_of(session: Session, study_id: int, kind: HitKind, key: str) -> str:
    """'[person 3]': the number that the value has in this study, or the next one."""
    known = session.scalar(select(Pseudonym).where(Pseudonym.study_id == study_id, Pseudonym.key == key))
    if known is None:
        last = session.scalar(
            select(func.max(Pseudonym.number)).where(Pseudonym.study_id == study_id, Pseudonym.kind == kind.value)
        )
        number = (last or 0) + 1
        known = Pseudonym(study_id=study_id, key=key, kind=kind.value, number=number, created_at=now(session))
        session.add(known)
        session.flush()
    return f"[{_CALLED.get(kind, 'number')} {known.number}]"
