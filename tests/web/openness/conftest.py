from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from factories import make_highlight, make_insight, make_member, make_session, make_study
from flask import Flask
from flask.testing import FlaskClient

from insights.core.access import Role
from insights.people.models import Member
from insights.synthesis.models import Insight
from research_hub.db import transaction
from research_hub.worker import make_indexer


@pytest.fixture
def researcher(app: Flask) -> Member:
    with transaction() as unit:
        return make_member(unit, name="Maya Osei")


@pytest.fixture
def reader(app: Flask) -> Member:
    with transaction() as unit:
        return make_member(unit, role=Role.READER, name="Ruth Adeyemi")


@pytest.fixture
def browser(researcher: Member, client_for: Callable[[Member], FlaskClient]) -> FlaskClient:
    return client_for(researcher)


@pytest.fixture
def outsider(reader: Member, client_for: Callable[[Member], FlaskClient]) -> FlaskClient:
    """The browser of a reader whom no restricted study names."""
    return client_for(reader)


@pytest.fixture
def open_insight(researcher: Member) -> Insight:
    with transaction() as unit:
        return make_insight(unit, actor=researcher, claim="Letters stop people at one word.")


@pytest.fixture
def hidden_insight(researcher: Member) -> Insight:
    """It rests on a study for named people only, of whom the researcher is one."""
    with transaction() as unit:
        study = make_study(unit, actor=researcher, title="A family in hiding", restricted=True)
        held = make_session(unit, actor=researcher, study=study)
        quote = make_highlight(unit, actor=researcher, research_session=held)
        return make_insight(unit, actor=researcher, highlight=quote, claim="Letters frighten the Quillfeather family.")


@pytest.fixture
def indexed(app: Flask) -> Iterator[Callable[[], None]]:
    """Call it once the records stand."""
    yield lambda: make_indexer(app).rebuild()
    app.extensions["search"].close()
