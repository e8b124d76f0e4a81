from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import select

from insights.capture.models import Study
from insights.core.clock import today
from research_hub.cli.application import with_application
from research_hub.cli.progress import counted
from research_hub.config import Settings
from research_hub.db import reading, transaction
from research_hub.demo.loader import DemoLogin, load_demo
from research_hub.worker import make_indexer

LOGINS_FILE = "demo-logins.txt"


@click.group()
def demo() -> None:
    """Demonstration data: real public research, and the decisions it could have changed."""


@demo.command()
@click.option("--if-empty", is_flag=True, help="Do nothing where the database holds a study already.")
@with_application
def load(*, if_empty: bool) -> None:
    """Tell the demonstration story into an empty database, and say how to sign in."""
    settings: Settings = current_app.extensions["settings"]
    if if_empty and reading().scalar(select(Study.id).limit(1)) is not None:
        click.echo("There are studies already; no demonstration data was loaded.")
        return
    with counted("Telling the story", "act") as progress, transaction() as session:
        told = load_demo(session, files=current_app.extensions["files"], today=today(session), progress=progress)
    path = settings.data / LOGINS_FILE
    _write_privately(path, logins_in_words(told.logins))
    with counted("Indexing", "record") as progress:
        make_indexer(current_app).rebuild(lambda done: progress(done, 0))
    counts = ", ".join(f"{number:,} {kind}" for kind, number in told.counts.items())
    click.echo(f"Loaded {counts}.\n\n{logins_in_words(told.logins)}\nThese logins are kept in {path}.")


def logins_in_words(logins: Sequence[DemoLogin]) -> str:
    """One line a login: the part in the story, e-mail address, password."""
    width = max(len(login.email) for login in logins)
    lines = (f"  {login.role.replace('_', ' '):<15} {login.email:<{width}}  {login.password}" for login in logins)
    return "\n".join(["Sign in as", *lines]) + "\n"


def _write_privately(path: Path, content: str) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
