"""Whom an insight waits for, and the mail that the reports send: shown, ended and asked for again."""

from __future__ import annotations

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.checks import term_of
from insights.people.models import Member
from insights.reports.monthly_note import (
    ReportMail,
    ask_for_mail_again,
    choice_of,
    stop_mail_of_reports,
)
from insights.reports.nudges import DAYS, nudges_table, open_nudges
from research_hub.db import reading, transaction
from research_hub.ending_mail import EndOfMail, read_end_of_mail
from research_hub.errors import shows_errors_on
from research_hub.extensions import csrf
from research_hub.security import current_member, public, requires
from research_hub.web.exports import as_file
from research_hub.web.reports.blueprint import bp


@bp.get("/reports/reminders")
@requires(Permission.READ)
def reminders() -> ResponseReturnValue:
    session, member = reading(), current_member()
    return render_template(
        "reports/reminders.html",
        rows=open_nudges(session, member),
        days={rule.value: number for rule, number in DAYS.items()},
        choice=choice_of(session, member.id),
        sends_mail=current_app.extensions["settings"].sends_mail,
    )


@bp.get("/reports/reminders.<extension>")
@requires(Permission.READ)
def export_reminders(extension: str) -> ResponseReturnValue:
    return as_file(extension, nudges_table(open_nudges(reading(), current_member())))


@bp.post("/reports/reminders/mail")
@requires(Permission.READ)
@shows_errors_on(".reminders")
def choose_mail() -> ResponseReturnValue:
    what = term_of("what", ReportMail, request.form.get("what", ""), label="which mail")
    wanted = request.form.get("wanted") == "1"
    with transaction() as session:
        member = session.get_one(Member, current_member().id)
        act = ask_for_mail_again if wanted else stop_mail_of_reports
        act(session, member=member, what=what)
    flash("You will be sent it again." if wanted else "You are sent no more of it.", "success")
    return redirect(url_for(".reminders"), code=303)


@bp.get("/reports/mail/<token>")
@public
def end_mail_page(token: str) -> ResponseReturnValue:
    """Changes nothing: programs that look through mail open links."""
    return render_template("reports/end_mail.html", token=token, what=_wanted(token).what.value, is_done=False)


@bp.post("/reports/mail/<token>")
@public
@shows_errors_on(".end_mail_page")
def end_mail(token: str) -> ResponseReturnValue:
    wanted = _wanted(token)
    with transaction() as session:
        member = session.get(Member, wanted.member_id)
        if member is not None:
            stop_mail_of_reports(session, member=member, what=wanted.what)
    return render_template("reports/end_mail.html", token=token, what=wanted.what.value, is_done=True)


# The signed token in the address stands for the member; a mail program has no other (RFC 8058, 3.2).
csrf.exempt(end_mail)


def _wanted(token: str) -> EndOfMail:
    found = read_end_of_mail(str(current_app.secret_key), token)
    if found is None:
        abort(404)
    return found
