"""A report from outside as a source of its own (features.md A8)."""

from __future__ import annotations

import ntpath
from collections.abc import Mapping
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from wtforms import SelectField, StringField, TextAreaField

from insights.capture.models import Method, SourceText
from insights.capture.queries import get_study, study_choices
from insights.core.access import Permission
from insights.core.checks import optional_line, term_of
from insights.core.errors import InvalidInput
from insights.exchange.single_report import (
    ReportFacts,
    ReportFile,
    add_report,
    participant_count_of,
    read_report,
)
from insights.people.operations import web_address
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.files import FileStore
from research_hub.security import current_member, requires
from research_hub.web.capture.blueprint import bp
from research_hub.web.capture.forms import METHODS
from research_hub.web.forms import DayField, HubForm, choose, read_form
from research_hub.web.words import day


class ReportForm(HubForm):
    study = SelectField("Study", validate_choice=False)
    original = FileField("File", description="Markdown or plain text, 2 MB at most. It is kept byte for byte.")
    text = TextAreaField("Or paste its text", description="For a report that is only on a web page.")
    url = StringField("Address", description="Where it was published, for example https://example.org/report.")
    title = StringField("Title", description="Left empty, it is read from the file.")
    dated_on = DayField("Date", description="Left empty, it is read from the file, if it says so.")
    method = SelectField("Method", choices={"": "Not known", **METHODS}, validate_choice=False)
    participant_count = StringField("How many people took part")


@bp.get("/sources/new")
@requires(Permission.EDIT_SESSIONS)
def new_report() -> ResponseReturnValue:
    """`?study=STU-7` chooses the study."""
    session, member = reading(), current_member()
    form = ReportForm(data={"study": request.args.get("study", "")})
    choose(form.study, study_choices(session, member), optional=False)
    return render_template("capture/report_form.html", form=form)


@bp.post("/sources")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".new_report")
def import_report() -> ResponseReturnValue:
    form = ReportForm()
    choose(form.study, [], optional=False)
    values = read_form(form)
    facts = _facts(values)
    if not values["study"]:
        raise InvalidInput.of("study", "Choose the study. If there is none yet, create it first.")
    report = _report(values)
    if not (facts.title or report.title):
        raise InvalidInput.of("title", "Enter a title: the text has none of its own.")
    store: FileStore = current_app.extensions["files"]
    with transaction() as session:
        study = get_study(session, current_member(), values["study"])
        added = add_report(session, actor=current_member(), files=store, study=study, report=report, facts=facts)
    if not added.is_new:
        return render_template("capture/import_done.html", source=added.source, study=study), 409
    flash(_told(added.source, facts, report), "success")
    return redirect(url_for(".show_source", ref=added.source.ref), code=303)


def _facts(values: Mapping[str, Any]) -> ReportFacts:
    return ReportFacts(
        title=optional_line("title", values["title"], label="the title"),
        url=web_address("url", values["url"] or ""),
        dated_on=values["dated_on"],
        method=term_of("method", Method, values["method"], label="a method") if values["method"] else None,
        participant_count=participant_count_of("participant_count", values["participant_count"] or ""),
    )


def _report(values: Mapping[str, Any]) -> ReportFile:
    """From the file or from the pasted text; which of two is meant nobody can tell."""
    upload = request.files.get("original")
    pasted = values["text"] or ""
    if upload is not None and upload.filename:
        if pasted.strip():
            raise InvalidInput.of("text", "Choose a file or paste the text, not both. The file has to be chosen again.")
        # Some browsers send the whole path of the file.
        return read_report(ntpath.basename(upload.filename), upload.read())
    if not pasted.strip() and values["url"]:
        raise InvalidInput.of("text", "Paste the report’s text: what stands at the address is not fetched.")
    if not pasted.strip():
        raise InvalidInput.of("original", "Choose the report’s file, or paste its text.")
    return read_report("", pasted.replace("\r\n", "\n").encode(), field="text")


def _told(source: SourceText, facts: ReportFacts, report: ReportFile) -> str:
    """What was stored, and what of it nobody typed."""
    title = [] if facts.title else [f"title “{source.title}”"]
    dated = [] if facts.dated_on or source.dated_on is None else [f"date {day(source.dated_on)}"]
    read = f" Read from the file: {', '.join([*title, *dated])}." if title or dated else ""
    guessed = f" Please check: {'; '.join(report.notes)}." if report.notes else ""
    return f"{source.ref} added.{read}{guessed} Select a passage to highlight it."
