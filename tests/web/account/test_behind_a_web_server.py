"""Attempts to sign in are counted by the address that our own web server saw, where one stands before the hub."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from factories import make_member
from flask import Flask
from signing_in import PASSWORD

from insights.core.access import Role
from insights.core.clock import now
from insights.core.installation import ensure_database_id
from insights.people.models import SignInFailure
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import db, transaction

PAUSED, OTHER = "203.0.113.9", "203.0.113.10"


@contextmanager
def behind(proxies: int, data: Path) -> Iterator[Flask]:
    """Somebody tried a hundred addresses from one network just now."""
    app = create_app(Settings(data=data, proxies=proxies))
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        db.create_all()
        with transaction() as unit:
            ensure_database_id(unit)
            make_member(unit, email="bo@example.org", role=Role.RESEARCHER, password=PASSWORD)
            unit.add_all(SignInFailure(email=f"{n}@example.org", at=now(unit), network=PAUSED) for n in range(100))
        yield app
        db.session.remove()
        db.engine.dispose()
    app.extensions["search"].close()


@pytest.mark.parametrize(
    ("proxies", "forwarded", "status"),
    [
        pytest.param(0, PAUSED, 303, id="a header that no server of ours wrote is not read"),
        pytest.param(1, PAUSED, 403, id="the network that tried is paused"),
        pytest.param(1, OTHER, 303, id="another is not"),
        pytest.param(1, f"{PAUSED}, {OTHER}", 303, id="what a client wrote before is not read"),
        pytest.param(1, f"{OTHER}, {PAUSED}", 403, id="nobody gets away by writing another address"),
    ],
)
def test_each_network_is_counted_by_itself(proxies: int, forwarded: str, status: int, tmp_path: Path) -> None:
    with behind(proxies, tmp_path / "data") as app:
        typed = {"email": "bo@example.org", "password": PASSWORD}

        answer = app.test_client().post("/sign-in", data=typed, headers={"X-Forwarded-For": forwarded})

    assert answer.status_code == status
