from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.people.queries import area_ids
from research_hub.db import reading
from research_hub.security import current_member, requires
from research_hub.web.people.blueprint import bp


@bp.get("/settings")
@requires(Permission.READ)
def settings() -> ResponseReturnValue:
    return render_template("people/settings.html", looks_after=bool(area_ids(reading(), current_member())))
