"""An entry on its way to the public, as those who write and sign it meet it."""

from __future__ import annotations

import re

import pytest
from conftest import SignIn
from domain.openness.records_for_entries import Told, a_decision_on_a_quote, a_published_entry, an_entry
from factories import make_member
from flask import Flask

from insights.capture.models import Study
from insights.core.access import Role
from insights.openness.entries import check_entry
from insights.openness.models import EntryStatus, PublicEntry
from insights.people.models import ConsentScope
from research_hub.db import reading, transaction


def test_a_draft_is_written_checked_signed_and_published_through_the_pages(app: Flask, client_for: SignIn) -> None:
    told = _told()
    writer, approver = client_for(told.writer), client_for(told.approver)

    begun = writer.post(f"/decisions/{told.decision.ref}/public", data={"language": "en"})
    ref = begun.location.rpartition("/")[2]
    texts = {
        "title": "Letters begin with the next step",
        "summary": "Short.",
        "we_asked": "How do people read?",
        "you_said": "- People stop.",
        "we_did": "Letters changed.",
        "what_next": "We look in May.",
    }
    assert writer.post(f"/public-entries/{ref}", data=texts).status_code == 303
    assert writer.post(f"/public-entries/{ref}/approver", data={"approver_id": told.approver.id}).status_code == 303
    assert writer.post(f"/public-entries/{ref}/check").status_code == 303
    page = approver.get(f"/public-entries/{ref}").get_data(as_text=True)
    version = re.findall(r'name="row_version" value="(\d+)"', page)[0]
    assert approver.post(f"/public-entries/{ref}/sign-off", data={"row_version": version}).status_code == 303
    assert writer.post(f"/public-entries/{ref}/publish").status_code == 303

    assert reading().get_one(PublicEntry, int(ref[4:])).status is EntryStatus.PUBLISHED
    assert "published" in writer.get("/public-entries").get_data(as_text=True)


def test_what_is_in_the_way_is_listed_with_what_to_do(app: Flask, client_for: SignIn) -> None:
    with transaction() as session:
        told = a_decision_on_a_quote(session, [ConsentScope.QUOTE_ANONYMOUSLY])
        entry = an_entry(session, told)
    client = client_for(told.writer)

    quotes = client.get(f"/public-entries/{entry.ref}/quotes").get_data(as_text=True)
    refused = client.post(f"/public-entries/{entry.ref}/quotes", data={"quotes": str(told.quote.id)})

    assert "“Publish” is missing" in quotes
    assert f"/participants/{told.participant.ref}" in quotes
    assert refused.status_code == 422
    assert "may not be published" in refused.get_data(as_text=True)


def test_a_hit_is_shown_in_its_line_and_answered(app: Flask, client_for: SignIn) -> None:
    told = _told()
    with transaction() as session:
        entry = an_entry(session, told)
        entry.we_did = "Ring ann@example.org."
    client = client_for(told.writer)

    page = client.get(f"/public-entries/{entry.ref}/personal-data").get_data(as_text=True)
    key = re.findall(r'name="key" value="([0-9a-f]{64})"', page)[0]
    refused = client.post(f"/public-entries/{entry.ref}/check")
    justified = client.post(f"/public-entries/{entry.ref}/personal-data/justify", data={"key": key, "reason": ""})
    client.post(f"/public-entries/{entry.ref}/personal-data/mask", data={"key": key})

    assert "<mark>ann@example.org</mark>" in page
    assert (refused.status_code, justified.status_code) == (409, 422)
    assert reading().get_one(PublicEntry, entry.id).we_did == "Ring [e-mail address removed]."
    assert "the rules find nothing" in client.get(f"/public-entries/{entry.ref}/personal-data").get_data(as_text=True)


@pytest.mark.parametrize("role", [Role.READER, Role.CONTRIBUTOR, Role.RESEARCHER, Role.DATA_PROTECTION])
def test_only_those_who_sign_off_reach_the_sign_off(role: Role, app: Flask, client_for: SignIn) -> None:
    told = _told()
    with transaction() as session:
        entry = an_entry(session, told)
        check_entry(session, actor=told.writer, entry=entry)

    assert client_for(role).post(f"/public-entries/{entry.ref}/sign-off").status_code == 403
    assert reading().get_one(PublicEntry, entry.id).signed_off_at is None


def test_a_text_of_a_restricted_study_is_shown_to_nobody_else(app: Flask, client_for: SignIn) -> None:
    told = _told()
    with transaction() as session:
        entry = a_published_entry(session, told)
        session.get_one(Study, told.study.id).restricted = True
    client = client_for(Role.RESEARCHER)

    page = client.get(f"/public-entries/{entry.ref}").get_data(as_text=True)

    assert "restricted to people it names" in page
    assert "People stop reading" not in page
    assert "I saw positive" not in page
    for part in ("edit", "quotes", "personal-data"):
        assert client.get(f"/public-entries/{entry.ref}/{part}").status_code == 404
    assert client.post(f"/public-entries/{entry.ref}/withdraw", data={"reason": "Restricted."}).status_code == 303


def test_an_entry_that_does_not_exist_is_told_from_none(app: Flask, client_for: SignIn) -> None:
    client = client_for(Role.RESEARCHER)

    assert {client.get(f"/public-entries/{ref}").status_code for ref in ("PUB-99", "PUB-x", "DEC-1")} == {404}


def test_the_list_is_a_file_in_which_no_title_is_a_formula(app: Flask, client_for: SignIn) -> None:
    told = _told()
    with transaction() as session:
        entry = an_entry(session, told)
        entry.title = '=HYPERLINK("http://x")'

    content = client_for(told.writer).get("/public-entries.csv").get_data(as_text=True)

    assert "'=HYPERLINK" in content


def test_a_removal_is_undone_from_what_is_said(app: Flask, client_for: SignIn) -> None:
    told = _told()
    with transaction() as session:
        entry = an_entry(session, told)
    client = client_for(told.writer)

    page = client.post(f"/public-entries/{entry.ref}/remove", follow_redirects=True).get_data(as_text=True)
    undo = re.findall(r'action="(/public-entries/[^"]+/restore)"', page)[0]
    client.post(undo)

    assert entry.ref in client.get("/public-entries").get_data(as_text=True)


def test_two_sign_offs_at_once_leave_one(app: Flask, client_for: SignIn) -> None:
    told = _told()
    with transaction() as session:
        entry = an_entry(session, told)
        check_entry(session, actor=told.writer, entry=entry)
    first, second = client_for(told.approver), client_for(told.approver)

    answers = [each.post(f"/public-entries/{entry.ref}/sign-off").status_code for each in (first, second)]

    assert answers == [303, 409]


def test_a_stranger_of_the_same_role_does_not_sign_in_the_place_of_who_is_named(app: Flask, client_for: SignIn) -> None:
    told = _told()
    with transaction() as session:
        entry = an_entry(session, told)
        check_entry(session, actor=told.writer, entry=entry)
        other = make_member(session, role=Role.APPROVER)

    answer = client_for(other).post(f"/public-entries/{entry.ref}/sign-off")

    assert answer.status_code == 403
    assert "Somebody else is named" in answer.get_data(as_text=True)


def _told() -> Told:
    with transaction() as session:
        return a_decision_on_a_quote(session)
