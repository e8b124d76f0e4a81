from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from domain.reports.records import Records, counted_statements
from sqlalchemy.orm import Session

from insights.coding.models import HighlightStatus
from insights.core.access import Role
from insights.core.errors import InvalidInput, NotFound
from insights.decisions.models import Decision, DecisionStatus, LinkType, Verdict
from insights.reports.graph import Stage
from insights.reports.trace import trace
from insights.synthesis.models import Insight, InsightStatus, insight_components

_STAGES = {
    "STU": Stage.STUDY,
    "SES": Stage.SESSION,
    "SRC": Stage.SOURCE,
    "HL": Stage.QUOTE,
    "INS": Stage.INSIGHT,
    "DEC": Stage.DECISION,
    "MEA": Stage.MEASURE,
    "CHK": Stage.OUTCOME,
}


@dataclass(frozen=True)
class Chain:
    """One record of each stage, each resting on the one before."""

    refs: tuple[str, ...]

    @property
    def decision(self) -> str:
        return self.refs[5]


def a_chain(records: Records) -> Chain:
    study = records.study("Why people give up")
    meeting = records.meeting(study)
    quote = records.highlight(study, "I gave up on page three", meeting=meeting)
    insight = records.insight(rests_on=(quote,))
    decision = records.decision()
    records.link(insight, decision, LinkType.CHANGED)
    measure = records.measure(decision)
    check = records.check(
        decision, date(2026, 5, 1), measure_id=measure.id, verdict=Verdict.IMPROVED, recorded_on=date(2026, 5, 2)
    )
    source = f"SRC-{quote.source_text_id}"
    return Chain((study.ref, meeting.ref, source, quote.ref, insight.ref, decision.ref, measure.ref, check.ref))


@pytest.mark.parametrize("place", range(8))
def test_the_thread_is_the_same_from_every_record_of_a_chain(session: Session, records: Records, place: int) -> None:
    chain = a_chain(records)
    records.link(records.insight("Another claim", rests_on=(records.highlight(records.study()),)), records.decision())

    found = trace(session, records.member, chain.refs[place])

    assert set(found.graph.nodes) == set(chain.refs)
    assert [[node.ref for node in nodes] for nodes in found.stages.values() if nodes] == [[ref] for ref in chain.refs]
    assert len(found.graph.edges) == 7


def test_each_record_says_its_state_and_each_link_its_kind(session: Session, records: Records) -> None:
    chain = a_chain(records)

    found = trace(session, records.member, chain.decision)

    states = {node.stage: node.state for node in found.graph.nodes.values()}
    assert (states[Stage.INSIGHT], states[Stage.DECISION], states[Stage.OUTCOME]) == (
        "published",
        "accepted",
        "improved",
    )
    kinds = {(edge.source, edge.target): (edge.kind, edge.state) for edge in found.graph.edges}
    assert kinds[chain.refs[4], chain.refs[5]] == ("changed", "current")
    assert kinds[chain.refs[3], chain.refs[4]] == ("supports", "")


def test_a_depth_of_one_shows_the_neighbours_only(session: Session, records: Records) -> None:
    chain = a_chain(records)

    found = trace(session, records.member, chain.refs[4], depth=1)

    assert set(found.graph.nodes) == set(chain.refs[3:6])


def test_the_thread_of_an_insight_leaves_out_other_evidence_of_its_decision(session: Session, records: Records) -> None:
    chain = a_chain(records)
    decision_id = int(chain.decision.removeprefix("DEC-"))
    other = records.insight("Another claim", rests_on=(records.highlight(records.study()),))
    records.link(other, session.get_one(Decision, decision_id))

    assert other.ref not in trace(session, records.member, chain.refs[4]).graph.nodes
    assert other.ref in trace(session, records.member, chain.decision).graph.nodes


def test_an_insight_that_rests_on_another_brings_its_quotes(session: Session, records: Records) -> None:
    chain = a_chain(records)
    second = records.insight("What follows from it")
    records.evidence(second, other_insight_id=int(chain.refs[4].removeprefix("INS-")))

    found = trace(session, records.member, second.ref)

    assert set(found.graph.nodes) == {*chain.refs[:5], second.ref}


def test_a_recommendation_a_change_and_a_component_have_threads_too(session: Session, records: Records) -> None:
    chain = a_chain(records)
    insight = session.get_one(Insight, int(chain.refs[4].removeprefix("INS-")))
    decision = session.get_one(Decision, int(chain.decision.removeprefix("DEC-")))
    asked = records.recommendation(insight)
    change = records.change(decision, after="Your answers are kept")
    letter = records.component("Reminder letter")
    decision.component_id = letter.id
    session.flush()

    assert set(trace(session, records.member, asked.ref).graph.nodes) == {*chain.refs[:5], asked.ref}
    assert set(trace(session, records.member, change.ref).graph.nodes) == {*chain.refs[:6], change.ref}
    assert set(trace(session, records.member, letter.ref).graph.nodes) == {*chain.refs[:6], letter.ref}
    assert {asked.ref, change.ref, letter.ref} < set(trace(session, records.member, chain.refs[0]).graph.nodes)


