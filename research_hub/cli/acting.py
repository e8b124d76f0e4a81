"""On whose behalf a command reads, and the addresses that records have on the web."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

import click
from flask import Flask
from sqlalchemy.orm import Session

from insights.core.access import Role
from insights.people.models import Member
from insights.people.queries import member_by_email
from research_hub.config import Settings

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def acting_as(command: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Gives a command `--as EMAIL`."""
    decorate = click.option(
        "--as", "email", metavar="EMAIL", help="See what this member sees. Default: what every account sees."
    )
    return decorate(command)


def as_member(session: Session, email: str | None) -> Member:
    """The member named, or else one without a record: a reader whom no restricted study names.

    Raises NotFound for an unknown address or a closed account.
    """
    return member_by_email(session, email) if email else Member(id=0, role=Role.READER, team_id=0, name="")


@contextmanager
def within_addresses(app: Flask) -> Iterator[None]:
    """Lets addresses be made as on the web: paths from the root of the site."""
    settings: Settings = app.extensions["settings"]
    with app.test_request_context(base_url=settings.base_url or f"http://{settings.hosts[0]}"):
        yield
