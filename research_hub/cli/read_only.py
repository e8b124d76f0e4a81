from __future__ import annotations

import click

from research_hub.config import Settings
from research_hub.read_only import ReadOnlyMode


@click.group("read-only")
def read_only() -> None:
    """Let everything be read and nothing be written, for instance while the database is moved."""


@read_only.command("on")
@click.option("--because", default="", help="One sentence that everybody reads at the top of every page.")
def switch_on(*, because: str) -> None:
    """Refuse every change from now on; the worker pauses. The service may run."""
    ReadOnlyMode(Settings()).switch_on(because)
    click.echo("Read-only from now on. Back again: research-hub read-only off")


@read_only.command("off")
def switch_off() -> None:
    """Take changes again."""
    mode = ReadOnlyMode(Settings())
    mode.switch_off()
    click.echo(_in_words(mode))


@read_only.command("status")
def tell_status() -> None:
    """Say whether changes are taken, and if not, why."""
    click.echo(_in_words(ReadOnlyMode(Settings())))


def _in_words(mode: ReadOnlyMode) -> str:
    why = mode.why()
    return f"Read-only. {why}" if why else "Changes are taken."
