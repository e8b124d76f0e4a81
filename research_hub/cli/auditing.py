from __future__ import annotations

from pathlib import Path

import click
from flask import current_app

from insights.stewardship.audit.anchors import Anchor, anchor_now, anchors_in
from insights.stewardship.audit.checking import Checked, check_record
from research_hub.anchors import add_anchor, kept_anchors
from research_hub.cli.application import FAILED, with_application
from research_hub.db import reading


@click.group()
def audit() -> None:
    """The record of who did what: is it whole, and where does it stand."""


@audit.command()
@click.option(
    "--anchors",
    "other",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with anchors that were kept elsewhere; those of the data folder count anyway.",
)
@click.pass_context
@with_application
def check(context: click.Context, other: Path | None) -> None:
    """Walk the record and the log of looks; name the first entry that was changed, removed, put in or moved."""
    anchors = [*kept_anchors(current_app.extensions["settings"].data), *_anchors_of(other)]
    failed = False
    for checked in check_record(reading(), anchors):
        failed |= not checked.is_whole
        for line in _lines(checked, len(anchors)):
            click.echo(line)
    if failed:
        click.echo("research-hub: The record is not as it was written. See docs/audit.md for what to do.", err=True)
        context.exit(FAILED)


@audit.command()
@click.option("--keep", is_flag=True, help="Add it to the anchors of the data folder too.")
@with_application
def anchor(keep: bool) -> None:  # noqa: FBT001 - click gives a flag by its name
    """Print where the record stands, as one line to keep outside this machine."""
    line = anchor_now(reading())
    if keep:
        add_anchor(current_app.extensions["settings"].data, line)
    click.echo(line.as_line)


def _anchors_of(path: Path | None) -> list[Anchor]:
    if path is None:
        return []
    found = anchors_in(path.read_text(encoding="utf-8", errors="replace").splitlines())
    if not found:
        raise click.BadParameter(f"{path} holds no anchor. A line begins with “Research Hub record at”.")
    return found


def _lines(checked: Checked, anchors: int) -> list[str]:
    told = f"{checked.name}: {checked.entries:,} entries"
    if checked.is_whole:
        more = f", {checked.redacted} of them redacted" if checked.redacted else ""
        since = f", vouched for since {checked.began:%d %B %Y}" if checked.began else ""
        return [f"ok    {told}{more}{since}, compared with {anchors} anchors."]
    return [
        f"FAIL  {told}; at {checked.broken} places it is not as it was written.",
        *(f"      {each.words}" for each in checked.breaks),
    ]
