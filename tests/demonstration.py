"""The demonstration story, told once for all tests of a run; each test works on a copy of its files."""

from __future__ import annotations

import shutil
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from pathlib import Path

from canaries import plant, watch
from flask import Flask
from flask.testing import FlaskClient
from half_done import leave_half_done
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import SourceText, Study
from insights.capture.recordings import attach_closed_recording
from insights.core.access import Role
from insights.core.installation import ensure_database_id
from insights.people.models import Member
from insights.people.operations import start_browser_session
from insights.people.vault.files import close_into, ready_for_recording
from research_hub.app import create_app
from research_hub.config import Settings
from research_hub.db import db, transaction
from research_hub.demo.loader import load_demo
from research_hub.files import FileStore
from research_hub.security import TOKEN
from research_hub.staged_files import StagedFiles
from research_hub.worker import make_indexer


def tell_into(folder: Path) -> Path:
    """A data folder with the story, its files and its search index. Takes about fifteen seconds."""
    app = create_app(Settings(data=folder))
    with app.app_context():
        db.create_all()
        with transaction() as session:
            ensure_database_id(session)
        with transaction() as session:
            load_demo(session, files=app.extensions["files"], today=date.today())
            attach_sound(session, app.extensions["files"])
            leave_half_done(session, app.extensions["files"], StagedFiles(app.extensions["settings"].staged_path))
            plant(session, app.extensions["files"])
        make_indexer(app).rebuild()
        close(app)
    return folder


def attach_sound(session: Session, files: FileStore) -> None:
    """A quarter of a second of sound beside the first text: the story itself has no recordings, nor may it have any."""
    maya = session.scalars(select(Member).where(Member.role == Role.RESEARCHER)).first()
    source = session.scalars(select(SourceText).order_by(SourceText.id)).first()
    assert maya is not None
    assert source is not None
    closed = close_into(files, BytesIO(sound()), ready_for_recording(source.ref))
    attach_closed_recording(
        session,
        actor=maya,
        source=source,
        study=session.get_one(Study, source.study_id),
        closed=closed,
        media_type="audio/wav",
        name="kitchen.wav",
    )


def sound(seconds: float = 0.25) -> bytes:
    """A real WAV file: silence, mono, 8,000 samples a second."""
    held = BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(bytes(int(seconds * 8_000) * 2))
    return held.getvalue()


@contextmanager
def app_on_copy(told: Path, folder: Path) -> Iterator[Flask]:
    """The application on a copy of the data folder `told`; forms need no token."""
    shutil.copytree(told, folder)
    app = watch(create_app(Settings(data=folder)))
    app.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    yield app
    with app.app_context():
        close(app)


def close(app: Flask) -> None:
    """Lets go of the database and the index; within an application context."""
    db.session.remove()
    db.engine.dispose()
    app.extensions["search"].close()


def browser_of(app: Flask, who: Role | str) -> FlaskClient:
    """A browser in which somebody of that role, or with that e-mail address, is signed in."""
    with app.app_context(), transaction() as session:
        token = start_browser_session(session, member=_member(who), browser="Test")
    client = app.test_client()
    with client.session_transaction() as cookies:
        cookies[TOKEN] = token
    return client


def token_of(app: Flask, who: Role | str) -> str:
    """The signed cookie of such a browser, for a real one."""
    client = browser_of(app, who)
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    return cookie.value


def _member(who: Role | str) -> Member:
    wanted = Member.role == who if isinstance(who, Role) else Member.email == who
    found = db.session.scalars(select(Member).where(wanted, Member.is_active).order_by(Member.id)).first()
    assert found is not None, f"nobody in the demonstration is {who}"
    return found
