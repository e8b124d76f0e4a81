"""The vault in the browser: a reason before the answer, shown once, known to few, found by those who may."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from io import BytesIO
from typing import TypeAlias

import pytest
from factories import make_member, make_session, make_study, make_team
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from insights.capture.models import Study
from insights.capture.operations import set_study_access
from insights.core.access import Role
from insights.core.activity import ActivityEntry
from insights.core.clock import now
from insights.core.keys import Keys
from insights.people.models import Identity, Member, Participant
from research_hub.db import reading, transaction

SignIn: TypeAlias = Callable[[Member | Role], FlaskClient]
ASKED = {"reason": "withdrawal", "words": "rang this morning"}
JOSEPHINE = {
    "name": "Joséphine Quillfeather",
    "email": "josephine@quillfeather.example",
    "telephone": "0161 496 0123",
    "address": "4 Harbour Steps\nSalford",
    "note": "Not before ten",
    "source": "Answered the letter",
}


@pytest.fixture
def maya(app: Flask) -> Member:
    with transaction() as unit:
        return make_member(unit, name="Maya Osei")


@pytest.fixture
def browser(maya: Member, client_for: SignIn) -> FlaskClient:
    return client_for(maya)


@pytest.fixture
def study(maya: Member) -> Study:
    with transaction() as unit:
        made = make_study(unit, actor=maya, title="Results letters")
        make_session(unit, actor=maya, study=made, participants=["P1", "P2"])
        return made


@pytest.fixture
def known(browser: FlaskClient, study: Study) -> str:
    """The page of the one who is known by name."""
    address = "/participants/PAR-1/identity"
    assert browser.post(f"{address}/keep", data=JOSEPHINE).status_code == 303
    return address


def page(answer: TestResponse) -> str:
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def looks() -> list[tuple[str, str, object]]:
    rows = reading().scalars(select(ActivityEntry).order_by(ActivityEntry.id)).all()
    return [(row.verb, row.subject_ref, row.detail) for row in rows if row.detail.get("reason")]


def test_who_somebody_is_is_shown_after_a_reason_and_once(browser: FlaskClient, known: str) -> None:
    before = page(browser.get(known))
    answer = browser.post(known, data=ASKED)

    assert "Say why you need to know." in before
    assert "Quillfeather" not in before
    assert "Joséphine Quillfeather" in page(answer)
    assert "4 Harbour Steps" in page(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Quillfeather" not in page(browser.get(known))
    assert looks() == [("saw the identity of", "PAR-1", ASKED)]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"reason": ""}, "Choose why you need to look"),
        ({"reason": "curious"}, "Choose why you need to look"),
        ({"reason": "other"}, "Say in a few words why you need to look."),
        ({"reason": "other", "words": "Mrs Quillfeather called"}, "This holds a full name."),
        ({"reason": "withdrawal", "words": "quillfeather rang"}, "This holds their name."),
        ({"reason": "own_data", "words": "wrote from j@quill.example"}, "This holds an e-mail address."),
    ],
)
def test_without_a_reason_nothing_is_shown_and_no_name_gets_into_one(
    asked: dict[str, str], told: str, browser: FlaskClient, known: str
) -> None:
    answer = browser.post(known, data=asked)

    assert answer.status_code == 422
    assert told in page(answer)
    assert "Joséphine" not in page(answer)
    assert looks() == []


def test_the_reason_stays_on_the_record_when_the_answer_fails(browser: FlaskClient, known: str) -> None:
    with transaction() as unit:
        unit.execute(text("UPDATE identities SET email = name"))

    answer = browser.post(known, data=ASKED)

    assert answer.status_code == 409
    assert "IDN-1, e-mail was changed outside Research Hub" in page(answer)
    assert "Quillfeather" not in page(answer)
    assert looks() == [("saw the identity of", "PAR-1", ASKED)]


def test_a_lost_master_key_is_said_in_words_and_is_no_fault_of_ours(
    app: Flask, browser: FlaskClient, known: str
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    lost = app.extensions["keys"]
    app.extensions["keys"] = Keys(lost.audit, Keys.made().vault)

    for answer in (
        browser.post(known, data=ASKED),
        browser.post(f"{known}/keep", data={**JOSEPHINE, "row_version": "1"}),
        browser.post("/identities", data={**ASKED, "sought": "Quillfeather"}),
    ):
        assert answer.status_code == 409
        assert f"the master key {lost.newest.id}, which the key file does not hold" in page(answer)
    assert browser.get(known).status_code == 200
    assert len(looks()) == 2


def test_administrators_and_other_teams_see_no_name(app: Flask, client_for: SignIn, known: str) -> None:
    with transaction() as unit:
        elsewhere = make_member(unit, role=Role.RESEARCHER, team=make_team(unit, name="Elsewhere"))
        central = make_member(unit, role=Role.RESEARCHER, team=make_team(unit, name="Central", is_central=True))

    for who in (Role.ADMINISTRATOR, Role.READER, Role.CONTRIBUTOR, Role.APPROVER, elsewhere, central):
        client = client_for(who)
        for answer in (
            client.get(known),
            client.post(known, data=ASKED),
            client.post(f"{known}/keep", data=JOSEPHINE),
            client.post(f"{known}/remove", data={"typed": "P1"}),
            client.get("/studies/STU-1/identities"),
            client.get("/studies/STU-1/identities.csv"),
        ):
            assert answer.status_code == 403, who
            assert "Quillfeather" not in page(answer)
    assert "Nobody found" in page(client_for(elsewhere).post("/identities", data={**ASKED, "sought": "quillfeather"}))


def test_data_protection_looks_in_every_study_but_not_in_one_that_it_is_not_named_in(
    client_for: SignIn, maya: Member, study: Study, known: str
) -> None:
    with transaction() as unit:
        officer = make_member(unit, role=Role.DATA_PROTECTION, team=make_team(unit, name="Compliance"))
    client = client_for(officer)
    assert "Joséphine Quillfeather" in page(client.post(known, data=ASKED))

    with transaction() as unit:
        set_study_access(unit, actor=maya, study=unit.get_one(Study, study.id), restricted=True, named=[maya])

    for answer in (client.get(known), client.post(known, data=ASKED), client.get(f"/studies/{study.ref}/identities")):
        assert answer.status_code == 404
    assert "Nobody found" in page(client.post("/identities", data={**ASKED, "sought": "quillfeather"}))


@pytest.mark.parametrize(
    "sought",
    ["quillfeather", "JOSEPHINE Quillfeather", "Josephine@Quillfeather.Example", "+44 161 496 0123", "(0161) 4960123"],
)
def test_somebody_who_calls_is_found_by_a_whole_name_an_address_or_a_number(
    sought: str, browser: FlaskClient, known: str
) -> None:
    answer = browser.post("/identities", data={**ASKED, "sought": sought})

    assert "1 code found" in page(answer)
    assert "P1" in page(answer)
    assert "Joséphine" not in page(answer)
    [(verb, _ref, detail)] = looks()
    assert (verb, detail) == ("searched the vault", ASKED)


@pytest.mark.parametrize("sought", ["quill", "Josephine Smith", "josephine@quillfeather", "0161 496 0124", "%", "é"])
def test_half_a_name_finds_nobody(sought: str, browser: FlaskClient, known: str) -> None:
    assert "Nobody found" in page(browser.post("/identities", data={**ASKED, "sought": sought}))


def test_what_is_searched_for_does_not_get_into_the_reason(browser: FlaskClient, known: str) -> None:
    answer = browser.post("/identities", data={"sought": "ann", "reason": "other", "words": "ann rang"})

    assert answer.status_code == 422
    assert "Say why without their name" in page(answer)
    assert looks() == []


def test_the_list_says_what_is_held_and_not_what_it_says(browser: FlaskClient, study: Study, known: str) -> None:
    shown = page(browser.get(f"/studies/{study.ref}/identities"))
    listed = browser.get(f"/studies/{study.ref}/identities.csv").get_data(as_text=True)

    assert "1 of 2 are known by name." in shown
    assert [line.replace('"', "") for line in listed.splitlines()[1:]] == [
        "PAR-1,P1,yes,yes,yes,yes,yes,yes,0",
        "PAR-2,P2,no,no,no,no,no,no,0",
    ]
    assert "Quillfeather" not in shown + listed


def test_two_at_once_lose_neither_text(browser: FlaskClient, known: str) -> None:
    browser.post(f"{known}/keep", data={**JOSEPHINE, "name": "Joséphine Quill", "row_version": "1"})

    late = browser.post(f"{known}/keep", data={**JOSEPHINE, "note": "Rings back herself", "row_version": "1"})

    assert late.status_code == 409
    assert "Somebody else kept or changed this while you were editing." in page(late)
    assert "Rings back herself" in page(late)
    assert "Joséphine Quill<" in page(browser.post(known, data=ASKED))
    both = [browser.post("/participants/PAR-2/identity/keep", data=JOSEPHINE).status_code for _ in range(2)]
    assert both == [303, 409]


def test_what_is_no_address_is_refused_with_what_was_typed(browser: FlaskClient, study: Study) -> None:
    wrong = browser.post("/participants/PAR-1/identity/keep", data={**JOSEPHINE, "email": "josephine"})
    empty = browser.post("/participants/PAR-1/identity/keep", data={})

    assert (wrong.status_code, empty.status_code) == (422, 422)
    assert "Enter an e-mail address like name@example.org" in page(wrong)
    assert "4 Harbour Steps" in page(wrong)
    assert "there is nothing to keep yet" in page(empty)
    assert reading().scalar(select(Identity)) is None


def test_who_somebody_is_goes_for_good_after_the_code_is_typed(browser: FlaskClient, known: str) -> None:
    refused = browser.post(f"{known}/remove", data={"typed": "yes"})
    removed = browser.post(f"{known}/remove", data={"typed": " p1 "})

    assert refused.status_code == 422
    assert "Type P1 to confirm." in page(refused)
    assert removed.status_code == 303
    assert "Nobody is known by name under this code." in page(browser.get(known))
    assert "Nobody found" in page(browser.post("/identities", data={**ASKED, "sought": "quillfeather"}))


def test_a_consent_paper_lies_closed_and_opens_after_a_reason(
    app: Flask, browser: FlaskClient, client_for: SignIn, study: Study
) -> None:
    paper = b"I agree. Signed: Josephine Quillfeather"
    browser.post(
        "/participants/PAR-1/consents",
        data={"given_on": "2026-01-05", "scopes": ["take_part"], "evidence": (BytesIO(paper), "quillfeather.pdf")},
    )
    address = "/participants/PAR-1/identity/papers/1"

    refused, opened = browser.post(address, data={}), browser.post(address, data=ASKED)

    assert refused.status_code == 422
    assert opened.data == paper
    assert opened.headers["Content-Disposition"] == 'attachment; filename="CST-1.bin"'
    assert looks() == [("opened the consent paper of", "PAR-1", ASKED)]
    assert client_for(Role.ADMINISTRATOR).post(address, data=ASKED).status_code == 403
    assert browser.post("/participants/PAR-2/identity/papers/1", data=ASKED).status_code == 404
    kept = [each for each in app.extensions["files"].root.rglob("*") if each.is_file()]
    assert len(kept) == 1
    assert b"uillfeather" not in kept[0].read_bytes()


def test_a_code_that_was_made_one_with_another_leads_to_it_and_brings_who_it_is(
    browser: FlaskClient, known: str
) -> None:
    browser.post("/participants/PAR-1/merge", data={"into": "PAR-2", "sure": "y"})

    assert browser.get(known).location == "/participants/PAR-2/identity"
    assert "Joséphine Quillfeather" in page(browser.post("/participants/PAR-2/identity", data=ASKED))


def test_nothing_of_a_name_stands_in_the_record_or_the_database(app: Flask, browser: FlaskClient, known: str) -> None:
    browser.post(known, data=ASKED)
    browser.post("/identities", data={**ASKED, "sought": "quillfeather"})

    entries = [f"{entry.verb} {entry.detail}" for entry in reading().scalars(select(ActivityEntry))]
    lying = b"".join(path.read_bytes() for path in app.extensions["settings"].data.rglob("*") if path.is_file())

    assert not [entry for entry in entries if "quillfeather" in entry.casefold()]
    for word in ("uillfeather", "arbour Steps", "4960123", "496 0123"):
        assert word.encode() not in lying


def test_a_code_that_was_removed_keeps_no_names(browser: FlaskClient, study: Study) -> None:
    with transaction() as unit:
        unit.scalars(select(Participant).where(Participant.id == 2)).one().removed_at = now(unit)

    answer = browser.post("/participants/PAR-2/identity/keep", data=JOSEPHINE)

    assert answer.status_code == 409
    assert "Bring the code back" in page(answer)
