"""A study for other programs: as a REFI-QDA project, or its codebook alone."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from typing import IO

from flask import Response, current_app, render_template, request, send_file
from flask.typing import ResponseReturnValue
from wtforms import BooleanField

from insights.capture.known_by_name import may_know_names
from insights.capture.queries import get_study
from insights.core.access import Permission
from insights.exchange.qda.exporting import codebook_of_study, file_name_of, project_of_study
from insights.exchange.qda.outgoing import write_package
from insights.people.vault.files import OpeningFiles, WithheldFiles
from research_hub import __version__
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.exchange.blueprint import bp
from research_hub.web.forms import HubForm

ORIGIN = f"Research Hub {__version__}"


class ExportForm(HubForm):
    with_names = BooleanField(
        "With the names of those who coded",
        description="Otherwise they are called Coder 1, Coder 2 and so on.",
    )


@bp.get("/studies/<ref>/take-away")
@requires(Permission.CODE)
def take_away(ref: str) -> ResponseReturnValue:
    study = get_study(reading(), current_member(), ref)
    return render_template("exchange/project_export.html", study=study, form=ExportForm())


@bp.post("/studies/<ref>/take-away/project")
@requires(Permission.CODE)
@shows_errors_on(".take_away")
def take_project(ref: str) -> Response:
    """The package is on disk as a whole before its first byte goes out."""
    with transaction() as session:
        study = get_study(session, current_member(), ref)
        outgoing = project_of_study(
            session,
            actor=current_member(),
            study=study,
            origin=ORIGIN,
            with_names=bool(request.form.get("with_names")),
        )
        name = file_name_of(study, "qdpx")
    written = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it when it was sent
    files = current_app.extensions["files"]
    heard = may_know_names(current_member(), study.team_id)
    write_package(outgoing, files, written, OpeningFiles(reading(), files) if heard else WithheldFiles())
    written.seek(0)
    answer = Response(_pieces(written), mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.call_on_close(written.close)
    return answer


@bp.post("/studies/<ref>/take-away/codebook")
@requires(Permission.CODE)
@shows_errors_on(".take_away")
def take_codebook(ref: str) -> Response:
    with transaction() as session:
        study = get_study(session, current_member(), ref)
        content = codebook_of_study(session, actor=current_member(), study=study, origin=ORIGIN)
        name = file_name_of(study, "qdc")
    return _codebook(content, name)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(1 << 16):
            yield piece


def _codebook(content: bytes, name: str) -> Response:
    return send_file(io.BytesIO(content), mimetype="application/xml", as_attachment=True, download_name=name)
