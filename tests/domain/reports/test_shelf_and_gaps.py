from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from insights.decisions.disposition import EventFact
from insights.decisions.models import Basis, DecisionStatus, DeliveryState, LinkType, Verdict
from insights.reports.facts import (
    CheckFact,
    DecisionFact,
    InsightFact,
    LinkFact,
    MeasureFact,
    RecommendationFact,
    evidence_base,
)
from insights.reports.gaps import gaps
from insights.reports.shelf import AgeBand, age_band, shelf
from insights.synthesis.models import (
    ConfidenceLevel,
    DispositionKind,
    InsightStatus,
    InsightType,
    RecommendationStatus,
)

TODAY = date(2026, 7, 1)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "band"),
    [(0, "0-30"), (30, "0-30"), (31, "31-90"), (90, "31-90"), (91, "91-180"), (180, "91-180"), (181, ">180")],
)
def test_the_bands_meet_without_overlapping(days: int, band: str) -> None:
    assert age_band(days) is AgeBand(band)


def test_the_shelf_lists_the_oldest_first_and_counts_every_band() -> None:
    base = evidence_base(
        TODAY,
        insights=[
            InsightFact(1, "New", published_on=ago(3)),
            InsightFact(2, "Oldest", published_on=ago(200)),
            InsightFact(3, "Old", published_on=ago(91)),
            InsightFact(4, "Informative", published_on=ago(91), type=InsightType.INFORMATIVE),
            InsightFact(5, "Draft", status=InsightStatus.DRAFT),
            InsightFact(6, "Challenged", published_on=ago(40), status=InsightStatus.CHALLENGED),
        ],
    )

    report = shelf(base)

    assert [(row.ref, row.age) for row in report.rows] == [("INS-2", 200), ("INS-3", 91), ("INS-6", 40), ("INS-1", 3)]
    assert {band.value: count for band, count in report.bands.items()} == {
        "0-30": 1,
        "31-90": 1,
        "91-180": 1,
        ">180": 1,
    }
    assert report.rows[1].waiting == "on the shelf for 91 days"


def test_a_row_says_how_strong_the_insight_is() -> None:
    strong = InsightFact(
        1,
        "Claim",
        published_on=ago(10),
        people=5,
        studies=2,
        quotes=9,
        confidence=ConfidenceLevel.MODERATE,
        newest_evidence_on=ago(250),
    )

    row = shelf(evidence_base(TODAY, insights=[strong])).rows[0]

    # Half-life of a usability finding: 6 months, 182.6 days; 250 days lie between one and two of them.
    assert row.strength == "rests on 5 people in 2 studies, moderate confidence, ageing"


def test_only_a_disposition_takes_an_insight_off_the_shelf() -> None:
    insights = [InsightFact(number, "Claim", published_on=ago(100)) for number in range(1, 6)]
    base = evidence_base(
        TODAY,
        insights=insights,
        decisions=[
            DecisionFact(1, "Accepted", decided_on=ago(50)),
            DecisionFact(2, "Idea", status=DecisionStatus.PROPOSED),
        ],
        links=[
            LinkFact(1, 1, 1, LinkType.INFORMED, ago(50)),
            LinkFact(2, 2, 2, LinkType.INFORMED, ago(50)),
            LinkFact(3, 3, 1, LinkType.CONTRADICTS, ago(50)),
        ],
        events={4: (EventFact(DispositionKind.NO_ACTION, ago(20)),)},
    )

    assert [row.ref for row in shelf(base).rows] == ["INS-2", "INS-3", "INS-5"]


def test_parked_insights_are_listed_apart_until_their_date_has_passed() -> None:
    events = {
        1: (EventFact(DispositionKind.PARKED, ago(20), until=TODAY),),
        2: (EventFact(DispositionKind.PARKED, ago(20), until=ago(1)),),
    }
    base = evidence_base(TODAY, insights=[InsightFact(n, "Claim", published_on=ago(99)) for n in (1, 2)], events=events)

    report = shelf(base)

    assert [(row.ref, row.parked_until) for row in report.rows] == [("INS-2", ago(1))]
    assert [(row.ref, row.parked_until) for row in report.parked] == [("INS-1", TODAY)]


def test_the_shelf_of_a_past_day_can_be_asked_again() -> None:
    events = {1: (EventFact(DispositionKind.NO_ACTION, ago(20)),)}
    base = evidence_base(TODAY, insights=[InsightFact(1, "Claim", published_on=ago(99))], events=events)

    assert [len(shelf(base, ago(days)).rows) for days in (100, 99, 21, 20)] == [0, 1, 1, 0]


