"""What every reading shares: the scope, a choice of columns, rows by name, days of moments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
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
    return None if moment is None else quick_local_day(moment)


def quick_local_day(moment: datetime) -> date:
    """`local_day` for tens of thousands of moments: asked once for each quarter of an hour.

    Since 1972 every zone of the world has been a whole number of quarters away from UTC; earlier moments are asked one
    by one. `moment` is in UTC, as the database gives it.
    """
    if moment.year < _WHOLE_QUARTERS_SINCE:
        return local_day(moment)
    return _day_of_quarter(moment.year, moment.month, moment.day, moment.hour, moment.minute // 15)


_WHOLE_QUARTERS_SINCE = 1973


@lru_cache(maxsize=50_000)
def _day_of_quarter(year: int, month: int, day: int, hour: int, quarter: int) -> date:
    return local_day(datetime(year, month, day, hour, quarter * 15, tzinfo=UTC))
