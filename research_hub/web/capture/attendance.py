"""Which colleague was at a session (features.md K3): 'I watched this' with one click, or a list kept by the team."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField

from insights.capture.attendance import (
    ASSUMED_MINUTES,
    attendance_of_session,
    attendance_of_study,
    record_attendance,
    remove_attendance,
)
from insights.capture.models import AttendanceRole
from insights.capture.queries import get_research_session, get_study, list_sources
from insights.coding.participants import people_of_session
from insights.core.access import Permission
from insights.core.errors import InvalidInput
from insights.people.models import Member
from insights.people.queries import get_member, member_choices
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.capture.blueprint import bp
from research_hub.web.forms import HubForm, choose, number_or_none, read_form, told
from research_hub.web.messages import say_done
from research_hub.web.words import count


class AttendanceForm(HubForm):
    member = SelectField("Who", validate_choice=False)
    role = SelectField("As", choices=told(AttendanceRole), default=AttendanceRole.OBSERVER.value)
    minutes = StringField("Minutes", description="Empty: as long as the session took.")


@bp.get("/sessions/<ref>/attendance")
@requires(Permission.READ)
def attendance(ref: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    held, study = get_research_session(session, member, ref)
    rows = attendance_of_session(session, held)
    form = AttendanceForm()
    choose(form.member, member_choices(session))
    return render_template(
        "capture/attendance.html",
        held=held,
        study=study,
        rows=rows,
        mine=next((row for row in rows if row.member_id == member.id), None),
        people=people_of_session(session, held.id),
        form=form,
        assumed=ASSUMED_MINUTES,
    )


@bp.post("/sessions/<ref>/attendance")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".attendance")
def add_attendance(ref: str) -> ResponseReturnValue:
    values = read_form(AttendanceForm())
    number = number_or_none(values["member"])
    with transaction() as session:
        held, study = get_research_session(session, current_member(), ref)
        member = None if number is None else session.get(Member, number)
        if member is None:
            raise InvalidInput.of("member", "Choose who was there.")
        record_attendance(
            session,
            actor=current_member(),
            research_session=held,
            study=study,
            member=member,
            role=values["role"],
            minutes=_minutes(values["minutes"]),
        )
    flash(f"{member.name} was there.", "success")
    return redirect(url_for(".attendance", ref=ref), code=303)


@bp.post("/sessions/<ref>/watched")
@requires(Permission.READ)
@shows_errors_on(".attendance")
def watched(ref: str) -> ResponseReturnValue:
    """'I watched this', for as long as the session took."""
    with transaction() as session:
        held, study = get_research_session(session, current_member(), ref)
        made = record_attendance(
            session, actor=current_member(), research_session=held, study=study, member=current_member()
        )
    assumed = "" if held.minutes else " Nobody said how long the session took, so an hour is taken."
    say_done(
        f"You watched {ref}: {count(made.minutes, 'minute')} count for you.{assumed}",
        undo_href=url_for(".not_watched", ref=ref),
    )
    return redirect(url_for(".attendance", ref=ref), code=303)


@bp.post("/sessions/<ref>/not-watched")
@requires(Permission.READ)
@shows_errors_on(".attendance")
def not_watched(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        held, study = get_research_session(session, current_member(), ref)
        remove_attendance(session, actor=current_member(), research_session=held, study=study, member=current_member())
    flash("Taken back: you are not listed at this session.", "success")
    return redirect(url_for(".attendance", ref=ref), code=303)


@bp.post("/sessions/<ref>/attendance/<int:member_id>/remove")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".attendance_of")
def drop_attendance(ref: str, member_id: int) -> ResponseReturnValue:
    with transaction() as session:
        held, study = get_research_session(session, current_member(), ref)
        member = get_member(session, f"{Member.PREFIX}-{member_id}")
        before = next((row for row in attendance_of_session(session, held) if row.member_id == member_id), None)
        remove_attendance(session, actor=current_member(), research_session=held, study=study, member=member)
    if before is None:
        flash(f"{member.name} was not listed.", "success")
    else:
        undo = url_for(".restore_attendance", ref=ref, member_id=member_id, role=before.role, minutes=before.minutes)
        say_done(f"{member.name} is not listed any more.", undo_href=undo)
    return redirect(url_for(".attendance", ref=ref), code=303)


@bp.post("/sessions/<ref>/attendance/<int:member_id>/restore")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".attendance_of")
def restore_attendance(ref: str, member_id: int) -> ResponseReturnValue:
    """`?role=` and `?minutes=` as they were."""
    with transaction() as session:
        held, study = get_research_session(session, current_member(), ref)
        record_attendance(
            session,
            actor=current_member(),
            research_session=held,
            study=study,
            member=get_member(session, f"{Member.PREFIX}-{member_id}"),
            role=request.args.get("role", AttendanceRole.OBSERVER.value),
            minutes=number_or_none(request.args.get("minutes")),
        )
    flash("Listed again.", "success")
    return redirect(url_for(".attendance", ref=ref), code=303)


@bp.get("/sessions/<ref>/attendance/<int:member_id>")
@requires(Permission.READ)
def attendance_of(ref: str, member_id: int) -> ResponseReturnValue:  # noqa: ARG001 - the address of what is shown again
    return attendance(ref)


@bp.get("/studies/<ref>/attendance")
@requires(Permission.READ)
def study_attendance(ref: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    study = get_study(session, member, ref)
    rows = attendance_of_study(session, study)
    sources = [row for row in list_sources(session, member, study_id=study.id, limit=500) if row.ref.startswith("SES-")]
    by_session = {row.ref: [each for each in rows if each.session_ref == row.ref] for row in sources}
    return render_template("capture/attendance_study.html", study=study, sources=sources, by_session=by_session)


def _minutes(typed: str) -> int | None:
    """Raises InvalidInput for what is no number."""
    text = typed.strip()
    number = number_or_none(text)
    if text and number is None:
        raise InvalidInput.of(
            "minutes", f"“{text}” is not a number of minutes. Enter for example 45, or leave it empty."
        )
    return number
