"""A file as the notes of a session: whatever kind it has, it is read, and known for what it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from io import BytesIO

import pytest
from docx import Document
from factories import make_member, make_study
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from insights.capture.models import Attachment, SourceKind, SourceText, TextVersion, Utterance
from insights.people.models import Member
from research_hub.db import reading, transaction

CAPTIONS = (
    b"WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n<v P3>I rang my sister.\n\n"
    b"00:00:04.000 --> 00:00:06.000\n<v P3>Then I read on.\n"
)

Send = Callable[[str, bytes], TestResponse]


@pytest.fixture
def send(app: Flask, client_for: Callable[[Member], FlaskClient]) -> Send:
    """Logs a session whose notes are that file."""
    with transaction() as unit:
        member = make_member(unit)
        study = make_study(unit, actor=member)
    client = client_for(member)

    def post(name: str, content: bytes) -> TestResponse:
        data = {
            "study": study.ref,
            "held_on": "2026-03-04",
            "method": "interview",
            "original": (BytesIO(content), name),
        }
        return client.post("/sessions", data=data)

    return post


def said(answer: TestResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def stored() -> tuple[SourceText, str]:
    source = reading().scalars(select(SourceText)).one()
    text = reading().scalars(select(TextVersion.text)).one()
    return source, text


def test_the_encoding_that_was_read_is_the_one_that_is_kept(send: Send) -> None:
    send("notes.txt", "Où est la lettre ?".encode("cp1252"))

    source, text = stored()
    assert text == "Où est la lettre ?"
    assert source.encoding == "cp1252"


def test_a_word_document_is_read(send: Send) -> None:
    document, file = Document(), BytesIO()
    document.add_paragraph("She stopped at the second line.")
    document.save(file)

    answer = send("notes.docx", file.getvalue())

    assert answer.status_code == 303, said(answer)
    assert "She stopped at the second line." in stored()[1]
    assert reading().scalars(select(Attachment.media_type)).one().endswith("wordprocessingml.document")


def test_captions_keep_who_spoke_when(send: Send) -> None:
    send("talk.vtt", CAPTIONS)

    source, text = stored()
    rows = reading().scalars(select(Utterance).order_by(Utterance.number)).all()
    assert source.kind is SourceKind.TRANSCRIPT
    assert [(row.start_ms, row.speaker) for row in rows] == [(1000, "P3"), (4000, "P3")]
    assert "I rang my sister." in text[rows[0].start : rows[0].end]


def test_a_table_is_sent_where_its_columns_are_asked_for(send: Send) -> None:
    answer = send("survey.csv", b"Participant,What stopped you?\nP1,The word.\n")

    assert answer.status_code == 422
    assert "Bring it in on the page of the study" in said(answer)
    assert reading().scalars(select(SourceText)).all() == []
