from __future__ import annotations

import pytest
from factories import (
    make_accepted_decision,
    make_decision,
    make_highlight,
    make_insight,
    make_member,
    make_service,
    make_session,
    make_study,
)
from sqlalchemy.orm import Session

from insights.core.access import Role
from insights.core.errors import NotFound
from insights.decisions.models import Decision, LinkStatus
from insights.decisions.operations import accept_decision, link_insight
from insights.decisions.queries import (
    DecisionFilter,
    decision_head,
    insights_to_cite,
    linked_insights,
    list_decisions,
)
from insights.people.models import Member
from insights.synthesis.contradictions import declare_contradiction
from insights.synthesis.models import Insight
from insights.synthesis.operations import attach_highlight, publish_insight, retire_insight
from insights.synthesis.strength import strengths


@pytest.fixture
def accepted(session: Session, actor: Member, insight: Insight) -> Decision:
    return make_accepted_decision(session, actor=actor, insight=insight)


def test_the_row_counts_people_and_studies_as_the_insight_does(session: Session, actor: Member) -> None:
    study = make_study(session, actor=actor)
    insight = make_insight(session, actor=actor, published=False)
    for people in ("P-1, P-2", "P-2, P-3"):
        held = make_session(session, actor=actor, study=study, participants=people)
        quote = make_highlight(session, actor=actor, research_session=held)
        attach_highlight(session, actor=actor, insight=insight, highlight=quote)
    decision = make_decision(session, actor=actor)
    publish_insight(session, actor=actor, insight=insight)
    link_insight(session, actor=actor, decision=decision, insight=insight, type_="changed", rationale="Because.")

    row = decision_head(session, actor, decision.ref).row

    strength = strengths(session, [insight.id])[insight.id]
    assert row.people == strength.people >= 3
    assert (row.studies, row.quotes) == (strength.studies, strength.quotes) == (2, 3)
    assert row.rests_on == strength.in_words


def test_the_same_people_under_two_insights_count_once(session: Session, actor: Member, accepted: Decision) -> None:
    quote = make_highlight(session, actor=actor)
    for type_ in ("informed", "confirmed"):
        other = make_insight(session, actor=actor, highlight=quote)
        link_insight(session, actor=actor, decision=accepted, insight=other, type_=type_, rationale="Because.")

    row = decision_head(session, actor, accepted.ref).row

    assert (row.insights, row.quotes, row.studies) == (3, 2, 2)


def test_a_restricted_study_is_in_no_count_for_those_it_does_not_name(session: Session, actor: Member) -> None:
    secret = make_study(session, actor=actor, restricted=True)
    held = make_session(session, actor=actor, study=secret)
    hidden = make_insight(session, actor=actor, highlight=make_highlight(session, actor=actor, research_session=held))
    decision = make_accepted_decision(session, actor=actor, insight=hidden)
    stranger = make_member(session)

    row = decision_head(session, stranger, decision.ref).row

    assert (row.insights, row.people, row.studies, row.quotes, row.link_states) == (0, 0, 0, 0, {})
    assert row.rests_on == "rests on evidence you may not see"
    assert linked_insights(session, stranger, decision) == []
    assert decision_head(session, actor, decision.ref).row.insights == 1


def test_quotes_of_a_restricted_study_leave_with_their_insight(
    session: Session, actor: Member, accepted: Decision, insight: Insight
) -> None:
    held = make_session(session, actor=actor, study=make_study(session, actor=actor, restricted=True))
    stranger = make_member(session)
    seen_before = len(linked_insights(session, stranger, accepted))

    attach_highlight(
        session, actor=actor, insight=insight, highlight=make_highlight(session, actor=actor, research_session=held)
    )

    assert seen_before == 1
    assert linked_insights(session, stranger, accepted) == []


def test_a_reader_sees_no_draft(session: Session, actor: Member) -> None:
    draft = make_decision(session, actor=actor, status="draft")
    reader = make_member(session, role=Role.READER)

    with pytest.raises(NotFound):
        decision_head(session, reader, draft.ref)
    assert list_decisions(session, reader) == []
    assert [row.ref for row in list_decisions(session, actor)] == [draft.ref]


