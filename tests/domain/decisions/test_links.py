from __future__ import annotations

import pytest
from factories import make_decision, make_insight
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.core.errors import InvalidInput, NotFound, RuleBroken
from insights.decisions.models import Decision, DecisionLink, LinkStatus
from insights.decisions.operations import accept_decision, link_insight, reaffirm_link, restore_link, unlink_insight
from insights.decisions.queries import linked_insights
from insights.people.models import Member
from insights.synthesis.contradictions import declare_contradiction, settle_contradiction
from insights.synthesis.models import Insight
from insights.synthesis.operations import edit_insight, retire_insight, supersede_insight


@pytest.fixture
def link(session: Session, actor: Member, decision: Decision, insight: Insight) -> DecisionLink:
    return link_insight(
        session, actor=actor, decision=decision, insight=insight, type_="changed", rationale="Six of eight stopped."
    )


def status_of(session: Session, actor: Member, decision: Decision) -> LinkStatus:
    return linked_insights(session, actor, decision)[0].status


def claim_anew(session: Session, actor: Member, insight: Insight, claim: str) -> None:
    edit_insight(
        session,
        actor=actor,
        insight=insight,
        claim=claim,
        body=insight.body,
        type_=insight.type,
        kind=insight.kind,
        service=None,
    )


def test_a_link_pins_the_version_and_the_fingerprint_of_its_moment(link: DecisionLink, insight: Insight) -> None:
    assert link.insight_version == insight.version
    assert link.fingerprint == insight.fingerprint != ""


def test_a_link_is_current_until_the_claim_changes(
    session: Session, actor: Member, decision: Decision, insight: Insight, link: DecisionLink
) -> None:
    before = status_of(session, actor, decision)

    claim_anew(session, actor, insight, "Something else altogether")

    assert before is LinkStatus.CURRENT
    assert status_of(session, actor, decision) is LinkStatus.OUTDATED


def test_a_remark_around_the_claim_leaves_the_link_current(
    session: Session, actor: Member, decision: Decision, insight: Insight, link: DecisionLink
) -> None:
    edit_insight(
        session,
        actor=actor,
        insight=insight,
        claim=insight.claim,
        body="More about it.",
        type_=insight.type,
        kind=insight.kind,
        service=None,
    )

    assert status_of(session, actor, decision) is LinkStatus.CURRENT


def test_re_affirming_makes_an_outdated_link_current_and_says_why(
    session: Session, actor: Member, decision: Decision, insight: Insight, link: DecisionLink
) -> None:
    claim_anew(session, actor, insight, "Something else altogether")

    reaffirm_link(
        session, actor=actor, decision=decision, link=link, insight=insight, sentence="It still says that they stop."
    )

    row = linked_insights(session, actor, decision)[0]
    assert row.status is LinkStatus.CURRENT
    assert (row.pinned_version, row.affirmation) == (insight.version, "It still says that they stop.")


def test_re_affirming_needs_its_sentence(
    session: Session, actor: Member, decision: Decision, insight: Insight, link: DecisionLink
) -> None:
    claim_anew(session, actor, insight, "Something else altogether")

    with pytest.raises(InvalidInput):
        reaffirm_link(session, actor=actor, decision=decision, link=link, insight=insight, sentence=" ")

    assert status_of(session, actor, decision) is LinkStatus.OUTDATED


def test_a_retired_insight_leaves_its_links_unsupported_for_good(
    session: Session, actor: Member, decision: Decision, insight: Insight, link: DecisionLink
) -> None:
    retire_insight(session, actor=actor, insight=insight, note="The study was withdrawn.")

    assert status_of(session, actor, decision) is LinkStatus.UNSUPPORTED
    with pytest.raises(RuleBroken, match="no longer held"):
        reaffirm_link(session, actor=actor, decision=decision, link=link, insight=insight, sentence="All the same.")


def test_a_superseded_insight_leaves_its_links_unsupported(
    session: Session, actor: Member, decision: Decision, insight: Insight, link: DecisionLink
) -> None:
    supersede_insight(session, actor=actor, insight=insight, by=make_insight(session, actor=actor))

    assert status_of(session, actor, decision) is LinkStatus.UNSUPPORTED


