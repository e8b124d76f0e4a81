from __future__ import annotations

from collections.abc import Callable

import pytest
from factories import make_accepted_decision, make_decision, make_highlight, make_insight, make_member
from flask import Flask
from flask.testing import FlaskClient

from insights.core.access import Role
from insights.decisions.models import Decision
from insights.people.models import Member
from insights.synthesis.models import Insight
from research_hub.db import transaction


@pytest.fixture
def designer(app: Flask) -> Member:
    with transaction() as unit:
        return make_member(unit, name="Maya Osei")


@pytest.fixture
def browser(designer: Member, client_for: Callable[[Member], FlaskClient]) -> FlaskClient:
    return client_for(designer)


@pytest.fixture
def leader(app: Flask) -> Member:
    """Approves for the area, and wrote none of the research."""
    with transaction() as unit:
        return make_member(unit, role=Role.APPROVER, name="Ines Duarte")


@pytest.fixture
def insight(designer: Member) -> Insight:
    with transaction() as unit:
        quote = make_highlight(unit, actor=designer)
        return make_insight(unit, actor=designer, highlight=quote, claim="The word positive ends the reading")


@pytest.fixture
def draft(designer: Member) -> Decision:
    with transaction() as unit:
        return make_decision(unit, actor=designer, title="Put the next step before the result")


@pytest.fixture
def accepted(designer: Member, insight: Insight) -> Decision:
    with transaction() as unit:
        return make_accepted_decision(unit, actor=designer, insight=insight, title="Say what happens next")
