from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from canaries import _no_canary_is_met_outside_the_vault, pytest_runtest_makereport, watch  # noqa: F401 - hooks
from demonstration import app_on_copy, close, tell_into
from factories import a_team, make_member
from flask import Flask
from flask.testing import FlaskClient
from live import chromium
from playwright.sync_api import Browser
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from insights.core.access import Role
from insights.core.base import Base
from insights.core.installation import ensure_database_id
from insights.core.keys import Keys, set_keys
from insights.people.models import Member
from insights.people.operations import start_browser_session
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import db, prepare_engine, transaction
from research_hub.security import TOKEN

_connect = socket.socket.connect
# A test machine with a full disk still runs the tests; those of read-only mode say themselves what is free.
os.environ["RESEARCH_HUB_READ_ONLY_BELOW_PERCENT"] = "0"
os.environ["RESEARCH_HUB_READ_ONLY_BELOW_MB"] = "0"


@pytest.fixture(autouse=True)
def _no_other_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that opens a socket to another machine fails."""

    def connect(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else "localhost"
        assert str(host) in {"localhost", "127.0.0.1", "::1"}, f"a test tried to reach {host}"
        _connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, one for all tests: a second Playwright cannot be opened beside it in one process."""
    with chromium() as made:
        yield made


@pytest.fixture
def session() -> Iterator[Session]:
    """An empty database in memory, set up as the application sets it up."""
    engine = create_engine("sqlite://")
    prepare_engine(engine)
    Base.metadata.create_all(engine)
    with Session(engine) as made:
        set_keys(made, Keys.made())
        yield made
    engine.dispose()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application on an empty database; forms need no token, which tests of CSRF switch back on."""
    made = watch(create_app(settings))
    made.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    with made.app_context():
        db.create_all()
        with transaction() as unit:
            ensure_database_id(unit)
            a_team(unit)
        yield made
        close(made)


@pytest.fixture
def client_for(app: Flask) -> SignIn:
    return SignIn(app)


class SignIn:
    """`client_for(Role.READER)` or `client_for(member)` is a browser in which they are signed in."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def __call__(self, who: Role | Member) -> FlaskClient:
        with transaction() as unit:
            member = make_member(unit, role=who) if isinstance(who, Role) else who
            token = start_browser_session(unit, member=member, browser="Test")
        client = self.app.test_client()
        with client.session_transaction() as browser:
            browser[TOKEN] = token
        return client


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which the demonstration story was told; never used itself, only copied."""
    return tell_into(tmp_path_factory.mktemp("told") / "data")


@pytest.fixture
def demo_app(told: Path, tmp_path: Path) -> Iterator[Flask]:
    """The application on a copy of the demonstration data, with its search index; forms need no token."""
    with app_on_copy(told, tmp_path / "demo") as made:
        yield made
