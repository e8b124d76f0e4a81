"""Memos, observations, insights, recommendations and decisions are looked through before others read them."""

from __future__ import annotations

import pytest
from factories import make_decision, make_highlight, make_insight, make_member, make_session, make_study
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import SourceText
from insights.coding.memos import edit_memo, write_memo
from insights.coding.models import Highlight, TextJustification
from insights.coding.operations import edit_highlight
from insights.coding.personal_data.fields import look_through_observation, reasons_of
from insights.core.activity import ActivityEntry
from insights.core.errors import InvalidInput
from insights.decisions.operations import DecisionText, accept_decision, draft_decision
from insights.decisions.personal_data import look_through_decision
from insights.people.models import Member, Participant
from insights.people.vault import Who, keep_identity
from insights.synthesis.answers import issue_recommendation
from insights.synthesis.models import InsightStatus
from insights.synthesis.operations import edit_insight, publish_insight
from insights.synthesis.personal_data import look_through_recommendation

NUMBER = "020 7946 0018"
CLAIM = f"People ring {NUMBER} when the letter says nothing."
WHY = "the service’s own helpline"


@pytest.fixture
def maya(session: Session) -> Member:
    return make_member(session)


@pytest.fixture
def quote(session: Session, maya: Member) -> Highlight:
    """Said in a study of which the vault knows Ann Lark, who is called P1."""
    study = make_study(session, actor=maya)
    held = make_session(session, actor=maya, study=study, participants=["P1"])
    person = session.scalars(select(Participant).where(Participant.code == "P1")).one()
    keep_identity(session, actor=maya, participant=person, who=Who(name="Ann Lark", email="ann@lark.example"))
    return make_highlight(session, actor=maya, research_session=held)


def test_a_claim_with_a_telephone_number_is_published_once_it_is_said_why(
    session: Session, maya: Member, quote: Highlight
) -> None:
    insight = make_insight(session, actor=maya, highlight=quote, published=False, claim=CLAIM)

    with pytest.raises(InvalidInput) as refused:
        publish_insight(session, actor=maya, insight=insight)

    assert "[telephone number removed] when the letter" in refused.value.fields["claim"]
    assert "may_stand" in refused.value.fields
    assert NUMBER not in str(refused.value.fields) + refused.value.message
    assert insight.status is InsightStatus.DRAFT
    publish_insight(session, actor=maya, insight=insight, may_stand=WHY)
    assert insight.status is InsightStatus.PUBLISHED
    assert [(each.kind, each.reason, each.by) for each in reasons_of(session, insight.ref)] == [
        ("phone", WHY, maya.name)
    ]


def test_a_reason_is_recorded_kept_without_the_value_and_not_asked_for_twice(
    session: Session, maya: Member, quote: Highlight
) -> None:
    insight = make_insight(session, actor=maya, highlight=quote, published=False, claim=CLAIM)
    publish_insight(session, actor=maya, insight=insight, may_stand=WHY)
    values = {"type_": insight.type, "kind": insight.kind, "service": None}

    edit_insight(session, actor=maya, insight=insight, claim=f"{CLAIM} They ring {NUMBER} twice.", body="", **values)  # type: ignore[arg-type]  # as the form sends it
    with pytest.raises(InvalidInput) as refused:
        edit_insight(session, actor=maya, insight=insight, claim=CLAIM, body="So said Ann Lark.", **values)  # type: ignore[arg-type]  # as the form sends it

    assert set(refused.value.fields) == {"body", "may_stand"}
    entry = session.scalars(select(ActivityEntry).where(ActivityEntry.verb == "justified personal data in")).one()
    assert entry.subject_ref == insight.ref
    kept = session.scalars(select(TextJustification)).one()
    assert NUMBER not in f"{entry.detail}{kept.key}{kept.reason}"


def test_a_name_that_only_the_vault_knows_is_found_and_never_shown(
    session: Session, maya: Member, quote: Highlight
) -> None:
    insight = make_insight(session, actor=maya, highlight=quote, published=False, claim="The lark could not read it.")

    with pytest.raises(InvalidInput) as refused:
        publish_insight(session, actor=maya, insight=insight)

    assert "The [name removed] could not" in refused.value.fields["claim"]
    assert "lark" not in str(refused.value.fields).lower()


