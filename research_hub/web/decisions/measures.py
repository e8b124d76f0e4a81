"""How one will know: measures and their readings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.clock import today
from insights.decisions.outcomes import add_measure, add_reading, declare_not_measurable
from insights.decisions.queries import get_decision, get_measure
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.decisions.blueprint import bp
from research_hub.web.decisions.forms import MeasureForm, NotMeasurableForm, ReadingForm
from research_hub.web.forms import read_form


@bp.get("/decisions/<ref>/measures/new")
@requires(Permission.EDIT_DECISIONS)
def new_measure(ref: str) -> ResponseReturnValue:
    decision = get_decision(reading(), current_member(), ref)
    return render_template(
        "decisions/measure_form.html", form=MeasureForm(), not_measurable=NotMeasurableForm(), decision=decision
    )


@bp.post("/decisions/<ref>/measures")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".new_measure")
def create_measure(ref: str) -> ResponseReturnValue:
    values = read_form(MeasureForm())
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        add_measure(session, actor=current_member(), decision=decision, **_told(values))
    flash("Added the measure.", "success")
    return redirect(url_for(".show", ref=ref, _anchor="outcome"), code=303)


@bp.post("/decisions/<ref>/not-measurable")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".new_measure")
def not_measurable(ref: str) -> ResponseReturnValue:
    reason = read_form(NotMeasurableForm())["reason"] or ""
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        declare_not_measurable(session, actor=current_member(), decision=decision, reason=reason)
    flash("Recorded why it cannot be measured.", "success")
    return redirect(url_for(".show", ref=ref, _anchor="outcome"), code=303)


@bp.get("/decisions/<ref>/measures/<int:measure_id>/readings/new")
@requires(Permission.RECORD_OUTCOMES)
def new_reading(ref: str, measure_id: int) -> ResponseReturnValue:
    session = reading()
    decision = get_decision(session, current_member(), ref)
    measure = get_measure(session, decision, measure_id)
    form = ReadingForm(data={"on": today(session)})
    return render_template("decisions/reading_form.html", form=form, decision=decision, measure=measure)


@bp.post("/decisions/<ref>/measures/<int:measure_id>/readings")
@requires(Permission.RECORD_OUTCOMES)
@shows_errors_on(".new_reading")
def create_reading(ref: str, measure_id: int) -> ResponseReturnValue:
    values = read_form(ReadingForm())
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        add_reading(
            session,
            actor=current_member(),
            measure=get_measure(session, decision, measure_id),
            on=values["on"] or today(session),
            value=values["value"],
            note=values["note"] or "",
        )
    flash("Added the reading.", "success")
    return redirect(url_for(".show", ref=ref, _anchor="outcome"), code=303)


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    """What was left empty is an empty text, or no figure."""
    texts = ("name", "unit", "direction", "source")
    return {name: value or "" if name in texts else value for name, value in values.items()}
