"""Records stored many at once, each under the UUID that the file gives it where that is free."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from insights.core.base import Record
from insights.core.clock import now
from insights.people.models import Member

_CHUNK = 500


class Identities:
    """Which UUID became of each GUID of the file. A GUID that is in use, or is none, gets a new one."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.renamed: dict[str, str] = {}

    def choose(self, model: Any, guids: Sequence[str]) -> list[str]:  # noqa: ANN401 - a mapped class
        """A free UUID for each GUID, in their order."""
        taken = self._taken(model, guids)
        chosen = []
        for guid in guids:
            name = guid if _is_uuid(guid) and guid not in taken else str(uuid.uuid4())
            taken.add(name)
            if name != guid and guid:
                self.renamed.setdefault(guid, name)
            chosen.append(name)
        return chosen

    def _taken(self, model: Any, guids: Sequence[str]) -> set[str]:  # noqa: ANN401 - a mapped class
        taken: set[str] = set()
        for start in range(0, len(guids), _CHUNK):
            some = list(guids[start : start + _CHUNK])
            taken.update(self._session.scalars(select(model.uuid).where(model.uuid.in_(some))))
        return taken


def add_many(
    session: Session,
    actor: Member | None,
    model: type[Record],
    rows: Sequence[Mapping[str, Any]],
) -> list[int]:
    """Stores the rows and answers their ids in the same order. `created` in a row is the moment it was made first."""
    if not rows:
        return []
    moment = now(session)
    by = None if actor is None else actor.id
    complete = [
        {
            **{name: value for name, value in row.items() if name != "created"},
            "created_at": _moment(row.get("created"), moment),
            "updated_at": moment,
            "created_by_id": by,
            "updated_by_id": by,
            "row_version": 1,
        }
        for row in rows
    ]
    statement = insert(model).returning(model.id, sort_by_parameter_order=True)
    return list(session.scalars(statement, complete))


def chunks(refs: Sequence[str]) -> Iterable[Sequence[str]]:
    """Refs in portions that one entry of the activity names."""
    return (refs[start : start + _CHUNK] for start in range(0, len(refs), _CHUNK))


def _moment(told: datetime | None, moment: datetime) -> datetime:
    """When it was made in the other program; never later than now."""
    return told if told is not None and told <= moment else moment


def _is_uuid(guid: str) -> bool:
    try:
        return str(uuid.UUID(guid)) == guid
    except ValueError:
        return False
