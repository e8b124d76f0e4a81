from __future__ import annotations

from collections.abc import Collection

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.core.access import ROLE_LABELS, Permission, Role
from insights.core.errors import InvalidInput, NotAllowed, NotFound
from insights.people.accounts import invitations as inviting
from insights.people.accounts.invitations import (
    get_invitation_of_area,
    invitation_of_link,
    invitation_token,
    invite,
    list_invitations,
    send_again,
    withdraw_invitation,
)
from insights.people.models import Invitation, Team, WayIn
from insights.people.queries import Choice, area_ids, list_teams
from research_hub.account_mail import queue_invitation, whole_address
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.proving import ask_again
from research_hub.security import current_member, public, requires
from research_hub.web.account.blueprint import bp
from research_hub.web.account.coming_in import come_in, go_home, keep_token, network, same_twice, settings_now
from research_hub.web.account.forms import AcceptForm, InviteForm
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import HubForm, choose, number_or_none, read_form


@bp.get("/invitations")
@requires(Permission.READ)
def invitations(ref: str = "") -> ResponseReturnValue:  # noqa: ARG001 - an act on one shows the list again
    areas, form = _looked_after(), InviteForm()
    choose(form.team_id, [Choice(str(t.id), t.name) for t in list_teams(reading()) if t.id in areas], optional=False)
    rows = list_invitations(reading(), team_ids=areas)
    return render_template(
        "account/invitations.html", rows=rows, form=form, act_form=HubForm(), sends_mail=settings_now().sends_mail
    )


@bp.get("/invitations.<extension>")
@requires(Permission.READ)
def export_invitations(extension: str) -> ResponseReturnValue:
    columns = ("Ref", "E-mail address", "Role", "Team", "Invited by", "Sent", "Good until", "State")
    rows = [
        (
            row.ref,
            row.email,
            row.role_label,
            row.team,
            row.invited_by,
            row.sent_at.isoformat(timespec="minutes"),
            row.expires_at.isoformat(timespec="minutes"),
            row.state,
        )
        for row in list_invitations(reading(), team_ids=_looked_after())
    ]
    return as_file(extension, table_of("Invitations", columns, rows))


@bp.post("/invitations")
@requires(Permission.READ)
@shows_errors_on(".invitations")
def invite_somebody() -> ResponseReturnValue:
    values = read_form(InviteForm())
    again = ask_again() if values["role"] == Role.ADMINISTRATOR.value else None
    if again is not None:
        return again
    team_id = number_or_none(values.pop("team_id"))
    with transaction() as unit:
        team = None if team_id is None else unit.get(Team, team_id)
        if team is None or team.id not in area_ids(unit, current_member()):
            raise InvalidInput.of("team_id", "Choose the team that the member belongs to.")
        made = invite(unit, actor=current_member(), team=team, **values)
        link = _send(unit, made)
    return _told(made, link)


@bp.post("/invitations/<ref>/again")
@requires(Permission.READ)
@shows_errors_on(".invitations")
def invite_again(ref: str) -> ResponseReturnValue:
    with transaction() as unit:
        found = get_invitation_of_area(unit, current_member(), ref)
        send_again(unit, actor=current_member(), invitation=found)
        link = _send(unit, found)
    return _told(found, link)


@bp.post("/invitations/<ref>/withdraw")
@requires(Permission.READ)
@shows_errors_on(".invitations")
def withdraw(ref: str) -> ResponseReturnValue:
    with transaction() as unit:
        found = get_invitation_of_area(unit, current_member(), ref)
        withdraw_invitation(unit, actor=current_member(), invitation=found)
    flash(f"The invitation of {found.email} is withdrawn; its link opens nothing any more.", "success")
    return redirect(url_for(".invitations"), code=303)


@bp.get("/invitation/<token>")
@public
def accept_invitation(token: str) -> ResponseReturnValue:
    found = invitation_of_link(reading(), token)
    page = render_template(
        "account/accept_invitation.html",
        form=AcceptForm(),
        found=found,
        token=token,
        team="" if found is None else reading().get_one(Team, found.team_id).name,
        role_label="" if found is None else ROLE_LABELS[found.role],
    )
    return make_response(page, 404 if found is None else 200)


@bp.post("/invitation/<token>")
@public
@shows_errors_on(".accept_invitation")
def accept(token: str) -> ResponseReturnValue:
    values = read_form(AcceptForm())
    password = same_twice(values)
    with transaction() as unit:
        member = inviting.accept_invitation(
            unit, token=token, name=values["name"], password=password, network=network()
        )
        session_token = "" if member is None else come_in(unit, member, WayIn.PASSWORD)
    if member is None:
        raise NotFound("such invitation: it was used already, withdrawn, or is older than seven days")
    keep_token(session_token)
    flash(f"Welcome, {member.name}. Your account is made.", "success")
    return go_home()


def _looked_after() -> Collection[int]:
    """Raises NotAllowed for whoever looks after no area."""
    areas = area_ids(reading(), current_member())
    if not areas:
        raise NotAllowed("Only an administrator, or the one who administers an area, can invite people.")
    return areas


def _send(unit: Session, made: Invitation) -> str:
    """Mails the link, or answers it to be handed over where no mail is set up."""
    if settings_now().sends_mail:
        queue_invitation(unit, made)
        return ""
    token = invitation_token(unit, made) or ""
    return whole_address(settings_now(), "account.accept_invitation", token=token)


def _told(made: Invitation, link: str) -> ResponseReturnValue:
    """The link stands on the answer itself, once: it is kept nowhere."""
    if link:
        return render_template("account/invitation_link.html", made=made, link=link)
    flash(f"An invitation is on its way to {made.email}. Its link is good for seven days.", "success")
    return redirect(url_for(".invitations"), code=303)
