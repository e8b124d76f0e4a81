from __future__ import annotations

import click

from research_hub.cli.application import Refused
from research_hub.config import Settings
from research_hub.key_file import fingerprints_of, read_keys


@click.group()
def keys() -> None:
    """The key file of the vault and of the audit record: in no backup, so keep a copy of it apart from them."""


@keys.command("show-fingerprint")
def show_fingerprint() -> None:
    """Say which keys the key file holds, without giving any of them away; a backup's manifest says the same."""
    path = Settings().keys_path
    if not path.exists():
        raise Refused(f"There is no key file at {path}. Put your copy there, or run: research-hub init")
    click.echo(str(path))
    for name, fingerprint in fingerprints_of(read_keys(path)).items():
        click.echo(f"{'audit key' if name == 'audit' else f'master key {name}'}\t{fingerprint}")
