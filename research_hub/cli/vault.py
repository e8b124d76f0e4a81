"""`research-hub vault`: rotate the master key, forget old ones, check that everything opens, close older files."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import click
from flask import Flask, current_app

from insights.capture.closing_files import OpenFile, files_to_close, put_closed, ready_for
from insights.core.keys import Keys, MasterKey
from insights.people.accounts.apps import keys_of_apps, reseal_secrets
from insights.people.vault.files import KeepsStreams, close_into
from insights.people.vault.keeping import (
    keys_to_rewrap,
    master_keys_in_use,
    problems_of_files,
    problems_of_identities,
    problems_of_keys,
    rewrap_batch,
    what_is_held,
)
from research_hub.cli.application import FAILED, Refused, with_application
from research_hub.cli.progress import counted
from research_hub.config import Settings
from research_hub.db import reading, transaction
from research_hub.key_file import keys_as_text
from research_hub.private_files import replace_privately


@click.group()
def vault() -> None:
    """Look after the vault: names, contacts, consent papers and recordings, and the keys that close them."""


@vault.command("rotate-key")
@with_application
def rotate_key() -> None:
    """Make a new master key and close every data key with it anew.

    The service may go on. Interrupted, it goes on where it stopped when it is run again. Old keys stay in the key file
    until `vault forget-old-keys`.
    """
    if keys_to_rewrap(reading()):
        click.echo("A rotation was begun before; it goes on, and no further key is made.")
    else:
        _write_keys(_with_new_key(_keys()))
    total = keys_to_rewrap(reading())
    done = 0
    with counted("Closing keys anew", "key") as progress:
        while done_now := _rewrap():
            done += done_now
            progress(done, total)
    with transaction() as session:
        reseal_secrets(session)
    click.echo(f"Master key {_keys().newest.id}: {done:,} keys closed anew. Keep a copy of {_path()} with the backups.")
    if len(_keys().vault) > 1:
        click.echo("Backups made until now need the old key. When they are gone: research-hub vault forget-old-keys")


@vault.command("forget-old-keys")
@click.option("--yes", is_flag=True, help="Do not ask. Backups made before the rotation can then not be opened.")
@with_application
def forget_old_keys(*, yes: bool) -> None:
    """Take the master keys that nothing uses any more out of the key file."""
    keys = _keys()
    used = master_keys_in_use(reading()) | keys_of_apps(reading())
    if old := sorted(used - {keys.newest.id}):
        raise Refused(f"Data keys are still closed with {', '.join(old)}. Run first: research-hub vault rotate-key")
    if len(keys.vault) == 1:
        click.echo("There is one master key; nothing is to be forgotten.")
        return
    if not yes:
        click.confirm(
            "Backups made before the rotation cannot be opened without the old keys. Forget them?", abort=True
        )
    _write_keys(Keys(keys.audit, keys.vault[:1]))
    click.echo(f"{len(keys.vault) - 1} old keys forgotten. Keep a copy of {_path()} with the backups.")


@vault.command()
@click.option("--files", is_flag=True, help="Read every closed file to its end too; takes as long as reading them.")
@click.pass_context
def check(context: click.Context, *, files: bool) -> None:
    """Open every wrapped key and every field, and say what does not open. Shows nothing of what is inside."""
    failed = _check(files=files)
    if failed:
        context.exit(FAILED)


@vault.command("encrypt-recordings")
@with_application
def encrypt_recordings() -> None:
    """Close recordings and consent papers that lie open in the file store from before; may be run again at any time."""
    waiting = files_to_close(reading())
    missing = []
    with counted("Closing files", "file") as progress:
        for done, file in enumerate(waiting, start=1):
            if not _close(current_app, file):
                missing.append(file.ref)
            progress(done, len(waiting))
    click.echo(f"{len(waiting) - len(missing):,} files closed.")
    if missing:
        raise Refused(f"The files of {', '.join(missing)} are not in the store. Put them back from a backup.")


@with_application
def _check(*, files: bool) -> int:
    session, store = reading(), _store()
    problems = chain(
        problems_of_keys(session), problems_of_identities(session), problems_of_files(session, store) if files else ()
    )
    failed = 0
    for problem in problems:
        failed += 1
        click.echo(f"FAIL  {problem}")
    held = what_is_held(session)
    if failed:
        click.echo(f"research-hub: {failed:,} things in the vault do not open.", err=True)
    else:
        click.echo(
            f"{held.keys:,} keys, {held.identities:,} identities{f' and {held.files:,} files' if files else ''} open. "
            f"{held.destroyed:,} keys were destroyed. {len(files_to_close(session)):,} files lie open."
        )
    return failed


def _rewrap() -> int:
    with transaction() as session:
        return rewrap_batch(session)


def _close(app: Flask, file: OpenFile) -> bool:
    """The closed file is on disk before the record names it, and the open one goes after the record let go of it."""
    store, path = app.extensions["files"], app.extensions["files"].path_of(file.sha256)
    if not path.exists():
        return False
    with transaction() as session:
        ready = ready_for(session, file)
    with path.open("rb") as plain:
        closed = close_into(store, plain, ready)
    with transaction() as session:
        is_free = put_closed(session, file, closed)
    if is_free:
        path.unlink()
    return True


def _with_new_key(keys: Keys) -> Keys:
    return Keys(keys.audit, (MasterKey.made(), *keys.vault))


def _write_keys(keys: Keys) -> None:
    """On disk before anything is closed with them."""
    replace_privately(_path(), keys_as_text(keys))


def _keys() -> Keys:
    reading()
    keys: Keys = current_app.extensions["keys"]
    return keys


def _path() -> Path:
    settings: Settings = current_app.extensions["settings"]
    return settings.keys_path


def _store() -> KeepsStreams:
    store: KeepsStreams = current_app.extensions["files"]
    return store