@pytest.mark.parametrize("ref", ["DEC-999", "INS-1", "DEC-", "", "DEC-1; DROP", "DEC-" + "9" * 40])
def test_a_ref_that_names_no_decision_is_not_found(session: Session, actor: Member, ref: str) -> None:
    with pytest.raises(NotFound):
        decision_head(session, actor, ref)


def test_the_list_is_paged_by_the_last_one_seen(session: Session, actor: Member) -> None:
    made = [make_decision(session, actor=actor) for _ in range(5)]

    first = list_decisions(session, actor, limit=2)
    second = list_decisions(session, actor, before_id=first[-1].id, limit=2)

    assert [row.id for row in first + second] == [each.id for each in reversed(made)][:4]


def test_the_filters_leave_what_they_name(session: Session, actor: Member, insight: Insight) -> None:
    service = make_service(session)
    plain = make_decision(session, actor=actor, service=service)
    resting = make_accepted_decision(session, actor=actor, insight=insight)
    declared = make_decision(session, actor=make_member(session))
    accept_decision(session, actor=actor, decision=declared, basis="cost", basis_reason="Cheaper.")

    def refs(**wanted: object) -> set[str]:
        return {row.ref for row in list_decisions(session, actor, DecisionFilter(**wanted))}  # type: ignore[arg-type]  # one filter each

    assert refs(service_id=service.id) == {plain.ref}
    assert refs(status="accepted") == refs(in_force=True) == {resting.ref, declared.ref}
    assert refs(without_evidence=True) == {plain.ref, declared.ref}
    assert refs(owner_id=actor.id) == {plain.ref, resting.ref}
    assert refs(status="no such status") == {plain.ref, resting.ref, declared.ref}


def test_each_state_of_links_finds_its_decisions(session: Session, actor: Member) -> None:
    still, doubted, gone = (make_insight(session, actor=actor) for _ in range(3))
    current, challenged, unsupported = (
        make_accepted_decision(session, actor=actor, insight=each) for each in (still, doubted, gone)
    )
    declare_contradiction(
        session, actor=actor, insight=doubted, other=make_insight(session, actor=actor), cause="The opposite."
    )
    retire_insight(session, actor=actor, insight=gone, note="Withdrawn.")

    found = {
        state: [row.ref for row in list_decisions(session, actor, DecisionFilter(link_state=state))]
        for state in LinkStatus
    }

    assert found[LinkStatus.CURRENT] == [current.ref]
    assert found[LinkStatus.CHALLENGED] == [challenged.ref]
    assert found[LinkStatus.UNSUPPORTED] == [unsupported.ref]
    assert found[LinkStatus.OUTDATED] == found[LinkStatus.ORPHANED] == []


def test_a_short_quote_that_supports_comes_first_and_only_two_are_shown(
    session: Session, actor: Member, accepted: Decision, insight: Insight
) -> None:
    against = make_highlight(session, actor=actor, words="Then I can breathe and read the rest.")
    attach_highlight(session, actor=actor, insight=insight, highlight=against, relation="contradicts")
    for words in ("bit", "She opened the letter at the table."):
        quote = make_highlight(session, actor=actor, words=words)
        attach_highlight(session, actor=actor, insight=insight, highlight=quote)

    quotes = linked_insights(session, actor, accepted)[0].quotes

    assert [quote.exact for quote in quotes] == [
        "I saw positive and I stopped reading.",
        "She opened the letter at the table.",
    ]


def test_what_is_offered_is_nearest_to_the_title_and_published(session: Session, actor: Member) -> None:
    far = make_insight(session, actor=actor, claim="Opening hours are hard to find")
    near = make_insight(session, actor=actor, claim="People stop reading a letter at the result")
    make_insight(session, actor=actor, claim="Letters with a result are read twice", published=False)

    by_title = insights_to_cite(session, actor, "", about="Put the next step before the result in every letter")
    by_words = insights_to_cite(session, actor, "opening HOURS", about="")
    by_number = insights_to_cite(session, actor, far.ref.lower(), about="")

    assert [row.ref for row in by_title] == [near.ref]
    assert [row.ref for row in by_words] == [row.ref for row in by_number] == [far.ref]
    assert len(insights_to_cite(session, actor, "", about="of it")) == 2
