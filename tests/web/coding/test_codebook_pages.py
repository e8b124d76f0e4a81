from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from factories import make_highlight, make_member, make_session, make_study
from flask.testing import FlaskClient
from sqlalchemy import select

from insights.capture.models import Study
from insights.capture.operations import set_study_access
from insights.coding.models import Tag, TagStatus
from insights.coding.operations import find_or_add_tag
from insights.core.access import Role
from insights.people.models import Member
from insights.people.operations import find_or_add_participant
from research_hub.db import reading, transaction

SignIn = Callable[[Role | Member], FlaskClient]


def _tag(path: str) -> Tag:
    return reading().scalars(select(Tag).where(Tag.folded_path == path)).one()


@pytest.fixture
def coded(client_for: SignIn) -> Member:
    with transaction() as session:
        ana = make_member(session, name="Ana Lee")
        held = make_session(session, actor=ana, study=make_study(session, actor=ana))
        make_highlight(session, actor=ana, research_session=held, tags=["letters/envelope", "feelings"])
        make_highlight(session, actor=ana, research_session=held, tags=["post/envelope", "feelings"])
    return ana


def test_a_tag_is_defined_renamed_and_found_by_its_old_name(client_for: SignIn, coded: Member) -> None:
    client = client_for(coded)
    tag = _tag("feelings")

    client.post(f"/tags/{tag.ref}", data={"definition": "What people say they felt.", "row_version": tag.row_version})
    client.post(f"/tags/{tag.ref}/rename", data={"name": "emotions", "keep_old_name": "y"})
    page = client.get(f"/tags/{tag.ref}").get_data(as_text=True)
    with transaction() as session:
        typed = find_or_add_tag(session, actor=coded, path="feelings")

    assert "What people say they felt." in page
    assert "emotions" in page
    assert typed.ref == tag.ref


def test_merging_takes_the_quotes_along_and_can_be_undone(client_for: SignIn, coded: Member) -> None:
    client = client_for(coded)
    one, other = _tag("post/envelope"), _tag("letters/envelope")

    client.post(f"/tags/{one.ref}/merge", data={"into": other.ref})
    merged = client.get(f"/highlights?tag={other.ref}").get_data(as_text=True)
    led_on = client.get(f"/tags/{one.ref}", follow_redirects=True).get_data(as_text=True)
    acts = client.get("/coding/acts").get_data(as_text=True)
    act = acts.split("/coding/acts/")[1].split("/")[0]
    client.post(f"/coding/acts/{act}/undo")

    assert merged.count("I saw positive and I stopped reading.") >= 2
    assert "letters/envelope" in led_on
    assert reading().get_one(Tag, one.id).status is TagStatus.ACTIVE
    back = client.get(f"/highlights?tag={one.ref}").get_data(as_text=True)
    assert "I saw positive and I stopped reading." in back


def test_a_tag_moves_with_all_below_it_and_never_into_itself(client_for: SignIn, coded: Member) -> None:
    client = client_for(coded)
    letters, feelings = _tag("letters"), _tag("feelings")

    client.post(f"/tags/{letters.ref}/move", data={"parent": feelings.ref})
    ring = client.post(f"/tags/{feelings.ref}/move", data={"parent": _tag("feelings/letters/envelope").ref})

    assert _tag("feelings/letters/envelope").parent_id == letters.id
    assert ring.status_code in {409, 422}


def test_a_retired_tag_stays_on_old_quotes_and_is_not_offered(client_for: SignIn, coded: Member) -> None:
    client = client_for(coded)
    tag = _tag("feelings")

    client.post(f"/tags/{tag.ref}/retire")

    assert "feelings" in client.get("/highlights").get_data(as_text=True)
    assert reading().get_one(Tag, tag.id).status is TagStatus.RETIRED
    client.post(f"/tags/{tag.ref}/revive")
    assert reading().get_one(Tag, tag.id).status is TagStatus.ACTIVE


def test_a_new_tag_of_a_restricted_study_is_the_studys_own_and_can_be_promoted(client_for: SignIn) -> None:
    with transaction() as session:
        ana = make_member(session)
        study = make_study(session, actor=ana, restricted=True)
        make_highlight(
            session, actor=ana, research_session=make_session(session, actor=ana, study=study), tags=["whistleblower"]
        )
    client, stranger = client_for(ana), client_for(Role.ADMINISTRATOR)
    tag = _tag("whistleblower")
    codebook_before = tag.study_id

    hidden = stranger.get("/tags").get_data(as_text=True)
    own = client.get(f"/studies/{study.ref}/codebook").get_data(as_text=True)
    client.post(f"/tags/{tag.ref}/promote", data={"merge": ""})

    assert codebook_before == study.id
    assert "whistleblower" not in hidden
    assert stranger.get(f"/tags/{tag.ref}").status_code == 404
    assert "whistleblower" in own
    assert reading().get_one(Tag, tag.id).study_id is None


def test_co_occurrence_counts_quotes_that_carry_both_and_opens_them(client_for: SignIn, coded: Member) -> None:
    client = client_for(coded)

    page = client.get("/reports/co-occurrence").get_data(as_text=True)
    file = client.get("/reports/co-occurrence.csv").get_data(as_text=True)

    rows = list(csv.reader(io.StringIO(file.lstrip("\ufeff"))))
    header = next(row for row in rows if "feelings" in row)
    line = next(row for row in rows if row and row[0] == "letters/envelope")
    assert line[header.index("feelings")] == "1"
    assert "/highlights?" in page


def test_tags_are_counted_by_who_was_heard(client_for: SignIn) -> None:
    with transaction() as session:
        ana = make_member(session)
        study = make_study(session, actor=ana)
        person = find_or_add_participant(session, actor=ana, study_id=study.id, code="P1", group="Parents")
        held = make_session(session, actor=ana, study=study)
        make_highlight(session, actor=ana, research_session=held, tags=["letters"], participant=person)
    client = client_for(ana)

    page = client.get("/reports/co-occurrence?by=group").get_data(as_text=True)

    assert "Parents" in page


def test_a_hidden_study_is_counted_in_no_cell(client_for: SignIn, coded: Member) -> None:
    with transaction() as session:
        study = session.scalars(select(Study)).first()
        assert study is not None
        set_study_access(session, actor=coded, study=study, restricted=True, named=[])
    stranger = client_for(Role.ADMINISTRATOR)

    for address in ("/reports/co-occurrence", "/reports/co-occurrence.csv", "/tags", "/tags.csv", "/highlights"):
        assert "envelope" not in stranger.get(address).get_data(as_text=True)


def test_a_tag_is_split_quote_by_quote(client_for: SignIn) -> None:
    with transaction() as session:
        ana = make_member(session)
        held = make_session(session, actor=ana)
        first = make_highlight(session, actor=ana, research_session=held, tags=["letters"])
        second = make_highlight(session, actor=ana, research_session=held, tags=["letters"], words="I rang my sister")
    client = client_for(ana)
    tag = _tag("letters")

    sent = {"names": ["results", "family"], f"quote-{first.id}": "1", f"quote-{second.id}": "2", "retire": "y"}
    page = client.get(f"/tags/{tag.ref}/split").get_data(as_text=True)
    client.post(f"/tags/{tag.ref}/split", data=sent)
    family = client.get(f"/highlights?tag={_tag('family').ref}").get_data(as_text=True)

    assert "I rang my sister" in page
    assert "I rang my sister" in family
    assert "I saw positive" not in family
    assert reading().get_one(Tag, tag.id).status is TagStatus.RETIRED
