"""Coding projects through the pages: looked at first, then brought in, and taken away again."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from factories import QUOTE, make_highlight, make_member, make_session, make_study
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from insights.capture.models import Attachment, Study
from insights.coding.models import Highlight, Tag
from insights.core.access import Role
from insights.core.activity import ActivityEntry
from insights.exchange.models import CodingProject
from insights.people.models import Member, Participant
from research_hub.db import reading, transaction

SignIn = Callable[[Role | Member], FlaskClient]
TEXT = "I am 67 👍🏽 and I eat\r\nporridge, cafe\u0301 style."
PROJECT = """<?xml version="1.0" encoding="utf-8"?>
<Project xmlns="urn:QDA-XML:project:1.0" name="Breakfast" origin="Some Program 1" basePath="/Users/somebody/secret">
  <Users><User guid="aaaaaaaa-0000-4000-8000-000000000001" name="Friedrich"/></Users>
  <CodeBook><Codes>
    <Code guid="aaaaaaaa-0000-4000-8000-000000000002" name="Food::porridge" isCodable="true" color="#F08"/>
  </Codes></CodeBook>
  <Variables>
    <Variable guid="aaaaaaaa-0000-4000-8000-000000000003" name="age" typeOfVariable="Integer"/>
    <Variable guid="aaaaaaaa-0000-4000-8000-000000000004" name="Full name" typeOfVariable="Text"/>
  </Variables>
  <Cases><Case guid="aaaaaaaa-0000-4000-8000-000000000005" name="Mabel Winter">
    <VariableValue>
      <VariableRef targetGUID="aaaaaaaa-0000-4000-8000-000000000003"/><IntegerValue>67</IntegerValue>
    </VariableValue>
    <VariableValue>
      <VariableRef targetGUID="aaaaaaaa-0000-4000-8000-000000000004"/><TextValue>Mabel Winter</TextValue>
    </VariableValue>
    <SourceRef targetGUID="aaaaaaaa-0000-4000-8000-000000000006"/>
  </Case></Cases>
  <Sources>
    <TextSource guid="aaaaaaaa-0000-4000-8000-000000000006" name="Talk" plainTextPath="internal://talk.txt">
      <PlainTextSelection guid="aaaaaaaa-0000-4000-8000-000000000007" startPosition="23" endPosition="31"
          name="porridge" creatingUser="aaaaaaaa-0000-4000-8000-000000000001">
        <Coding guid="aaaaaaaa-0000-4000-8000-000000000008">
          <CodeRef targetGUID="aaaaaaaa-0000-4000-8000-000000000002"/>
        </Coding>
      </PlainTextSelection>
      <PlainTextSelection guid="aaaaaaaa-0000-4000-8000-000000000009" startPosition="400" endPosition="500"/>
    </TextSource>
    <TextSource guid="aaaaaaaa-0000-4000-8000-00000000000a" name="Lost.txt" plainTextPath="internal://lost.txt"/>
  </Sources>
