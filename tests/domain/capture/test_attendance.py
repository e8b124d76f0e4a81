"""Who was at which session, and the hours that follow from it."""

from __future__ import annotations

from datetime import date

import pytest
from factories import make_member, make_session, make_study, make_team
from sqlalchemy.orm import Session

from insights.capture.attendance import (
    attendance_of_session,
    colleagues,
    record_attendance,
    remove_attendance,
    watched_between,
)
from insights.capture.models import AttendanceRole
from insights.core.access import Role
from insights.core.errors import InvalidInput, NotAllowed
from insights.reports.observation_hours import observing, period_of

END = date(2026, 11, 20)


def test_a_session_counts_for_as_long_as_it_took_and_once_a_colleague(session: Session) -> None:
    actor = make_member(session)
    study = make_study(session, actor=actor)
    held = make_session(session, actor=actor, study=study, minutes=45)

    record_attendance(session, actor=actor, research_session=held, study=study, member=actor)
    record_attendance(session, actor=actor, research_session=held, study=study, member=actor, role="moderator")

    (row,) = attendance_of_session(session, held)
    assert (row.minutes, row.role) == (45, "moderator")


def test_an_hour_is_taken_where_nobody_said_how_long_it_took(session: Session) -> None:
    actor = make_member(session)
    study = make_study(session, actor=actor)
    held = make_session(session, actor=actor, study=study)

    assert record_attendance(session, actor=actor, research_session=held, study=study, member=actor).minutes == 60


@pytest.mark.parametrize("minutes", [0, -5, 1441])
def test_minutes_that_cannot_be_are_refused(session: Session, minutes: int) -> None:
    actor = make_member(session)
    study = make_study(session, actor=actor)
    held = make_session(session, actor=actor, study=study)

    with pytest.raises(InvalidInput, match="from 1 to 1,440"):
        record_attendance(session, actor=actor, research_session=held, study=study, member=actor, minutes=minutes)


def test_somebody_of_another_area_lists_themselves_and_nobody_else(session: Session) -> None:
    owner = make_member(session)
    study = make_study(session, actor=owner)
    held = make_session(session, actor=owner, study=study)
    guest = make_member(session, role=Role.READER, team=make_team(session))

    record_attendance(session, actor=guest, research_session=held, study=study, member=guest)

    with pytest.raises(NotAllowed):
        record_attendance(session, actor=guest, research_session=held, study=study, member=owner)
    remove_attendance(session, actor=guest, research_session=held, study=study, member=guest)
    assert attendance_of_session(session, held) == []


def test_hours_of_six_weeks_stand_against_the_rule_with_those_who_have_none(session: Session) -> None:
    maya, tomos = make_member(session, name="Maya Osei"), make_member(session, name="Tomos Price")
    study = make_study(session, actor=maya)
    for day, minutes in ((date(2026, 11, 20), 90), (date(2026, 10, 10), 40), (date(2026, 10, 9), 600)):
        held = make_session(session, actor=maya, study=study, held_on=day, minutes=minutes)
        record_attendance(
            session, actor=maya, research_session=held, study=study, member=maya, role=AttendanceRole.MODERATOR
        )

    period = period_of(6, END)
    watched = watched_between(session, tomos, period.start, period.end)
    report = observing(colleagues(session), watched, period, weeks=6, rule_hours=2)

    assert period.start == date(2026, 10, 10)
    assert [(row.name, row.minutes, row.led, row.sessions, row.reaches_rule) for row in report.rows] == [
        ("Tomos Price", 0, 0, 0, False),
        ("Maya Osei", 130, 130, 2, True),
    ]
    assert [row.name for row in report.without_any] == ["Tomos Price"]
    assert [(team.members, team.reaching, team.hours) for team in report.teams] == [(2, 1, 2.2)]


def test_a_session_out_of_sight_adds_no_hours(session: Session) -> None:
    maya, stranger = make_member(session), make_member(session)
    study = make_study(session, actor=maya, restricted=True)
    held = make_session(session, actor=maya, study=study, held_on=END)
    record_attendance(session, actor=maya, research_session=held, study=study, member=maya)
    period = period_of(6, END)

    assert len(watched_between(session, maya, period.start, period.end)) == 1
    assert watched_between(session, stranger, period.start, period.end) == []