def test_a_component_leads_to_the_insights_that_are_about_it(session: Session, records: Records) -> None:
    quote = records.highlight(records.study())
    insight = records.insight(rests_on=(quote,))
    letter = records.component("Reminder letter")
    session.execute(insight_components.insert().values(insight_id=insight.id, component_id=letter.id))

    assert {insight.ref, quote.ref} < set(trace(session, records.member, letter.ref).graph.nodes)


def test_a_recommendation_with_an_insight_out_of_sight_is_no_part_of_the_thread(
    session: Session, records: Records
) -> None:
    insight = records.insight(rests_on=(records.highlight(records.study()),))
    hidden = records.study("Secret", restricted_to=records.member)
    secret = records.insight("Secret claim", rests_on=(records.highlight(hidden),))
    asked = records.recommendation(insight, secret)
    stranger = records.person("stranger", Role.RESEARCHER)

    assert asked.ref in trace(session, records.member, insight.ref).graph.nodes
    assert asked.ref not in trace(session, stranger, insight.ref).graph.nodes
    with pytest.raises(NotFound):
        trace(session, stranger, asked.ref)


def test_rings_of_supersession_end(session: Session, records: Records) -> None:
    decisions = [records.decision(status=DecisionStatus.SUPERSEDED) for _ in range(3)]
    insights = [records.insight(status=InsightStatus.SUPERSEDED) for _ in range(3)]
    for place in range(3):
        decisions[place].superseded_by_id = decisions[(place + 1) % 3].id
        insights[place].superseded_by_id = insights[(place + 1) % 3].id
    session.flush()
    records.link(insights[0], decisions[0])

    found = trace(session, records.member, decisions[1].ref)

    assert set(found.graph.nodes) == {*(each.ref for each in decisions), *(each.ref for each in insights)}


def test_a_restricted_study_is_no_part_of_the_thread_for_others(session: Session, records: Records) -> None:
    chain = a_chain(records)
    decision = session.get_one(Decision, int(chain.decision.removeprefix("DEC-")))
    study = records.study("Secret", restricted_to=records.member)
    quote = records.highlight(study, "My name is")
    secret = records.insight("Secret claim", rests_on=(quote,))
    records.link(secret, decision)
    records.contradiction(session.get_one(Insight, int(chain.refs[4].removeprefix("INS-"))), secret)
    stranger = records.person("stranger", Role.RESEARCHER)

    found = trace(session, stranger, chain.decision)

    assert set(found.graph.nodes) == set(chain.refs)
    assert "current" in {edge.state for edge in found.graph.edges}
    for ref in (study.ref, quote.ref, f"SRC-{quote.source_text_id}", f"SES-{quote.research_session_id}", secret.ref):
        with pytest.raises(NotFound):
            trace(session, stranger, ref)
        assert ref in trace(session, records.member, ref).graph.nodes


def test_dropped_quotes_and_deleted_sources_are_left_out(session: Session, records: Records) -> None:
    quote = records.highlight(records.study())
    insight = records.insight(rests_on=(quote,))
    quote.status = HighlightStatus.DROPPED
    session.flush()

    assert quote.ref not in trace(session, records.member, insight.ref).graph.nodes


@pytest.mark.parametrize("ref", ["DEC-999", "INS-0", "STU-x", "DEC-99999999999999999999", "CHK-"])
def test_what_does_not_exist_is_not_found(session: Session, records: Records, ref: str) -> None:
    with pytest.raises(NotFound):
        trace(session, records.member, ref)


@pytest.mark.parametrize("ref", ["", "MEM-1", "TEAM-1", "nonsense", "'; DROP TABLE decisions; --"])
def test_a_record_without_a_thread_gets_a_hint(session: Session, records: Records, ref: str) -> None:
    with pytest.raises(InvalidInput, match="such as DEC-17"):
        trace(session, records.member, ref)


def test_a_ref_is_taken_in_any_case_and_with_blanks_around(session: Session, records: Records) -> None:
    chain = a_chain(records)

    assert trace(session, records.member, f" {chain.decision.lower()} ").ref == chain.decision


def test_a_trace_leaves_as_json_and_as_tables(session: Session, records: Records) -> None:
    chain = a_chain(records)

    found = trace(session, records.member, chain.decision)

    told = found.as_json()
    assert told["ref"] == chain.decision
    assert told["stages"] == {
        **{stage.value: [] for stage in Stage},
        **{_STAGES[ref.partition("-")[0]].value: [ref] for ref in chain.refs},
    }
    assert [(table.name, len(table.rows)) for table in found.as_table()] == [("Thread", 8), ("Connections", 7)]


def test_a_trace_takes_twelve_statements_however_much_hangs_on_it(session: Session, records: Records) -> None:
    study, decision = records.study(), records.decision()
    for _ in range(20):
        records.link(records.insight(rests_on=(records.highlight(study),)), decision)

    with counted_statements(session) as statements:
        found = trace(session, records.member, study.ref)

    assert len(found.graph.nodes) == 1 + 20 * 4 + 1
    assert len(statements) <= 12
