from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.errors import InvalidInput
from insights.decisions.operations import link_insight, reaffirm_link, restore_link, unlink_insight
from insights.decisions.queries import get_decision, get_link
from insights.openness.questions import looks_personal, report_missing
from insights.synthesis.models import Insight
from insights.synthesis.queries import get_insight
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.decisions.blueprint import bp
from research_hub.web.decisions.forms import LinkForm
from research_hub.web.decisions.matching import find_matches, ticked_in
from research_hub.web.decisions.writing import offer_research
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
    if chosen:
        get_insight(session, member, chosen)
    words = request.args.get("q", "")
    matches = find_matches(session, member, words, ticked_in({}, [chosen]), about=decision.title)
    form.insight.choices = [(each.row.ref, each.row.claim) for each in matches.found]
    return render_template("decisions/link_form.html", decision=decision, form=form, matches=matches, words=words)


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
            revisit_on=values["revisit_on"],
        )
    flash(f"{insight.ref} is linked, at version {insight.version}.", "success")
    return redirect(url_for(".show", ref=ref, _anchor="insights"), code=303)


@bp.post("/decisions/<ref>/no-evidence")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".choose_insight")
def find_nothing(ref: str) -> ResponseReturnValue:
    """No relevant evidence was found: the question is kept without a name, and research may be asked for."""
    question = None
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        if not looks_personal(decision.title):
            question = report_missing(session, words=decision.title)
    return offer_research(decision.ref, None if question is None else question.id)


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
