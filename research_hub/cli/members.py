from __future__ import annotations

import sys

import click
import structlog
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.access import Role
from insights.people.accounts.factors import take_second_factors
from insights.people.accounts.links import link_token, make_way_in
from insights.people.models import Team
from insights.people.operations import add_member, create_team, give_password
from insights.people.queries import list_members, list_teams, member_by_email
from research_hub.account_mail import Told, tell, whole_address
from research_hub.cli.application import Refused, with_application
from research_hub.config import Settings
from research_hub.db import reading, transaction

FIRST_TEAM = "Central research team"

log = structlog.get_logger()


@click.group()
def member() -> None:
    """Accounts: add one, give a new password, let one in, take a lost second factor, list them."""


@member.command()
@click.argument("email")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="What they may do.")
@click.option("--name", help="Their name. Default: the part of the address before the @.")
@click.option("--team", help="Their team, created where it is missing. Default: the only team, or the first one.")
@click.option("--administers-area", is_flag=True, help="They look after their own team's members and settings.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")
@with_application
def add(
    *, email: str, role: str, name: str | None, team: str | None, administers_area: bool, password_stdin: bool
) -> None:
    """Add a member who can sign in with EMAIL."""
    password = _read_password(from_stdin=password_stdin)
    with transaction() as session:
        belongs_to = _find_or_create_team(session, team)
        added = add_member(
            session,
            actor=None,
            email=email,
            name=name or email.partition("@")[0],
            role=role,
            team=belongs_to,
            password=password,
            administers_area=administers_area,
        )
    click.echo(f"{added.ref}: {added.email} can sign in as {added.role_label.lower()} of “{belongs_to.name}”.")


@member.command("password")
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")
@with_application
def new_password(*, email: str, password_stdin: bool) -> None:
    """Give the member EMAIL a new password and end all their sessions."""
    found = member_by_email(reading(), email)
    password = _read_password(from_stdin=password_stdin)
    with transaction() as session:
        give_password(session, actor=None, member=found, password=password)
    click.echo(f"{found.email} has a new password; every session of theirs is ended.")


@member.command("way-in")
@click.argument("email")
@with_application
def way_in(*, email: str) -> None:
    """Print a link that lets EMAIL in once, without a password: for when nobody else can help."""
    settings: Settings = current_app.extensions["settings"]
    found = member_by_email(reading(), email)
    with transaction() as session:
        link = make_way_in(session, member=found)
        token = link_token(session, link) or ""
    log.warning("the operator made a way in", member=found.ref)
    click.echo("Good once, for half an hour. Its use is recorded and told to every administrator:")
    click.echo(whole_address(settings, "account.way_in", token=token))


@member.command("remove-second-factor")
@click.argument("email")
@with_application
def remove_second_factor(*, email: str) -> None:
    """Take the app, passkeys and recovery codes of EMAIL, who lost them; end all their sessions."""
    settings: Settings = current_app.extensions["settings"]
    found = member_by_email(reading(), email)
    with transaction() as session:
        had = take_second_factors(session, actor=None, member=found)
        if had:
            tell(session, settings, found, Told.FACTORS_TAKEN)
    click.echo(f"{found.email} has no second factor any more." if had else f"{found.email} had no second factor.")


@member.command("list")
@with_application
def list_all() -> None:
    """List all accounts: reference, address, role, team, state; parted by tabs."""
    for row in list_members(reading()):
        state = "open" if row.is_active else "closed"
        click.echo(f"{row.ref}\t{row.email}\t{row.role.value}\t{row.team}\t{state}")


def _find_or_create_team(session: Session, name: str | None) -> Team:
    if name is not None:
        found = session.scalar(select(Team).where(Team.name == name.strip()))
        return found or create_team(session, actor=None, name=name)
    teams = list_teams(session)
    if len(teams) > 1:
        names = ", ".join(f"“{team.name}”" for team in teams)
        raise Refused(f"Say which team with --team: {names}.")
    return teams[0] if teams else create_team(session, actor=None, name=FIRST_TEAM, is_central=True)


def _read_password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise Refused("There is no terminal to ask for a password. Use --password-stdin and send it on standard input.")
    answer: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return answer
