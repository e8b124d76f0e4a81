"""Choosing files: dropped one by one with their progress, or several in a plain form."""

from __future__ import annotations

from flask import flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import MultipleFileField

from insights.capture.queries import get_study
from insights.core.access import Permission
from insights.exchange.imports import (
    end_old_batches,
    file_row,
    get_batch,
    open_batch,
    open_batches,
    state_of,
    what_it_is,
)
from insights.exchange.models import ImportBatch
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires, takes_bodies_of
from research_hub.web.exchange.blueprint import bp
from research_hub.web.exchange.imports.incoming import (
    chosen_files,
    largest_file,
    staged_files,
    take_in_one,
    take_in_patiently,
)
from research_hub.web.forms import HubForm


class FilesForm(HubForm):
    files = MultipleFileField("Files")


@bp.get("/studies/<ref>/import")
@requires(Permission.EDIT_SESSIONS)
def bring_in(ref: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    study = get_study(session, member, ref)
    return render_template(
        "exchange/import_begin.html",
        study=study,
        form=FilesForm(),
        batches=open_batches(session, member, study_id=study.id),
        largest=largest_file() // (1024 * 1024),
        in_one_form=4 * largest_file() // (1024 * 1024),
    )


@bp.post("/studies/<ref>/import")
@requires(Permission.EDIT_SESSIONS)
@takes_bodies_of("upload_form_body")
@shows_errors_on(".bring_in")
def take_in(ref: str) -> ResponseReturnValue:
    """All files of a plain form, one after the other."""
    uploads = chosen_files()
    batch = _begun(ref)
    files = take_in_patiently(batch.ref, uploads)
    refused = sum(bool(file.problem) for file in files)
    if refused:
        flash(f"{refused} of {len(files)} could not be read; the reasons stand below.", "warning")
    return redirect(url_for(".show_import", ref=batch.ref), code=303)


@bp.post("/studies/<ref>/imports")
@requires(Permission.EDIT_SESSIONS)
def begin_import(ref: str) -> ResponseReturnValue:
    """For the script: where the files of this import go, and where they can be looked at."""
    batch = _begun(ref)
    answer = {
        "ref": batch.ref,
        "files": url_for(".add_file", ref=batch.ref),
        "page": url_for(".show_import", ref=batch.ref),
    }
    return jsonify(answer), 201


@bp.post("/imports/<ref>/file")
@requires(Permission.EDIT_SESSIONS)
@takes_bodies_of("upload_body")
def add_file(ref: str) -> ResponseReturnValue:
    """For the script: one file; 429 with Retry-After when others are being read."""
    get_batch(reading(), current_member(), ref)
    file = take_in_one(ref, chosen_files("file")[0])
    _batch, study = get_batch(reading(), current_member(), ref)
    row = file_row(reading(), file, study)
    said = row.problem or (f"In this study already, as {row.known_as}." if row.known_as else "")
    answer = {
        "name": row.name,
        "status": row.status.value,
        "state": state_of(row),
        "said": said or what_it_is(row.summary, row.choices),
        "page": url_for(".show_file", ref=ref, file_id=row.id) if row.choices else "",
    }
    return jsonify(answer), 201


@bp.post("/imports/<ref>/files")
@requires(Permission.EDIT_SESSIONS)
@takes_bodies_of("upload_form_body")
@shows_errors_on(".show_import")
def add_files(ref: str) -> ResponseReturnValue:
    """More files for an import that is under way, from a plain form."""
    get_batch(reading(), current_member(), ref)
    take_in_patiently(ref, chosen_files())
    return redirect(url_for(".show_import", ref=ref), code=303)


def _begun(study_ref: str) -> ImportBatch:
    """A new import; what nobody looked after for a month is let go of on the way."""
    with transaction() as session:
        study = get_study(session, current_member(), study_ref)
        batch = open_batch(session, actor=current_member(), study=study)
        gone = end_old_batches(session, member=current_member())
    staged_files().forget(gone)
    return batch