def test_people_are_told_by_their_code_and_colleagues_by_name(session: Session, maya: Member, quote: Highlight) -> None:
    insight = make_insight(session, actor=maya, highlight=quote, published=False, claim="P1 and P2 stop there.")

    publish_insight(session, actor=maya, insight=insight)

    assert insight.status is InsightStatus.PUBLISHED


def test_a_reason_that_gives_somebody_away_is_refused(session: Session, maya: Member, quote: Highlight) -> None:
    insight = make_insight(session, actor=maya, highlight=quote, published=False, claim=CLAIM)

    with pytest.raises(InvalidInput) as refused:
        publish_insight(session, actor=maya, insight=insight, may_stand="It is Ann’s own number")

    assert list(refused.value.fields) == ["may_stand"]
    assert not reasons_of(session, insight.ref)


def test_a_draft_waits_for_nothing(session: Session, maya: Member, quote: Highlight) -> None:
    insight = make_insight(session, actor=maya, highlight=quote, published=False, claim=CLAIM)

    assert insight.claim == CLAIM


def test_a_memo_and_an_observation_are_asked_about(session: Session, maya: Member, quote: Highlight) -> None:
    source = session.get_one(SourceText, quote.source_text_id)

    with pytest.raises(InvalidInput) as refused:
        write_memo(session, actor=maya, about=quote.ref, text=f"Ask at {NUMBER}.")
    memo = write_memo(session, actor=maya, about=quote.ref, text="Ask the helpline.")
    with pytest.raises(InvalidInput):
        edit_memo(session, actor=maya, memo=memo, text="Ann said so.")
    edit_memo(session, actor=maya, memo=memo, text=f"Ask at {NUMBER}.", may_stand=WHY)
    edit_highlight(session, actor=maya, highlight=quote, tags=[], observation="Lark frowned.", polarity=None)
    with pytest.raises(InvalidInput) as observed:
        look_through_observation(session, actor=maya, highlight=quote, source=source)

    assert "[telephone number removed]" in refused.value.fields["text"]
    assert "[name removed] frowned." in observed.value.fields["observation"]


def test_a_recommendation_is_held_against_the_people_its_insights_rest_on(
    session: Session, maya: Member, quote: Highlight
) -> None:
    insight = make_insight(session, actor=maya, highlight=quote)
    asked = issue_recommendation(session, actor=maya, text="Ring Ms Lark first.", insights=[insight])

    with pytest.raises(InvalidInput) as refused:
        look_through_recommendation(session, actor=maya, recommendation=asked)

    assert "Ring Ms [name removed] first." in refused.value.fields["text"]


def test_a_decision_is_looked_through_when_it_is_proposed_and_when_it_is_accepted(
    session: Session, maya: Member
) -> None:
    text = DecisionText(
        title="Put it first", context=f"They ring {NUMBER}.", consequences="We answer j.doe@example.org"
    )
    decision = draft_decision(session, actor=maya, text=text)

    with pytest.raises(InvalidInput) as proposed:
        look_through_decision(session, actor=maya, decision=decision)
    with pytest.raises(InvalidInput) as accepted:
        accept_decision(session, actor=maya, decision=decision, basis="law_or_policy", basis_reason="The Act says so.")
    accept_decision(
        session, actor=maya, decision=decision, basis="law_or_policy", basis_reason="The Act says so.", may_stand=WHY
    )

    assert set(proposed.value.fields) == set(accepted.value.fields) == {"context", "consequences", "may_stand"}
    assert decision.status == "accepted"
    assert len(reasons_of(session, decision.ref)) == 2


def test_options_that_follow_one_another_are_read_one_by_one(session: Session, maya: Member) -> None:
    options = [{"title": "One", "body": "Nobody is named"}, {"title": "Says who it is for", "body": ""}]
    decision = make_decision(session, actor=maya)
    decision.options = options

    look_through_decision(session, actor=maya, decision=decision)

    assert not reasons_of(session, decision.ref)