def test_the_shelf_can_be_narrowed_to_a_service_and_an_owner() -> None:
    base = evidence_base(
        TODAY,
        insights=[
            InsightFact(1, "Claim", published_on=ago(9), service_id=1, service="Grants", owner_id=7),
            InsightFact(2, "Claim", published_on=ago(9), service_id=1, service="Grants", owner_id=8),
            InsightFact(3, "Claim", published_on=ago(9), service_id=2, service="Appeals", owner_id=7),
            InsightFact(4, "Claim", published_on=ago(9)),
        ],
    )

    assert [row.ref for row in shelf(base, service_id=1, owner_id=7).rows] == ["INS-1"]
    assert [service for service, _ in shelf(base).bands_by_service()] == ["Appeals", "Grants", ""]


def test_the_shelf_leaves_as_json_and_as_tables() -> None:
    report = shelf(evidence_base(TODAY, insights=[InsightFact(1, "Claim", published_on=ago(9))]))

    told = report.as_json()

    assert (told["as_of"], told["total"]) == ("2026-07-01", 1)
    assert told["bands"] == {"0-30": 1, "31-90": 0, "91-180": 0, ">180": 0}
    assert all(len(row) == len(table.columns) for table in report.as_table() for row in table.rows)


def test_the_four_lists_of_gaps() -> None:
    live: dict[str, Any] = {"delivery_state": DeliveryState.LIVE, "live_on": ago(60), "owner": "Ann"}
    base = evidence_base(
        TODAY,
        insights=[
            InsightFact(1, "Open", published_on=ago(9), owner="Bea"),
            InsightFact(2, "Used", published_on=ago(99)),
        ],
        decisions=[
            DecisionFact(1, "Evidenced", decided_on=ago(70), **live),
            DecisionFact(2, "On cost", decided_on=ago(80), basis=Basis.COST),
            DecisionFact(3, "On nothing", decided_on=ago(90), legacy=True),
            DecisionFact(4, "Over", decided_on=ago(95), status=DecisionStatus.SUPERSEDED, ended_on=ago(20)),
            DecisionFact(5, "Nobody looks", decided_on=ago(70), **live),
            DecisionFact(6, "Cannot be measured", decided_on=ago(70), measurable=False, **live),
            DecisionFact(7, "Looked once", decided_on=ago(70), **live),
        ],
        links=[LinkFact(number, 2, number, LinkType.INFORMED, ago(70)) for number in (1, 5, 6, 7)],
        checks=[
            CheckFact(1, 1, ago(1), owner="Cat"),
            CheckFact(2, 1, TODAY),
            CheckFact(3, 7, ago(3), ago(2), Verdict.INCONCLUSIVE),
        ],
        measures=[
            MeasureFact(1, 1, "Calls", ago(70)),
            MeasureFact(2, 7, "Time", ago(70)),
            MeasureFact(3, 7, "Rate", ago(70), 2),
        ],
        recommendations=[
            RecommendationFact(1, "Answer me", (1,), ago(40), due_on=ago(10), addressee="Dan"),
            RecommendationFact(2, "Done", (1,), ago(40), status=RecommendationStatus.ACCEPTED, responded_on=ago(30)),
        ],
    )

    found = gaps(base)

    assert [(row.ref, row.owner, row.days) for row in found.insights_without_disposition] == [("INS-1", "Bea", 9)]
    assert [(row.ref, row.note) for row in found.decisions_without_evidence] == [
        ("DEC-3", "no basis declared"),
        ("DEC-2", "declared basis: cost"),
    ]
    assert [(row.ref, row.owner, row.note) for row in found.recommendations_without_response] == [
        ("REC-1", "Dan", f"answer was due on {ago(10)}")
    ]
    assert [(row.ref, row.owner, row.note) for row in found.outcomes_without_reading] == [
        ("DEC-5", "Ann", "live, no check planned"),
        ("MEA-2", "Ann", "no reading since DEC-7 went live"),
        ("CHK-1", "Cat", "check on DEC-1"),
    ]


def test_gaps_leave_as_json_and_as_tables() -> None:
    found = gaps(evidence_base(TODAY, insights=[InsightFact(1, "Open", published_on=ago(9))]))

    assert list(found.as_json()) == [
        "as_of",
        "insights_without_disposition",
        "decisions_without_evidence",
        "recommendations_without_response",
        "outcomes_without_reading",
    ]
    assert [(table.name, len(table.rows)) for table in found.as_table()] == [
        ("Insights without disposition", 1),
        ("Decisions without evidence", 0),
        ("Recommendations, no response", 0),
        ("Outcomes without reading", 0),
    ]
