"""The list of erasures beside the database: what a restore of an older backup has to do again before anybody looks.

It holds references and choices, never a word, a name or a code. It lies in the data folder, where a restore leaves it,
and in the database too; either is enough.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.core.activity import record
from insights.core.clock import today
from insights.people.models import Participant
from insights.stewardship.models import Withdrawal, WithdrawalCause, WithdrawalKind
from insights.stewardship.withdrawal import WHOLE, reach_of, withdraw_participant
from research_hub.config import Settings

NAME = "erased.jsonl"


@dataclass(frozen=True, slots=True)
class Replayed:
    """`again` counts people erased once more, `known` those whom the backup did not hold or held as erased already."""

    again: int = 0
    known: int = 0
    list_found: bool = True


def erased_path(settings: Settings) -> Path:
    return settings.data / NAME


def note_erased(settings: Settings, withdrawal: Withdrawal) -> None:
    """Once for each erasure, on disk before this returns."""
    path = erased_path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    with _held(path):
        if any(each["withdrawal"] == withdrawal.uuid for each in read_erased(path)):
            return
        line = json.dumps(
            {
                "withdrawal": withdrawal.uuid,
                "participants": withdrawal.gone.get("participants", []),
                "asked_on": withdrawal.asked_on.isoformat(),
                "at": withdrawal.created_at.isoformat(),
                "cause": withdrawal.cause.value,
                "choices": withdrawal.choices,
            },
            sort_keys=True,
        )
        with path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())


def read_erased(path: Path) -> list[dict[str, Any]]:
    """Whole lines alone: one that a power cut broke off is written again by the run that makes up for it."""
    if not path.exists():
        return []
    found: list[dict[str, Any]] = []
    for line in path.read_text("utf-8").splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def replay_erasures(session: Session, settings: Settings, kept: Path | None = None) -> Replayed:
    """Erases again whoever was erased after the backup was made; `kept` is what lay in the data folder before.

    Flushes and never commits. The worker then does the rest. Where no list is found somebody has to say that nobody was
    erased since.
    """
    lists = [path for folder in (settings.data, kept) if folder is not None and (path := folder / NAME).exists()]
    entries = {each["withdrawal"]: each for path in lists for each in read_erased(path)}
    again = sum(_erase_again(session, each) for each in entries.values())
    return Replayed(again, len(entries) - again, bool(lists))


def _erase_again(session: Session, entry: dict[str, Any]) -> bool:
    """A text that does not tell who spoke goes as a whole: nobody is there to choose."""
    uuids = entry["participants"][:1]
    row = session.execute(
        select(Participant, Study).join(Study, Study.id == Participant.study_id).where(Participant.uuid.in_(uuids))
    ).first()
    if row is None or _is_erased(session, row[0]):
        return False
    participant, study = row
    participant.merged_into_id = None
    choices = dict(entry["choices"])
    for text in reach_of(session, participant, study, choices).undecided:
        choices[text.source.uuid] = WHOLE
    withdrawal = withdraw_participant(
        session,
        actor=None,
        participant=participant,
        study=study,
        asked_on=min(date.fromisoformat(entry["asked_on"]), today(session)),
        choices=choices,
        cause=WithdrawalCause(entry["cause"]),
        uuid=entry["withdrawal"],
    )
    record(session, None, "erased again after a restore", withdrawal)
    return True


def _is_erased(session: Session, participant: Participant) -> bool:
    known = select(Withdrawal.id).where(
        Withdrawal.participant_id == participant.id, Withdrawal.kind == WithdrawalKind.ERASE
    )
    return session.scalar(known) is not None


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """One writer at a time, whichever process it is in."""
    with path.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
