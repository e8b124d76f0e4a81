from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission, Role
from insights.core.errors import InvalidInput
from insights.people import operations
from insights.people.accounts.factors import take_second_factors
from insights.people.models import Team
from insights.people.queries import Choice, get_member_of_area, list_members, list_teams
from research_hub.account_mail import Told, tell
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.proving import ask_again
from research_hub.security import current_member, requires
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import choose, number_or_none, read_form
from research_hub.web.messages import say_done
from research_hub.web.people.areas import looked_after
from research_hub.web.people.blueprint import bp
from research_hub.web.people.forms import MemberForm, NewPasswordForm, RoleForm


@bp.get("/members")
@requires(Permission.READ)
def members() -> ResponseReturnValue:
    return render_template("people/members.html", rows=list_members(reading(), team_ids=looked_after()))


@bp.get("/members.<extension>")
@requires(Permission.READ)
def export_members(extension: str) -> ResponseReturnValue:
    columns = ("Ref", "Name", "E-mail address", "Role", "Team", "Administers area", "Account")
    rows = [
        (
            row.ref,
            row.name,
            row.email,
            row.role_label,
            row.team,
            "yes" if row.administers_area else "no",
            "open" if row.is_active else "closed",
        )
        for row in list_members(reading(), team_ids=looked_after())
    ]
    return as_file(extension, table_of("Members", columns, rows))


@bp.get("/members/new")
@requires(Permission.READ)
def new_member() -> ResponseReturnValue:
    form = MemberForm()
    choose(form.team_id, _team_choices(), optional=False)
    return render_template("people/member_form.html", form=form)


@bp.post("/members")
@requires(Permission.READ)
@shows_errors_on(".new_member")
def add_member() -> ResponseReturnValue:
    values = read_form(MemberForm())
    again = ask_again() if values["role"] == Role.ADMINISTRATOR.value else None
    if again is not None:
        return again
    team_id = number_or_none(values.pop("team_id"))
    with transaction() as session:
        team = None if team_id is None else session.get(Team, team_id)
        if team is None:
            raise InvalidInput.of("team_id", "Choose the team that the member belongs to.")
        member = operations.add_member(session, actor=current_member(), team=team, password_is_given=True, **values)
    flash(
        f"{member.name} can sign in now. Tell them the password yourself; nothing is mailed. They are asked to choose "
        "their own.",
        "success",
    )
    return redirect(url_for(".members"), code=303)


@bp.get("/members/<ref>")
@requires(Permission.READ)
def show_member(ref: str) -> ResponseReturnValue:
    found = get_member_of_area(reading(), current_member(), ref)
    return render_template(
        "people/member.html",
        found=found,
        team=reading().get(Team, found.team_id),
        role_form=RoleForm(data={"role": found.role.value}),
        password_form=NewPasswordForm(),
    )


@bp.post("/members/<ref>/role")
@requires(Permission.READ)
@shows_errors_on(".show_member")
def change_role(ref: str) -> ResponseReturnValue:
    """Whoever makes an administrator proves again who they are: it gives away everything."""
    values = read_form(RoleForm())
    again = ask_again() if values["role"] == Role.ADMINISTRATOR.value else None
    if again is not None:
        return again
    with transaction() as session:
        found = get_member_of_area(session, current_member(), ref)
        operations.change_role(session, actor=current_member(), member=found, role=values["role"])
    flash(f"{found.name} is {found.role_label.lower()} from now on, and has to sign in again.", "success")
    return redirect(url_for(".show_member", ref=ref), code=303)


@bp.post("/members/<ref>/area")
@requires(Permission.READ)
@shows_errors_on(".show_member")
def change_area_duty(ref: str) -> ResponseReturnValue:
    """`duty` is give or take; giving it lets somebody give accounts, so whoever gives it proves who they are."""
    gives = request.form.get("duty") == "give"
    again = ask_again() if gives else None
    if again is not None:
        return again
    with transaction() as session:
        found = get_member_of_area(session, current_member(), ref)
        operations.set_area_duty(session, actor=current_member(), member=found, administers=gives)
    words = "looks after the area from now on" if gives else "looks after the area no longer"
    flash(f"{found.name} {words}, and has to sign in again.", "success")
    return redirect(url_for(".show_member", ref=ref), code=303)


@bp.post("/members/<ref>/password")
@requires(Permission.READ)
@shows_errors_on(".show_member")
def give_password(ref: str) -> ResponseReturnValue:
    values = read_form(NewPasswordForm())
    with transaction() as session:
        found = get_member_of_area(session, current_member(), ref)
        operations.give_password(session, actor=current_member(), member=found, password=values["password"])
    flash(
        f"{found.name} has a new password. Tell them yourself; nothing is mailed. They are asked to choose their own.",
        "success",
    )
    return redirect(url_for(".show_member", ref=ref), code=303)


@bp.post("/members/<ref>/second-factor/remove")
@requires(Permission.READ)
@shows_errors_on(".show_member")
def take_second_factor(ref: str) -> ResponseReturnValue:
    """For somebody who lost theirs."""
    with transaction() as session:
        found = get_member_of_area(session, current_member(), ref)
        had = take_second_factors(session, actor=current_member(), member=found)
        if had:
            tell(session, current_app.extensions["settings"], found, Told.FACTORS_TAKEN)
    words = "has no second factor any more, and is signed out everywhere" if had else "had no second factor"
    flash(f"{found.name} {words}.", "success")
    return redirect(url_for(".show_member", ref=ref), code=303)


@bp.post("/members/<ref>/sign-out")
@requires(Permission.READ)
@shows_errors_on(".show_member")
def sign_member_out(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        found = get_member_of_area(session, current_member(), ref)
        operations.sign_member_out(session, actor=current_member(), member=found)
    flash(f"{found.name} is signed out everywhere, and can sign in again.", "success")
    return redirect(url_for(".show_member", ref=ref), code=303)


@bp.post("/members/<ref>/close")
@requires(Permission.READ)
@shows_errors_on(".show_member")
def close_member(ref: str) -> ResponseReturnValue:
    name = _set_active(ref, active=False)
    text = f"The account of {name} is closed; what they made stays."
    say_done(text, undo_href=url_for(".reopen_member", ref=ref))
    return redirect(url_for(".members"), code=303)


@bp.post("/members/<ref>/reopen")
@requires(Permission.READ)
@shows_errors_on(".show_member")
def reopen_member(ref: str) -> ResponseReturnValue:
    flash(f"{_set_active(ref, active=True)} can sign in again.", "success")
    return redirect(url_for(".show_member", ref=ref), code=303)


def _set_active(ref: str, *, active: bool) -> str:
    with transaction() as session:
        found = get_member_of_area(session, current_member(), ref)
        operations.set_active(session, actor=current_member(), member=found, active=active)
    return found.name


def _team_choices() -> list[Choice]:
    areas = looked_after()
    return [Choice(str(team.id), team.name) for team in list_teams(reading()) if team.id in areas]
