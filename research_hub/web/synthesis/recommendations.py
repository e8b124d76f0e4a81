from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission, may
from insights.core.errors import NotAllowed
from insights.synthesis.answers import respond_to_recommendation
from insights.synthesis.queries import RecommendationRow, get_recommendation, list_recommendations
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import day_or_none
from research_hub.web.synthesis.blueprint import bp


@bp.get("/recommendations")
@requires(Permission.READ)
def recommendations() -> ResponseReturnValue:
    rows = list_recommendations(reading(), current_member())
    return render_template("synthesis/recommendations.html", rows=rows)


@bp.get("/recommendations.<extension>")
@requires(Permission.READ)
def export_recommendations(extension: str) -> ResponseReturnValue:
    rows = list_recommendations(reading(), current_member())
    columns = ("Ref", "Recommendation", "Status", "Addressee", "Issued", "Due", "Answered", "Reason", "Insights")
    return as_file(
        extension,
        table_of(
            "Recommendations",
            columns,
            [(r.ref, r.text, r.status, r.addressee, r.issued_on, r.due_on, r.responded_on, *_why(r)) for r in rows],
        ),
    )


@bp.get("/recommendations/<ref>")
@requires(Permission.READ)
def show_recommendation(ref: str) -> ResponseReturnValue:
    _recommendation, row = get_recommendation(reading(), current_member(), ref)
    mine = row.addressee_id == current_member().id or may(current_member(), Permission.RESPOND)
    return render_template("synthesis/recommendation.html", row=row, may_answer=mine)


@bp.post("/recommendations/<ref>")
@requires(Permission.READ)
@shows_errors_on(".show_recommendation")
def respond(ref: str) -> ResponseReturnValue:
    """The addressee answers, or somebody who answers for the organisation."""
    with transaction() as session:
        member = current_member()
        recommendation, row = get_recommendation(session, member, ref)
        if recommendation.addressee_id != member.id and not may(member, Permission.RESPOND):
            raise NotAllowed("Only the one it is addressed to can answer, or an approver.")
        respond_to_recommendation(
            session,
            actor=member,
            recommendation=recommendation,
            status=request.form.get("status", ""),
            reason=request.form.get("reason", ""),
            deferred_to=day_or_none(request.form.get("deferred_to")),
            insights=row.insights,
        )
    flash("Answer recorded.", "success")
    return redirect(url_for(".show_recommendation", ref=ref), code=303)


def _why(row: RecommendationRow) -> tuple[str, str]:
    return row.response_reason, ", ".join(row.insights)
