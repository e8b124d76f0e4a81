from __future__ import annotations

from datetime import date

from domain.reports.records import Records, counted_statements, noon
from sqlalchemy.orm import Session

from insights.core.access import Role
from insights.decisions.models import LinkType
from insights.people.models import Member
from insights.reports.evidence_base import load_evidence_base
from insights.reports.gaps import gaps
from insights.reports.matrix import matrix
from insights.reports.metrics import Period, scorecard
from insights.reports.shelf import shelf
from insights.synthesis.models import (
    DispositionKind,
    Insight,
    InsightStatus,
    InsightVersion,
    Revalidation,
    RevalidationResult,
)

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def test_an_insight_comes_with_the_people_sessions_and_studies_it_rests_on(session: Session, records: Records) -> None:
    one, two = records.study("One"), records.study("Two")
    meeting = records.meeting(one)
    quotes = (records.highlight(one, meeting=meeting), records.highlight(one, meeting=meeting), records.highlight(two))
    insight = records.insight(rests_on=quotes)

    fact = load_evidence_base(session, records.member).insights[insight.id]

    assert (fact.people, fact.sessions, fact.studies) == (3, 2, 2)


def test_a_revalidation_makes_the_evidence_newer_and_a_retirement_does_not(session: Session, records: Records) -> None:
    insight = records.insight(rests_on=(records.highlight(records.study()),))
    session.add(Revalidation(insight_id=insight.id, on=date(2026, 5, 1), result=RevalidationResult.RECONFIRMED))
    session.add(Revalidation(insight_id=insight.id, on=date(2026, 6, 1), result=RevalidationResult.RETIRED))
    session.flush()

    fact = load_evidence_base(session, records.member).insights[insight.id]

    assert fact.newest_evidence_on == date(2026, 5, 1)


def test_a_restricted_study_changes_no_figure_for_those_it_does_not_name(session: Session, records: Records) -> None:
    open_insight = records.insight(rests_on=(records.highlight(records.study()),))
    decision = records.decision()
    records.link(open_insight, decision)
    stranger = records.person("stranger", Role.RESEARCHER)
    before = _everything(session, records, stranger.id)

    secret = records.insight("Secret claim", rests_on=(records.highlight(records.study(restricted_to=records.member)),))
    records.link(secret, decision, LinkType.CHANGED)
    records.contradiction(open_insight, secret)
    records.recommendation(open_insight, secret)
    records.answer(secret, DispositionKind.PARKED, date(2026, 2, 1), until=date(2027, 1, 1))

    assert _everything(session, records, stranger.id) == before
    assert "Secret claim" in str(_everything(session, records, records.member.id))


def test_nobody_sees_nothing(session: Session, records: Records) -> None:
    records.link(records.insight(), records.decision())

    base = load_evidence_base(session, None)

    assert (len(base.insights), len(base.decisions), len(base.links)) == (0, 0, 0)


def test_the_scope_is_a_service_but_its_evidence_may_come_from_another(session: Session, records: Records) -> None:
    ours, theirs = records.service("Ours"), records.service("Theirs")
    insight = records.insight(service_id=theirs.id)
    decision = records.decision(service_id=ours.id)
    records.decision(service_id=theirs.id)
    records.link(insight, decision)

    base = load_evidence_base(session, records.member, service_id=ours.id)

    card = scorecard(base, YEAR)
    assert (card.metric("T1").numerator, card.metric("T1").denominator) == (1, 1)
    assert base.insights_in_scope == []


def test_a_link_affirmed_again_was_outdated_before(session: Session, records: Records) -> None:
    insight = records.insight(fingerprint="f2", version=2)
    for number, day in ((1, date(2026, 1, 1)), (2, date(2026, 3, 1))):
        _add_version(session, insight, number, day)
    link = records.link(insight, records.decision(), pinned="f2", on=date(2026, 2, 1))
    link.affirmed_at = link.affirmed_at.replace(month=4)
    session.flush()
    base = load_evidence_base(session, records.member)

    states = [matrix(base, on=date(2026, month, 15)).totals()["links_by_status"] for month in (2, 3, 4)]

    assert [state["outdated"] for state in states if isinstance(state, dict)] == [0, 1, 0]


def test_loading_takes_ten_statements_however_many_rows_there_are(session: Session, records: Records) -> None:
    for _ in range(30):
        insight = records.insight(rests_on=(records.highlight(records.study()),), status=InsightStatus.CHALLENGED)
        decision = records.decision()
        records.link(insight, decision)
        records.check(decision, date(2026, 5, 1))

    with counted_statements(session) as statements:
        load_evidence_base(session, records.member)

    assert len(statements) <= 10


def _everything(session: Session, records: Records, member_id: int) -> list[object]:
    session.expire_all()
    member = session.get_one(Member, member_id)
    base = load_evidence_base(session, member)
    return [scorecard(base, YEAR).as_json(), shelf(base).as_json(), matrix(base).as_json(), gaps(base).as_json()]


def _add_version(session: Session, insight: Insight, number: int, day: date) -> None:
    session.add(
        InsightVersion(
            insight_id=insight.id,
            number=number,
            claim=insight.claim,
            type=insight.type,
            kind=insight.kind,
            fingerprint=f"f{number}",
            at=noon(day),
        )
    )
    session.flush()
