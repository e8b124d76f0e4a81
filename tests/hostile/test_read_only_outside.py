"""Read-only, seen by whoever is not signed in: where something can be sent the notice stands, elsewhere nothing can."""

from __future__ import annotations

from pathlib import Path

import pytest
from demonstration import close
from flask import Flask

from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import db
from research_hub.read_only import read_only_mode


@pytest.fixture
def outside(app: Flask) -> Flask:
    read_only_mode().switch_on("We move to a new server.")
    return app


@pytest.mark.parametrize("address", ["/sign-in", "/forgotten-password"])
def test_a_form_that_cannot_be_saved_says_so_before_it_is_filled_in(address: str, outside: Flask) -> None:
    page = outside.test_client().get(address)
    assert page.status_code == 200
    assert "Read-only just now" in page.text
    assert "We move to a new server." in page.text


def test_what_everybody_reads_has_no_form_that_could_be_lost(tmp_path: Path) -> None:
    made = create_app(Settings(data=tmp_path / "open", public_pages=True, public_organisation="A health board"))
    with made.app_context():
        db.create_all()
        read_only_mode().switch_on("We move to a new server.")
        page = made.test_client().get("/open")
        close(made)
    assert page.status_code == 200
    assert 'method="post"' not in page.text.casefold()