def test_an_open_contradiction_challenges_the_link_from_either_side_until_it_is_settled(
    session: Session, actor: Member, decision: Decision, insight: Insight, link: DecisionLink
) -> None:
    other = make_insight(session, actor=actor)
    contradiction = declare_contradiction(
        session, actor=actor, insight=other, other=insight, cause="Round 2 heard the opposite."
    )
    challenged = status_of(session, actor, decision)

    settle_contradiction(
        session,
        actor=actor,
        contradiction=contradiction,
        status="explained",
        reason="segment_differs",
        explanation="Round 2 heard only staff.",
    )

    assert challenged is LinkStatus.CHALLENGED
    assert status_of(session, actor, decision) is LinkStatus.CURRENT


def test_evidence_beside_a_declared_basis_is_told_apart(
    session: Session, actor: Member, decision: Decision, link: DecisionLink
) -> None:
    accept_decision(session, actor=actor, decision=decision, basis="cost", basis_reason="Half the price.")

    assert status_of(session, actor, decision) is LinkStatus.UNWANTED


def test_an_unpublished_insight_carries_no_decision(session: Session, actor: Member, decision: Decision) -> None:
    draft = make_insight(session, actor=actor, published=False)

    with pytest.raises(RuleBroken, match="only a published insight"):
        link_insight(session, actor=actor, decision=decision, insight=draft, type_="changed", rationale="Because.")

    assert session.scalar(select(func.count(DecisionLink.id))) == 0


@pytest.mark.parametrize("rationale", ["", "   ", "\u200b\u200d", "\x00"])
def test_a_link_needs_a_sentence_that_says_something(
    session: Session, actor: Member, decision: Decision, insight: Insight, rationale: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        link_insight(session, actor=actor, decision=decision, insight=insight, type_="changed", rationale=rationale)

    assert "rationale" in refused.value.fields


def test_a_link_of_no_known_type_names_those_there_are(
    session: Session, actor: Member, decision: Decision, insight: Insight
) -> None:
    with pytest.raises(InvalidInput, match="considered not followed"):
        link_insight(session, actor=actor, decision=decision, insight=insight, type_="caused", rationale="Because.")


def test_the_same_insight_is_linked_once_in_each_way(
    session: Session, actor: Member, decision: Decision, insight: Insight, link: DecisionLink
) -> None:
    with pytest.raises(InvalidInput, match="already"):
        link_insight(session, actor=actor, decision=decision, insight=insight, type_="changed", rationale="Again.")

    link_insight(session, actor=actor, decision=decision, insight=insight, type_="confirmed", rationale="And later.")

    assert len(linked_insights(session, actor, decision)) == 2


def test_a_link_that_was_taken_away_comes_back_as_it_was(
    session: Session, actor: Member, decision: Decision, insight: Insight, link: DecisionLink
) -> None:
    pinned = (link.insight_version, link.fingerprint, link.rationale, link.affirmed_at)
    entry = unlink_insight(session, actor=actor, decision=decision, link=link)
    claim_anew(session, actor, insight, "Something else altogether")

    back = restore_link(session, actor=actor, decision=decision, entry_id=entry.id)

    assert (back.insight_version, back.fingerprint, back.rationale, back.affirmed_at) == pinned
    assert status_of(session, actor, decision) is LinkStatus.OUTDATED


def test_a_link_comes_back_once_and_to_its_own_decision(
    session: Session, actor: Member, decision: Decision, link: DecisionLink
) -> None:
    entry = unlink_insight(session, actor=actor, decision=decision, link=link)

    with pytest.raises(NotFound):
        restore_link(session, actor=actor, decision=make_decision(session, actor=actor), entry_id=entry.id)
    restore_link(session, actor=actor, decision=decision, entry_id=entry.id)
    with pytest.raises(RuleBroken):
        restore_link(session, actor=actor, decision=decision, entry_id=entry.id)
