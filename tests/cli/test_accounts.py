from __future__ import annotations

import re
from pathlib import Path

import pytest
from cli.conftest import PASSWORD, Run
from demonstration import close
from factories import make_member
from flask import Flask
from flask_migrate import stamp
from sqlalchemy import select

from insights.core.access import Role
from insights.core.activity import ActivityEntry
from insights.core.installation import ensure_database_id
from insights.people.accounts.apps import begin_app
from insights.people.models import AuthenticatorApp, Member
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import db, reading, transaction


@pytest.fixture
def hub(data: Path) -> Flask:
    """With one administrator."""
    app = create_app(Settings(data=data))
    with app.app_context():
        db.create_all()
        stamp()
        with transaction() as unit:
            ensure_database_id(unit)
            make_member(unit, email="ada@example.org", name="Ada", role=Role.ADMINISTRATOR, password=PASSWORD)
        close(app)
    return app


def test_the_way_in_that_the_command_prints_lets_in_once_and_is_recorded(run: Run, hub: Flask) -> None:
    result = run("member", "way-in", "ada@example.org")

    assert result.exit_code == 0, result.output
    link = re.search(r"http://localhost:8000(/way-in/[\w-]+)", result.output)
    assert link is not None
    hub.config["WTF_CSRF_ENABLED"] = False
    browser = hub.test_client()
    assert browser.post(link.group(1)).status_code == 303
    assert browser.get("/account").status_code == 200
    assert hub.test_client().post(link.group(1)).status_code == 404
    with hub.app_context():
        verbs = reading().scalars(select(ActivityEntry.verb)).all()
    assert "made a way in for" in verbs
    assert "used the way in of" in verbs


def test_the_way_in_of_nobody_is_refused(run: Run, hub: Flask) -> None:
    result = run("member", "way-in", "eve@example.org")

    assert result.exit_code == 1
    assert "/way-in/" not in result.output


def test_a_lost_second_factor_is_taken_away(run: Run, hub: Flask) -> None:
    with hub.app_context(), transaction() as unit:
        begin_app(unit, member=unit.scalars(select(Member)).one())

    result = run("member", "remove-second-factor", "ada@example.org")

    assert result.exit_code == 0, result.output
    with hub.app_context():
        assert reading().scalars(select(AuthenticatorApp)).all() == []


def test_no_account_comes_with_the_product(run: Run, data: Path) -> None:
    """What the first page and the command say to do is the only way to the first account."""
    assert run("init").exit_code == 0

    assert run("member", "list").output == ""
