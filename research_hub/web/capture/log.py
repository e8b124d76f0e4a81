from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from insights.capture.queries import list_sources, list_studies
from insights.core.access import Permission
from research_hub.db import reading
from research_hub.security import current_member, requires
from research_hub.web.capture.blueprint import bp
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import number_or_none

PAGE = 30


@bp.get("/log")
@requires(Permission.READ)
def index() -> ResponseReturnValue:
    before = number_or_none(request.args.get("before"))
    sources = list_sources(reading(), current_member(), before_id=before, limit=PAGE + 1)
    studies = list_studies(reading(), current_member())
    return render_template("capture/log.html", studies=studies, sources=sources[:PAGE], more=len(sources) > PAGE)


@bp.get("/sessions.<extension>")
@requires(Permission.READ)
def export_sessions(extension: str) -> ResponseReturnValue:
    rows = list_sources(reading(), current_member(), limit=100_000)
    columns = ("Ref", "Title", "Date", "Method", "Participants", "Study", "Study title", "Characters")
    return as_file(
        extension,
        table_of(
            "Sessions",
            columns,
            [(r.ref, r.title, r.held_on, str(r.method), r.participants, r.study_ref, r.study, r.length) for r in rows],
        ),
    )
