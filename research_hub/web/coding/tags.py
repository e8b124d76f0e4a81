from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from insights.coding.queries import get_tag, list_tags
from insights.core.access import Permission
from research_hub.db import reading
from research_hub.security import current_member, requires
from research_hub.web.coding.blueprint import bp
from research_hub.web.exports import as_file, table_of


@bp.get("/tags")
@requires(Permission.READ)
def tags() -> ResponseReturnValue:
    return render_template("coding/tags.html", rows=list_tags(reading(), current_member()))


@bp.get("/tags.<extension>")
@requires(Permission.READ)
def export_tags(extension: str) -> ResponseReturnValue:
    rows = list_tags(reading(), current_member())
    columns = ("Ref", "Tag", "Definition", "Status", "Quotes")
    return as_file(
        extension, table_of("Codebook", columns, [(r.ref, r.path, r.definition, r.status, r.highlights) for r in rows])
    )


@bp.get("/tags/<ref>")
@requires(Permission.READ)
def show_tag(ref: str) -> ResponseReturnValue:
    tag = get_tag(reading(), current_member(), ref)
    return redirect(url_for(".highlights", tag=tag.ref), code=303)
