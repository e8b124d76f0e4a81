from __future__ import annotations

from datetime import timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.clock import today
from insights.stewardship.contributions import contributions_of, month_of
from research_hub.db import reading
from research_hub.security import current_member, requires
from research_hub.web.stewardship.blueprint import bp


@bp.get("/contributions")
@requires(Permission.EDIT_INSIGHTS)
def contributions() -> ResponseReturnValue:
    """`?month=2026-10`; without it the month that runs."""
    session, member = reading(), current_member()
    first_day = month_of(request.args.get("month", ""), today(session))
    return render_template(
        "stewardship/contributions.html",
        note=contributions_of(session, member, first_day),
        month=first_day,
        before=(first_day - timedelta(days=1)).replace(day=1),
        after=(first_day + timedelta(days=32)).replace(day=1),
        this_month=today(session).replace(day=1),
    )
