from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from search.world import World
from sqlalchemy.orm import sessionmaker

from insights.core.base import Base
from insights.core.installation import ensure_database_id
from insights.people.models import Member
from insights.people.operations import start_browser_session
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import db
from research_hub.security import TOKEN
from research_hub.worker import make_indexer


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    app = create_app(Settings(data=tmp_path))
    app.config["TESTING"] = True
    with app.app_context():
        Base.metadata.create_all(db.engine)
        with sessionmaker(db.engine)() as session:
            ensure_database_id(session)
            session.commit()
    yield app
    app.extensions["search"].close()


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    with app.app_context():
        engine = db.engine
    with sessionmaker(engine, expire_on_commit=False)() as session:
        yield World(session)


@pytest.fixture
def drained(app: Flask, world: World) -> Callable[[], None]:
    """Brings the index up to date, as the worker does."""

    def drain() -> None:
        with app.app_context():
            indexer = make_indexer(app)
            indexer.ensure_usable()
            indexer.drain()

    return drain


@pytest.fixture
def signed_in(app: Flask, world: World) -> Callable[[Member], FlaskClient]:
    def sign_in(member: Member) -> FlaskClient:
        with app.app_context(), sessionmaker(db.engine)() as session:
            # The world's clock stands still in the past; one signs in today.
            token = start_browser_session(session, member=member, browser="a test")
            session.commit()
        client = app.test_client()
        with client.session_transaction() as browser_session:
            browser_session[TOKEN] = token
        return client

    return sign_in
