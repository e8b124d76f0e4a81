from __future__ import annotations

from collections.abc import Iterator

import pytest
from conftest import SignIn
from flask import Flask
from sqlalchemy import select
from withdrawing import ALONE, OTHER, TOGETHER, World, make_world

from insights.capture.models import Utterance
from insights.core.access import Role
from insights.stewardship.models import Withdrawal, WithdrawalStatus
from research_hub.config import Settings
from research_hub.db import reading, transaction
from research_hub.erased_list import read_erased
from research_hub.erasing import finish_erasures
from research_hub.worker import make_indexer


@pytest.fixture(autouse=True)
def _closed(app: Flask) -> Iterator[None]:
    yield
    app.extensions["search"].engine.close()


YES = {"kind": "erase", "asked_on": "2026-11-02", "confirm": "P1"}


def _world() -> World:
    with transaction() as session:
        return make_world(session)


def test_the_preview_names_what_goes_and_what_becomes_of_it(app: Flask, client_for: SignIn) -> None:
    world = _world()
    page = client_for(world.actor).get(f"/participants/{world.person.ref}/withdrawal").text
    assert world.alone.ref in page
    assert "1 passage" in page
    assert world.lonely.ref in page
    assert "nothing is left under it" in page
    assert world.decision.ref in page
    assert "1 of 2 texts withdrawn" in page or "still rests on" in page
    assert "Nothing has happened yet" in page


def test_the_code_has_to_be_typed(app: Flask, client_for: SignIn) -> None:
    world = _world()
    answer = client_for(world.actor).post(
        f"/participants/{world.person.ref}/withdrawal", data={**YES, "confirm": "yes"}
    )
    assert answer.status_code == 422
    assert "Type P1" in answer.text
    assert reading().scalars(select(Withdrawal)).all() == []


def test_after_the_act_nothing_of_them_is_shown_anywhere(app: Flask, client_for: SignIn, settings: Settings) -> None:
    world = _world()
    browser = client_for(world.actor)
    make_indexer(app).rebuild()
    answer = browser.post(f"/participants/{world.person.ref}/withdrawal", data=YES)
    assert answer.status_code == 303
    # Before the worker has done anything.
    addresses = (
        f"/participants/{world.person.ref}",
        f"/studies/{world.study.ref}",
        f"/insights/{world.lonely.ref}",
        f"/insights/{world.broad.ref}",
        f"/sources/{world.transcript.ref}",
        f"/sessions/{world.together.ref}",
        "/highlights",
    )
    for address in addresses:
        page = browser.get(address, follow_redirects=True)
        assert page.status_code == 200, address
        assert ALONE not in page.text, address
        assert TOGETHER not in page.text, address
    assert OTHER in browser.get(f"/sessions/{world.together.ref}", follow_redirects=True).text
    assert browser.get(f"/sessions/{world.alone.ref}").status_code == 404
    assert len(read_erased(settings.data / "erased.jsonl")) == 1
    make_indexer(app).drain()
    found = browser.get("/search?q=yellow+envelope").text
    assert "urgent one" not in found


def test_the_page_says_how_far_it_is_and_gives_the_certificate(app: Flask, client_for: SignIn) -> None:
    world = _world()
    make_indexer(app).rebuild()
    browser = client_for(world.actor)
    page = browser.post(f"/participants/{world.person.ref}/withdrawal", data=YES, follow_redirects=True).text
    assert "Stored files, search files and a look" in page
    finish_erasures(app, make_indexer(app))
    page = browser.get("/withdrawals/WDR-1").text
    assert "Certificate of erasure" in page
    certificate = browser.get("/withdrawals/WDR-1/certificate")
    assert certificate.get_json()["found_left"] == 0
    assert browser.get(f"/participants/{world.person.ref}/withdrawal").headers["Location"].endswith("WDR-1")


