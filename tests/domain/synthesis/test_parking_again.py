from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from factories import make_insight, make_member
from sqlalchemy.orm import Session

from insights.core.access import Role
from insights.core.clock import FixedClock, set_clock
from insights.core.errors import RuleBroken
from insights.synthesis.answers import park_insight, reopen_insight
from insights.synthesis.models import Insight


@pytest.fixture
def parked(session: Session) -> Insight:
    """Parked in January until February, and it is March."""
    set_clock(session, FixedClock(datetime(2026, 1, 5, 12, tzinfo=UTC)))
    researcher = make_member(session)
    insight = make_insight(session, actor=researcher)
    park_insight(session, actor=researcher, insight=insight, until=date(2026, 2, 1), note="After the budget.")
    set_clock(session, FixedClock(datetime(2026, 3, 1, 12, tzinfo=UTC)))
    return insight


def test_to_park_an_insight_a_second_time_takes_an_approver(session: Session, parked: Insight) -> None:
    researcher, approver = make_member(session), make_member(session, role=Role.APPROVER)

    with pytest.raises(RuleBroken, match="takes an approver"):
        park_insight(session, actor=researcher, insight=parked, until=date(2026, 4, 1), note="Later.")
    park_insight(session, actor=approver, insight=parked, until=date(2026, 4, 1), note="The law changes in April.")


def test_opening_it_again_first_is_no_way_round(session: Session, parked: Insight) -> None:
    researcher = make_member(session)
    reopen_insight(session, actor=researcher, insight=parked)

    with pytest.raises(RuleBroken, match="takes an approver"):
        park_insight(session, actor=researcher, insight=parked, until=date(2026, 4, 1), note="Later.")


def test_parking_that_was_undone_on_its_day_does_not_count(session: Session) -> None:
    set_clock(session, FixedClock(datetime(2026, 1, 5, 12, tzinfo=UTC)))
    researcher = make_member(session)
    insight = make_insight(session, actor=researcher)
    park_insight(session, actor=researcher, insight=insight, until=date(2026, 2, 1), note="A slip.")
    reopen_insight(session, actor=researcher, insight=insight)

    park_insight(session, actor=researcher, insight=insight, until=date(2026, 3, 1), note="After the budget.")
