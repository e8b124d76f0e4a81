"""Before and after as pictures: chosen in the form, shown side by side, served as nothing but pictures."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pictures import SCRIPT, jpeg, png
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from insights.core.access import Role
from insights.decisions.models import Decision, DecisionStatus
from research_hub.db import transaction


def _form(**values: Any) -> dict[str, Any]:
    return {"before": "", "after": "", "url": "", **values}


def _file(content: bytes, name: str = "picture.png") -> tuple[BytesIO, str]:
    return BytesIO(content), name


@pytest.fixture
def shown(browser: FlaskClient, accepted: Decision) -> Decision:
    answer = browser.post(
        f"/decisions/{accepted.ref}/changes",
        data=_form(
            before_image=_file(png() + SCRIPT),
            before_alt="The letter with the result first",
            after_image=_file(jpeg(), "after.jpg"),
            after_alt="The letter with the next step first",
        ),
    )
    assert answer.status_code == 303, answer.text
    return accepted


def test_pictures_stand_side_by_side_with_what_they_show(browser: FlaskClient, shown: Decision) -> None:
    page = browser.get(f"/decisions/{shown.ref}").text

    assert 'alt="The letter with the result first"' in page
    assert 'alt="The letter with the next step first"' in page
    assert "<figcaption>Before</figcaption>" in page


def test_a_picture_is_served_as_a_picture_and_nothing_else(browser: FlaskClient, shown: Decision) -> None:
    answer = browser.get(f"/decisions/{shown.ref}/images/1")

    assert answer.content_type == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.data.startswith(b"\x89PNG")
    assert SCRIPT not in answer.data


def test_a_picture_without_words_for_it_is_refused_and_nothing_is_stored(
    browser: FlaskClient, accepted: Decision
) -> None:
    answer = browser.post(
        f"/decisions/{accepted.ref}/changes", data=_form(before="Old", before_image=_file(png()), before_alt=" ")
    )

    assert answer.status_code == 422
    assert "what the picture shows" in answer.text
    assert browser.get(f"/decisions/{accepted.ref}/changes/1").status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "before.svg", "SVG pictures"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50_000_000), "before.png", "5 MB is the most"),
        (b"GIF89a<script>", "before.png", "damaged"),
    ],
)
def test_a_hostile_or_huge_picture_is_refused_by_its_field(
    browser: FlaskClient, accepted: Decision, content: bytes, name: str, words: str
) -> None:
    # Encoded here, since the test client leaves the file open in which it would encode a large body.
    picture = FileStorage(BytesIO(content), filename=name)
    form = _form(before="Kept words", before_image=picture, before_alt="A letter")
    boundary, body = encode_multipart(form)
    answer = browser.post(
        f"/decisions/{accepted.ref}/changes", data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )

    assert answer.status_code == 422
    assert words in answer.text
    assert "Kept words" in answer.text
    assert browser.get(f"/decisions/{accepted.ref}/changes/1").status_code == 404


def test_a_picture_is_taken_away_brought_back_and_replaced(browser: FlaskClient, shown: Decision) -> None:
    browser.post(f"/decisions/{shown.ref}/images/1/delete")
    gone = browser.get(f"/decisions/{shown.ref}/images/1").status_code
    browser.post(f"/decisions/{shown.ref}/images/1/restore")
    back = browser.get(f"/decisions/{shown.ref}/images/1").status_code
    browser.post(
        f"/decisions/{shown.ref}/changes/1",
        data=_form(after_alt="Other words", before_image=_file(png(5, 5)), before_alt="The older letter"),
    )
    page = browser.get(f"/decisions/{shown.ref}").text

    assert (gone, back) == (404, 200)
    assert 'alt="The older letter"' in page
    assert "The letter with the result first" not in page
    assert 'alt="Other words"' in page


def test_pictures_of_a_draft_are_seen_by_those_who_see_the_draft(
    app: Flask, browser: FlaskClient, draft: Decision, client_for: Callable[[Role], FlaskClient]
) -> None:
    browser.post(
        f"/decisions/{draft.ref}/changes", data=_form(before_image=_file(png()), before_alt="The letter as it was")
    )
    with app.app_context(), transaction() as unit:
        unit.get_one(Decision, draft.id).status = DecisionStatus.DRAFT
    reader = client_for(Role.READER)

    assert browser.get(f"/decisions/{draft.ref}/images/1").status_code == 200
    assert reader.get(f"/decisions/{draft.ref}/images/1").status_code == 404
