"""What came of it: checks with their verdicts, and the impact ledger."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.errors import InvalidInput
from insights.decisions.models import Decision, Verdict
from insights.decisions.outcomes import attest_impact, record_verdict, reschedule_check, schedule_check
from insights.decisions.queries import get_check, get_decision, get_impact_entry, get_measure, measures_of
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.decisions.blueprint import bp
from research_hub.web.decisions.forms import CheckForm, ImpactForm, RescheduleForm, VerdictForm
from research_hub.web.forms import number_or_none, read_form

_REFUTED = (Verdict.NO_CHANGE, Verdict.WORSENED)


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
        reschedule=RescheduleForm(data={"due_on": found.due_on}),
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
    if values["verdict"] in _REFUTED:
        flash(
            "Recorded. The insights it rests on are challenged now; look whether the decision still stands.", "warning"
        )
    else:
        flash("Recorded what came of it.", "success")
    return redirect(url_for(".show", ref=ref, _anchor="outcome"), code=303)


@bp.post("/decisions/<ref>/checks/<int:check_id>/day")
@requires(Permission.RECORD_OUTCOMES)
@shows_errors_on(".check")
def reschedule(ref: str, check_id: int) -> ResponseReturnValue:
    due_on = read_form(RescheduleForm())["due_on"]
    if due_on is None:
        raise InvalidInput.of("due_on", "Enter the day on which somebody looks.")
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        found = get_check(session, decision, check_id)
        reschedule_check(session, actor=current_member(), decision=decision, check=found, due_on=due_on)
    flash("Moved the check.", "success")
    return redirect(url_for(".show", ref=ref, _anchor="outcome"), code=303)


@bp.get("/decisions/<ref>/impact/new")
@requires(Permission.RECORD_OUTCOMES)
def new_impact(ref: str) -> ResponseReturnValue:
    """`?corrects=n` puts an entry right: the ledger only grows, so it is written anew."""
    session = reading()
    decision = get_decision(session, current_member(), ref)
    number = number_or_none(request.values.get("corrects"))
    corrects = None if number is None else get_impact_entry(session, decision, number)
    form = ImpactForm(obj=corrects)
    form.measure_id.choices = _measures(decision)
    return render_template("decisions/impact_form.html", form=form, decision=decision, corrects=corrects)


@bp.post("/decisions/<ref>/impact")
@requires(Permission.RECORD_OUTCOMES)
@shows_errors_on(".new_impact")
def attest(ref: str) -> ResponseReturnValue:
    form = ImpactForm()
    form.measure_id.choices, form.contribution.validate_choice = [], False
    values = read_form(form)
    measure_id, number = number_or_none(values["measure_id"]), number_or_none(request.form.get("corrects"))
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        attest_impact(
            session,
            actor=current_member(),
            decision=decision,
            what=values["what"] or "",
            contribution=values["contribution"] or "",
            on=values["on"],
            measure=None if measure_id is None else get_measure(session, decision, measure_id),
            corrects=None if number is None else get_impact_entry(session, decision, number),
        )
    flash("Written into the impact ledger.", "success")
    return redirect(url_for(".show", ref=ref, _anchor="impact"), code=303)


def _measures(decision: Decision) -> list[tuple[str, str]]:
    return [("", "–"), *[(str(each.id), each.name) for each in measures_of(reading(), decision)]]
