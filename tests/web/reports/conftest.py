from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from factories import make_accepted_decision, make_highlight, make_insight, make_member, make_session, make_study
from flask import Flask
from flask.testing import FlaskClient

from insights.core.access import Role
from insights.people.models import Member
from insights.synthesis.models import Insight
from insights.synthesis.operations import attach_highlight
from research_hub.db import transaction


@dataclass(frozen=True, slots=True)
class Chain:
    study: str
    quote: str
    insight: str
    decision: str


@pytest.fixture
def maya(app: Flask) -> Member:
    with transaction() as unit:
        return make_member(unit, name="Maya Osei")


@pytest.fixture
def browser(maya: Member, client_for: Callable[[Member], FlaskClient]) -> FlaskClient:
    return client_for(maya)


@pytest.fixture
def stranger(app: Flask, client_for: Callable[[Member], FlaskClient]) -> FlaskClient:
    with transaction() as unit:
        other = make_member(unit, role=Role.APPROVER, name="Ines Duarte")
    return client_for(other)


@pytest.fixture
def chain(maya: Member) -> Chain:
    return _chain(maya, "The word positive ends the reading", restricted=False)


@pytest.fixture
def hidden(maya: Member) -> Chain:
    """A chain that only Maya may see, but for its decision, which is open to everybody."""
    return _chain(maya, "She told us her address", restricted=True)


def _chain(maya: Member, claim: str, *, restricted: bool) -> Chain:
    with transaction() as unit:
        study = make_study(unit, actor=maya, title=f"Study: {claim}", restricted=restricted)
        quote = make_highlight(unit, actor=maya, research_session=make_session(unit, actor=maya, study=study))
        insight = make_insight(unit, actor=maya, highlight=quote, claim=claim)
        decision = make_accepted_decision(unit, actor=maya, insight=insight, title="Say what happens next")
        return Chain(study.ref, quote.ref, insight.ref, decision.ref)


@pytest.fixture
def many_quotes(maya: Member) -> Callable[[str, int], None]:
    def attach(insight_ref: str, number: int) -> None:
        with transaction() as unit:
            insight = unit.get_one(Insight, int(insight_ref.removeprefix("INS-")))
            held = make_session(unit, actor=maya)
            for _ in range(number):
                quote = make_highlight(unit, actor=maya, research_session=held)
                attach_highlight(unit, actor=maya, insight=insight, highlight=quote)

    return attach
