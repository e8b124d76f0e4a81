from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.errors import InvalidInput
from insights.decisions.operations import link_insight, reaffirm_link, restore_link, unlink_insight
from insights.decisions.queries import get_decision, get_link, insights_to_cite
from insights.synthesis.models import Insight
from insights.synthesis.queries import InsightRow, get_insight, insight_row
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.decisions.blueprint import bp
from research_hub.web.decisions.forms import LinkForm
from research_hub.web.forms import read_form
from research_hub.web.messages import say_done


@bp.get("/decisions/<ref>/link")
@requires(Permission.EDIT_DECISIONS)
def choose_insight(ref: str) -> ResponseReturnValue:
    """Published insights to choose from: `q` are words of the claim, `insight` one that is chosen already."""
    session, member = reading(), current_member()
    decision = get_decision(session, member, ref)
    chosen = (request.form or request.args).get("insight", "")
    form = LinkForm(data={"insight": chosen, "type": request.args.get("type", "changed")})
    rows = _offered(request.args.get("q", ""), chosen, about=decision.title)
    form.insight.choices = [(row.ref, row.claim) for row in rows]
    return render_template(
        "decisions/link_form.html", decision=decision, form=form, rows=rows, words=request.args.get("q", "")
    )


@bp.post("/decisions/<ref>/link")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".choose_insight")
def link(ref: str) -> ResponseReturnValue:
    form = LinkForm()
    form.insight.choices = []
    values = read_form(form)
    if not values["insight"]:
        raise InvalidInput.of("insight", "Choose the insight.")
    with transaction() as session:
        insight = get_insight(session, current_member(), values["insight"])
        link_insight(
            session,
            actor=current_member(),
            decision=get_decision(session, current_member(), ref),
            insight=insight,
            type_=values["type"],
            rationale=values["rationale"] or "",
        )
    flash(f"{insight.ref} is linked, at version {insight.version}.", "success")
    return redirect(url_for(".show", ref=ref, _anchor="insights"), code=303)


@bp.post("/decisions/<ref>/links/<int:link_id>/unlink")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".show")
def unlink(ref: str, link_id: int) -> ResponseReturnValue:
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        found = get_link(session, current_member(), decision, link_id)
        entry = unlink_insight(session, actor=current_member(), decision=decision, link=found)
    say_done("The link is taken away.", undo_href=url_for(".bring_link_back", ref=ref, entry_id=entry.id))
    return redirect(url_for(".show", ref=ref), code=303)


@bp.post("/decisions/<ref>/links/taken-away/<int:entry_id>")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".show")
def bring_link_back(ref: str, entry_id: int) -> ResponseReturnValue:
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        restore_link(session, actor=current_member(), decision=decision, entry_id=entry_id)
    flash("The link is back as it was.", "success")
    return redirect(url_for(".show", ref=ref), code=303)


@bp.post("/decisions/<ref>/links/<int:link_id>/re-affirm")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".show")
def reaffirm(ref: str, link_id: int) -> ResponseReturnValue:
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        found = get_link(session, current_member(), decision, link_id)
        insight = get_insight(session, current_member(), f"{Insight.PREFIX}-{found.insight_id}")
        reaffirm_link(
            session,
            actor=current_member(),
            decision=decision,
            link=found,
            insight=insight,
            sentence=request.form.get("sentence", ""),
        )
    flash(f"Re-affirmed. The link rests on version {insight.version} of {insight.ref} now.", "success")
    return redirect(url_for(".show", ref=ref, _anchor="insights"), code=303)


def _offered(words: str, chosen: str, *, about: str) -> list[InsightRow]:
    """What fits the words, with the chosen one first whatever the words."""
    session, member = reading(), current_member()
    fitting = [row for row in insights_to_cite(session, member, words, about=about) if row.ref != chosen]
    if not chosen:
        return fitting
    return [insight_row(session, member, get_insight(session, member, chosen)), *fitting]
