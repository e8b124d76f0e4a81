"""The shelf rules: who is reminded after how many days, and that nobody is reminded twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from domain.reports.records import Records, noon
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import Study, StudyStatus
from insights.core.access import Role
from insights.core.activity import ActivityEntry
from insights.core.clock import FixedClock, set_clock
from insights.people.models import Mail, Member
from insights.reports.models import Nudge, NudgeRule
from insights.reports.monthly_note import ReportMail, ask_for_mail_again, queue_notes, stop_mail_of_reports
from insights.reports.nudges import make_nudges, nudges_for, nudges_in_mail, open_nudges
from insights.synthesis.models import DispositionKind, Insight

PUBLISHED = date(2026, 1, 1)


@pytest.fixture
def author(records: Records) -> Member:
    return records.person("author", Role.RESEARCHER)


@pytest.fixture
def owner(records: Records) -> Member:
    return records.person("owner", Role.CONTRIBUTOR)


@pytest.fixture
def waiting(records: Records, author: Member, owner: Member) -> Insight:
    quote = records.highlight(records.study())
    return records.insight("Nobody reads it", rests_on=(quote,), on=PUBLISHED, author_id=author.id, owner_id=owner.id)


def night(session: Session, age: int) -> int:
    """The night on which the insight is so many days old; answers how many were reminded."""
    moment = datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=age)
    set_clock(session, FixedClock(moment))
    return make_nudges(session, by_mail=True)


def rules(session: Session) -> list[NudgeRule]:
    return list(session.scalars(select(Nudge.rule).where(Nudge.done_on.is_(None)).order_by(Nudge.id)))


def complete(session: Session, study: Study, on: date) -> None:
    study.status = StudyStatus.COMPLETED
    detail = {"before": "synthesis", "after": "completed"}
    session.add(ActivityEntry(at=noon(on), verb="moved", subject_kind="study", subject_ref=study.ref, detail=detail))
    session.flush()


def test_the_owner_at_thirty_leadership_at_ninety_and_the_owner_again_at_a_hundred_and_eighty(
    session: Session, waiting: Insight, owner: Member
) -> None:
    made = {age: night(session, age) for age in (29, 30, 89, 90, 179, 180)}

    nudges = session.scalars(select(Nudge).order_by(Nudge.id)).all()
    assert made == {29: 0, 30: 1, 89: 0, 90: 1, 179: 0, 180: 1}
    assert [(each.rule, each.member_id) for each in nudges] == [
        (NudgeRule.OWNER, owner.id),
        (NudgeRule.LEADERSHIP, None),
        (NudgeRule.MUST_ANSWER, owner.id),
    ]
    assert {each.insight_id for each in nudges} == {waiting.id}


@pytest.mark.usefixtures("waiting")
def test_twice_in_a_night_makes_nothing_twice(session: Session) -> None:
    first, again = night(session, 30), night(session, 30)

    assert (first, again) == (1, 0)
    assert len(session.scalars(select(Mail)).all()) == 1


def test_the_author_is_reminded_a_week_after_the_study_was_completed_with_nothing_recommended(
    session: Session, records: Records, waiting: Insight, author: Member
) -> None:
    study = session.scalars(select(Study)).one()
    complete(session, study, date(2026, 1, 3))

    assert night(session, 8) == 0
    assert night(session, 9) == 1
    assert [row.member_id for row in open_nudges(session, records.member)] == [author.id]
    assert waiting.ref in {row.insight_ref for row in nudges_for(session, author)}


def test_a_recommendation_or_a_study_still_open_reminds_no_author(
    session: Session, records: Records, waiting: Insight
) -> None:
    assert night(session, 20) == 0
    complete(session, session.scalars(select(Study)).one(), date(2026, 1, 3))
    records.recommendation(waiting)

    assert night(session, 21) == 0


@pytest.mark.parametrize("kind", [DispositionKind.PARKED, DispositionKind.NO_ACTION])
def test_an_answer_ends_the_reminder_and_a_view_does_not(
    session: Session, records: Records, waiting: Insight, kind: DispositionKind
) -> None:
    night(session, 30)
    waiting.body = "Edited"
    night(session, 31)
    assert rules(session) == [NudgeRule.OWNER]

    records.answer(waiting, kind, date(2026, 2, 2), until=date(2026, 12, 31))
    night(session, 33)

    assert rules(session) == []


def test_what_was_parked_and_comes_back_is_reminded_of_anew(
    session: Session, records: Records, waiting: Insight
) -> None:
    night(session, 95)
    records.answer(waiting, DispositionKind.PARKED, date(2026, 4, 7), until=date(2026, 5, 1))
    night(session, 100)
    assert rules(session) == []

    assert night(session, 121) == 1
    assert rules(session) == [NudgeRule.LEADERSHIP]


def test_the_back_catalogue_is_left_alone(session: Session, records: Records) -> None:
    records.insight("Imported", on=PUBLISHED, legacy=True, owner_id=records.member.id)

    assert night(session, 400) == 0


def test_whoever_left_is_not_reminded_but_the_author_is(
    session: Session, waiting: Insight, owner: Member, author: Member
) -> None:
    owner.is_active = False
    night(session, 30)

    assert [row.turn for row in open_nudges(session, author)] == ["Author"]
    assert waiting.ref == open_nudges(session, author)[0].insight_ref


def test_an_approver_has_what_waits_for_leadership_of_their_team(
    session: Session, records: Records, waiting: Insight, owner: Member
) -> None:
    approver = records.person("approver", Role.APPROVER)
    night(session, 90)

    assert [row.insight_ref for row in nudges_for(session, approver)] == [waiting.ref]
    assert nudges_for(session, owner) == []


def test_a_study_restricted_since_is_gone_from_reminders_and_from_the_mail(
    session: Session, waiting: Insight, owner: Member
) -> None:
    night(session, 30)
    mail = session.scalars(select(Mail)).one()
    assert [row.insight_ref for row in nudges_in_mail(session, owner, mail.id)] == [waiting.ref]

    session.scalars(select(Study)).one().restricted = True
    session.flush()

    assert nudges_in_mail(session, owner, mail.id) == []
    assert open_nudges(session, owner) == []


@pytest.mark.usefixtures("waiting")
def test_whoever_ended_the_mail_is_reminded_on_their_page_alone(session: Session, owner: Member) -> None:
    stop_mail_of_reports(session, member=owner, what=ReportMail.NUDGES)
    night(session, 30)

    assert session.scalars(select(Mail)).all() == []
    assert len(nudges_for(session, owner)) == 1


@pytest.mark.usefixtures("waiting")
def test_last_months_note_is_queued_once_for_those_who_published(session: Session, author: Member) -> None:
    set_clock(session, FixedClock(datetime(2026, 2, 3, 12, tzinfo=UTC)))
    counts = [queue_notes(session), queue_notes(session)]
    stop_mail_of_reports(session, member=author, what=ReportMail.NOTE)
    set_clock(session, FixedClock(datetime(2026, 3, 3, 12, tzinfo=UTC)))
    counts.append(queue_notes(session))
    ask_for_mail_again(session, member=author, what=ReportMail.NOTE)
    set_clock(session, FixedClock(datetime(2026, 3, 20, 12, tzinfo=UTC)))
    counts.append(queue_notes(session))

    assert counts == [1, 0, 0, 0]
    assert session.scalars(select(Mail.key)).all() == [f"note 2026-01 MEM-{author.id}"]
