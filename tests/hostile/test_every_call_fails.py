"""Each statement, commit, write, fsync and rename of the core work fails once: all of it is stored, or none of it.

trust.md: disk full, and the N-th call fails, for every N of the core flows. N goes from 1 until the work ends well, so
that no step is left out and the last round shows that nothing had been blocked.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from demonstration import sound
from factories import (
    QUOTE,
    make_accepted_decision,
    make_decision,
    make_insight,
    make_member,
    make_session,
    make_study,
    source_of,
    text_of,
)
from figures import measured
from flask import Flask
from flask.testing import FlaskClient
from hostile.faults import Faults, half_written, snapshot
from postgres.hub import opened
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.consents import ConsentDetails, record_consent
from insights.capture.participants import Person, add_participants
from insights.core.access import Role
from insights.core.installation import ensure_database_id
from insights.decisions.operations import link_insight
from insights.people.models import Consent, Participant
from insights.people.operations import start_browser_session
from research_hub.backup import BackupRefused, write_backup
from research_hub.backup.archive import MANIFEST
from research_hub.config import Settings
from research_hub.db import db, reading, transaction
from research_hub.security import TOKEN

TALK = b"Moderator: What did you do then?\n\nP3: I rang my sister.\n"


@dataclass(frozen=True, slots=True)
class Office:
    """An installation as it is on a working day, and a researcher signed in."""

    app: Flask
    client: FlaskClient
    settings: Settings
    faults: Faults

    @property
    def database(self) -> Path:
        return self.settings.data / "research-hub.sqlite3"


@dataclass(frozen=True, slots=True)
class Work:
    """A form that is sent. Files are made anew each time, for sending reads them to their end."""

    address: str
    data: Callable[[], dict[str, Any]]


@pytest.fixture
def office(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with opened(settings) as app:
        with app.app_context():
            db.create_all()
            with transaction() as session:
                ensure_database_id(session)
                member = make_member(session, role=Role.RESEARCHER)
                token = start_browser_session(session, member=member, browser="Test")
            engine = db.engine
        client = app.test_client()
        with client.session_transaction() as cookies:
            cookies[TOKEN] = token
        yield Office(app, client, settings, Faults(engine, monkeypatch))


def log_a_session(session: Session, _client: FlaskClient) -> Work:
    study = make_study(session)
    form = {"study": study.ref, "held_on": "2026-10-14", "notes": "She said zeppelin twice.", "method": "interview"}
    return Work("/sessions", lambda: dict(form))


def upload_a_file(session: Session, _client: FlaskClient) -> Work:
    source = source_of(session, make_session(session))
    return Work(f"/sources/{source.ref}/recordings", lambda: {"recording": (BytesIO(sound()), "kitchen.wav")})


def import_a_file(session: Session, client: FlaskClient) -> Work:
    study = make_study(session)
    session.commit()
    begun = client.post(f"/studies/{study.ref}/import", data={"files": [(BytesIO(TALK), "2026-03-04 talk.txt")]})
    assert begun.status_code == 303
    return Work(f"{begun.location}/store", dict)


def highlight(session: Session, _client: FlaskClient) -> Work:
    source = source_of(session, make_session(session))
    start = text_of(session, source).index(QUOTE)
    form = {"start": str(start), "end": str(start + len(QUOTE)), "tags": "letters, reading order"}
    return Work(f"/sources/{source.ref}/highlights", lambda: dict(form))


def publish_an_insight(session: Session, _client: FlaskClient) -> Work:
    return Work(f"/insights/{make_insight(session, published=False).ref}/publish", dict)


def accept_a_decision(session: Session, _client: FlaskClient) -> Work:
    decision, insight, actor = make_decision(session), make_insight(session), make_member(session)
    link_insight(session, actor=actor, decision=decision, insight=insight, type_="changed", rationale="Six of eight.")
    return Work(f"/decisions/{decision.ref}/accept", dict)


def record_an_outcome(session: Session, client: FlaskClient) -> Work:
    decision = make_accepted_decision(session, insight=make_insight(session))
    session.commit()
    measure = {"name": "calls", "unit": "%", "direction": "down_is_better", "baseline": "31", "target": "20"}
    measured = client.post(f"/decisions/{decision.ref}/measures", data={**measure, "check_on": "2026-02-18"})
    assert measured.status_code == 303
    verdict = {"verdict": "improved", "value": "19.5", "note": "Half as many calls."}
    return Work(f"/decisions/{decision.ref}/checks/1/verdict", lambda: dict(verdict))


def withdraw_consent(session: Session, _client: FlaskClient) -> Work:
    study, actor = make_study(session), make_member(session)
    add_participants(session, actor=actor, study=study, people=[Person(code="P1")])
    person = session.scalars(select(Participant)).one()
    details = ConsentDetails(given_on=date(2026, 3, 4), scopes=["take_part", "publish"])
    record_consent(session, actor=actor, participant=person, study=study, details=details)
    consent = session.scalars(select(Consent)).one()
    return Work(f"/participants/{person.ref}/consents/{consent.id}/withdraw", lambda: {"withdrawn_on": "2026-10-14"})


FLOWS = (
    log_a_session,
    upload_a_file,
    import_a_file,
    highlight,
    publish_an_insight,
    accept_a_decision,
    record_an_outcome,
    withdraw_consent,
)


@pytest.mark.slow
@pytest.mark.parametrize("prepare", FLOWS, ids=lambda flow: flow.__name__.replace("_", " "))
def test_all_of_it_is_stored_or_nothing_whichever_step_fails(
    prepare: Callable[[Session, FlaskClient], Work], office: Office
) -> None:
    with office.app.app_context():
        session = reading()
        work = prepare(session, office.client)
        session.commit()
    before = snapshot(office.database)

    for number in range(1, 1_000):
        with office.faults.during(number):
            answer = office.client.post(work.address, data=work.data())
        if not office.faults.has_failed:
            break
        step = f"step {number}, {office.faults.steps[number - 1]}"
        page = answer.get_data(as_text=True)
        assert answer.status_code == 503, step
        assert "The disk of its server is full." in page, step
        assert snapshot(office.database) == before, step
        assert half_written(office.settings.files_path) == [], step

    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert snapshot(office.database) != before
    assert number > 8, "so few steps cannot have been the work"
    measured(f"{prepare.__name__.replace('_', ' ')}: each of {number - 1} steps failed once")


@pytest.mark.slow
def test_a_backup_is_whole_or_not_there_whichever_step_fails(office: Office, tmp_path: Path) -> None:
    with office.app.app_context(), transaction() as session:
        make_session(session)
        office.app.extensions["files"].keep(b"The letter as it came.")
    target = tmp_path / "out" / "backup.zip"

    for number in range(1, 100):
        with office.faults.during(number), suppress(OSError, BackupRefused):
            write_backup(office.settings, target)
        if not office.faults.has_failed:
            break
        # A step that fails after the file is in its place leaves a whole one, and no step leaves anything beside it.
        assert not target.exists() or is_whole(target), office.faults.steps
        assert [path.name for path in target.parent.glob("*") if path != target] == [], office.faults.steps
        target.unlink(missing_ok=True)

    assert is_whole(target)
    assert number > 2


def is_whole(backup: Path) -> bool:
    with zipfile.ZipFile(backup) as archive:
        return archive.testzip() is None and MANIFEST in archive.namelist()