</Project>"""


def _package(xml: str = PROJECT) -> bytes:
    stream = io.BytesIO()
    with ZipFile(stream, "w") as packed:
        packed.writestr("project.qde", xml)
        packed.writestr("Sources/talk.txt", TEXT.encode())
    return stream.getvalue()


def _look(client: FlaskClient, content: bytes, name: str = "breakfast.qdpx") -> str:
    sent = client.post("/projects/import", data={"file": (io.BytesIO(content), name)})
    assert sent.status_code == 303, sent.get_data(as_text=True)
    return str(sent.location)


def _count(model: type) -> int:
    return reading().scalar(select(func.count()).select_from(model)) or 0


def test_a_project_is_shown_with_what_comes_in_and_what_does_not_before_anything_is_stored(
    client_for: SignIn, app: Flask
) -> None:
    client = client_for(Role.RESEARCHER)
    page = client.get(_look(client, _package())).get_data(as_text=True)

    assert "This is what would come in. Nothing is stored yet." in page
    assert "1 file named in the project is not in it" in page
    assert "Lost.txt" in page
    assert "its place, 400 to 500, lies outside the text" in page
    assert "Left out, for they may say who somebody is: Full name" in page
    assert "Split them at two colons, as in “Food::porridge”" in page
    assert "secret" not in page
    assert (_count(Study), _count(Tag), _count(Highlight)) == (0, 0, 0)


def test_bringing_it_in_makes_a_study_with_quotes_tags_and_a_participant_without_a_name(
    client_for: SignIn, app: Flask
) -> None:
    client = client_for(Role.RESEARCHER)
    address = _look(client, _package())
    done = client.post(f"{address}/store", data={"into": "new", "separator": "::"}, follow_redirects=True)

    page = done.get_data(as_text=True)
    assert "brought in" in page
    assert "Stored" in page
    highlight = reading().scalars(select(Highlight)).one()
    assert (highlight.exact, highlight.coder) == ("porridge", "Friedrich")
    assert sorted(reading().scalars(select(Tag.path))) == ["Food", "Food/porridge"]
    person = reading().scalars(select(Participant)).one()
    assert "Mabel" not in f"{person.code} {person.attributes} {person.group}"
    assert person.attributes == {"age": "67"}
    assert highlight.participant_id == person.id
    assert "Friedrich" not in list(reading().scalars(select(Member.name)))


def test_names_stay_whole_where_the_person_does_not_ask_for_a_split(client_for: SignIn, app: Flask) -> None:
    client = client_for(Role.RESEARCHER)
    client.post(f"{_look(client, _package())}/store", data={"into": "new", "separator": ""})

    assert list(reading().scalars(select(Tag.path))) == ["Food::porridge"]


def test_what_is_not_brought_in_leaves_nothing_behind(client_for: SignIn, app: Flask) -> None:
    client = client_for(Role.RESEARCHER)
    client.post(f"{_look(client, _package())}/discard")

    assert (_count(CodingProject), _count(Attachment)) == (0, 0)
    root: Path = app.extensions["files"].root
    assert [path for path in root.rglob("*") if path.is_file()] == []


def test_a_project_is_not_stored_twice_from_one_page(client_for: SignIn, app: Flask) -> None:
    client = client_for(Role.RESEARCHER)
    address = _look(client, _package())
    client.post(f"{address}/store", data={"into": "new", "separator": ""})
    again = client.post(f"{address}/store", data={"into": "new", "separator": ""})

    assert "is in already; nothing was stored twice" in again.get_data(as_text=True)
    assert (_count(Study), _count(Highlight)) == (1, 1)


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"hello", "notes.qdpx", "This is no coding project that we can read"),
        (b"", "empty.qdpx", "This is no coding project that we can read"),
        (_package()[:-40], "cut.qdpx", "damaged or cut off"),
        (b"SQLite format 3\x00" + b"\x00" * 400, "broken.sqlite3", "The database cannot be read"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><Project/>', "bomb.qde", "declares a document type"),
        (b"<html></html>", "page.qde", "no REFI-QDA Project"),
        (b"a,b\n1,2\n", "table.csv", "none of Taguette"),
    ],
)
def test_a_file_that_is_no_project_is_refused_with_the_reason(
    client_for: SignIn, app: Flask, content: bytes, name: str, why: str
) -> None:
    client = client_for(Role.RESEARCHER)
    sent = client.post("/projects/import", data={"file": (io.BytesIO(content), name)})

    assert why in sent.get_data(as_text=True)
    assert (_count(CodingProject), _count(Attachment)) == (0, 0)


def test_only_who_brought_a_project_sees_it_before_it_is_in(client_for: SignIn, app: Flask) -> None:
    address = _look(client_for(Role.RESEARCHER), _package())

    other = client_for(Role.RESEARCHER)
    assert other.get(address).status_code == 404
    assert other.post(f"{address}/store", data={"into": "new"}).status_code == 404


def test_a_project_goes_into_no_study_that_the_member_may_not_see(client_for: SignIn, app: Flask) -> None:
    with transaction() as session:
        hidden = make_study(session, restricted=True)
    client = client_for(Role.RESEARCHER)
    sent = client.post(f"{_look(client, _package())}/store", data={"into": hidden.ref, "separator": ""})

    assert sent.status_code == 404
    assert _count(Highlight) == 0


def test_a_study_is_taken_away_with_pseudonyms_and_an_entry_in_the_audit(client_for: SignIn, app: Flask) -> None:
    with transaction() as session:
        owner = make_member(session, name="Priya Natarajan")
        study = make_study(session, actor=owner)
        make_highlight(session, actor=owner, research_session=make_session(session, actor=owner, study=study))
    client = client_for(owner)

    page = client.get(f"/studies/{study.ref}/take-away").get_data(as_text=True)
    taken = client.post(f"/studies/{study.ref}/take-away/project")
    named = client.post(f"/studies/{study.ref}/take-away/project", data={"with_names": "y"})

    assert "Take this study away" in page
    with ZipFile(io.BytesIO(taken.data)) as packed:
        xml = packed.read("project.qde").decode()
        assert QUOTE in xml
        assert "Coder 1" in xml
        assert not any(b"Priya" in packed.read(name) for name in packed.namelist())
    with ZipFile(io.BytesIO(named.data)) as packed:
        assert "Priya Natarajan" in packed.read("project.qde").decode()
    verbs = reading().scalars(select(ActivityEntry.verb).where(ActivityEntry.subject_ref == study.ref))
    assert list(verbs).count("exported") == 2


def test_a_restricted_study_is_taken_away_by_those_it_names_alone(client_for: SignIn, app: Flask) -> None:
    with transaction() as session:
        study = make_study(session, restricted=True)
    client = client_for(Role.RESEARCHER)

    assert client.get(f"/studies/{study.ref}/take-away").status_code == 404
    assert client.post(f"/studies/{study.ref}/take-away/project").status_code == 404
    assert client.post(f"/studies/{study.ref}/take-away/codebook").status_code == 404


def test_the_report_can_be_kept(client_for: SignIn, app: Flask) -> None:
    client = client_for(Role.RESEARCHER)
    package = _package()
    address = _look(client, package)

    assert "lies outside the text" in client.get(f"{address}/report.csv").get_data(as_text=True)
    assert client.get(f"{address}/report.xlsx").status_code == 200
    assert client.get(f"{address}/file", buffered=True).data == package
