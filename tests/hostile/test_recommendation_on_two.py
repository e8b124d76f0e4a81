"""A recommendation that rests on an insight everybody sees and on one of a restricted study: its words can tell of
either, so that only who may see both finds it, wherever it is looked for (docs/adr/0014).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import pytest
from factories import make_accepted_decision, make_highlight, make_insight, make_member, make_session, make_study
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from insights.capture.models import Study
from insights.capture.operations import set_study_access
from insights.core.access import Role
from insights.decisions.home import load_home
from insights.decisions.merging import preview_merge
from insights.decisions.models import Decision
from insights.decisions.queries.needs import UnmetWay, needs_not_met
from insights.openness.entries.drafting import draft_texts
from insights.people.models import Member
from insights.reports.evidence_base import load_evidence_base
from insights.reports.response_register import response_register
from insights.reports.trace import trace
from insights.stewardship.comments import add_comment, list_mentions, subject_of
from insights.stewardship.following.sight import seen_records
from insights.stewardship.tray import list_tray, put_in_tray
from insights.synthesis.access import visible_recommendations
from insights.synthesis.answers import issue_recommendation, respond_to_recommendation
from insights.synthesis.models import Insight, Recommendation, recommendation_insights
from insights.synthesis.queries import list_recommendations
from research_hub.db import transaction
from research_hub.worker import make_indexer

CANARY = "Zephyrquillan"
SignIn: TypeAlias = Callable[[Member | Role], FlaskClient]


@dataclass(frozen=True)
class Planted:
    insider: Member
    outsider: Member
    study: Study
    open_insight: Insight
    hidden_insight: Insight
    recommendation: Recommendation
    decision: Decision

    @property
    def ref(self) -> str:
        return self.recommendation.ref


@pytest.fixture
def planted(app: Flask) -> Iterator[Planted]:
    """The study was restricted after the outsider had gathered the recommendation and was named in a comment on it."""
    with app.app_context():
        with transaction() as session:
            planted = _plant(session)
        make_indexer(app).rebuild()
        yield planted
        app.extensions["search"].close()


def test_its_pages_lists_files_and_search_show_it_to_who_may_see_both(planted: Planted, client_for: SignIn) -> None:
    pages = (
        f"/recommendations/{planted.ref}",
        "/recommendations?mine=0",
        "/recommendations.csv",
        f"/insights/{planted.open_insight.ref}",
        f"/evidence?q={CANARY}",
        "/reports/responses.csv",
        f"/reports/trace/{planted.open_insight.ref}.csv",
        f"/cite/{planted.ref}",
        "/tray",
        "/",
    )

    outside, inside = client_for(planted.outsider), client_for(planted.insider)
    told = [page for page in pages if f"Call {CANARY}" in _words(outside.get(page))]
    insiders = [page for page in pages if f"Call {CANARY}" in _words(inside.get(page))]

    assert told == []
    assert outside.get(f"/recommendations/{planted.ref}").status_code == 404
    assert outside.get(f"/reports/trace/{planted.ref}").status_code == 404
    assert {pages[0], pages[1], pages[2], pages[3], pages[4], pages[5]} <= set(insiders)


def test_every_read_keeps_one_rule(planted: Planted) -> None:
    with transaction() as session:
        seen = {member.name: _where(session, member, planted) for member in (planted.outsider, planted.insider)}

    assert seen["Otto Outsider"] == set()
    assert {"clause", "list", "register", "graph", "sight", "merge"} <= seen["Ina Insider"]


def test_it_is_nobodys_turn_at_home_and_in_the_tray_while_it_is_out_of_sight(planted: Planted) -> None:
    with transaction() as session:
        out_of_sight = _mine(session, planted.outsider)
        study = session.get(Study, planted.study.id)
        assert study is not None
        set_study_access(session, actor=planted.insider, study=study, restricted=False, named=[])
        session.flush()
        in_sight = _mine(session, planted.outsider)

    assert out_of_sight == set()
    assert in_sight == {"home", "tray", "mention"}


def test_a_declined_one_is_no_unmet_need_and_no_public_text_of_whoever_sees_half_of_it(planted: Planted) -> None:
    with transaction() as session:
        recommendation = session.get(Recommendation, planted.recommendation.id)
        assert recommendation is not None
        respond_to_recommendation(
            session, actor=planted.insider, recommendation=recommendation, status="declined", reason="No money."
        )
        session.flush()
        unmet = [row for row in needs_not_met(session, planted.outsider) if row.way is UnmetWay.DECLINED]
        insiders = [row for row in needs_not_met(session, planted.insider) if row.way is UnmetWay.DECLINED]
        public = draft_texts(session, planted.insider, planted.decision).we_did_not
        pairs = recommendation_insights.c
        session.execute(delete(recommendation_insights).where(pairs.insight_id == planted.hidden_insight.id))
        open_alone = draft_texts(session, planted.insider, planted.decision).we_did_not

    assert unmet == []
    assert {row.answer_ref for row in insiders} == {planted.ref}
    assert CANARY not in public
    assert CANARY in open_alone


def test_nobody_sees_none(planted: Planted) -> None:
    with transaction() as session:
        session.execute(delete(recommendation_insights))
        without_ground = session.query(Recommendation).where(visible_recommendations(None)).count()
        pair = {"recommendation_id": planted.recommendation.id, "insight_id": planted.open_insight.id}
        session.execute(insert(recommendation_insights), [pair])
        grounded = session.query(Recommendation).where(visible_recommendations(None)).count()

    assert (without_ground, grounded) == (0, 0)


def _plant(session: Session) -> Planted:
    insider, outsider = make_member(session, name="Ina Insider"), make_member(session, name="Otto Outsider")
    study = make_study(session, actor=insider)
    quotes = [
        make_highlight(session, actor=insider, research_session=make_session(session, actor=insider, study=each))
        for each in (make_study(session, actor=insider), study)
    ]
    insights = [make_insight(session, actor=insider, highlight=quote) for quote in quotes]
    recommendation = issue_recommendation(
        session, actor=insider, text=f"Call {CANARY}.", insights=insights, addressee=outsider
    )
    decision = make_accepted_decision(session, actor=insider, insight=insights[0])
    put_in_tray(session, actor=outsider, ref=recommendation.ref)
    put_in_tray(session, actor=insider, ref=recommendation.ref)
    on_it = subject_of(session, insider, recommendation.ref)
    add_comment(session, actor=insider, subject=on_it, text="@Otto Outsider, have you seen it?")
    set_study_access(session, actor=insider, study=study, restricted=True, named=[insider])
    return Planted(insider, outsider, study, insights[0], insights[1], recommendation, decision)


def _words(answer: TestResponse) -> str:
    """Without tags, for a hit is marked within its sentence."""
    return re.sub(r"<[^>]*>", "", answer.text)


def _where(session: Session, member: Member, planted: Planted) -> set[str]:
    """By which reads the member is told of the recommendation."""
    clause = visible_recommendations(member)
    preview = preview_merge(session, member, duplicate=planted.open_insight, survivor=make_insight(session))
    found = {
        "clause": session.query(Recommendation).where(clause).count() > 0,
        "list": bool(list_recommendations(session, member)),
        "register": bool(response_register(load_evidence_base(session, member)).rows),
        "graph": planted.ref in trace(session, member, planted.open_insight.ref).graph.nodes,
        "sight": planted.ref in seen_records(session, member, [planted.ref]),
        "merge": preview.recommendations > 0,
    }
    return {name for name, is_told in found.items() if is_told}


def _mine(session: Session, member: Member) -> set[str]:
    found = {
        "home": bool(load_home(session, member).recommendations),
        "tray": any(kept.record is not None for kept in list_tray(session, member)),
        "mention": bool(list_mentions(session, member)),
    }
    return {name for name, is_told in found.items() if is_told}