def test_an_older_link_to_them_says_why_there_is_nothing(app: Flask, client_for: SignIn) -> None:
    world = _world()
    browser = client_for(world.actor)
    browser.post(f"/participants/{world.person.ref}/withdrawal", data=YES)
    page = browser.get(f"/participants/{world.person.ref}").text
    assert "took back their part in this study" in page
    assert "Record what they agreed to" not in page
    listed = browser.get(f"/studies/{world.study.ref}/participants").text
    assert "WITHDRAWN" not in listed
    assert world.other.code in listed


def test_a_text_that_does_not_tell_who_spoke_asks_for_a_choice(app: Flask, client_for: SignIn) -> None:
    world = _world()
    with transaction() as session:
        for turn in session.scalars(select(Utterance)):
            turn.participant_id = None
    browser = client_for(world.actor)
    address = f"/participants/{world.person.ref}/withdrawal"
    assert "does not tell who spoke. What of it goes?" in browser.get(address).text
    refused = browser.post(address, data=YES)
    assert refused.status_code == 422
    assert "nothing was removed" in refused.text
    field = f"text-{world.transcript.id}"
    assert browser.post(address, data={**YES, field: "speaker:P1"}).status_code == 303
    left = browser.get(f"/sessions/{world.together.ref}", follow_redirects=True).text
    assert TOGETHER not in left
    assert OTHER in left


def test_stopping_the_use_is_undone_from_the_message(app: Flask, client_for: SignIn) -> None:
    world = _world()
    browser = client_for(world.actor)
    address = f"/participants/{world.person.ref}/withdrawal"
    page = browser.post(address, data={**YES, "kind": "stop_use", "confirm": ""}, follow_redirects=True).text
    assert "used no further" in page
    assert browser.get(f"/sessions/{world.alone.ref}").status_code == 404
    assert "used no further" in browser.get(f"/studies/{world.study.ref}/participants").text
    assert browser.post(f"{address}/resume", follow_redirects=True).status_code == 200
    assert browser.get(f"/sessions/{world.alone.ref}", follow_redirects=True).status_code == 200


def test_what_is_used_no_further_is_shown_where_others_were_heard_neither(app: Flask, client_for: SignIn) -> None:
    """Of a session with others the text stays readable; its quotes of theirs are hidden in every other place."""
    del app
    world = _world()
    browser = client_for(world.actor)
    browser.post(f"/participants/{world.person.ref}/withdrawal", data={**YES, "kind": "stop_use", "confirm": ""})
    page = browser.get(f"/insights/{world.broad.ref}").text
    assert TOGETHER not in page
    assert OTHER in page
    assert "1 of 2 quotes is kept back" in page
    assert browser.get(f"/highlights/{world.shared_quote.ref}").status_code == 404
    browser.post(f"/participants/{world.person.ref}/withdrawal/resume")
    assert TOGETHER in browser.get(f"/insights/{world.broad.ref}").text


def test_who_may_not_withdraw_is_told(app: Flask, client_for: SignIn) -> None:
    world = _world()
    for role, status in ((Role.READER, 403), (Role.CONTRIBUTOR, 403), (Role.DATA_PROTECTION, 200)):
        answer = client_for(role).get(f"/participants/{world.person.ref}/withdrawal")
        assert answer.status_code == status, role


def test_found_words_wait_for_somebody_to_look(app: Flask, client_for: SignIn) -> None:
    world = _world()
    officer = client_for(Role.DATA_PROTECTION)
    officer.post(f"/participants/{world.person.ref}/withdrawal", data=YES)
    with transaction() as session:
        left = session.scalars(select(Withdrawal)).one()
        left.status, left.remains = WithdrawalStatus.REMAINS, ["SRC-9"]
    page = officer.get("/withdrawals/WDR-1").text
    assert "SRC-9" in page
    assert officer.post("/withdrawals/WDR-1/look-again", data={"leave": "yes"}).status_code == 303
    assert "words found" not in officer.get("/withdrawals").text
    assert officer.get("/withdrawals.csv").text.count("WDR-1") == 1
    finish_erasures(app, make_indexer(app))
    assert officer.get("/withdrawals/WDR-1/certificate").get_json()["left_as_words_of_others"] == ["SRC-9"]
