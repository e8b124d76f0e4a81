"""Lists of quotes, to read and to take away."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from insights.coding.queries import list_highlights
from insights.coding.uses import sift_quotes
from insights.core.access import Permission
from insights.people.participants.gate import Use
from insights.synthesis.queries import insights_citing
from research_hub.db import reading
from research_hub.security import current_member, requires
from research_hub.web.coding.blueprint import bp
from research_hub.web.coding.quote_filters import read_quote_filter
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import number_or_none

PAGE = 40


@bp.get("/highlights")
@requires(Permission.READ)
def highlights() -> ResponseReturnValue:
    session, member = reading(), current_member()
    chosen = read_quote_filter()
    rows = list_highlights(
        session,
        member,
        study_id=chosen.study_id,
        before_id=number_or_none(request.args.get("before")),
        limit=PAGE + 1,
        where=chosen.where,
    )
    citing = insights_citing(session, member, [row.id for row in rows])
    return render_template(
        "coding/highlights.html", rows=rows[:PAGE], more=len(rows) > PAGE, citing=citing, chosen=chosen
    )


@bp.get("/highlights.<extension>")
@requires(Permission.READ)
def export_highlights(extension: str) -> ResponseReturnValue:
    chosen = read_quote_filter()
    session = reading()
    found = list_highlights(session, current_member(), study_id=chosen.study_id, limit=None, where=chosen.where)
    sifted = sift_quotes(session, [row.id for row in found], Use.TAKE_AWAY)
    rows = [row for row in found if row.id in sifted.kept]
    columns = ("Ref", "Quote", "Tags", "Observation", "Source", "Study", "Study title", "Method", "Said on")
    return as_file(
        extension,
        table_of(
            "Quotes",
            columns,
            [
                (
                    r.ref,
                    r.exact,
                    ", ".join(r.tags),
                    r.observation,
                    r.source_ref,
                    r.study_ref,
                    r.study,
                    r.method,
                    r.said_on,
                )
                for r in rows
            ],
            sifted.lines,
        ),
    )
