"""What every reading shares: the scope, a choice of columns, rows by name, days of moments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Executable, RowMapping
from sqlalchemy.orm import Session

from insights.reports.days import local_day


@dataclass(frozen=True, slots=True)
class Scope:
    """None stands for all."""

    service_id: int | None = None
    team_id: int | None = None

    def holds(self, service_id: int | None, team_id: int | None) -> bool:
        return self.service_id in {None, service_id} and self.team_id in {None, team_id}


def columns_of(model: type[Any], names: Iterable[str]) -> list[ColumnElement[Any]]:
    return [getattr(model, name) for name in names]


def rows_of(session: Session, statement: Executable) -> Iterable[RowMapping]:
    return session.execute(statement).mappings()


def day_of(moment: datetime | None) -> date | None:
    return None if moment is None else local_day(moment)
