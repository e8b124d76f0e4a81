"""Files that nobody refers to are found, told and swept; what a record names, or is about to name, never is."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from conftest import SignIn
from factories import make_member, make_session, make_study
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import Attachment, Recording, SourceText
from insights.capture.operations.texts import attach_original
from insights.core.activity import ActivityEntry
from research_hub.config import Settings
from research_hub.db import reading, transaction
from research_hub.files import FileStore
from research_hub.files_health import files_check
from research_hub.nightly import work_by_night
from research_hub.stored_files import SWEPT, look_through_files, sweep_files

KEPT, LEFT = b"An interview that a record names.", b"An interview whose record failed."
TWO_DAYS = 2 * 24 * 3600.0


@pytest.fixture
def store(app: Flask) -> Iterator[FileStore]:
    found: FileStore = app.extensions["files"]
    yield found
    app.extensions["search"].engine.close()


@pytest.fixture
def named(store: FileStore) -> str:
    """A file that a source names, two days old."""
    with transaction() as session:
        return _named_by_a_source(session, store)


def test_a_file_whose_record_failed_goes_by_night_and_one_that_a_record_names_stays(
    store: FileStore, named: str, settings: Settings
) -> None:
    left = store.keep(LEFT)
    _grow_old(store, left)
    assert "1 stored file" in files_check(settings).message
    assert "research-hub files sweep" in files_check(settings).message
    reading().rollback()
    work_by_night(settings)
    assert not store.path_of(left).exists()
    assert store.read(named) == KEPT
    entry = reading().scalars(select(ActivityEntry).where(ActivityEntry.verb == SWEPT)).one()
    assert entry.detail == {"stored": 1, "waiting": 0}
    assert files_check(settings).ok


def test_an_upload_that_is_about_to_be_named_is_left_alone(store: FileStore, settings: Settings) -> None:
    young = store.keep(LEFT)
    with transaction() as session:
        assert sweep_files(session, settings) == 0
        found = look_through_files(session, settings)
    assert (found.unreferenced, found.young) == ((), 1)
    assert store.read(young) == LEFT


def test_the_same_file_kept_again_counts_as_new(store: FileStore, settings: Settings) -> None:
    digest = store.keep(LEFT)
    _grow_old(store, digest)
    assert store.keep(LEFT) == digest
    with transaction() as session:
        assert sweep_files(session, settings) == 0


def test_uploads_race_with_sweeps_and_no_record_ever_names_a_file_that_is_gone(
    store: FileStore, settings: Settings, app: Flask
) -> None:
    """Each round an old file that nobody names is brought again at the moment of a sweep."""
    with transaction() as session:
        held = make_session(session, study=make_study(session))
        source_id = session.scalars(select(SourceText.id).where(SourceText.research_session_id == held.id)).one()
    for number in range(30):
        content = f"Round {number}".encode()
        digest = store.keep(content)
        _grow_old(store, digest)
        together = threading.Barrier(2)

        def sweep(together: threading.Barrier = together) -> None:
            together.wait()
            with app.app_context(), transaction() as session:
                sweep_files(session, settings)

        sweeping = threading.Thread(target=sweep)
        sweeping.start()
        together.wait()
        store.keep(content)
        with transaction() as session:
            attach_original(session, session.get_one(SourceText, source_id), "round.txt", content)
        sweeping.join()
        with transaction() as session:
            names = set(session.scalars(select(Attachment.sha256)))
        assert digest in names
        assert store.read(digest) == content, number


def test_missing_and_changed_files_are_named_with_what_to_do(store: FileStore, named: str, settings: Settings) -> None:
    store.path_of(named).write_bytes(b"Somebody else's words.")
    changed = files_check(settings)
    assert not changed.ok
    assert "other content" in changed.message
    assert "backup" in changed.message
    store.path_of(named).unlink()
    assert "missing" in files_check(settings).message


def test_what_waits_to_be_imported_is_swept_when_no_import_names_it(
    app: Flask, client_for: SignIn, store: FileStore, settings: Settings
) -> None:
    del app, store
    with transaction() as session:
        actor = make_member(session)
        ref = make_study(session, actor=actor).ref
    brought = client_for(actor).post(f"/studies/{ref}/import", data={"files": [(BytesIO(KEPT), "interview.txt")]})
    assert brought.status_code == 303
    staged = FileStore(settings.staged_path)
    left = staged.keep(LEFT)
    files = [path for path in settings.staged_path.rglob("*") if path.is_file()]
    for path in files:
        os.utime(path, (time.time() - TWO_DAYS,) * 2)
    with transaction() as session:
        assert sweep_files(session, settings) == 1
    assert not staged.path_of(left).exists()
    assert KEPT in [path.read_bytes() for path in settings.staged_path.rglob("*") if path.is_file()]


def test_half_of_a_file_that_a_killed_process_left_goes_too(store: FileStore, named: str, settings: Settings) -> None:
    half = store.path_of(named).with_name("tmpabc123")
    half.write_bytes(LEFT[:9])
    os.utime(half, (time.time() - TWO_DAYS,) * 2)
    with transaction() as session:
        assert sweep_files(session, settings, older_than=timedelta(hours=1)) == 1
    assert not half.exists()


def test_a_recording_put_in_the_place_of_another_is_not_played_and_no_name_is_told(
    app: Flask, client_for: SignIn, store: FileStore
) -> None:
    del app
    with transaction() as session:
        actor = make_member(session)
        study = make_study(session, actor=actor)
        sources = []
        for _number in range(2):
            held = make_session(session, actor=actor, study=study)
            found = select(SourceText).where(SourceText.research_session_id == held.id)
            sources.append(session.scalars(found).one().ref)
    browser = client_for(actor)
    for ref, sound in zip(sources, (b"of the one", b"of another"), strict=True):
        sent = (BytesIO(b"RIFF" + (36).to_bytes(4, "little") + b"WAVEfmt " + sound), "Agnes-Brambleworth.wav")
        assert browser.post(f"/sources/{ref}/recordings", data={"recording": sent}).status_code == 303
    one, another = (store.path_of(each) for each in reading().scalars(select(Recording.sha256).order_by(Recording.id)))
    assert b"of the one" not in one.read_bytes()
    with browser.get("/recordings/RCD-1/file") as heard:
        assert heard.get_data().endswith(b"of the one")
        assert "Brambleworth" not in str(heard.headers)
    assert not [path for path in store.root.rglob("*") if "agnes" in path.name.casefold()]
    one.write_bytes(another.read_bytes())
    refused = browser.get("/recordings/RCD-1/file")
    assert refused.status_code >= 400
    assert b"of another" not in refused.get_data()


def _named_by_a_source(session: Session, store: FileStore) -> str:
    held = make_session(session, study=make_study(session))
    source = session.scalars(select(SourceText).where(SourceText.research_session_id == held.id)).one()
    digest = store.keep(KEPT)
    attach_original(session, source, "interview.txt", KEPT)
    _grow_old(store, digest)
    return digest


def _grow_old(store: FileStore, digest: str) -> None:
    path: Path = store.path_of(digest)
    os.utime(path, (time.time() - TWO_DAYS,) * 2)
