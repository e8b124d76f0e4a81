from __future__ import annotations

from collections.abc import Callable

import pytest
from factories import (
    make_accepted_decision,
    make_decision,
    make_highlight,
    make_insight,
    make_member,
    make_team,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.capture.operations import set_study_access
from insights.coding.models import Highlight
from insights.core.access import Role
from insights.core.errors import InvalidInput, NotAllowed, RuleBroken
from insights.decisions.dispositions import decisions_on
from insights.decisions.merging import merge_insights, preview_merge, unmerge_insight
from insights.decisions.models import DecisionLink, LinkStatus
from insights.decisions.operations import link_insight, reaffirm_link
from insights.people.models import Member
from insights.reports.evidence_base import load_evidence_base
from insights.synthesis.access import visible_insights
from insights.synthesis.answers import issue_recommendation
from insights.synthesis.contradictions import declare_contradiction
from insights.synthesis.models import (
    Contradiction,
    EvidenceLink,
    Insight,
    InsightStatus,
    recommendation_insights,
)
from insights.synthesis.operations import attach_external_source, attach_highlight, attach_insight, edit_insight
from insights.synthesis.queries import insights_citing, versions_of

BOTH = "The claim is the same."


def a_pair(session: Session, maya: Member) -> tuple[Insight, Insight]:
    return make_insight(session, actor=maya, claim="They stop at the result."), make_insight(
        session, actor=maya, claim=BOTH
    )


def quotes_of(session: Session, insight: Insight) -> set[int | None]:
    return set(session.scalars(select(EvidenceLink.highlight_id).where(EvidenceLink.insight_id == insight.id)))


def test_the_survivor_rests_on_all_evidence_once(session: Session) -> None:
    maya = make_member(session)
    duplicate, survivor = a_pair(session, maya)
    shared = make_highlight(session, actor=maya)
    for insight in (duplicate, survivor):
        attach_highlight(session, actor=maya, insight=insight, highlight=shared)
        attach_external_source(session, actor=maya, insight=insight, title="Call log", url="https://example.org/log")
    wanted = quotes_of(session, duplicate) | quotes_of(session, survivor)

    merge_insights(session, actor=maya, duplicate=duplicate, survivor=survivor)

    links = session.scalars(select(EvidenceLink).where(EvidenceLink.insight_id == survivor.id)).all()
    assert {link.highlight_id for link in links} == wanted
    assert len(links) == 4
    assert (duplicate.status, duplicate.merged_into_id) == (InsightStatus.SUPERSEDED, survivor.id)
    assert duplicate.superseded_by_id == survivor.id
    assert versions_of(session, survivor)[0][0].note == f"{duplicate.ref} was merged into it"


def test_a_quote_names_only_the_survivor(session: Session) -> None:
    maya = make_member(session)
    duplicate, survivor = a_pair(session, maya)
    quote = quotes_of(session, duplicate).pop() or 0

    merge_insights(session, actor=maya, duplicate=duplicate, survivor=survivor)

    assert [each.ref for each in insights_citing(session, maya, [quote])[quote]] == [survivor.ref]


def test_a_decision_asks_to_be_reaffirmed_and_tells_which_version_it_was_read_at(session: Session) -> None:
    maya = make_member(session)
    duplicate, survivor = a_pair(session, maya)
    decision = make_accepted_decision(session, actor=maya, insight=duplicate)

    merge_insights(session, actor=maya, duplicate=duplicate, survivor=survivor)

    (row,) = decisions_on(session, maya, survivor, contradicted=False)
    assert (row.ref, row.status) == (decision.ref, LinkStatus.OUTDATED)
    assert f"{duplicate.ref}@" in row.rationale
    assert decisions_on(session, maya, duplicate, contradicted=False) == []


def test_a_decision_that_rests_on_both_keeps_one_link_with_both_sentences(session: Session) -> None:
    maya = make_member(session)
    duplicate, survivor = a_pair(session, maya)
    decision = make_decision(session, actor=maya)
    for insight, why in ((duplicate, "Six stopped."), (survivor, "Four stopped.")):
        link_insight(session, actor=maya, decision=decision, insight=insight, type_="changed", rationale=why)

    merge_insights(session, actor=maya, duplicate=duplicate, survivor=survivor)

    (link,) = session.scalars(select(DecisionLink).where(DecisionLink.decision_id == decision.id))
    assert link.insight_id == survivor.id
    assert "Six stopped." in link.rationale
    assert "Four stopped." in link.rationale


def test_insights_that_cite_the_duplicate_cite_the_survivor(session: Session) -> None:
    maya = make_member(session)
    duplicate, survivor = a_pair(session, maya)
    third, fourth = make_insight(session, actor=maya), make_insight(session, actor=maya)
    attach_insight(session, actor=maya, insight=third, other=duplicate)
    attach_insight(session, actor=maya, insight=fourth, other=duplicate)
    attach_insight(session, actor=maya, insight=fourth, other=survivor)

    merge_insights(session, actor=maya, duplicate=duplicate, survivor=survivor)

    cited = session.execute(
        select(EvidenceLink.insight_id, EvidenceLink.other_insight_id).where(EvidenceLink.other_insight_id.is_not(None))
    ).all()
    assert sorted(map(tuple, cited)) == [(third.id, survivor.id), (fourth.id, survivor.id)]


def test_what_speaks_against_the_duplicate_speaks_against_the_survivor_once(session: Session) -> None:
    maya = make_member(session)
    duplicate, survivor = a_pair(session, maya)
    other = make_insight(session, actor=maya)
    declare_contradiction(session, actor=maya, insight=duplicate, other=other, cause="They read on.")
    declare_contradiction(session, actor=maya, insight=other, other=survivor, cause="They do not stop.")

    merge_insights(session, actor=maya, duplicate=duplicate, survivor=survivor)

    (kept,) = session.scalars(select(Contradiction))
    assert {kept.insight_id, kept.other_insight_id} == {other.id, survivor.id}
    assert kept.cause == "They do not stop. They read on."


def test_two_that_contradict_each_other_are_not_merged(session: Session) -> None:
    maya = make_member(session)
    duplicate, survivor = a_pair(session, maya)
    declare_contradiction(session, actor=maya, insight=duplicate, other=survivor, cause="They read on.")

    with pytest.raises(RuleBroken, match="contradict each other"):
        merge_insights(session, actor=maya, duplicate=duplicate, survivor=survivor)


def test_a_published_insight_is_not_merged_into_a_draft(session: Session) -> None:
    maya = make_member(session)
    duplicate, draft = make_insight(session, actor=maya), make_insight(session, actor=maya, published=False)

    with pytest.raises(RuleBroken, match="not published"):
        merge_insights(session, actor=maya, duplicate=duplicate, survivor=draft)
    with pytest.raises(InvalidInput, match="into itself"):
        merge_insights(session, actor=maya, duplicate=draft, survivor=draft)


def test_an_insight_of_another_area_is_left_to_its_area(session: Session) -> None:
    maya = make_member(session)
    duplicate, survivor = a_pair(session, maya)
    stranger = make_member(session, team=make_team(session))

    with pytest.raises(NotAllowed):
        merge_insights(session, actor=stranger, duplicate=duplicate, survivor=survivor)


def test_a_claim_from_a_restricted_study_stays_hidden_after_the_merge(session: Session) -> None:
    maya, tom = make_member(session), make_member(session, role=Role.READER)
    duplicate, survivor = a_pair(session, maya)
    highlight = session.get_one(Highlight, quotes_of(session, duplicate).pop())
    study = session.get_one(Study, highlight.study_id)
    set_study_access(session, actor=maya, study=study, restricted=True, named=[maya])

    preview = preview_merge(session, maya, duplicate=duplicate, survivor=survivor)
    merge_insights(session, actor=maya, duplicate=duplicate, survivor=survivor)

    assert preview.hides == (study.ref,)
    assert session.scalars(select(Insight.id).where(visible_insights(tom))).all() == []


def test_a_merged_draft_is_not_shown_to_readers(session: Session) -> None:
    maya, tom = make_member(session), make_member(session, role=Role.READER)
    survivor, draft = make_insight(session, actor=maya), make_insight(session, actor=maya, published=False)

    merge_insights(session, actor=maya, duplicate=draft, survivor=survivor)

    assert session.scalars(select(Insight.id).where(visible_insights(tom))).all() == [survivor.id]


def test_a_chain_of_merges_leads_straight_to_its_end(session: Session) -> None:
    maya = make_member(session)
    first, second = a_pair(session, maya)
    third = make_insight(session, actor=maya)
    merge_insights(session, actor=maya, duplicate=first, survivor=second)

    merge_insights(session, actor=maya, duplicate=second, survivor=third)

    assert (first.merged_into_id, second.merged_into_id) == (third.id, third.id)
    assert quotes_of(session, first) | quotes_of(session, second) <= quotes_of(session, third)
    unmerge_insight(session, actor=maya, duplicate=second)
    assert first.merged_into_id == second.id


def test_reports_count_a_merged_insight_as_superseded_and_its_decision_once(session: Session) -> None:
    maya = make_member(session)
    duplicate, survivor = a_pair(session, maya)
    make_accepted_decision(session, actor=maya, insight=duplicate)
    merge_insights(session, actor=maya, duplicate=duplicate, survivor=survivor)

    base = load_evidence_base(session, maya)

    assert base.insights[duplicate.id].status is InsightStatus.SUPERSEDED
    assert base.links_of_insight.get(duplicate.id, ()) == ()
    assert len(base.links_of_insight[survivor.id]) == 1


def test_a_merge_is_not_taken_back_after_a_change(session: Session) -> None:
    maya = make_member(session)
    duplicate, survivor = a_pair(session, maya)
    decision = make_accepted_decision(session, actor=maya, insight=duplicate)
    merge_insights(session, actor=maya, duplicate=duplicate, survivor=survivor)
    link = session.scalars(select(DecisionLink).where(DecisionLink.insight_id == survivor.id)).one()
    reaffirm_link(session, actor=maya, decision=decision, link=link, insight=survivor, sentence="It still holds.")

    with pytest.raises(RuleBroken, match="link that came from"):
        unmerge_insight(session, actor=maya, duplicate=duplicate)

    other, kept = a_pair(session, maya)
    merge_insights(session, actor=maya, duplicate=other, survivor=kept)
    edit_insight(
        session,
        actor=maya,
        insight=kept,
        claim="Something else.",
        body="",
        type_="actionable",
        kind="usability",
        service=None,
    )
    with pytest.raises(RuleBroken, match="was changed since"):
        unmerge_insight(session, actor=maya, duplicate=other)


ACTS = st.lists(
    st.tuples(st.sampled_from(["quote", "cites", "cited", "recommend", "against", "decide"]), st.sampled_from("dsb")),
    max_size=8,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_no_evidence_and_no_link_is_lost_and_taking_it_back_restores_both(
    session: Session, acts: list[tuple[str, str]]
) -> None:
    maya = make_member(session)
    duplicate, survivor = a_pair(session, maya)
    for number, (act, whom) in enumerate(acts):
        _hang_on(
            session,
            maya,
            act,
            [duplicate] if whom == "d" else [survivor] if whom == "s" else [duplicate, survivor],
            number,
        )
    before, fingerprints = _everything(session, duplicate, survivor), (duplicate.fingerprint, survivor.fingerprint)

    merge_insights(session, actor=maya, duplicate=duplicate, survivor=survivor)

    after = _everything(session, duplicate, survivor)
    as_survivor = {kind: {_renamed(each, duplicate, survivor) for each in found} for kind, found in before.items()}
    for kind, wanted in as_survivor.items():
        kept = {each for each in after[kind] if kind != "evidence" or each[0] != duplicate.id}
        assert kept == {each for each in wanted if each[0] != each[1]}, kind
        assert len(kept) == len(set(kept))

    unmerge_insight(session, actor=maya, duplicate=duplicate)

    assert _everything(session, duplicate, survivor) == before
    assert (duplicate.fingerprint, survivor.fingerprint) == fingerprints
    assert (duplicate.status, duplicate.merged_into_id) == (InsightStatus.PUBLISHED, None)


def _hang_on(session: Session, maya: Member, act: str, insights: list[Insight], number: int) -> None:
    if act == "recommend":
        issue_recommendation(session, actor=maya, text=f"Do {number}.", insights=insights)
        return
    other, quote = make_insight(session, actor=maya), make_highlight(session, actor=maya)
    decision = make_decision(session, actor=maya)
    acts: dict[str, Callable[[Insight], object]] = {
        "quote": lambda each: attach_highlight(session, actor=maya, insight=each, highlight=quote),
        "cites": lambda each: attach_insight(session, actor=maya, insight=each, other=other),
        "cited": lambda each: attach_insight(session, actor=maya, insight=other, other=each),
        "against": lambda each: declare_contradiction(
            session, actor=maya, insight=each, other=other, cause=f"Not so, {number}."
        ),
        "decide": lambda each: link_insight(
            session, actor=maya, decision=decision, insight=each, type_="informed", rationale=f"Why {number}."
        ),
    }
    for insight in insights:
        acts[act](insight)


Hung = tuple[object, ...]


def _everything(session: Session, duplicate: Insight, survivor: Insight) -> dict[str, set[Hung]]:
    """What hangs on the two insights, as sets without ids of rows."""
    pair = (duplicate.id, survivor.id)
    evidence = session.execute(
        select(
            EvidenceLink.insight_id, EvidenceLink.other_insight_id, EvidenceLink.highlight_id, EvidenceLink.relation
        ).where(EvidenceLink.insight_id.in_(pair) | EvidenceLink.other_insight_id.in_(pair))
    )
    pairs = recommendation_insights.c
    recommended = session.execute(select(pairs.insight_id, -pairs.recommendation_id).where(pairs.insight_id.in_(pair)))
    doubted = session.execute(
        select(Contradiction.insight_id, Contradiction.other_insight_id).where(
            Contradiction.insight_id.in_(pair) | Contradiction.other_insight_id.in_(pair)
        )
    )
    decided = session.execute(
        select(DecisionLink.insight_id, -DecisionLink.decision_id, DecisionLink.type).where(
            DecisionLink.insight_id.in_(pair)
        )
    )
    return {
        "evidence": {tuple(row) for row in evidence},
        "recommendations": {tuple(row) for row in recommended},
        "contradictions": {tuple(row) for row in doubted},
        "decisions": {tuple(row) for row in decided},
    }


def _renamed(each: Hung, duplicate: Insight, survivor: Insight) -> Hung:
    """The same thing, with the survivor in the duplicate's place where insights are named."""
    return (*(survivor.id if name == duplicate.id else name for name in each[:2]), *each[2:])
