from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.base import number_of
from insights.synthesis.contradictions import declare_contradiction, reopen_contradiction, settle_contradiction
from insights.synthesis.models import ContradictionReason, Insight
from insights.synthesis.queries import InsightFilter, contradictions_of, get_contradiction, get_insight, list_insights
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.messages import say_done
from research_hub.web.synthesis.blueprint import bp


@bp.get("/insights/<ref>/contradictions")
@requires(Permission.READ)
def contradictions(ref: str, contradiction_id: int = 0) -> ResponseReturnValue:  # noqa: ARG001 - shown again after settling
    """The insight and what speaks against it, side by side."""
    session, member = reading(), current_member()
    insight = get_insight(session, member, ref)
    found = contradictions_of(session, member, [insight.id])
    numbers = [number_of(ref, Insight.PREFIX) for ref in (insight.ref, *(each.other_ref for each in found)) if ref]
    rows = list_insights(session, member, InsightFilter(ids=[number for number in numbers if number]), limit=None)
    shown = {row.ref: row for row in rows}
    return render_template(
        "synthesis/contradictions.html",
        insight=insight,
        row=shown[insight.ref],
        found=found,
        others=shown,
        reasons=list(ContradictionReason),
    )


@bp.post("/insights/<ref>/contradictions")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".contradictions")
def contradict(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        insight = get_insight(session, current_member(), ref)
        other = get_insight(session, current_member(), request.form.get("other", "").strip())
        declare_contradiction(
            session, actor=current_member(), insight=insight, other=other, cause=request.form.get("cause", "")
        )
    flash(f"Recorded. {insight.ref} and {other.ref} say so wherever they are cited.", "success")
    return redirect(url_for(".contradictions", ref=ref), code=303)


@bp.post("/insights/<ref>/contradictions/<int:contradiction_id>/settle")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".contradictions")
def settle(ref: str, contradiction_id: int) -> ResponseReturnValue:
    with transaction() as session:
        insight = get_insight(session, current_member(), ref)
        settle_contradiction(
            session,
            actor=current_member(),
            contradiction=get_contradiction(session, current_member(), insight, contradiction_id),
            status=request.form.get("status", ""),
            reason=request.form.get("reason", ""),
            explanation=request.form.get("explanation", ""),
        )
    undo = url_for(".reopen_settled", ref=ref, contradiction_id=contradiction_id)
    say_done("Settled. The insight says so wherever it is cited.", undo_href=undo)
    return redirect(url_for(".contradictions", ref=ref), code=303)


@bp.post("/insights/<ref>/contradictions/<int:contradiction_id>/reopen")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".contradictions")
def reopen_settled(ref: str, contradiction_id: int) -> ResponseReturnValue:
    with transaction() as session:
        insight = get_insight(session, current_member(), ref)
        found = get_contradiction(session, current_member(), insight, contradiction_id)
        reopen_contradiction(session, actor=current_member(), contradiction=found)
    flash("The contradiction is open again.", "success")
    return redirect(url_for(".contradictions", ref=ref), code=303)
