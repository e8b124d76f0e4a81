"""A withdrawal meets what others do at that moment: a second withdrawal, an import, a page that everybody reads."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from io import BytesIO

import pytest
from conftest import SignIn
from factories import make_session
from flask import Flask
from places_of_words import Kept, keep
from sqlalchemy import select
from withdrawing import ALONE, World, make_world

from insights.capture.models import SourceText, TextVersion
from insights.core.access import Role
from insights.core.errors import InvalidInput
from insights.exchange.models import FileStatus, ImportFile
from insights.people.models import Participant
from insights.people.operations import find_or_add_participant
from insights.stewardship.models import Withdrawal, WithdrawalStatus
from research_hub.db import reading, transaction
from research_hub.erasing import finish_erasures
from research_hub.worker import make_indexer

YES = {"kind": "erase", "asked_on": "2026-11-02", "confirm": "P1"}
SAID = b"P1: The blue form never came, and nobody at the counter could tell me why.\n\nP2: Mine came.\n"


@pytest.fixture(autouse=True)
def _closed(app: Flask) -> Iterator[None]:
    yield
    app.extensions["search"].engine.close()


@pytest.fixture
def world() -> World:
    with transaction() as session:
        return make_world(session)


def test_of_two_who_withdraw_somebody_at_once_one_gets_the_certificate_and_the_other_is_told(
    app: Flask, client_for: SignIn, world: World
) -> None:
    address = f"/participants/{world.person.ref}/withdrawal"
    browsers = [client_for(world.actor), client_for(Role.DATA_PROTECTION)]
    together, answers = threading.Barrier(2), []

    def withdraw(number: int) -> None:
        together.wait()
        answers.append(browsers[number].post(address, data=YES))

    both = [threading.Thread(target=withdraw, args=(number,)) for number in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    done, told = sorted(answers, key=lambda each: each.status_code != 303)
    assert done.status_code == 303
    assert done.headers["Location"].endswith("/withdrawals/WDR-1")
    # Whoever comes second is led to the same certificate, or reads why there is no second one.
    assert told.headers.get("Location", "").endswith("/WDR-1") or "withdrew already" in told.text
    assert [each.ref for each in reading().scalars(select(Withdrawal))] == ["WDR-1"]
    make_indexer(app).rebuild()
    assert finish_erasures(app, make_indexer(app)) == 1


def test_a_file_that_waits_to_be_imported_and_names_them_is_stored_by_nobody_any_more(
    app: Flask, client_for: SignIn, world: World
) -> None:
    browser = client_for(world.actor)
    brought = browser.post(
        f"/studies/{world.study.ref}/import",
        data={"files": [(BytesIO(SAID), "may-interview.txt"), (BytesIO(b"Nothing of them."), "plan.txt")]},
    )
    assert brought.status_code == 303, brought.text
    waiting = reading().scalars(select(ImportFile).order_by(ImportFile.id)).all()
    assert [each.status for each in waiting] == [FileStatus.UNDERSTOOD] * 2
    reading().rollback()
    assert browser.post(f"/participants/{world.person.ref}/withdrawal", data=YES).status_code == 303
    files = reading().scalars(select(ImportFile).order_by(ImportFile.id)).all()
    assert [each.status for each in files] == [FileStatus.REFUSED, FileStatus.UNDERSTOOD]
    assert "Somebody in it withdrew" in files[0].problem
    assert "blue form" not in str(files[0].reading)
    make_indexer(app).rebuild()
    finish_erasures(app, make_indexer(app))
    staged = app.extensions["settings"].staged_path
    assert not [path for path in staged.rglob("*") if path.is_file() and b"blue form" in path.read_bytes()]
    assert reading().scalars(select(Withdrawal)).one().status is WithdrawalStatus.DONE


def test_no_file_brings_back_a_code_that_was_withdrawn(client_for: SignIn, world: World) -> None:
    client_for(world.actor).post(f"/participants/{world.person.ref}/withdrawal", data=YES)
    with transaction() as session, pytest.raises(InvalidInput, match="P1 took part in this study and withdrew"):
        find_or_add_participant(session, actor=session.merge(world.actor), study_id=world.study.id, code="p1")
    gone = reading().get_one(Participant, world.person.id)
    assert "P1" not in (gone.code, gone.withdrawn_code)
    with transaction() as session:
        other = find_or_add_participant(session, actor=session.merge(world.actor), study_id=world.study.id, code="P9")
        assert other.id != world.person.id


def test_what_was_stored_just_before_the_act_goes_with_it(client_for: SignIn, world: World) -> None:
    with transaction() as session:
        actor, study = session.merge(world.actor), session.merge(world.study)
        make_session(session, actor=actor, study=study, notes=ALONE, participants=["P1"])
    browser = client_for(world.actor)
    assert browser.post(f"/participants/{world.person.ref}/withdrawal", data=YES).status_code == 303
    texts = reading().scalars(
        select(TextVersion.text)
        .join(SourceText, SourceText.id == TextVersion.source_text_id)
        .where(SourceText.study_id == world.study.id)
    )
    assert not [text for text in texts if ALONE in text]


def test_the_pages_name_the_places_before_and_after(app: Flask, client_for: SignIn) -> None:
    with transaction() as session:
        kept: Kept = keep(session)
    browser = client_for(kept.world.actor)
    before = browser.get(f"/participants/{kept.world.person.ref}/withdrawal").text
    for words in (
        "Which letter is urgent",
        "What we heard of letters",
        "Letters",
        "Figures from 2026-10-01",
        "9 Nov 2026",
    ):
        assert words in before, words
    assert browser.post(f"/participants/{kept.world.person.ref}/withdrawal", data=YES).status_code == 303
    make_indexer(app).rebuild()
    finish_erasures(app, make_indexer(app))
    after = browser.get("/withdrawals/WDR-1").text
    assert "Pages for somebody to read" in after
    assert "taken down until then" in after
    certificate = browser.get("/withdrawals/WDR-1/certificate").get_json()
    named = {(each["kind"], each["title"], each["on"], each["becomes"]) for each in certificate["places"]}
    assert ("public page", "Which letter is urgent", "2026-11-09", "taken down") in named
    assert ("frozen report", "Figures from 2026-10-01 to 2026-10-31", "2026-11-01", "words cut out") in named
    assert certificate["found_left"] == 0
    assert "yellow" not in str(certificate)
    reading().rollback()
    live = [path for path in app.extensions["settings"].data.rglob("*") if path.is_file()]
    assert live
    assert not [path for path in live if b"yellow envelope was the urgent" in path.read_bytes()]
