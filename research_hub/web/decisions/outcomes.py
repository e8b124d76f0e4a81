"""What came of it: checks, put off or recorded with their verdicts."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.clock import today
from insights.core.errors import InvalidInput
from insights.decisions.models import Decision
from insights.decisions.outcomes import (
    REFUTING,
    record_verdict,
    reschedule_check,
    schedule_check,
    take_back_verdict,
)
from insights.decisions.queries import get_check, get_decision, get_measure, measures_of
from insights.decisions.roles import approves
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.decisions.blueprint import bp
from research_hub.web.decisions.forms import CheckForm, RescheduleForm, VerdictForm
from research_hub.web.forms import number_or_none, read_form
from research_hub.web.messages import say_done


@bp.get("/decisions/<ref>/checks/new")
@requires(Permission.RECORD_OUTCOMES)
def new_check(ref: str) -> ResponseReturnValue:
    decision = get_decision(reading(), current_member(), ref)
    form = CheckForm()
    form.measure_id.choices = _measures(decision)
    return render_template("decisions/check_form.html", form=form, decision=decision)


@bp.post("/decisions/<ref>/checks")
@requires(Permission.RECORD_OUTCOMES)
@shows_errors_on(".new_check")
def schedule(ref: str) -> ResponseReturnValue:
    form = CheckForm()
    form.measure_id.choices = []
    values = read_form(form)
    if values["due_on"] is None:
        raise InvalidInput.of("due_on", "Enter the day on which somebody looks.")
    measure_id = number_or_none(values["measure_id"])
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        measure = None if measure_id is None else get_measure(session, decision, measure_id)
        schedule_check(session, actor=current_member(), decision=decision, due_on=values["due_on"], measure=measure)
    flash("Planned the check.", "success")
    return redirect(url_for(".show", ref=ref, _anchor="outcome"), code=303)


@bp.get("/decisions/<ref>/checks/<int:check_id>")
@requires(Permission.RECORD_OUTCOMES)
def check(ref: str, check_id: int) -> ResponseReturnValue:
    session = reading()
    decision = get_decision(session, current_member(), ref)
    found = get_check(session, decision, check_id)
    measure = next((each for each in measures_of(session, decision) if each.id == found.measure_id), None)
    return render_template(
        "decisions/verdict_form.html",
        decision=decision,
        check=found,
        measure=measure,
        form=VerdictForm(),
        reschedule=RescheduleForm(data={"due_on": max(found.due_on, today(session))}),
        may_move=not found.times_moved or approves(current_member()),
    )


@bp.post("/decisions/<ref>/checks/<int:check_id>/verdict")
@requires(Permission.RECORD_OUTCOMES)
@shows_errors_on(".check")
def conclude(ref: str, check_id: int) -> ResponseReturnValue:
    form = VerdictForm()
    form.verdict.validate_choice = False
    values = read_form(form)
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        record_verdict(
            session,
            actor=current_member(),
            decision=decision,
            check=get_check(session, decision, check_id),
            verdict=values["verdict"] or "",
            value=values["value"],
            note=values["note"] or "",
        )
    refuted = "The insights it rests on are challenged now, and a review of the decision is proposed."
    say_done(
        f"Recorded what came of it. {refuted if values['verdict'] in REFUTING else ''}".strip(),
        undo_href=url_for(".take_back", ref=ref, check_id=check_id),
    )
    return redirect(url_for(".show", ref=ref, _anchor="outcome"), code=303)


@bp.post("/decisions/<ref>/checks/<int:check_id>/day")
@requires(Permission.RECORD_OUTCOMES)
@shows_errors_on(".check")
def reschedule(ref: str, check_id: int) -> ResponseReturnValue:
    values = read_form(RescheduleForm())
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        found = get_check(session, decision, check_id)
        reschedule_check(
            session,
            actor=current_member(),
            decision=decision,
            check=found,
            due_on=values["due_on"],
            reason=values["why"],
        )
    flash("Moved the check.", "success")
    return redirect(url_for(".show", ref=ref, _anchor="outcome"), code=303)


@bp.post("/decisions/<ref>/checks/<int:check_id>/take-back")
@requires(Permission.RECORD_OUTCOMES)
@shows_errors_on(".show")
def take_back(ref: str, check_id: int) -> ResponseReturnValue:
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        found = get_check(session, decision, check_id)
        take_back_verdict(session, actor=current_member(), decision=decision, check=found)
    flash("Taken back: the check is open again, and what the verdict had set off is undone.", "success")
    return redirect(url_for(".show", ref=ref, _anchor="outcome"), code=303)


def _measures(decision: Decision) -> list[tuple[str, str]]:
    return [("", "–"), *[(str(each.id), each.name) for each in measures_of(reading(), decision)]]
