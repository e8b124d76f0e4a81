from __future__ import annotations

from datetime import date, timedelta

from insights.decisions.models import Basis, DecisionStatus, LinkType
from insights.reports.days import Period
from insights.reports.facts import DecisionFact, InsightFact, LinkFact, evidence_base
from insights.reports.trends import compare_services, grounds_by_quarter

TODAY = date(2026, 7, 1)
NEW_YEAR = date(2026, 1, 1)


def test_decisions_are_counted_by_quarter_and_by_what_they_were_taken_on() -> None:
    base = evidence_base(
        TODAY,
        insights=[InsightFact(1, "Claim", published_on=date(2025, 6, 1))],
        decisions=[
            DecisionFact(1, "On evidence", decided_on=date(2025, 9, 30), basis=Basis.COST),
            DecisionFact(2, "On cost", decided_on=date(2025, 9, 30), basis=Basis.COST),
            DecisionFact(3, "On nothing", decided_on=date(2026, 3, 31), legacy=True),
            DecisionFact(4, "Proposed", decided_on=date(2026, 3, 31), status=DecisionStatus.PROPOSED),
        ],
        links=[LinkFact(1, 1, 1, LinkType.CHANGED, date(2025, 9, 30))],
    )

    quarters = grounds_by_quarter(base).as_json()["quarters"]

    assert isinstance(quarters, list)
    counted = {each["quarter"]: {key: count for key, count in each["grounds"].items() if count} for each in quarters}
    # The quarter in which nothing was decided stands between them.
    assert counted == {"2025Q3": {"evidence": 1, "cost": 1}, "2025Q4": {}, "2026Q1": {"neither": 1}}


def test_without_decisions_there_are_no_quarters() -> None:
    trend = grounds_by_quarter(evidence_base(TODAY), Period(NEW_YEAR, TODAY))

    assert trend.as_json() == {"quarters": []}
    assert trend.as_table()[0].rows == ()


def test_decisions_of_other_centuries_have_quarters_too() -> None:
    base = evidence_base(TODAY, decisions=[DecisionFact(1, "Old", decided_on=date(1066, 10, 14))])

    assert list(grounds_by_quarter(base).frame.index) == ["1066Q4"]


def test_a_service_with_fewer_than_five_cases_is_not_compared() -> None:
    decisions = [
        DecisionFact(number, "Decision", decided_on=NEW_YEAR + timedelta(days=number), service_id=place, service=name)
        for number, (place, name) in enumerate([(1, "Grants")] * 5 + [(2, "Appeals")] * 4)
    ]
    base = evidence_base(
        TODAY,
        insights=[InsightFact(1, "Claim", published_on=NEW_YEAR, service_id=2, service="Appeals")],
        decisions=decisions,
        links=[LinkFact(1, 1, 0, LinkType.CHANGED, NEW_YEAR)],
    )

    compared = compare_services(base, Period(NEW_YEAR, TODAY))

    # One of five rests on an insight of the other service.
    assert [(each.service, each.shown("T1")) for each in compared] == [("Appeals", "fewer than 5"), ("Grants", "20%")]
