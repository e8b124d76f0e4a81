"""The vault from the command line: keys rotated and forgotten, everything checked, older files closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from alembic import command
from click.testing import Result
from demonstration import sound
from factories import a_team, make_member, make_session, make_study, source_of
from flask import Flask
from sqlalchemy import select, text

from insights.capture.models import Attachment, Recording
from insights.capture.recordings import attach_recording
from insights.core.clock import now
from insights.core.installation import ensure_database_id
from insights.core.keys import Keys
from insights.people.models import Consent, Member, Participant, VaultKey
from insights.people.vault import Who, keep_identity, open_identities
from insights.people.vault.erasing import destroy_key
from insights.people.vault.files import open_file
from insights.people.vault.keeping import rewrap_batch
from research_hub.app import create_app
from research_hub.cli.application import within
from research_hub.config import Settings
from research_hub.db import db, reading, transaction
from research_hub.key_file import keys_as_text, read_keys
from research_hub.migrations import migration_config

Run = Callable[..., Result]
PAPER = b"I agree. Signed: Josephine Quillfeather"


@contextmanager
def opened(data: Path) -> Iterator[Flask]:
    app = create_app(Settings(data=data))
    with within(app):
        yield app


@pytest.fixture
def held(data: Path) -> Path:
    """A data folder with three people known by name, and a recording and a paper that lie open from before."""
    with opened(data) as app:
        db.create_all()
        command.stamp(migration_config(), "head")
        with transaction() as session:
            ensure_database_id(session)
            a_team(session)
            maya = make_member(session)
            study = make_study(session, actor=maya)
            held = make_session(session, actor=maya, study=study, participants=["P1", "P2", "P3"])
            for number, person in enumerate(people()):
                keep_identity(session, actor=maya, participant=person, who=Who(name=f"Quillfeather {number}"))
            store = app.extensions["files"]
            digest, size = store.keep_stream(BytesIO(sound()))
            source = source_of(session, held)
            values = {"sha256": digest, "size": size, "media_type": "audio/wav", "name": "kitchen.wav"}
            attach_recording(session, actor=maya, source=source, study=study, **values)
            _leave_paper(session.get_one(Participant, 1), maya, store.keep(PAPER))
    return data


def _leave_paper(person: Participant, maya: Member, digest: str) -> None:
    session = reading()
    session.add(Attachment(sha256=digest, size=len(PAPER), media_type="application/pdf", added_at=now(session)))
    session.flush()
    consent = Consent(
        participant_id=person.id,
        study_id=person.study_id,
        given_on=now(session).date(),
        evidence_sha256=digest,
        evidence_name="quillfeather.pdf",
        created_at=now(session),
        updated_at=now(session),
        created_by_id=maya.id,
    )
    session.add(consent)
    session.flush()


def people() -> list[Participant]:
    return list(reading().scalars(select(Participant).order_by(Participant.id)))


def names(data: Path) -> list[str]:
    with opened(data):
        return [each.who.name for person in people() for each in open_identities(reading(), person)]


def key_ids(data: Path) -> list[str]:
    return [key.id for key in read_keys(data / "keys.json").vault]


def test_a_new_master_key_closes_everything_anew_and_the_old_one_goes_when_it_is_told(run: Run, held: Path) -> None:
    [old] = key_ids(held)

    rotated = run("vault", "rotate-key")

    assert rotated.exit_code == 0, rotated.output
    assert "4 keys closed anew." in rotated.output
    new, kept = key_ids(held)
    assert kept == old != new
    assert (held / "keys.json").stat().st_mode & 0o777 == 0o600
    forgotten = run("vault", "forget-old-keys", "--yes")
    assert "1 old keys forgotten." in forgotten.output
    assert key_ids(held) == [new]
    assert names(held) == ["Quillfeather 0", "Quillfeather 1", "Quillfeather 2"]


def test_a_rotation_that_was_interrupted_goes_on_without_a_further_key(run: Run, held: Path) -> None:
    keys = read_keys(held / "keys.json")
    both = Keys(keys.audit, (Keys.made().newest, *keys.vault))
    (held / "keys.json").write_text(keys_as_text(both), encoding="utf-8")
    with opened(held), transaction() as session:
        assert rewrap_batch(session, limit=2) == 2
    assert len(names(held)) == 3
    refused = run("vault", "forget-old-keys", "--yes")
    assert refused.exit_code == 1
    assert f"Data keys are still closed with {keys.newest.id}." in refused.output

    rotated = run("vault", "rotate-key")

    assert "it goes on, and no further key is made" in rotated.output
    assert "2 keys closed anew." in rotated.output
    assert key_ids(held) == [key.id for key in both.vault]
    assert len(names(held)) == 3


def test_old_keys_are_forgotten_only_by_who_says_so(run: Run, held: Path) -> None:
    run("vault", "rotate-key")

    refused = run("vault", "forget-old-keys", given="n\n")

    assert "Backups made before the rotation cannot be opened" in refused.output
    assert len(key_ids(held)) == 2


def test_a_service_that_runs_goes_on_with_the_new_key(run: Run, held: Path) -> None:
    with opened(held):
        assert len(open_identities(reading(), people()[0])) == 1
        db.session.remove()

        run("vault", "rotate-key")
        run("vault", "forget-old-keys", "--yes")

        [kept] = open_identities(reading(), people()[0])
    assert kept.who.name == "Quillfeather 0"


def test_a_whole_vault_passes_and_says_what_it_holds(run: Run, held: Path) -> None:
    run("vault", "encrypt-recordings")

    checked = run("vault", "check", "--files")

    assert checked.exit_code == 0, checked.output
    assert "5 keys, 3 identities and 2 files open." in checked.output
    assert "0 files lie open." in checked.output


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("UPDATE identities SET name = (SELECT name FROM identities WHERE id = 2) WHERE id = 1", "IDN-1, name was"),
        ("UPDATE identities SET note = name WHERE id = 3", "IDN-3, note was"),
        ("UPDATE identities SET name = x'00' WHERE id = 2", "IDN-2, name was"),
        ("UPDATE identities SET participant_id = participant_id + 10", "IDN-1"),
        (
            "UPDATE vault_keys AS a SET wrapped = b.wrapped FROM vault_keys AS b WHERE a.id < 3 AND b.id = 3",
            "The key person/1 was",
        ),
        ("UPDATE vault_keys SET wrapped = x'0101' WHERE name = 'blind-index'", "The key blind-index was"),
    ],
)
def test_what_was_changed_outside_is_named_and_its_content_is_not(run: Run, held: Path, harm: str, told: str) -> None:
    with opened(held):
        db.session.execute(text("PRAGMA foreign_keys=OFF"))
        db.session.rollback()
        raw = db.engine.raw_connection()
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute(harm)
        raw.commit()
        raw.close()

    checked = run("vault", "check")

    assert checked.exit_code == 1
    assert told in checked.output
    assert "uillfeather" not in checked.output


def test_a_lost_key_file_fails_every_key_and_says_which_one_is_missing(run: Run, held: Path) -> None:
    [lost] = key_ids(held)
    (held / "keys.json").write_text(keys_as_text(Keys.made()), encoding="utf-8")

    checked, rotated = run("vault", "check"), run("vault", "rotate-key")

    assert checked.exit_code == rotated.exit_code == 1
    assert checked.output.count(f"the master key {lost}") == 7
    assert f"the master key {lost}" in rotated.output
    with opened(held):
        assert set(reading().scalars(select(VaultKey.master_key_id))) == {lost}


def test_older_files_are_closed_and_no_open_copy_is_left(run: Run, held: Path) -> None:
    closed = run("vault", "encrypt-recordings")
    again = run("vault", "encrypt-recordings")

    assert "2 files closed." in closed.output
    assert "0 files closed." in again.output
    with opened(held) as app:
        store = app.extensions["files"]
        recording, consent = reading().scalars(select(Recording)).one(), reading().scalars(select(Consent)).one()
        with open_file(reading(), store, recording.sha256)[0] as stream:
            assert stream.read() == sound()
        with open_file(reading(), store, consent.evidence_sha256 or "")[0] as stream:
            assert stream.read() == PAPER
        assert consent.evidence_name == ""
        lying = [path.read_bytes() for path in store.root.rglob("*") if path.is_file()]
    assert len(lying) == 2
    assert not [content for content in lying if b"uillfeather" in content or content.startswith(b"RIFF")]


def test_a_damaged_recording_is_found_to_its_last_piece(run: Run, held: Path) -> None:
    run("vault", "encrypt-recordings")
    with opened(held) as app:
        path = app.extensions["files"].path_of(reading().scalars(select(Recording)).one().sha256)
        content = bytearray(path.read_bytes())
        content[60] ^= 1
        path.write_bytes(bytes(content))

    checked = run("vault", "check", "--files")

    assert checked.exit_code == 1
    assert "A recording of SRC-1 was changed outside Research Hub" in checked.output


def test_destroyed_keys_are_no_fault_and_are_counted(run: Run, held: Path) -> None:
    run("vault", "encrypt-recordings")
    with opened(held), transaction() as session:
        [paper] = destroy_key(session, session.get_one(Participant, 1))

    checked = run("vault", "check", "--files")

    assert checked.exit_code == 0, checked.output
    assert "1 keys were destroyed." in checked.output
    assert len(paper) == 64


def test_the_doctor_says_that_the_vault_opens_or_what_does_not(run: Run, held: Path) -> None:
    well = run("doctor")
    with opened(held):
        db.session.execute(text("UPDATE identities SET note = name WHERE id = 3"))
        db.session.commit()

    ill = run("doctor")

    assert "ok    vault: 4 keys and 3 identities open; 0 keys were destroyed." in well.output
    assert "FAIL  vault: 1 of its keys and identities do not open. IDN-3: IDN-3, note was changed" in ill.output
    assert "uillfeather" not in ill.output
