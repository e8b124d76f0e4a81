from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.people.models import Member
from insights.people.queries import member_choices
from insights.synthesis.answers import (
    close_without_action,
    issue_recommendation,
    park_insight,
    reopen_insight,
)
from insights.synthesis.personal_data import look_through_recommendation
from insights.synthesis.queries import get_insight
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.forms import choose, number_or_none, read_form
from research_hub.web.messages import say_done
from research_hub.web.synthesis.blueprint import bp
from research_hub.web.synthesis.forms import NoActionForm, ParkForm, RecommendationForm


@bp.get("/insights/<ref>/answer")
@requires(Permission.EDIT_INSIGHTS)
def answer(ref: str) -> ResponseReturnValue:
    """The answers that are not a decision: park, close without action, recommend."""
    insight = get_insight(reading(), current_member(), ref)
    recommendation = RecommendationForm()
    choose(recommendation.addressee_id, member_choices(reading()))
    return render_template(
        "synthesis/answer_form.html",
        insight=insight,
        park=ParkForm(),
        no_action=NoActionForm(),
        recommendation=recommendation,
    )


@bp.post("/insights/<ref>/park")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".answer")
def park(ref: str) -> ResponseReturnValue:
    values = read_form(ParkForm())
    with transaction() as session:
        insight = get_insight(session, current_member(), ref)
        park_insight(session, actor=current_member(), insight=insight, until=values["until"], note=values["note"])
    say_done(f"{ref} is parked.", undo_href=url_for(".reopen", ref=ref))
    return redirect(url_for(".show", ref=ref), code=303)


@bp.post("/insights/<ref>/no-action")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".answer")
def no_action(ref: str) -> ResponseReturnValue:
    values = read_form(NoActionForm())
    with transaction() as session:
        insight = get_insight(session, current_member(), ref)
        close_without_action(
            session, actor=current_member(), insight=insight, reason=values["reason"], note=values["note"]
        )
    say_done(f"{ref} is closed without action.", undo_href=url_for(".reopen", ref=ref))
    return redirect(url_for(".show", ref=ref), code=303)


@bp.post("/insights/<ref>/reopen")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".show")
def reopen(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        reopen_insight(session, actor=current_member(), insight=get_insight(session, current_member(), ref))
    flash(f"{ref} waits for an answer again.", "success")
    return redirect(url_for(".show", ref=ref), code=303)


@bp.post("/insights/<ref>/recommend")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".answer")
def recommend(ref: str) -> ResponseReturnValue:
    form = RecommendationForm()
    choose(form.addressee_id, [])
    values = read_form(form)
    addressee_id = number_or_none(values["addressee_id"])
    with transaction() as session:
        others = [each.strip() for each in values["others"].split(",") if each.strip()]
        refs = list(dict.fromkeys([ref, *(each.upper() for each in others)]))
        insights = [get_insight(session, current_member(), each) for each in refs]
        issued = issue_recommendation(
            session,
            actor=current_member(),
            text=values["text"],
            insights=insights,
            addressee=None if addressee_id is None else session.get(Member, addressee_id),
            due_on=values["due_on"],
            priority=values["priority"] or "",
        )
        look_through_recommendation(
            session, actor=current_member(), recommendation=issued, may_stand=values["may_stand"]
        )
    flash(f"{issued.ref} issued.", "success")
    return redirect(url_for(".show", ref=ref), code=303)
