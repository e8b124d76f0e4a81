from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.coding.models import SynonymGroup
from insights.core.base import number_of
from insights.core.errors import NotFound

SynonymsState: TypeAlias = tuple[int, int | None, datetime | None]
"""Groups ever made, changes ever made to them, and when the last was made."""


def list_synonym_groups(session: Session) -> list[SynonymGroup]:
    """All groups in use, by their first expression; one statement."""
    groups = session.scalars(select(SynonymGroup).where(SynonymGroup.deleted_at.is_(None)))
    return sorted(groups, key=lambda group: [each.casefold() for each in group.expressions])


def get_synonym_group(session: Session, ref: str, *, deleted: bool = False) -> SynonymGroup:
    """Raises NotFound; a deleted group is found only where it is asked for."""
    group = session.get(SynonymGroup, number_of(ref, SynonymGroup.PREFIX) or 0)
    if group is None or (group.deleted_at is not None and not deleted):
        raise NotFound(ref)
    return group


def synonyms_state(session: Session) -> SynonymsState:
    """What differs after every change of the list; one small statement."""
    kind = SynonymGroup
    counted = select(func.count(kind.id), func.sum(kind.row_version), func.max(kind.updated_at))
    rows, versions, changed_at = session.execute(counted).one()
    return rows, versions, changed_at
