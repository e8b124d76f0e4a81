"""Names that nobody else of the kind bears."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.core.checks import required_line
from insights.core.errors import InvalidInput
from insights.people.models import (
    Component,
    Service,
    Team,
)


def unused_name(
    session: Session, kind: type[Team | Service | Component], name: str, *, label: str, but: int | None = None
) -> str:
    chosen = required_line("name", name, label=label, longest=200)
    taken = session.scalar(select(kind.id).where(func.lower(kind.name) == chosen.lower()))
    if taken is not None and taken != but:
        raise InvalidInput.of("name", f"There is already one called “{chosen}”. Choose another name.")
    return chosen
