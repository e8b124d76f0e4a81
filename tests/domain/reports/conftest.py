from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from domain.reports.records import Records
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from insights.core.base import Base
from insights.core.clock import FixedClock, set_clock
from insights.core.keys import Keys, set_keys


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as opened:
        set_keys(opened, Keys.made())
        set_clock(opened, FixedClock(datetime(2026, 7, 1, 12, tzinfo=UTC)))
        yield opened
    engine.dispose()


@pytest.fixture
def records(session: Session) -> Records:
    return Records(session)
