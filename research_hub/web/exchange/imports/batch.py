"""All files of an import: what each would become, and bringing in those that are ready."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.core.access import Permission
from insights.core.errors import DomainError, RuleBroken
from insights.exchange.imports import (
    FileChoices,
    FileRow,
    end_batch,
    files_of,
    get_batch,
    get_file,
    set_day,
    store_file,
    undo_file,
)
from insights.exchange.models import FileStatus
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.exchange.blueprint import bp
from research_hub.web.exchange.imports.beginning import FilesForm
from research_hub.web.exchange.imports.incoming import content_of, largest_file, staged_files
from research_hub.web.forms import DayField, HubForm, read_form
from research_hub.web.messages import say_done
from research_hub.web.words import count, day

_GROUPS = (
    ("needs", "Needs you"),
    ("ready", "Ready"),
    ("known", "In this study already"),
    ("refused", "Could not be read"),
    ("stored", "Brought in"),
    ("left_out", "Left out"),
)


class DayForm(HubForm):
    day = DayField("Day of all sessions that lack one")


@bp.get("/imports/<ref>")
@requires(Permission.EDIT_SESSIONS)
def show_import(ref: str) -> ResponseReturnValue:
    session = reading()
    batch, study = get_batch(session, current_member(), ref)
    files = files_of(session, batch, study)
    groups = [(key, title, [row for row in files if _group_of(row) == key]) for key, title in _GROUPS]
    return render_template(
        "exchange/import.html",
        batch=batch,
        study=study,
        files=files,
        groups=[each for each in groups if each[2]],
        ready=sum(row.is_ready for row in files),
        form=FilesForm(),
        day_form=DayForm(),
        without_day=sum(_lacks_day(row) for row in files),
        largest=largest_file() // (1024 * 1024),
    )


@bp.post("/imports/<ref>/store")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_import")
def store_all(ref: str) -> ResponseReturnValue:
    """Every file that is ready, each by itself: what goes wrong with one leaves the others in."""
    session = reading()
    batch, study = get_batch(session, current_member(), ref)
    ready = [row for row in files_of(session, batch, study) if row.is_ready]
    if not ready:
        raise RuleBroken("No file is ready. Put right what is missing, or add files.")
    problems = [problem for row in ready if (problem := _stored_or_why(ref, row))]
    done = len(ready) - len(problems)
    if done:
        say_done(f"{count(done, 'file')} brought in.", undo_href=url_for(".undo_all", ref=ref))
    for problem in problems:
        flash(problem, "error")
    return redirect(url_for(".show_import", ref=ref), code=303)


@bp.post("/imports/<ref>/undo")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_import")
def undo_all(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        batch, study = get_batch(session, current_member(), ref)
        stored = [row.id for row in files_of(session, batch, study) if row.status is FileStatus.STORED]
        for file_id in stored:
            file, _batch, _study = get_file(session, current_member(), ref, file_id)
            undo_file(session, actor=current_member(), study=study, file=file)
    flash(f"{count(len(stored), 'file')} taken out of the study again. Nothing of the originals is lost.", "success")
    return redirect(url_for(".show_import", ref=ref), code=303)


@bp.post("/imports/<ref>/day")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_import")
def set_day_of_all(ref: str) -> ResponseReturnValue:
    """One day for all files that become sessions and tell none."""
    values = read_form(DayForm())
    with transaction() as session:
        batch, _study = get_batch(session, current_member(), ref)
        taken = set_day(session, batch=batch, day=values["day"])
    flash(f"{count(taken, 'file')} dated {day(values['day'])}. Nothing is stored yet.", "success")
    return redirect(url_for(".show_import", ref=ref), code=303)


@bp.post("/imports/<ref>/end")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".show_import")
def end_import(ref: str) -> ResponseReturnValue:
    """What was not brought in is forgotten, here and on disk."""
    with transaction() as session:
        batch, study = get_batch(session, current_member(), ref)
        gone = end_batch(session, batch=batch)
    staged_files().forget(gone)
    flash("Import finished. What was not brought in is not kept here any more.", "success")
    return redirect(url_for("capture.show_study", ref=study.ref), code=303)


def store_one(session: Session, study: Study, ref: str, file_id: int, *, skip_errors: bool = False) -> tuple[str, ...]:
    """Stores one file within the transaction that is open; answers the refs of what came of it."""
    file, _batch, _study = get_file(session, current_member(), ref, file_id)
    return store_file(
        session,
        actor=current_member(),
        files=current_app.extensions["files"],
        study=study,
        file=file,
        content=content_of(file),
        skip_errors=skip_errors,
    ).refs


def _stored_or_why(ref: str, row: FileRow) -> str:
    """Empty when it is stored; else why it is not."""
    try:
        with transaction() as session:
            _batch, study = get_batch(session, current_member(), ref)
            store_one(session, study, ref, row.id)
    except DomainError as error:
        return error.message if row.name in error.message else f"“{row.name}”: {error.message}"
    return ""


def _lacks_day(row: FileRow) -> bool:
    return row.status is FileStatus.UNDERSTOOD and isinstance(row.choices, FileChoices) and row.choices.lacks_day


def _group_of(row: FileRow) -> str:
    if row.status is FileStatus.UNDERSTOOD:
        return "known" if row.known_as else "ready" if row.is_ready else "needs"
    return str(row.status.value)


def refs_in_words(refs: Sequence[str]) -> str:
    """'SES-4', or '48 sessions, SES-4 to SES-51'."""
    return refs[0] if len(refs) == 1 else f"{count(len(refs), 'session')}, {refs[0]} to {refs[-1]}"
