"""Decision files chosen in a browser, several at once."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import SelectField

from insights.core.access import Permission
from insights.core.errors import InvalidInput
from insights.exchange.decision_import import DecisionImport, import_decisions
from insights.people.models import Service
from insights.people.queries import service_choices
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.decisions.blueprint import bp
from research_hub.web.decisions.upload_names import safe_names
from research_hub.web.forms import HubForm, choose, number_or_none

MOST_FILES = 200
MOST_BYTES = 8 * 1024 * 1024
LARGEST_FILE = 2 * 1024 * 1024


class ImportForm(HubForm):
    files = MultipleFileField("Decision files")
    service_id = SelectField("Service", validate_choice=False, description="What these decisions are about.")


@bp.get("/decisions/import")
@requires(Permission.EDIT_DECISIONS)
def import_files() -> ResponseReturnValue:
    form = ImportForm()
    choose(form.service_id, service_choices(reading()))
    return render_template("decisions/import_form.html", form=form)


@bp.post("/decisions/import")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".import_files")
def take_in_files() -> ResponseReturnValue:
    """What became of each file is the answer itself: sent again, every file is known."""
    uploads = _chosen(request.files.getlist("files"))
    with tempfile.TemporaryDirectory() as folder, transaction() as session:
        _lay_out(uploads, Path(folder))
        service = session.get(Service, number_or_none(request.form.get("service_id")) or 0)
        found = import_decisions(session, actor=current_member(), root=Path(folder), service=service)
    return render_template("decisions/import_done.html", found=found, total=len(uploads), said=_said(found))


def _chosen(uploads: Iterable[FileStorage]) -> list[FileStorage]:
    chosen = [upload for upload in uploads if upload.filename]
    if not chosen:
        raise InvalidInput.of("files", "Choose at least one file.")
    if len(chosen) > MOST_FILES:
        raise InvalidInput.of(
            "files", f"These are {len(chosen)} files; {MOST_FILES} are taken at once. Send the others after them."
        )
    return chosen


def _lay_out(uploads: Sequence[FileStorage], folder: Path) -> None:
    """Writes them under safe names; of a file that is too large one byte too many, for which the reader refuses it."""
    total = 0
    for upload, name in zip(uploads, safe_names(upload.filename or "" for upload in uploads), strict=True):
        content = upload.stream.read(LARGEST_FILE + 1)
        total += len(content)
        if total > MOST_BYTES:
            raise InvalidInput.of("files", "The files have more than 8 MB in all. Send them in several turns.")
        (folder / name).write_bytes(content)


def _said(found: DecisionImport) -> str:
    """The counts in a sentence, those of nothing left out."""
    counts = (
        (len(found.imported), "stored"),
        (len(found.known), "known already"),
        (len(found.not_decisions), "not decisions"),
        (len(found.unreadable), "not read"),
    )
    return ", ".join(f"{number} {words}" for number, words in counts if number)
