from __future__ import annotations

import pytest
from factories import make_decision, make_insight, make_member
from sqlalchemy.orm import Session

from insights.core.access import Role
from insights.decisions.models import Decision
from insights.people.models import Member
from insights.synthesis.models import Insight


@pytest.fixture
def actor(session: Session) -> Member:
    return make_member(session)


@pytest.fixture
def leader(session: Session) -> Member:
    """Approves for the area, and wrote none of the research."""
    return make_member(session, role=Role.APPROVER)


@pytest.fixture
def insight(session: Session, actor: Member) -> Insight:
    return make_insight(session, actor=actor)


@pytest.fixture
def decision(session: Session, actor: Member) -> Decision:
    return make_decision(session, actor=actor)
