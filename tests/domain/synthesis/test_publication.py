"""From draft to publication and on: what an insight needs, who may publish it, what changes its fingerprint."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from factories import judge, make_highlight, make_insight, make_member, make_session, make_study, make_team
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.errors import InvalidInput, NotAllowed, RuleBroken, StaleRecord
from insights.decisions.disposition import DispositionState
from insights.decisions.dispositions import dispositions
from insights.synthesis.answers import close_without_action, park_insight, reopen_insight
from insights.synthesis.contradictions import settle_contradiction
from insights.synthesis.models import (
    ConfidenceLevel,
    Contradiction,
    EvidenceLink,
    Insight,
    InsightStatus,
    InsightVersion,
)
from insights.synthesis.operations import (
    attach_highlight,
    attach_insight,
    detach_evidence,
    edit_insight,
    publish_insight,
    submit_for_review,
    write_insight,
)
from insights.synthesis.queries import evidence_of, insight_row


def edit(session: Session, insight: Insight, **values: object) -> None:
    """Saves the insight as it is, but for the given values."""
    actor = values.pop("actor", None) or make_member(session)
    unchanged = {"claim": insight.claim, "body": insight.body, "type_": insight.type, "kind": insight.kind}
    edit_insight(session, actor=actor, insight=insight, service=None, **{**unchanged, **values})  # type: ignore[arg-type]


def test_an_insight_without_evidence_or_confidence_is_not_published(session: Session) -> None:
    maya = make_member(session)
    insight = write_insight(session, actor=maya, claim="Parents do not look up a number.")

    with pytest.raises(RuleBroken, match="evidence and confidence"):
        publish_insight(session, actor=maya, insight=insight)

    assert insight.status is InsightStatus.DRAFT


def test_where_a_team_reviews_the_author_may_not_publish_and_a_colleague_may(session: Session) -> None:
    team = make_team(session, review_required=True)
    author, colleague = make_member(session, team=team), make_member(session, team=team)
    insight = make_insight(session, actor=author, published=False)
    submit_for_review(session, actor=author, insight=insight)

    with pytest.raises(NotAllowed, match="Someone other than the author"):
        publish_insight(session, actor=author, insight=insight)
    publish_insight(session, actor=colleague, insight=insight)

    assert insight.status is InsightStatus.PUBLISHED
    assert insight.reviewer_id == colleague.id


def test_where_review_is_switched_off_the_author_publishes(session: Session) -> None:
    insight = make_insight(session)

    assert insight.status is InsightStatus.PUBLISHED


def test_confidence_below_high_asks_for_a_sentence(session: Session) -> None:
    maya = make_member(session)
    insight = make_insight(session, actor=maya, published=False)

    judge(session, maya, insight, ConfidenceLevel.LOW)

    assert insight.confidence is ConfidenceLevel.LOW


def test_each_save_of_a_published_insight_is_a_version_and_the_old_words_stay(session: Session) -> None:
    maya = make_member(session)
    insight = make_insight(session, actor=maya, claim="They stop reading.")

    edit(session, insight, actor=maya, claim="They stop reading and ring somebody.")

    versions = session.scalars(select(InsightVersion).where(InsightVersion.insight_id == insight.id)).all()
    assert [version.claim for version in versions] == ["They stop reading.", "They stop reading and ring somebody."]
    assert insight.version == 2


def test_a_claim_changes_the_fingerprint_and_a_body_does_not(session: Session) -> None:
    insight = make_insight(session)
    first = insight.fingerprint

    edit(session, insight, body="More about it.")
    after_body = insight.fingerprint
    edit(session, insight, claim="Something else altogether.")

    assert after_body == first
    assert insight.fingerprint != first


def test_saving_over_somebody_elses_words_is_refused_with_both_texts(session: Session) -> None:
    maya, tomos = make_member(session), make_member(session)
    insight = make_insight(session, actor=maya, claim="They stop reading.")
    opened_at = insight.row_version
    edit(session, insight, actor=tomos, claim="They skim.")

    with pytest.raises(StaleRecord) as refused:
        edit(session, insight, actor=maya, claim="They stop and ring somebody.", row_version=opened_at)

    assert refused.value.theirs["claim"] == "They skim."
    assert refused.value.mine["claim"] == "They stop and ring somebody."
    assert insight.claim == "They skim."


def test_the_last_piece_of_evidence_of_a_published_insight_stays(session: Session) -> None:
    maya = make_member(session)
    insight = make_insight(session, actor=maya)
    evidence = evidence_of(session, maya, insight)

    link = session.get_one(EvidenceLink, evidence[0].id)
    with pytest.raises(RuleBroken, match="needs evidence"):
        detach_evidence(session, actor=maya, insight=insight, link=link)


def test_evidence_against_opens_a_contradiction_until_somebody_explains_it(session: Session) -> None:
    maya = make_member(session)
    insight = make_insight(session, actor=maya)
    against = make_highlight(session, actor=maya, words="It should say what happens now, first.")

    attach_highlight(session, actor=maya, insight=insight, highlight=against, relation="contradicts")
    doubted = insight_row(session, maya, insight).contradicted
    settle_contradiction(
        session,
        actor=maya,
        contradiction=session.scalars(select(Contradiction)).one(),
        status="explained",
        reason="segment_differs",
        explanation="They had an earlier result.",
    )

    assert doubted
    assert not insight_row(session, maya, insight).contradicted


def test_a_parked_insight_is_off_the_shelf_until_its_day_and_back_when_reopened(session: Session) -> None:
    maya = make_member(session)
    insight = make_insight(session, actor=maya)
    until = date.today() + timedelta(days=30)

    park_insight(session, actor=maya, insight=insight, until=until, note="After the release.")
    parked = dispositions(session, [insight.id])[insight.id]
    later = dispositions(session, [insight.id], on=until + timedelta(days=1))[insight.id]
    reopen_insight(session, actor=maya, insight=insight)

    assert (parked.state, parked.until) == (DispositionState.PARKED, until)
    assert later.state is DispositionState.OPEN
    assert dispositions(session, [insight.id])[insight.id].state is DispositionState.OPEN


def test_closing_without_action_needs_a_reason_of_the_list(session: Session) -> None:
    maya = make_member(session)
    insight = make_insight(session, actor=maya)

    with pytest.raises(InvalidInput, match="exploratory"):
        close_without_action(session, actor=maya, insight=insight, reason="because")
    close_without_action(session, actor=maya, insight=insight, reason="out_of_remit")

    assert dispositions(session, [insight.id])[insight.id].state is DispositionState.NO_ACTION


def test_an_informative_insight_waits_for_no_answer(session: Session) -> None:
    maya = make_member(session)
    insight = make_insight(session, actor=maya, type_="informative")

    with pytest.raises(RuleBroken, match="informative"):
        park_insight(session, actor=maya, insight=insight, until=date.today() + timedelta(days=9), note="Later.")


def test_another_area_may_not_edit_the_insight_and_a_central_team_may(session: Session) -> None:
    insight = make_insight(session)
    stranger = make_member(session, team=make_team(session))
    central = make_member(session, team=make_team(session, is_central=True))

    with pytest.raises(NotAllowed, match="belongs to"):
        edit(session, insight, actor=stranger, claim="Mine now.")
    edit(session, insight, actor=central, claim="Put more plainly.")

    assert insight.claim == "Put more plainly."


def test_an_insight_on_a_restricted_study_cannot_carry_its_words_elsewhere(session: Session) -> None:
    maya = make_member(session)
    secret = make_study(session, actor=maya, restricted=True)
    quote = make_highlight(session, actor=maya, research_session=make_session(session, actor=maya, study=secret))
    hidden = make_insight(session, actor=maya, highlight=quote)
    open_one = make_insight(session, actor=maya)

    with pytest.raises(RuleBroken, match="restricted study"):
        attach_insight(session, actor=maya, insight=open_one, other=hidden)
