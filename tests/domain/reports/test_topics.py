"""A topic is put together by rule: what is strongest first, who was heard, and who was not."""

from __future__ import annotations

from datetime import UTC, date, datetime

from insights.reports.topics import DecisionOnTopic, HeardFact, OutcomeOnTopic, TopicRows, topic
from insights.synthesis.freshness import Freshness, FreshnessState
from insights.synthesis.queries import ContradictionRow, InsightRow
from insights.synthesis.strength import Strength


def insight(
    number: int,
    *,
    state: FreshnessState = FreshnessState.FRESH,
    confidence: str = "moderate",
    people: int = 3,
) -> InsightRow:
    return InsightRow(
        id=number,
        ref=f"INS-{number}",
        claim=f"Claim {number}",
        type="actionable",
        kind="usability",
        status="published",
        version=1,
        confidence=confidence,
        service="",
        team="",
        review_required=False,
        owner="",
        published_at=None,
        updated_at=datetime(2026, 11, 1, tzinfo=UTC),
        strength=Strength(people=people, studies=1, quotes=people),
        freshness=Freshness(state, 0.5, 6.0, date(2026, 10, 1)),
        contradicted=False,
    )


def heard(insight_id: int, person: int | None, group: str = "", source: str = "SES-1") -> HeardFact:
    return HeardFact(insight_id, source, "Talk", "STU-1", "Letters", date(2026, 10, 1), person, f"P{person}", group)


def test_fresh_comes_before_stale_then_confidence_then_people() -> None:
    rows = [
        insight(1, state=FreshnessState.STALE, confidence="high", people=20),
        insight(2, people=2),
        insight(3, confidence="high", people=1),
        insight(4, people=5),
        insight(5, state=FreshnessState.AGEING),
        insight(6, people=5),
    ]

    assert [row.id for row in topic(TopicRows(insights=rows)).insights] == [3, 6, 4, 2, 5, 1]


def test_a_person_counts_once_however_many_quotes_and_groups_without_anybody_are_named() -> None:
    facts = [heard(1, 7, "Carers"), heard(2, 7, "Carers"), heard(1, 8, "Carers"), heard(1, 9), heard(1, None)]

    page = topic(TopicRows(heard=facts, groups=["Carers", "People who are blind", ""]))

    assert page.people == 3
    assert page.people_without_group == 1
    assert [(each.group, len(each.codes)) for each in page.groups] == [("Carers", 2), ("People who are blind", 0)]
    assert [each.group for each in page.not_heard] == ["People who are blind"]
    assert page.heard[0].insights == ("INS-1", "INS-2")


def test_every_session_stands_once_with_the_insights_it_carries() -> None:
    page = topic(TopicRows(heard=[heard(1, 7), heard(2, 7), heard(2, 8, source="SRC-4")]))

    assert {each.ref: each.insights for each in page.sources} == {"SES-1": ("INS-1", "INS-2"), "SRC-4": ("INS-2",)}


def test_a_contradiction_between_two_of_the_insights_is_told_once_and_settled_ones_are_not() -> None:
    def row(number: int, ref: str, other: str, status: str = "open") -> ContradictionRow:
        return ContradictionRow(number, ref, other, "", "Why", status, "", "", datetime(2026, 11, 1, tzinfo=UTC))

    page = topic(
        TopicRows(contradictions=[row(1, "INS-1", "INS-2"), row(1, "INS-2", "INS-1"), row(2, "INS-3", "", "resolved")])
    )

    assert [each.id for each in page.contradictions] == [1]


def test_decisions_that_rest_on_most_come_first_and_measured_outcomes_before_open_ones() -> None:
    decisions = [
        DecisionOnTopic(1, "DEC-1", "One", "accepted", None, ""),
        DecisionOnTopic(2, "DEC-2", "Two", "accepted", None, "", ("INS-1", "INS-2")),
    ]
    outcomes = [
        OutcomeOnTopic("DEC-1", "Calls", date(2026, 12, 1), "", None, ""),
        OutcomeOnTopic("DEC-2", "Calls", date(2026, 10, 1), "improved", date(2026, 10, 2), ""),
    ]

    page = topic(TopicRows(decisions=decisions, outcomes=outcomes))

    assert [each.ref for each in page.decisions] == ["DEC-2", "DEC-1"]
    assert [each.decision_ref for each in page.verdicts] == ["DEC-2"]
    assert page.outcomes[0].verdict == "improved"


def test_the_tables_hold_as_many_rows_as_the_page() -> None:
    page = topic(TopicRows(insights=[insight(1), insight(2)], heard=[heard(1, 7, "Carers")], groups=["Carers"]))

    assert [(table.name, len(table.rows)) for table in page.tables()] == [
        ("What we know", 2),
        ("Contradictions", 0),
        ("User groups", 1),
        ("Decisions", 0),
        ("Outcomes", 0),
        ("Sessions", 1),
    ]
    assert all(len(row) == len(table.columns) for table in page.tables() for row in table.rows)
