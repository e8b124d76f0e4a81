"""T6, T7, T10, T11 and T12, worked out by hand; the arithmetic stands beside each."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from domain.reports.records import Records, noon
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from insights.core.access import Role
from insights.core.activity import ActivityEntry
from insights.decisions.models import LinkType
from insights.people.models import BrowserSession
from insights.reports.evidence_base import load_evidence_base
from insights.reports.facts import DecisionFact, EvidenceBase, InsightFact, LinkFact, StudyFact, evidence_base
from insights.reports.metrics import Metric, MetricSettings, Period, RequiredGroup, scorecard
from insights.reports.reading.surrounding_rows import read_surroundings
from insights.reports.surroundings import (
    NOTHING_AROUND,
    AskedFact,
    EvidenceDay,
    FollowUpFact,
    PublicEntryFact,
    Readership,
    SearchDay,
    Surroundings,
    VoiceFact,
    surroundings,
)
from insights.synthesis.models import InsightKind, InsightStatus, RecommendationStatus

TODAY = date(2026, 7, 1)
FIRST_HALF = Period(date(2026, 1, 1), date(2026, 6, 30))


def day(number: int) -> date:
    """Days counted from 1 January 2026, which is 0."""
    return date(2026, 1, 1) + timedelta(days=number)


def figure(base: EvidenceBase, code: str, around: Surroundings = NOTHING_AROUND, **values: Any) -> Metric:
    return scorecard(base, FIRST_HALF, around=around, **values).metric(code)


def shares(metric: Metric) -> dict[str, str]:
    return {part.label: part.shown for part in (*metric.parts, *metric.asides)}


def asked(number: int, issued: int, **values: Any) -> AskedFact:
    for name in ("first_answer_on", "responded_on", "withdrawn_on"):
        if name in values:
            values[name] = day(values[name])
    return AskedFact(number, f"Do {number}", (1,), day(issued), **values)


# T6


def the_questions_of_spring() -> EvidenceBase:
    """Issued 2 December to 31 May counts. In time: 1, 2, 3. Late: 4. Silent: 5, 8. Out: 6 (taken back), 7 (June)."""
    approver = {"addressee_id": 5, "role": Role.APPROVER.value}
    return evidence_base(
        TODAY,
        insights=[InsightFact(1, "Claim", published_on=day(0))],
        recommendations=[
            asked(1, 10, status=RecommendationStatus.ACCEPTED, first_answer_on=40, responded_on=40, **approver),
            asked(
                2,
                10,
                status=RecommendationStatus.DECLINED,
                first_answer_on=15,
                responded_on=20,
                reason="The law says otherwise.",
                **approver,
            ),
            asked(3, 20, status=RecommendationStatus.ACCEPTED, first_answer_on=25, responded_on=100),
            asked(4, 20, status=RecommendationStatus.DEFERRED, first_answer_on=51, responded_on=51, **approver),
            asked(5, 30, addressee_id=6, role=Role.ADMINISTRATOR.value),
            asked(6, 30, status=RecommendationStatus.WITHDRAWN, withdrawn_on=60),
            asked(7, 160),
            asked(8, 30, status=RecommendationStatus.WITHDRAWN, withdrawn_on=61),
        ],
    )


def test_a_response_counts_within_thirty_days_whatever_it_says() -> None:
    metric = figure(the_questions_of_spring(), "T6")

    assert (metric.rows, metric.denominator, metric.display) == (("REC-1", "REC-2", "REC-3"), 6, "50%")
    assert shares(metric) == {
        "answered within 30 days": "3 of 6",
        "answered later": "1 of 6",
        "not answered": "2 of 6",
        "addressed to: Administrator": "0 of 1",
        "addressed to: Approver": "2 of 3",
        "addressed to: nobody named": "1 of 2",
    }


def test_declines_are_listed_with_their_reasons_and_days() -> None:
    (declined,) = figure(the_questions_of_spring(), "T6").tables

    assert declined.rows == (("REC-2", "Do 2", "Approver", 10, "The law says otherwise."),)


def test_an_answer_given_after_the_report_was_made_was_none_then() -> None:
    metric = figure(the_questions_of_spring(), "T6", known_on=day(50))

    # Issued by day 20, for thirty days must have passed: 1 to 4; the fourth was answered on day 51.
    assert shares(metric)["not answered"] == "1 of 4"
    assert metric.tables[0].rows[0][0] == "REC-2"


# T7


def test_a_decision_is_stale_only_when_all_that_it_rests_on_is() -> None:
    # A usability finding is stale after two half-lives of six months: 366 days before day 180 is; 100 days is not.
    old = InsightFact(1, "Old", kind=InsightKind.USABILITY, published_on=day(-400))
    fresh = InsightFact(2, "Fresh", published_on=day(-400))
    retired = InsightFact(3, "Gone", published_on=day(-10), status=InsightStatus.RETIRED, ended_on=day(50))
    base = evidence_base(
        TODAY,
        insights=[old, fresh, retired],
        decisions=[DecisionFact(number, f"Decision {number}", decided_on=day(0)) for number in (1, 2, 3, 4)],
        links=[
            LinkFact(1, 1, 1, LinkType.INFORMED, day(0)),
            LinkFact(2, 1, 2, LinkType.INFORMED, day(0)),
            LinkFact(3, 2, 2, LinkType.CHANGED, day(0)),
            LinkFact(4, 3, 3, LinkType.CONFIRMED, day(0)),
            LinkFact(5, 1, 4, LinkType.CONSIDERED_NOT_FOLLOWED, day(0)),
        ],
    )
    around = surroundings(
        evidence_days=[
            EvidenceDay(1, day(-400), day(-400)),
            # Somebody looked again, but after the day of the report.
            EvidenceDay(1, day(185), day(185)),
            EvidenceDay(2, day(80), day(80)),
            EvidenceDay(3, day(-10), day(-10)),
        ]
    )

    metric = figure(base, "T7", around)
    earlier = figure(base, "T7", around, known_on=day(49))

    assert (metric.rows, metric.denominator) == (("DEC-1", "DEC-3"), 3)
    assert shares(metric) == {"rest on some expired evidence, not all": "1 of 3"}
    assert earlier.rows == ("DEC-1", "DEC-2")


# T10


def test_a_participant_counts_once_and_in_time_by_the_decision_that_cites_them() -> None:
    base = evidence_base(
        TODAY,
        decisions=[
            DecisionFact(1, "One", decided_on=day(0), service_id=4),
            DecisionFact(2, "Two", decided_on=day(140), service_id=4),
            DecisionFact(3, "Too late to be judged", decided_on=day(160), service_id=4),
            DecisionFact(4, "On no service", decided_on=day(20)),
        ],
    )
    around = surroundings(
        follow_ups=[
            FollowUpFact(1, 1, day(30)),
            FollowUpFact(1, 2, None),
            FollowUpFact(2, 1, day(31)),
            FollowUpFact(3, 2, None),
            FollowUpFact(4, 3, day(161)),
        ],
        public_entries=[
            PublicEntryFact(1, day(40)),
            PublicEntryFact(2, day(150), day(170)),
            PublicEntryFact(4, day(40)),
        ],
    )

    metric = figure(base, "T10", around)

    # Participant 1 on day 30 is in time, 2 is a day late, 3 was not told; 4 is judged later.
    assert (metric.display, metric.numerator, metric.denominator) == ("33%", 1, 3)
    assert shares(metric) == {"decisions on services with a public “we did”": "1 of 3"}
    assert metric.rows == metric.base_rows == ()


def test_what_nobody_records_yet_is_not_applicable_and_says_so() -> None:
    metric = figure(evidence_base(TODAY), "T10")

    assert (metric.display, metric.value) == ("n/a", None)
    assert metric.note.startswith("Not recorded yet")
    assert shares(metric) == {"decisions on services with a public “we did” (not recorded yet)": "n/a"}


# T11


def four_decisions_and_the_people_behind_them() -> tuple[EvidenceBase, Surroundings]:
    """Four decisions on evidence, a fifth on none. Access needs: 3 people in 2 decisions; AT: 1 person; low: nobody."""
    base = evidence_base(
        TODAY,
        insights=[InsightFact(number, f"Claim {number}", published_on=day(0)) for number in (1, 2, 3, 4)],
        decisions=[DecisionFact(number, f"Decision {number}", decided_on=day(30)) for number in (1, 2, 3, 4, 5)],
        links=[LinkFact(number, number, number, LinkType.INFORMED, day(30)) for number in (1, 2, 3, 4)],
    )
    around = surroundings(
        voices=[
            VoiceFact(1, 11, {"access_need": "vision", "assistive_technology": "screen reader"}),
            VoiceFact(1, 12, {"access_need": "hearing", "assistive_technology": "none"}),
            VoiceFact(2, 13, {"access_need": "dyslexia", "digital_confidence": "high"}),
            VoiceFact(3, 14, {"access_need": "none"}),
        ]
    )
    return base, around


def test_the_lowest_group_comes_first_and_one_or_two_people_are_not_given_away() -> None:
    metric = figure(
        four_decisions_and_the_people_behind_them()[0], "T11", four_decisions_and_the_people_behind_them()[1]
    )

    assert [part.shown for part in metric.asides] == ["0 of 4", "<3 people of 4", "2 of 4"]
    assert (metric.display, metric.denominator) == ("0%", 4)
    assert metric.note.startswith("Lowest: people with low digital confidence")


def test_a_number_held_back_stands_nowhere_in_what_leaves() -> None:
    base, around = four_decisions_and_the_people_behind_them()
    only_technology = MetricSettings(required_groups=(RequiredGroup("AT users", "assistive_technology"),))

    card = scorecard(base, FIRST_HALF, only_technology, around=around)
    metric = card.metric("T11")
    told = metric.as_json()
    row = next(row for row in card.as_table()[0].rows if row[0] == "T11")

    assert (metric.value, metric.display, metric.interval) == (None, "<3 people", None)
    assert told["numerator"] == "<3 people"
    assert row[2:7] == ("<3 people", "<3 people", 4, None, None)
    assert metric.rows == ()
    assert all(part.rows == () for part in metric.asides)


def test_without_people_read_nobody_is_said_to_be_missing() -> None:
    metric = figure(four_decisions_and_the_people_behind_them()[0], "T11")

    assert (metric.display, metric.asides) == ("n/a", ())


# T12


def test_reuse_is_a_link_to_another_teams_study_or_to_an_insight_over_ninety_days_old() -> None:
    base = evidence_base(
        TODAY,
        insights=[
            InsightFact(1, "Own and new", published_on=day(0), team_id=1),
            InsightFact(2, "Of another team", published_on=day(0), team_id=1),
            InsightFact(3, "Own and old", published_on=day(-91), team_id=1),
            InsightFact(4, "Of both teams", published_on=day(-90), team_id=1),
            InsightFact(5, "Resting on no study of ours to see", published_on=day(0), team_id=2),
        ],
        decisions=[DecisionFact(1, "Decision", decided_on=day(0), team_id=1)],
        studies=[StudyFact(1, "Ours", 1, (1, 3, 4)), StudyFact(2, "Theirs", 2, (2, 4))],
        links=[
            *(LinkFact(number, number, 1, LinkType.INFORMED, day(0)) for number in (1, 2, 3, 4, 5)),
            LinkFact(6, 2, 1, LinkType.INFORMED, day(15)),
        ],
    )
    around = surroundings(
        searches=[SearchDay(day(-1), 50, 50), SearchDay(day(0), 8, 2), SearchDay(day(180), 4, 1)],
        readership=Readership(3, 12),
    )

    metric = figure(base, "T12", around)

    # The sixth link came more than fourteen days after the acceptance, so it is none that counts.
    assert (metric.rows, metric.denominator) == (("LNK-2", "LNK-3", "LNK-5"), 5)
    assert shares(metric) == {
        "from another team": "2 of 5",
        "older than 90 days": "1 of 5",
        "searches that found nothing": "3 of 12",
        "accounts that are not researchers’ and were used": "3 of 12",
    }


# All of them


EVENTS = st.integers(0, 200)


@settings(deadline=None)
@given(
    questions=st.lists(st.tuples(EVENTS, st.integers(0, 90)), max_size=6),
    evidence=st.lists(st.tuples(st.integers(0, 3), st.integers(-500, 200)), max_size=8),
    links=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), EVENTS), max_size=8),
    told=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), EVENTS), max_size=6),
    last=st.integers(0, 180),
)
def test_what_happens_later_changes_no_figure_of_a_past_report(
    questions: list[tuple[int, int]],
    evidence: list[tuple[int, int]],
    links: list[tuple[int, int, int]],
    told: list[tuple[int, int, int]],
    last: int,
) -> None:
    """`then` knows what was known on the last day; `later` all that came after it as well."""

    def base(known: int) -> EvidenceBase:
        return evidence_base(
            day(known),
            insights=[InsightFact(number, "Claim", published_on=day(number * 20)) for number in range(4)],
            decisions=[DecisionFact(number, "Decision", decided_on=day(number * 40)) for number in range(4)],
            links=[
                LinkFact(number, insight, decision, LinkType.INFORMED, day(made))
                for number, (insight, decision, made) in enumerate(links)
                if made <= known
            ],
            recommendations=[
                AskedFact(
                    number,
                    "Do it",
                    (0,),
                    day(issued),
                    first_answer_on=day(issued + waited) if issued + waited <= known else None,
                )
                for number, (issued, waited) in enumerate(questions)
                if issued <= known
            ],
        )

    def around(known: int) -> Surroundings:
        return surroundings(
            evidence_days=[EvidenceDay(insight, day(on), day(on)) for insight, on in evidence if on <= known],
            follow_ups=[
                FollowUpFact(person, decision, day(on) if on <= known else None) for person, decision, on in told
            ],
        )

    period = Period(day(0), day(last))

    now = scorecard(base(400), period, known_on=day(last), around=around(400))
    then = scorecard(base(last), period, around=around(last))

    for code in ("T6", "T7", "T10", "T12"):
        assert now.metric(code).as_json() == then.metric(code).as_json()


@pytest.mark.parametrize("code", ["T6", "T7", "T10", "T11", "T12"])
def test_with_nothing_to_count_it_is_not_applicable(code: str) -> None:
    metric = figure(evidence_base(TODAY), code, surroundings(voices=[], evidence_days=[], follow_ups=[]))

    assert (metric.value, metric.display, metric.denominator) == (None, "n/a", 0)


# What is read for them


def test_the_first_answer_is_read_from_what_happened_and_not_from_the_last_one(
    session: Session, records: Records
) -> None:
    insight = records.insight(rests_on=(records.highlight(records.study()),))
    item = records.recommendation(
        insight,
        issued_on=date(2026, 3, 1),
        addressee_id=records.member.id,
        status=RecommendationStatus.DECLINED,
        responded_on=date(2026, 6, 1),
        response_reason="No money.",
    )
    for verb, on in (("declined", date(2026, 6, 1)), ("deferred", date(2026, 3, 20)), ("edited", date(2026, 3, 2))):
        session.add(ActivityEntry(at=noon(on), verb=verb, subject_kind="recommendation", subject_ref=item.ref))
    session.flush()

    (fact,) = load_evidence_base(session, records.member).recommendations

    assert isinstance(fact, AskedFact)
    assert (fact.first_answer_on, fact.role, fact.reason) == (date(2026, 3, 20), "researcher", "No money.")


def test_voices_are_of_those_behind_cited_insights_in_studies_that_may_be_seen(
    session: Session, records: Records
) -> None:
    reader = records.person("somebody", Role.READER)
    open_quote = records.highlight(records.study())
    hidden_quote = records.highlight(records.study(restricted_to=records.member))
    cited, uncited = records.insight(rests_on=(open_quote, hidden_quote)), records.insight(rests_on=(open_quote,))
    records.link(cited, records.decision())

    around, _ = read_surroundings(session, reader, FIRST_HALF)
    all_of_them, _ = read_surroundings(session, records.member, FIRST_HALF)

    assert around.voices is not None
    assert all_of_them.voices is not None
    assert {insight_id: len(voices) for insight_id, voices in around.voices.items()} == {cited.id: 1}
    assert len(all_of_them.voices[cited.id]) == 2
    assert uncited.id not in all_of_them.voices


def test_readers_are_counted_and_never_named(session: Session, records: Records) -> None:
    reader = records.person("somebody", Role.READER)
    records.person("another", Role.APPROVER)
    for token, member in (("a", reader), ("b", reader), ("c", records.member)):
        session.add(
            BrowserSession(
                token_hash=token,
                member_id=member.id,
                started_at=noon(date(2026, 2, 1)),
                last_seen_at=noon(date(2026, 2, 1)),
            )
        )
    session.flush()

    around, _ = read_surroundings(session, reader, FIRST_HALF)
    before, _ = read_surroundings(session, reader, Period(date(2026, 3, 1), date(2026, 3, 31)))

    assert around.readership == Readership(readers=1, accounts=2)
    assert before.readership == Readership(readers=0, accounts=2)


def test_services_come_by_name_for_the_choice_beside_the_figures(session: Session, records: Records) -> None:
    for name in ("Screening", "Blue badge"):
        records.service(name)

    _, services = read_surroundings(session, records.member, FIRST_HALF)

    assert [choice.label for choice in services] == ["Blue badge", "Screening"]
