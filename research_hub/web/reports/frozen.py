"""Frozen reports: freezing one by hand, the list of all, one of them, its records and its files (features.md I4)."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.errors import InvalidInput
from insights.people.queries import service_choices
from insights.reports.days import Period
from insights.reports.freezing import (
    FrozenRow,
    figures_of,
    freeze_report,
    frozen_reports,
    get_frozen,
    rows_of_figure,
)
from insights.reports.frozen_document import frozen_document
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.exports import Value, as_file, as_report, table_of
from research_hub.web.forms import day_or_none, number_or_none
from research_hub.web.reports.blueprint import bp
from research_hub.web.reports.choice import read_period

COLUMNS = ("Reference", "From", "To", "Service", "Frozen on", "How", "By", "Note", "SHA-256")


@bp.get("/reports/frozen")
@requires(Permission.READ)
def frozen() -> ResponseReturnValue:
    return render_template(
        "reports/frozen.html",
        rows=frozen_reports(reading()),
        services=service_choices(reading()),
        period=read_period(),
        chosen=request.args.get("service", ""),
    )


@bp.post("/reports/frozen")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".frozen")
def freeze() -> ResponseReturnValue:
    start, end = day_or_none(request.form.get("from")), day_or_none(request.form.get("to"))
    if start is None or end is None:
        raise InvalidInput.of("from", "Enter the first and the last day of the period.")
    with transaction() as session:
        made = freeze_report(
            session,
            actor=current_member(),
            period=Period(start, end),
            service_id=number_or_none(request.form.get("service")),
            note=request.form.get("note", ""),
        )
    flash(f"Frozen as {made.ref}. Nothing changes these figures any more.", "success")
    return redirect(url_for(".show_frozen", ref=made.ref), code=303)


@bp.get("/reports/frozen.<extension>")
@requires(Permission.READ)
def export_frozen_list(extension: str) -> ResponseReturnValue:
    rows = [_listed(row) for row in frozen_reports(reading())]
    return as_file(extension, table_of("Frozen reports", COLUMNS, rows))


@bp.get("/reports/frozen/<ref>")
@requires(Permission.READ)
def show_frozen(ref: str) -> ResponseReturnValue:
    found = get_frozen(reading(), ref)
    return render_template("reports/frozen_one.html", frozen=found, figures=figures_of(found))


@bp.get("/reports/frozen/<ref>.<extension>")
@requires(Permission.READ)
def export_frozen(ref: str, extension: str) -> ResponseReturnValue:
    """Also as JSON: the very bytes that the digest is of."""
    found = get_frozen(reading(), ref)
    if extension == "json":
        name = f"{found.ref.lower()}.json"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(found.data.encode(), content_type="application/json", headers=headers)
    return as_report(extension, frozen_document(found, figures_of(found)))


@bp.get("/reports/frozen/<ref>/rows/<code>")
@requires(Permission.READ)
def frozen_rows(ref: str, code: str) -> ResponseReturnValue:
    found = get_frozen(reading(), ref)
    rows = rows_of_figure(reading(), current_member(), found, code)
    figure = next(each for each in figures_of(found).metrics if each["code"] == code.upper())
    return render_template("reports/frozen_rows.html", frozen=found, figure=figure, rows=rows)


def _listed(row: FrozenRow) -> tuple[Value, ...]:
    where = (row.ref, row.starts_on, row.ends_on, row.service or "All services", row.frozen_on)
    return (*where, row.rhythm.value, row.made_by, row.note, row.sha256)
