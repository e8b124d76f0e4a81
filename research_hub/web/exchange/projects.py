"""Coding projects of other programs: looked at before they are stored, then brought in."""

from __future__ import annotations

import io
import ntpath
from pathlib import Path
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField

from insights.capture.models import Study
from insights.capture.queries import get_study, study_choices
from insights.core.access import Permission
from insights.core.errors import InvalidInput
from insights.exchange.models import CodingProject
from insights.exchange.qda.incoming import Choices
from insights.exchange.qda.packages import Package, open_package
from insights.exchange.qda.storing import store_project
from insights.exchange.qda.understood import Understood, from_json
from insights.exchange.qda.waiting import (
    discard_project,
    earlier_imports,
    get_coding_project,
    keep_waiting,
    kinds_of_problems,
    list_coding_projects,
)
from insights.people.queries import Choice
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.files import FileStore
from research_hub.sandbox import run_apart
from research_hub.security import current_member, requires
from research_hub.web.exchange.blueprint import bp
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import HubForm, read_form

NEW_STUDY, ORGANISATION = "new", "organisation"
_SEPARATORS = {"::": "two colons, as in “%s”", ".": "a dot, as in “%s”", "/": "a slash, as in “%s”"}
_SEPARATORS |= {">": "an arrow, as in “%s”", "\\": "a backslash, as in “%s”"}
_SHOWN_OF_A_KIND = 50


class ProjectForm(HubForm):
    file = FileField("Project file", description="A project of 8 MB or less; larger ones come in by command line.")


class StoreForm(HubForm):
    into = SelectField("Where it goes", validate_choice=False)
    separator = RadioField("Names of codes", validate_choice=False)
    names_are_codes = BooleanField(
        "The cases’ names are pseudonyms, so they may be shown as participants’ codes",
        description="Leave this empty where they may be people’s own names. Names like P1 are taken in any case.",
    )


@bp.get("/projects/import")
@requires(Permission.EDIT_STUDIES)
def import_project() -> ResponseReturnValue:
    """`?study=STU-7` proposes the study."""
    rows = list_coding_projects(reading(), current_member())
    return render_template("exchange/project_import.html", form=ProjectForm(), rows=rows)


@bp.post("/projects/import")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".import_project")
def read_project() -> ResponseReturnValue:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise InvalidInput.of("file", "Choose the project’s file.")
    # Some browsers send the whole path of the file.
    name, content = ntpath.basename(upload.filename), upload.read()
    understood = _understood(name, content)
    digest, size = _store().keep_stream(io.BytesIO(content))
    with transaction() as session:
        project = keep_waiting(
            session, actor=current_member(), file_name=name, understood=understood, sha256=digest, size=size
        )
    return redirect(url_for(".show_project", ref=project.ref, study=request.args.get("study") or None), code=303)


@bp.get("/projects/<ref>")
@requires(Permission.READ)
def show_project(ref: str) -> ResponseReturnValue:
    """What would come in, while it waits; what came in, afterwards."""
    session, member = reading(), current_member()
    project = get_coding_project(session, member, ref)
    problems = kinds_of_problems(project.report.get("problems", []))
    study = None if project.study_id is None else session.get(Study, project.study_id)
    form = None
    if project.stored_at is None:
        form = StoreForm(data={"into": request.args.get("study") or NEW_STUDY, "separator": ""})
        _offer(form, project, study_choices(session, member))
    return render_template(
        "exchange/project.html",
        project=project,
        report=project.report,
        problems=problems,
        shown=_SHOWN_OF_A_KIND,
        study=study,
        form=form,
        earlier=earlier_imports(session, member, project),
        is_own=project.created_by_id == member.id,
    )


