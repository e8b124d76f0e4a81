from __future__ import annotations

from collections.abc import Callable

from factories import make_member, make_study
from flask.testing import FlaskClient

from insights.core.access import Role
from research_hub.db import transaction


def test_data_protection_reads_who_did_what_and_takes_it_away(client_for: Callable[[Role], FlaskClient]) -> None:
    with transaction() as session:
        maya = make_member(session, name="Maya Osei")
        study = make_study(session, actor=maya, title="A title that stays out")
    watcher = client_for(Role.DATA_PROTECTION)

    page = watcher.get(f"/activity?ref={study.ref}").get_data(as_text=True)
    file = watcher.get("/activity.csv").get_data(as_text=True)

    assert "Maya Osei" in page
    assert study.ref in page
    assert "A title that stays out" not in page
    assert f'"created","study","{study.ref}"' in file


def test_a_researcher_may_not_read_who_did_what(client_for: Callable[[Role], FlaskClient]) -> None:
    assert client_for(Role.RESEARCHER).get("/activity").status_code == 403
