"""Whoever withdraws is gone: of words planted in every field about them no byte is left in any live store."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pytest
from factories import make_session, make_study, source_of
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from withdrawing import ALONE, LONG, OTHER, TOGETHER, World, make_world

from insights.capture.consents import ConsentDetails, record_consent
from insights.capture.models import Draft, SourceText, TextVersion
from insights.capture.operations.texts import attach_original
from insights.coding.memos import write_memo
from insights.stewardship.erasure.finishing import unfinished
from insights.stewardship.erasure.tables import columns_with_words
from insights.stewardship.models import Withdrawal, WithdrawalStatus
from insights.stewardship.withdrawal import withdraw_participant
from research_hub.config import Settings
from research_hub.db import db, reading, transaction
from research_hub.erased_list import read_erased, replay_erasures
from research_hub.erasing import finish_erasures
from research_hub.files import FileStore
from research_hub.worker import make_indexer

TODAY = date(2026, 11, 20)


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """One person whose words stand in every field about them, and are quoted by members elsewhere."""
    with transaction() as session:
        made = make_world(session)
        _plant(session, app, made)
    make_indexer(app).rebuild()
    yield made
    app.extensions["search"].engine.close()


def test_no_byte_of_what_they_said_is_left_in_any_live_store(app: Flask, settings: Settings, world: World) -> None:
    canaries = _canaries(world)
    before = _stores_with(settings, canaries)
    assert {"database", "index", "files"} <= before.keys()
    assert set.union(*before.values()) == set(canaries), "every word stood somewhere, else the test shows nothing"
    done = _erase(app, world)
    assert done.status is WithdrawalStatus.DONE, done.remains
    assert _stores_with(settings, canaries) == {}
    assert not _columns_with(canaries)


def test_nobody_elses_words_are_lost(app: Flask, world: World) -> None:
    _erase(app, world)
    with transaction() as session:
        transcript = session.get_one(SourceText, world.transcript.id)
        left = session.scalar(
            text("SELECT text FROM text_versions WHERE id = :id").bindparams(id=transcript.current_version_id)
        )
    assert OTHER in str(left)


def test_the_certificate_counts_and_says_nothing(app: Flask, world: World) -> None:
    done = _erase(app, world)
    told = json.loads(done.certificate)
    assert told["found_left"] == 0
    assert told["removed"]["highlights"] == 2
    assert told["backups"]["kept_days"] == 30
    assert told["looked_through"]["columns"] > 200
    assert not [each for each in _canaries(world) if each in done.certificate]
    assert done.digests == []


def test_what_a_process_that_was_killed_left_undone_is_made_up_for(
    app: Flask, settings: Settings, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in ("_forget_files", "_empty_log_of_writes", "_look_back"):
        with monkeypatch.context() as patched:
            patched.setattr(f"research_hub.erasing.{step}", _killed)
            with pytest.raises(KeyboardInterrupt):
                _erase(app, world)
        assert unfinished(reading()), "it is not called done"
    done = _erase(app, world)
    assert done.status is WithdrawalStatus.DONE, done.remains
    assert _stores_with(settings, _canaries(world)) == {}


def test_a_copy_in_another_study_keeps_it_from_being_done_until_somebody_looks(app: Flask, world: World) -> None:
    with transaction() as session:
        actor = session.merge(world.actor)
        copied = make_session(session, actor=actor, study=make_study(session, actor=actor), notes=LONG)
        copy = source_of(session, copied)
    done = _erase(app, world)
    assert done.status is WithdrawalStatus.REMAINS
    assert done.remains == [copy.ref]
    assert not done.certificate
    with transaction() as session:
        version = session.get_one(TextVersion, copy.current_version_id)
        version.text, version.length = "Gone.", 5
    finish_erasures(app, make_indexer(app), with_remains=True)
    reading().rollback()
    assert reading().get_one(Withdrawal, done.id).status is WithdrawalStatus.DONE


def test_an_older_backup_does_not_bring_them_back(app: Flask, settings: Settings, world: World, tmp_path: Path) -> None:
    backup = tmp_path / "backup.sqlite3"
    reading().rollback()
    connection = db.engine.raw_connection()
    connection.cursor().execute("VACUUM INTO ?", (str(backup),))
    connection.close()
    _erase(app, world)
    assert len(read_erased(settings.data / "erased.jsonl")) == 1
    _put_back(settings, backup)
    assert _columns_with([ALONE]), "the backup has their words"
    with transaction() as session:
        replayed = replay_erasures(session, settings)
    assert (replayed.again, replayed.list_found) == (1, True)
    make_indexer(app).rebuild()
    assert finish_erasures(app, make_indexer(app)) == 1
    assert _stores_with(settings, [ALONE, TOGETHER]) == {}
    with transaction() as session:
        assert replay_erasures(session, settings).again == 0


def test_a_missing_list_is_told(app: Flask, settings: Settings) -> None:
    with transaction() as session:
        assert not replay_erasures(session, settings).list_found


def _plant(session: Session, app: Flask, world: World) -> None:
    """Tokens of their own in short fields, whole sentences where members quote."""
    files: FileStore = app.extensions["files"]
    person, study, actor = world.person, world.study, world.actor
    person.group, person.attributes = "canarygroup", {"access_need": "canaryneed"}
    record_consent(
        session,
        actor=actor,
        participant=person,
        study=study,
        details=ConsentDetails(date(2026, 10, 1), ["take_part"], note="canaryconsent"),
    )
    original = f"canaryoriginal {ALONE}".encode()
    source = session.scalars(select(SourceText).where(SourceText.research_session_id == world.alone.id)).one()
    source.title, source.front_matter = "canarytitle", {"note": "canaryfront"}
    files.keep(original)
    attach_original(session, source, "canaryname.txt", original)
    world.alone.custom = {"field": "canarycustom"}
    world.alone.channel = "canarychannel"
    world.quote.observation = "canaryobservation"
    write_memo(session, actor=actor, about=world.quote.ref, title="canarymemo", text="canarymemotext")
    session.add(
        Draft(
            member_id=actor.id,
            form_key=f"notes:{world.alone.ref}",
            fields={"notes": "canarydraft"},
            saved_at=world.alone.created_at,
        )
    )
    world.broad.body = f"One of them told us: “{TOGETHER}” and we believed it."
    world.decision.context = f"We heard: {ALONE}"
    session.flush()


def _canaries(world: World) -> list[str]:
    tokens = "group need consent original name title front custom channel observation memo memotext draft"
    del world
    return [ALONE, TOGETHER, *(f"canary{each}" for each in tokens.split())]


def _erase(app: Flask, world: World) -> Withdrawal:
    with transaction() as session:
        known = session.scalar(select(Withdrawal))
        if known is None:
            person, study = session.merge(world.person), session.merge(world.study)
            known = withdraw_participant(
                session, actor=session.merge(world.actor), participant=person, study=study, asked_on=TODAY
            )
    finish_erasures(app, make_indexer(app))
    reading().rollback()
    return reading().get_one(Withdrawal, known.id)


def _killed(*_values: object) -> None:
    raise KeyboardInterrupt


def _stores_with(settings: Settings, canaries: list[str]) -> dict[str, set[str]]:
    """Bytes of the database, its log of writes, the index and the files; texts are found in pieces of a few words."""
    reading().rollback()
    stores = {
        "database": settings.data.glob("research-hub.sqlite3*"),
        "index": settings.index_path.rglob("*"),
        "files": settings.files_path.rglob("*"),
    }
    found: dict[str, set[str]] = {}
    for name, paths in stores.items():
        held = _held(paths)
        hits = {each for each in canaries if any(part.encode() in held for part in _parts(each))}
        if hits:
            found[name] = hits
    return found


def _held(paths: Iterable[Path]) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(paths) if path.is_file())


def _parts(canary: str) -> list[str]:
    words = canary.split()
    return [canary] if len(words) == 1 else [" ".join(words[at : at + 4]) for at in range(len(words) - 3)]


def _columns_with(canaries: list[str]) -> list[str]:
    held = {
        str(column): json.dumps(list(reading().execute(select(column)).scalars()), ensure_ascii=False)
        for column in columns_with_words()
    }
    reading().rollback()
    return [name for name, value in held.items() if any(each in value for each in canaries)]


def _put_back(settings: Settings, backup: Path) -> None:
    db.session.remove()
    db.engine.dispose()
    for end in ("-wal", "-shm"):
        (settings.data / f"research-hub.sqlite3{end}").unlink(missing_ok=True)
    shutil.copy(backup, settings.data / "research-hub.sqlite3")
