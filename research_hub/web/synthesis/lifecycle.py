from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.synthesis.confidence import suggested_level
from insights.synthesis.models import Concern, ConfidenceLevel
from insights.synthesis.operations import (
    ConfidenceJudgement,
    assess_confidence,
    publish_insight,
    retire_insight,
    return_to_draft,
    submit_for_review,
    supersede_insight,
    unretire_insight,
)
from insights.synthesis.queries import get_insight, latest_confidence
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.forms import read_form
from research_hub.web.messages import say_done
from research_hub.web.synthesis.blueprint import bp
from research_hub.web.synthesis.forms import ConfidenceForm


@bp.get("/insights/<ref>/confidence")
@requires(Permission.EDIT_INSIGHTS)
def judge(ref: str) -> ResponseReturnValue:
    insight = get_insight(reading(), current_member(), ref)
    form = ConfidenceForm(obj=latest_confidence(reading(), insight))
    return render_template("synthesis/confidence_form.html", form=form, insight=insight)


@bp.post("/insights/<ref>/confidence")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".judge")
def assess(ref: str) -> ResponseReturnValue:
    values = read_form(ConfidenceForm())
    concerns = [Concern(values[name]) for name in ("methodological_limitations", "coherence", "adequacy", "relevance")]
    level = ConfidenceLevel(values["level"]) if values["level"] else suggested_level(concerns)
    limitations, coherence, adequacy, relevance = concerns
    justification = values["justification"]
    judgement = ConfidenceJudgement(limitations, coherence, adequacy, relevance, level, justification)
    with transaction() as session:
        insight = get_insight(session, current_member(), ref)
        assess_confidence(session, actor=current_member(), insight=insight, judgement=judgement)
    flash(f"Confidence is {level.value.replace('_', ' ')}.", "success")
    return redirect(url_for(".show", ref=ref), code=303)


@bp.post("/insights/<ref>/submit")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".show")
def submit(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        submit_for_review(session, actor=current_member(), insight=get_insight(session, current_member(), ref))
    flash("Submitted. Someone else of your team reviews it now.", "success")
    return redirect(url_for(".show", ref=ref), code=303)


@bp.post("/insights/<ref>/return")
@requires(Permission.REVIEW_INSIGHTS)
@shows_errors_on(".show")
def send_back(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        insight = get_insight(session, current_member(), ref)
        return_to_draft(session, actor=current_member(), insight=insight, note=request.form.get("note", ""))
    flash("Returned to its author.", "success")
    return redirect(url_for(".show", ref=ref), code=303)


@bp.post("/insights/<ref>/publish")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".show")
def publish(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        insight = get_insight(session, current_member(), ref)
        may_stand = request.form.get("may_stand", "")
        publish_insight(session, actor=current_member(), insight=insight, may_stand=may_stand)
    flash(f"{ref} is published. Anyone can cite it in a decision now.", "success")
    return redirect(url_for(".show", ref=ref), code=303)


@bp.post("/insights/<ref>/retire")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".show")
def retire(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        insight = get_insight(session, current_member(), ref)
        retire_insight(session, actor=current_member(), insight=insight, note=request.form.get("note", ""))
    say_done(f"{ref} is retired.", undo_href=url_for(".bring_back", ref=ref))
    return redirect(url_for(".show", ref=ref), code=303)


@bp.post("/insights/<ref>/bring-back")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".show")
def bring_back(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        unretire_insight(session, actor=current_member(), insight=get_insight(session, current_member(), ref))
    flash(f"{ref} is published again.", "success")
    return redirect(url_for(".show", ref=ref), code=303)


@bp.post("/insights/<ref>/supersede")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".show")
def supersede(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        insight = get_insight(session, current_member(), ref)
        by = get_insight(session, current_member(), request.form.get("by", "").strip())
        supersede_insight(session, actor=current_member(), insight=insight, by=by)
    flash(f"{ref} is superseded by {by.ref}.", "success")
    return redirect(url_for(".show", ref=ref), code=303)
