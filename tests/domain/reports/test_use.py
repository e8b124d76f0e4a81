"""Who uses the repository: by groups of five or more, and nobody by name."""

from __future__ import annotations

from datetime import date

from domain.reports.records import Records, noon
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from insights.core.access import Role
from insights.people.models import BrowserSession, Member
from insights.reports.days import Period
from insights.reports.models import UseDay, UseKind
from insights.reports.use import OTHERS, UseRow, note_search_by, use_of

HALF = Period(date(2026, 1, 1), date(2026, 7, 31))


def readers(records: Records, number: int) -> list[Member]:
    return [records.person(f"reader{each}", Role.READER) for each in range(number)]


def test_searches_are_counted_by_role_and_team_and_small_groups_together(session: Session, records: Records) -> None:
    people = readers(records, 5)
    note_search_by(session, people[0], found=True)
    note_search_by(session, people[1], found=False)
    note_search_by(session, records.person("alone", Role.APPROVER), found=True)

    days = {(day.kind, day.group): (day.searches, day.without_hits) for day in session.scalars(select(UseDay))}

    assert days == {
        (UseKind.ROLE, "reader"): (2, 1),
        (UseKind.ROLE, ""): (1, 0),
        (UseKind.TEAM, records.team.ref): (3, 1),
    }


def test_nothing_that_is_kept_of_a_search_names_anybody(session: Session) -> None:
    columns = {column["name"] for column in inspect(session.get_bind()).get_columns("use_days")}

    assert columns == {"id", "on", "kind", "group", "searches", "without_hits"}


def test_a_role_of_five_is_told_and_small_ones_count_together(session: Session, records: Records) -> None:
    people = readers(records, 6)
    for number in range(4):
        records.person(f"approver{number}", Role.APPROVER)
    moment = noon(date(2026, 2, 1))
    for token, member in (("a", people[0]), ("b", people[0]), ("c", people[1])):
        row = BrowserSession(token_hash=token, member_id=member.id, started_at=moment, last_seen_at=moment)
        session.add(row)
    records.link(records.insight(), records.decision()).created_by_id = people[2].id
    note_search_by(session, people[0], found=False)
    session.flush()

    report = use_of(session, HALF)

    # Four approvers and one researcher are five people.
    assert report.roles == (
        UseRow("Reader", accounts=6, used=2, searches=1, without_hits=1, citations=1),
        UseRow(OTHERS, accounts=5, used=0, searches=0, without_hits=0, citations=0),
    )
    assert report.teams == (UseRow("Benefits", accounts=11, used=2, searches=1, without_hits=1, citations=1),)


def test_what_is_left_of_the_whole_tells_nothing_of_a_small_group(session: Session, records: Records) -> None:
    readers(records, 5)
    records.link(records.insight(), records.decision()).created_by_id = records.member.id
    session.flush()

    report = use_of(session, HALF)

    # Five readers told apart would give away what the one researcher did.
    assert report.roles == (UseRow(OTHERS, accounts=6, used=0, searches=0, without_hits=0, citations=1),)


def test_of_fewer_than_five_accounts_nothing_is_said(session: Session, records: Records) -> None:
    records.link(records.insight(), records.decision()).created_by_id = records.member.id

    report = use_of(session, HALF)

    assert report.roles == (UseRow(OTHERS, 0, 0, 0, 0, 0, is_hidden=True),)
    assert report.as_table()[0].rows == ((OTHERS, "fewer than 5", None, None, None, None),)


def test_what_lies_outside_the_period_is_not_counted(session: Session, records: Records) -> None:
    people = readers(records, 5)
    note_search_by(session, people[0], found=True)

    report = use_of(session, Period(date(2025, 1, 1), date(2025, 12, 31)))

    assert {row.searches for row in report.roles} == {0}