@bp.post("/projects/<ref>/store")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".show_project")
def store(ref: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    waiting = get_coding_project(session, member, ref)
    form = StoreForm()
    _offer(form, waiting, study_choices(session, member))
    values = read_form(form)
    content = _store().path_of(waiting.sha256).read_bytes()
    understood = _understood(waiting.file_name, content)
    choices = Choices(
        separator=values["separator"] or "",
        names_are_codes=bool(values["names_are_codes"]),
        to_organisation=values["into"] == ORGANISATION,
    )
    with transaction() as unit:
        study = None
        if values["into"] not in {NEW_STUDY, ORGANISATION, ""}:
            study = get_study(unit, member, values["into"])
        project = get_coding_project(unit, member, ref)
        stored = store_project(
            unit,
            actor=member,
            project=project,
            understood=understood,
            study=study,
            files=_store(),
            package=_package(understood, content),
            choices=choices,
        )
    where = "the organisation’s codebook" if stored is None else f"{stored.ref}, {stored.title}"
    flash(f"{project.ref} is in {where}.", "success")
    return redirect(url_for(".show_project", ref=project.ref), code=303)


@bp.post("/projects/<ref>/discard")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".show_project")
def discard(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        project = get_coding_project(session, current_member(), ref)
        name, unneeded = project.file_name, discard_project(session, actor=current_member(), project=project)
    if unneeded is not None:
        _store().path_of(unneeded).unlink(missing_ok=True)
    flash(f"“{name}” was not brought in, and nothing of it was kept.", "success")
    return redirect(url_for(".import_project"), code=303)


@bp.get("/projects/<ref>/report.<extension>")
@requires(Permission.READ)
def project_report(ref: str, extension: str) -> ResponseReturnValue:
    """What came in and what did not, to keep or to send to whoever exported it."""
    project = get_coding_project(reading(), current_member(), ref)
    rows = [
        (each["kind"], each["what"], each["why"], "does not come in" if each.get("is_lost", True) else "look at it")
        for each in project.report.get("problems", [])
    ]
    tallies = [(each["kind"], each["held"], each["comes"]) for each in project.report.get("tallies", [])]
    return as_file(
        extension,
        table_of(f"{project.ref} report", ("Kind", "What", "Why", "Meaning"), rows),
        table_of("Counts", ("Kind", "In the file", "Comes in"), tallies),
    )


@bp.get("/projects/<ref>/file")
@requires(Permission.EDIT_STUDIES)
def project_file(ref: str) -> Response:
    """The file as it was brought, byte for byte."""
    project = get_coding_project(reading(), current_member(), ref)
    return send_file(
        _store().path_of(project.sha256),
        mimetype="application/octet-stream",
        as_attachment=True,
        # By its reference: the name that it came with may be that of somebody heard.
        download_name=f"{project.ref}{_SUFFIX_OF.get(Path(project.file_name).suffix.casefold(), '.qdpx')}",
    )


_SUFFIX_OF = {each: each for each in (".qdpx", ".qdc", ".qde", ".sqlite3", ".db", ".csv")}


def _understood(name: str, content: bytes) -> Understood:
    answer: Any = run_apart("insights.exchange.qda", [name], content, name=name)
    return from_json(answer)


def _package(understood: Understood, content: bytes) -> Package | None:
    is_package = understood.format == "refi" and content.startswith(b"PK")
    return open_package(content) if is_package else None


def _offer(form: StoreForm, project: CodingProject, studies: list[Choice]) -> None:
    """Where it may go, and in which ways names of codes may be split."""
    into = {NEW_STUDY: f"A new study, “{project.name}”"}
    if project.format == "codebook":
        into = {ORGANISATION: "The organisation’s codebook", **into}
    form.into.choices = into | {each.value: each.label for each in studies}
    examples = project.report.get("examples", {})
    form.separator.choices = {"": "Keep them as they are"} | {
        sign: f"Split them at {words % examples[sign][:80]}" for sign, words in _SEPARATORS.items() if sign in examples
    }


def _store() -> FileStore:
    store: FileStore = current_app.extensions["files"]
    return store
