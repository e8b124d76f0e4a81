from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.errors import InvalidInput
from insights.decisions.merging import merge_insights, preview_merge, unmerge_insight
from insights.synthesis.queries import get_insight, insight_row
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.messages import say_done
from research_hub.web.synthesis.blueprint import bp
from research_hub.web.synthesis.similar import similar_insights


@bp.get("/insights/<ref>/merge")
@requires(Permission.EDIT_INSIGHTS)
def choose_merge(ref: str) -> ResponseReturnValue:
    """First which insight it is part of, then what would happen."""
    session, member = reading(), current_member()
    insight = get_insight(session, member, ref)
    into = (request.args.get("into") or request.form.get("into") or "").strip()
    if into and request.method == "GET":
        survivor = get_insight(session, member, into)
        preview = preview_merge(session, member, duplicate=insight, survivor=survivor)
        rows = [insight_row(session, member, each) for each in (insight, survivor)]
        return render_template("synthesis/merge_preview.html", rows=rows, preview=preview)
    found = similar_insights(insight.claim, but=insight.ref)
    return render_template("synthesis/merge_form.html", insight=insight, found=found, into=into)


@bp.post("/insights/<ref>/merge")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".choose_merge")
def merge_into(ref: str) -> ResponseReturnValue:
    into = request.form.get("into", "").strip()
    if not into:
        raise InvalidInput.of("into", "Enter the number of the insight that it says the same as, such as INS-7.")
    with transaction() as session:
        duplicate = get_insight(session, current_member(), ref)
        survivor = get_insight(session, current_member(), into)
        merge_insights(session, actor=current_member(), duplicate=duplicate, survivor=survivor)
    undo_href = url_for(".unmerge", ref=duplicate.ref)
    say_done(f"{duplicate.ref} is part of {survivor.ref} now, with all its evidence and links.", undo_href=undo_href)
    return redirect(url_for(".show", ref=survivor.ref), code=303)


@bp.post("/insights/<ref>/unmerge")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".versions")
def unmerge(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        duplicate = get_insight(session, current_member(), ref)
        survivor = unmerge_insight(session, actor=current_member(), duplicate=duplicate)
    flash(f"{duplicate.ref} and {survivor.ref} are two insights again, each with what it had.", "success")
    return redirect(url_for(".show", ref=duplicate.ref), code=303)
