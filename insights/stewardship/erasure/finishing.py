"""The part of an erasure that follows the act: copies, the look that shows nothing is left, and the certificate."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import Attachment, Study
from insights.core.activity import record, touch
from insights.core.clock import local_day, now, today
from insights.people.models import Member
from insights.stewardship.erasure.copies import Copies, remove_copies
from insights.stewardship.erasure.shingles import Finder
from insights.stewardship.models import Withdrawal, WithdrawalCause, WithdrawalKind, WithdrawalStatus

_WHAT = {
    WithdrawalCause.REQUEST: "erasure of everything held on a participant in a study",
    WithdrawalCause.RETENTION: "erasure of what was kept long enough in a study",
}
_BECAUSE = {
    WithdrawalCause.REQUEST: "their request",
    WithdrawalCause.RETENTION: "the end of the period for keeping",
}

PLACES = "places"
"""Of `gone`: where what they said was shown, by title and date, and what became of it."""

LEFT = "left"
"""Of `gone`: texts of which a person said that the words in them are somebody else's own."""

UNFINISHED = (WithdrawalStatus.OUTSTANDING, WithdrawalStatus.REMAINS)


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked through: columns and cells of the database, bytes of files. `unread` files have no words to read,
    such as sound.
    """

    columns: int = 0
    cells: int = 0
    database_bytes: int = 0
    index_bytes: int = 0
    files: int = 0
    unread: int = 0


def unfinished(session: Session, *, with_remains: bool = False) -> list[Withdrawal]:
    """Those whose files and search files wait; with `with_remains` those too in which words were found."""
    wanted = UNFINISHED if with_remains else (WithdrawalStatus.OUTSTANDING,)
    query = select(Withdrawal).where(Withdrawal.kind == WithdrawalKind.ERASE, Withdrawal.status.in_(wanted))
    return list(session.scalars(query.order_by(Withdrawal.id)))


def clear_copies(session: Session, withdrawal: Withdrawal) -> Copies:
    """In what members wrote; each record changed by it is told to search."""
    finder = Finder.for_withdrawal(session, withdrawal.uuid)
    found = remove_copies(session, finder, withdrawal.digests)
    left = withdrawal.gone.get(LEFT, [])
    found.remains = [each for each in found.remains if each not in left]
    if found.removed:
        counted = dict(withdrawal.removed)
        counted["copies"] = counted.get("copies", 0) + sum(found.removed.values())
        withdrawal.removed = counted
        record(session, None, "removed copies for", withdrawal, touches=found.refs, detail={"in": sorted(found.refs)})
    session.flush()
    return found


def files_to_forget(session: Session, withdrawal: Withdrawal) -> list[str]:
    """Of the files named those that nobody brought in again meanwhile."""
    known = set(session.scalars(select(Attachment.sha256).where(Attachment.sha256.in_(withdrawal.files))))
    return sorted(set(withdrawal.files) - known)


def leave_remains(session: Session, withdrawal: Withdrawal, remains: Sequence[str], looked: Looked) -> None:
    """Not done: somebody has to look. What to look for is kept until then."""
    withdrawal.status, withdrawal.remains = WithdrawalStatus.REMAINS, sorted(set(remains))
    withdrawal.looked, withdrawal.step = _as_dict(looked), ""
    touch(session, None, withdrawal)
    record(session, None, "found words left after", withdrawal, detail={"places": len(withdrawal.remains)})


def certify(session: Session, withdrawal: Withdrawal, looked: Looked, *, backup_days: int) -> None:
    """Nothing is left: says so without content, and forgets what it looked for."""
    withdrawal.status, withdrawal.remains, withdrawal.step = WithdrawalStatus.DONE, [], ""
    withdrawal.looked, withdrawal.finished_at = _as_dict(looked), now(session)
    withdrawal.digests, withdrawal.files = [], []
    text = _certificate(session, withdrawal, backup_days)
    withdrawal.certificate = text
    withdrawal.certificate_sha256 = hashlib.sha256(text.encode()).hexdigest()
    touch(session, None, withdrawal)
    record(session, None, "finished", withdrawal, detail={"sha256": withdrawal.certificate_sha256})


def clear_old_logs(session: Session) -> int:
    """After the period set, who asked and what went is forgotten; what a restore needs stays."""
    query = select(Withdrawal).where(
        Withdrawal.status == WithdrawalStatus.DONE, Withdrawal.log_until < today(session), Withdrawal.certificate != ""
    )
    old = list(session.scalars(query))
    for each in old:
        each.certificate, each.removed, each.looked, each.created_by_id = "", {}, {}, None
        each.gone = {name: value for name, value in each.gone.items() if name != PLACES}
        touch(session, None, each)
    return len(old)


def _certificate(session: Session, withdrawal: Withdrawal, backup_days: int) -> str:
    asked_by = session.get(Member, withdrawal.created_by_id or 0)
    study = session.get_one(Study, withdrawal.study_id)
    finished = withdrawal.finished_at or now(session)
    values: Mapping[str, Any] = {
        "certificate": _WHAT[withdrawal.cause],
        "reference": withdrawal.ref,
        "participant": None if withdrawal.participant_id is None else f"PAR-{withdrawal.participant_id}",
        "study": study.ref,
        "because": _BECAUSE[withdrawal.cause],
        "asked_on": withdrawal.asked_on.isoformat(),
        "carried_out_by": "the system" if asked_by is None else asked_by.ref,
        "carried_out_at": withdrawal.created_at.isoformat(),
        "finished_at": finished.isoformat(),
        "removed": withdrawal.removed,
        "looked_through": withdrawal.looked,
        "found_left": 0,
        "places": withdrawal.gone.get(PLACES, []),
        "left_as_words_of_others": withdrawal.gone.get(LEFT, []),
        "backups": {
            "kept_days": backup_days,
            "last_backup_with_it_ends_on": _horizon(withdrawal, backup_days).isoformat(),
            "restoring_one": "removes it again before the service starts",
        },
    }
    return json.dumps(values, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _horizon(withdrawal: Withdrawal, backup_days: int) -> date:
    return date.fromordinal(local_day(withdrawal.created_at).toordinal() + backup_days)


def _as_dict(looked: Looked) -> dict[str, int]:
    return {name: getattr(looked, name) for name in Looked.__slots__}
