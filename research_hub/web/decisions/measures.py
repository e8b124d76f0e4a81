"""How one will know: measures and their readings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.clock import today
from insights.core.errors import InvalidInput
from insights.decisions.outcomes import (
    ReadingTable,
    add_measure,
    add_reading,
    add_readings,
    declare_not_measurable,
    read_table,
)
from insights.decisions.outcomes.reading_table import LARGEST
from insights.decisions.queries import get_decision, get_measure
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.decisions.blueprint import bp
from research_hub.web.decisions.forms import MeasureForm, NotMeasurableForm, ReadingForm, ReadingsForm
from research_hub.web.forms import read_form
from research_hub.web.words import count


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


@bp.get("/decisions/<ref>/measures/<int:measure_id>/readings/table")
@requires(Permission.RECORD_OUTCOMES)
def reading_table(ref: str, measure_id: int, read: ReadingTable | None = None, text: str = "") -> ResponseReturnValue:
    """`read` is what was understood of a table that was tried; then `text` is carried along to be stored."""
    session = reading()
    decision = get_decision(session, current_member(), ref)
    measure = get_measure(session, decision, measure_id)
    form = ReadingsForm(data={"table": text})
    return render_template("decisions/readings_form.html", form=form, decision=decision, measure=measure, read=read)


@bp.post("/decisions/<ref>/measures/<int:measure_id>/readings/table")
@requires(Permission.RECORD_OUTCOMES)
@shows_errors_on(".reading_table")
def bring_readings(ref: str, measure_id: int) -> ResponseReturnValue:
    """Tried first, where asked for; stored whole, or not at all while a row is wrong."""
    text = _table_text()
    read = read_table(text, today=today(reading()))
    if "store" not in request.form or not read.may_be_stored:
        return make_response(reading_table(ref, measure_id, read, text), 422 if read.errors else 200)
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        measure = get_measure(session, decision, measure_id)
        new = add_readings(session, actor=current_member(), measure=measure, rows=read.rows)
    known = len(read.rows) - new
    flash(
        f"Stored {count(new, 'reading')}.{f' {known:,} were there already.' if known else ''}",
        "success",
    )
    return redirect(url_for(".show", ref=ref, _anchor="outcome"), code=303)


def _table_text() -> str:
    """The file, or what was pasted where there is none. Raises InvalidInput for bytes that are no text."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return request.form.get("table", "")
    content: bytes = upload.stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise InvalidInput.of("file", "The file has more than a million characters. Bring fewer rows at once.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return content.decode("cp1252")
        except UnicodeDecodeError as error:
            message = "The file is no text. Save the sheet as CSV and choose that."
            raise InvalidInput.of("file", message) from error


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    """What was left empty is an empty text, or no figure."""
    texts = ("name", "unit", "direction", "source")
    return {name: value or "" if name in texts else value for name, value in values.items()}
