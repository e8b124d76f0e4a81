from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from flask import current_app
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from insights.core.errors import DomainError
from research_hub.app import create_app
from research_hub.backup.archive import check_database
from research_hub.cli.application import FAILED, settings_in_words, within
from research_hub.config import Environment, Settings
from research_hub.db import reading
from research_hub.files_health import files_check
from research_hub.health import Check, database_check, disk_check, indexer_check, migrations_check, writing_check
from research_hub.key_file import UnreadableKeys, fingerprints_of, read_keys
from research_hub.record_health import record_check
from research_hub.single_instance import is_held
from research_hub.vault_health import vault_check
from research_hub.worker import make_indexer
from search_index.engine import SearchUnavailable

OLDEST_PYTHON = (3, 11)


@click.command()
@click.pass_context
def doctor(context: click.Context) -> None:
    """Examine the installation: one line a check, exit code 1 when one fails."""
    failed = 0
    for check in _examine():
        failed += not check.ok
        click.echo(f"{'ok  ' if check.ok else 'FAIL'}  {check.name}: {check.message}")
    if failed:
        click.echo(f"research-hub: {failed} of the checks failed; each line above says what to do.", err=True)
        context.exit(FAILED)


def _examine() -> Iterator[Check]:
    """Later checks need the earlier ones: it ends where nothing more can be said."""
    yield _python_check()
    try:
        settings = Settings()
    except ValidationError as error:
        yield Check("settings", False, settings_in_words(error))
        return
    yield _hosts_check(settings)
    yield _folder_check(settings.data)
    if not settings.data.is_dir():
        return
    yield _secret_check(settings)
    keys = _keys_check(settings)
    yield keys
    if not keys.ok and not settings.keys_path.is_file():
        return
    yield disk_check(settings.data)
    if settings.sqlalchemy_url.startswith("sqlite:"):
        whole = _integrity_check(settings.data / "research-hub.sqlite3")
        yield whole
        if not whole.ok:
            return
    with within(create_app(settings)):
        yield from _within_application(settings)
        yield writing_check()


def _within_application(settings: Settings) -> Iterator[Check]:
    reachable = database_check()
    yield reachable
    migrated = migrations_check()
    yield migrated
    if reachable.ok and migrated.ok:
        yield vault_check()
        yield record_check(settings)
        yield files_check(settings)
        yield _index_check()
        yield _service_check(settings)


def _service_check(settings: Settings) -> Check:
    if not is_held(settings.data / "worker.lock"):
        return Check("service", True, "It is not running. Start it: research-hub serve")
    return indexer_check(settings)


def _python_check() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] >= OLDEST_PYTHON:
        return Check("python", True, f"Python {version}.")
    return Check("python", False, f"Python {version} is too old; install 3.11 or newer.")


def _hosts_check(settings: Settings) -> Check:
    hosts = ", ".join(settings.hosts)
    if settings.environment is Environment.DEVELOPMENT:
        return Check("hosts", True, f"Development: answers to {hosts}.")
    if not settings.base_url.startswith("https://"):
        return Check("hosts", False, "RESEARCH_HUB_BASE_URL does not begin with https://; sign-in needs it.")
    return Check("hosts", True, f"Production: answers to {hosts}, links lead to {settings.base_url}.")


def _folder_check(data: Path) -> Check:
    if not data.is_dir():
        return Check("data folder", False, f"{data} is not there. Run: research-hub init")
    mode = stat.S_IMODE(data.stat().st_mode)
    if mode & 0o007:
        return Check("data folder", False, f"{data} is open to everyone ({mode:o}). Run: chmod 750 {data}")
    return Check("data folder", True, f"{data} ({mode:o}).")


def _secret_check(settings: Settings) -> Check:
    path = settings.data / "secret_key"
    if settings.secret_key is not None:
        return Check("secret", True, "Given by RESEARCH_HUB_SECRET_KEY.")
    if not path.is_file():
        return Check("secret", False, "There is no secret yet. Run: research-hub init")
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        return Check("secret", False, f"{path} can be read by others ({mode:o}). Run: chmod 600 {path}")
    return Check("secret", True, f"{path} is its owner's alone.")


def _keys_check(settings: Settings) -> Check:
    """Looked at before the application is made, which would write a new key file where there is none."""
    path, apart = settings.keys_path, "In no backup: keep a copy apart (docs/runbooks/the-key-file.md)."
    if not path.is_file():
        words = f"There is no key file at {path}. Put your copy there; on a new installation: research-hub init"
        return Check("keys", False, words)
    mode, owner = stat.S_IMODE(path.stat().st_mode), path.stat().st_uid
    if mode & 0o077:
        return Check("keys", False, f"{path} can be read by others ({mode:o}). Run: chmod 600 {path}")
    if owner != settings.data.stat().st_uid:
        return Check("keys", False, f"{path} belongs to another account ({owner}) than the data folder. Run: chown")
    try:
        newest = list(fingerprints_of(read_keys(path)).items())[1]
    except UnreadableKeys as error:
        return Check("keys", False, str(error))
    return Check("keys", True, f"{path} is its owner's alone; newest master key {' '.join(newest)}. {apart}")


def _integrity_check(path: Path) -> Check:
    try:
        if not path.is_file():
            return Check("integrity", False, "There is no database yet. Run: research-hub init")
        check_database(path)
    except DomainError as error:
        return Check("integrity", False, f"{error.message} See docs/runbooks/the-database-is-damaged.md.")
    return Check("integrity", True, "The database is whole and every row points at one that is there.")


def _index_check() -> Check:
    try:
        lag = make_indexer(current_app).lag(reading())
    except (SearchUnavailable, SQLAlchemyError, RuntimeError) as error:
        reason = str(error).partition("\n")[0]
        return Check("index", False, f"{reason} Run: research-hub index rebuild")
    return Check("index", True, f"The index can be read; {lag.entries:,} changes wait.")
