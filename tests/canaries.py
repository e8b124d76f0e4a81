"""Canaries: people who are known by name in the demonstration's vault, and whose names must never be met outside it.

They are planted once, before the story's files are copied for each test, so that every test that walks the story walks
past them. Every answer of an application under test is looked through, and so is what a test printed and logged.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, Response, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge

from insights.capture.models import Study
from insights.core.clock import today
from insights.people.contacts import ContactDetails, IncentiveDetails, record_contact, record_incentive
from insights.people.models import Identity, Member, Participant
from insights.people.vault import Who, keep_identity
from insights.people.vault.files import KeepsStreams, add_closed, close_into, ready_for_paper

NAME, EMAIL = "Zinnavere Quorlbright", "zinnavere@quorlbright.example"
TELEPHONE, ADDRESS = "07700 900417", "9 Brindlewickham Steps"
NEEDLES = ("zinnavere", "quorlbright", "7700 900417", "7700900417", "brindlewickham")
PAPER = f"Signed by {NAME}, {ADDRESS}, {TELEPHONE}".encode()
# The vault's own answers: who somebody is, a form that comes back as it was typed, a paper, and what is given to the
# person themself when they ask what is held about them.
VAULT = {
    *("people.see_identity", "people.keep", "people.find_identities", "people.open_paper"),
    "stewardship.export_subject_access",
}

_met: list[str] = []


def plant(session: Session, files: KeepsStreams) -> None:
    """Gives everybody of the story a name, the first a paper, and one a contact and something for their time."""
    people = session.scalars(select(Participant).where(Participant.removed_at.is_(None)).order_by(Participant.id)).all()
    for number, person in enumerate(people):
        who = Who(
            name=f"{NAME} {number}",
            email=f"{number}.{EMAIL}",
            telephone=f"{TELEPHONE}{number:02}",
            address=ADDRESS,
            note=f"{NAME} rings back",
            source=f"Named by {NAME}",
        )
        told = session.scalar(select(Identity.row_version).where(Identity.participant_id == person.id))
        keep_identity(session, actor=None, participant=person, who=who, row_version=told)
    first = people[0]
    add_closed(session, close_into(files, io.BytesIO(PAPER), ready_for_paper(session, first.id)))
    _contact(session, first)


def _contact(session: Session, person: Participant) -> None:
    study = session.get_one(Study, person.study_id)
    actor = session.scalars(select(Member).where(Member.team_id == study.team_id).order_by(Member.id)).first()
    assert actor is not None
    values: dict[str, Any] = {"actor": actor, "participant": person, "study_id": study.id, "team_id": study.team_id}
    record_contact(session, **values, details=ContactDetails("thanked", "letter", today(session)))
    given = IncentiveDetails("40", "GBP", "Gift card", today(session))
    record_incentive(session, **values, details=given)


def met_in(content: bytes) -> list[str]:
    """The needles that the bytes hold, also packed in a ZIP (and so in XLSX, DOCX and projects) or in a PDF."""
    return [needle for needle in NEEDLES for layer in _layers(content) if needle.encode() in layer.lower()]


def watch(app: Flask) -> Flask:
    """Looks through every answer of the application, headers too; what is met fails the test that met it."""
    app.after_request(_look_through)
    return app


@pytest.fixture(autouse=True)
def _no_canary_is_met_outside_the_vault() -> Iterator[None]:
    _met.clear()
    yield
    assert not _met, "\n".join(_met)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """What a test printed or logged is looked through as well."""
    report: Any = yield
    told = "\n".join(text for title, text in report.sections if title.startswith("Captured"))
    found = met_in(told.encode())
    if found and report.passed:
        report.outcome, report.longrepr = "failed", f"A canary of the vault stands in what was logged: {found}"
    return report


def _look_through(response: Response) -> Response:
    if request.endpoint in VAULT or response.is_streamed:
        return response
    head = f"{response.headers}".encode()
    response.direct_passthrough = False
    # Whoever types a name meets it again in the form.
    typed = met_in(_typed().encode())
    if found := [needle for needle in met_in(head + response.get_data()) if needle not in typed]:
        _met.append(f"{request.method} {request.path} shows {found}")
    return response


def _typed() -> str:
    try:
        return f"{request.args} {request.form}"
    except RequestEntityTooLarge:
        return f"{request.args}"


def _layers(content: bytes) -> Iterator[bytes]:
    yield content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for name in packed.namelist():
                yield from _layers(packed.read(name))
    if content.startswith(b"%PDF"):
        for part in content.split(b"stream\r\n")[1:] + content.split(b"stream\n")[1:]:
            try:
                yield zlib.decompressobj().decompress(part)
            except zlib.error:
                continue
