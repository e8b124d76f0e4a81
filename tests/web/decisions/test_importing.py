"""Decision files from a browser: what became of each is shown, and no name or size does harm."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from factories import make_service
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from insights.core.access import Role
from insights.decisions.models import Decision, DecisionStatus
from research_hub.db import reading, transaction
from research_hub.web.decisions.upload_names import safe_names

ACCEPTED = b"""# 1. Put the next step before the result

Date: 2024-03-05

## Status

Accepted

## Context

People stopped reading early.

## Decision

We put the next step first.

## Consequences

The letter is longer.
"""
REPLACED = b"""# 2. Say it in one line

## Status

Superseded by [1. Put the next step before the result](0001-next-step.md)

## Context

It was short.

## Decision

One line.
"""
NO_STATUS = b"# Send a text message first\n\n## Context\n\nLetters are late.\n\n## Mood\n\nGood.\n"

Files = Iterable[tuple[str, bytes]]


class Send:
    def __init__(self, browser: FlaskClient) -> None:
        self.browser = browser

    def __call__(self, files: Files, **fields: str) -> TestResponse:
        data = {"files": [(BytesIO(content), name) for name, content in files], **fields}
        answer = self.browser.post("/decisions/import", data=data, content_type="multipart/form-data")
        # The test browser spools what is large to a file of its own, and leaves it open.
        answer.request.environ["wsgi.input"].close()
        return answer


@pytest.fixture
def send(browser: FlaskClient) -> Send:
    return Send(browser)


def page(answer: TestResponse) -> str:
    return unescape(answer.get_data(as_text=True))


def part(answer: TestResponse, name: str) -> str:
    """What stands below the heading of that id."""
    return page(answer).partition(f'id="{name}"')[2].partition("<h2")[0]


def decisions() -> list[Decision]:
    return list(reading().scalars(select(Decision).order_by(Decision.id)))


def test_what_became_of_each_file_is_shown_and_each_decision_is_a_link(send: Send) -> None:
    answer = send(
        [
            ("0001-next-step.md", ACCEPTED),
            ("0002-one-line.md", REPLACED),
            ("0003-text.md", NO_STATUS),
            ("README.md", b"# Decisions\n\nHow we decide.\n"),
            ("plan.pdf", b"%PDF-1.7\x00\x00"),
            ("broken.md", b"a\x00b" * 50),
        ]
    )

    assert answer.status_code == 200
    first, second, third = decisions()
    assert [(each.title, each.status) for each in (first, second)] == [
        ("Put the next step before the result", DecisionStatus.ACCEPTED),
        ("Say it in one line", DecisionStatus.SUPERSEDED),
    ]
    assert "6 files: 3 stored, 2 not decisions, 1 not read" in page(answer)
    for each in (first, second, third):
        assert f'href="/decisions/{each.ref}"' in part(answer, "stored")
    assert "5 Mar 2024" in part(answer, "stored")
    assert "taken as proposed" in part(answer, "stored")
    assert f"{first.ref} (0001-next-step.md) took the place of {second.ref}" in part(answer, "supersession")
    assert "By its name this is a README." in part(answer, "left-out")
    assert "plan.pdf" in part(answer, "left-out")
    assert "It holds NUL bytes" in part(answer, "unread")


def test_sent_again_every_file_is_known(send: Send) -> None:
    send([("0001-next-step.md", ACCEPTED)])

    again = send([("another name.md", ACCEPTED)])

    assert len(decisions()) == 1
    assert f'href="/decisions/{decisions()[0].ref}"' in part(again, "known")
    assert "another name.md" in part(again, "known")


def test_the_service_chosen_is_what_they_are_about(send: Send) -> None:
    with transaction() as unit:
        service = make_service(unit, name="Screening")

    send([("0001-next-step.md", ACCEPTED)], service_id=str(service.id))

    assert decisions()[0].service_id == service.id


def test_without_a_file_nothing_happens_and_the_field_says_so(send: Send) -> None:
    answer = send([])

    assert answer.status_code == 422
    assert "Choose at least one file." in page(answer).partition('id="files-error"')[2].partition("</p>")[0]


def test_more_than_200_files_are_refused_as_a_whole(send: Send) -> None:
    answer = send((f"{number}.md", ACCEPTED) for number in range(201))

    assert answer.status_code == 422
    assert "These are 201 files; 200 are taken at once." in page(answer)
    assert decisions() == []


def test_200_files_are_taken(send: Send) -> None:
    answer = send((f"{number}.md", ACCEPTED.replace(b"next step", b"step %d" % number)) for number in range(200))

    assert answer.status_code == 200
    assert reading().scalar(select(func.count(Decision.id))) == 200


def test_a_file_that_is_too_large_is_named_and_the_others_come_in(send: Send) -> None:
    answer = send([("large.md", b"x" * 2_200_000), ("0001-next-step.md", ACCEPTED)])

    assert answer.status_code == 200
    assert "large.md" in part(answer, "unread")
    assert "a decision may have at most 2,097,152" in part(answer, "unread")
    assert len(decisions()) == 1


def test_more_than_8_mb_in_all_are_refused(send: Send) -> None:
    answer = send((f"{number}.md", b"x" * 2_000_000) for number in range(5))

    assert answer.status_code == 413
    assert "Nothing was stored." in page(answer)
    assert decisions() == []


@pytest.mark.parametrize(
    "name",
    [
        *("../../../../outside.md", "..\\..\\outside.md", "/outside.md"),
        *(".hidden.md", "x" * 5_000 + ".md", "a\x07\u202eb.md", "…/é.md"),
    ],
)
def test_a_hostile_name_leads_nowhere_and_its_decision_comes_in(send: Send, name: str) -> None:
    answer = send([(name, ACCEPTED)])

    assert answer.status_code == 200
    kept = decisions()[0].source_name
    assert not {"/", "\\", "\x07", "\u202e"} & set(kept)
    assert len(kept.encode()) <= 255
    assert not Path("/outside.md").exists()


def test_a_name_is_shown_as_text(send: Send) -> None:
    answer = send([("<script>alert(1)</script>.md", ACCEPTED), ("a&b.md", NO_STATUS)])

    assert "<script>alert" not in answer.get_data(as_text=True)
    assert "a&amp;b.md" in answer.get_data(as_text=True)


def test_files_of_one_name_from_several_folders_all_come_in(send: Send) -> None:
    answer = send([("one/decision.md", ACCEPTED), ("two/decision.md", NO_STATUS)])

    assert answer.status_code == 200
    assert [each.source_name for each in decisions()] == ["decision (2).md", "decision.md"]


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        (["0001-a.md", "0001-A.md"], ["0001-a.md", "0001-A (2).md"]),
        (["", "..", "///", ". ."], ["file 1", "file 2", "file 3", "file 4"]),
        (["é" * 200 + ".md"], ["é" * 75 + ".md"]),
        (["a." + "b" * 300], ["a." + "b" * 148]),
        (["con:aux|.md"], ["conaux.md"]),
    ],
)
def test_names_stay_those_that_people_know_where_they_are_safe(given: list[str], safe: list[str]) -> None:
    assert list(safe_names(given)) == safe


def test_the_list_offers_it_to_who_decides(browser: FlaskClient, client_for: Callable[[Role], FlaskClient]) -> None:
    assert 'href="/decisions/import"' in page(browser.get("/decisions"))
    reader = client_for(Role.READER)
    assert 'href="/decisions/import"' not in page(reader.get("/decisions"))
    assert reader.get("/decisions/import").status_code == 403
    assert reader.post("/decisions/import").status_code == 403
