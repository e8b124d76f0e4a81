from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.core.access import Permission, may
from insights.core.errors import InvalidInput, NotAllowed
from insights.people.models import Member
from insights.people.queries import member_choices
from insights.synthesis.answers import respond_to_recommendation
from insights.synthesis.models import Recommendation, RecommendationPriority, RecommendationStatus
from insights.synthesis.personal_data import look_through_recommendation
from insights.synthesis.queries import (
    RecommendationFilter,
    RecommendationRow,
    get_insight,
    get_recommendation,
    list_recommendations,
)
from insights.synthesis.recommending import (
    edit_recommendation,
    reissue_recommendation,
    report_progress,
    rest_no_longer_on,
    rest_on,
    withdraw_recommendation,
)
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.exports import Value, as_file, table_of
from research_hub.web.forms import choose, day_or_none, number_or_none, read_form
from research_hub.web.messages import say_done
from research_hub.web.synthesis.blueprint import bp
from research_hub.web.synthesis.forms import RecommendationForm

COLUMNS = (
    *("Ref", "Recommendation", "Status", "Priority", "Addressee", "Issued", "Due", "Overdue", "Answered"),
    *("Deferred to", "Reason", "Insights"),
)


@bp.get("/recommendations")
@requires(Permission.READ)
def recommendations() -> ResponseReturnValue:
    rows = list_recommendations(reading(), current_member(), _filter())
    return render_template(
        "synthesis/recommendations.html",
        rows=rows,
        chosen=request.args,
        statuses=list(RecommendationStatus),
        priorities=list(RecommendationPriority),
    )


@bp.get("/recommendations.<extension>")
@requires(Permission.READ)
def export_recommendations(extension: str) -> ResponseReturnValue:
    rows = list_recommendations(reading(), current_member(), _filter())
    return as_file(extension, table_of("Recommendations", COLUMNS, [_exported(row) for row in rows]))


@bp.get("/recommendations/<ref>")
@requires(Permission.READ)
def show_recommendation(ref: str) -> ResponseReturnValue:
    recommendation, row = get_recommendation(reading(), current_member(), ref)
    return render_template(
        "synthesis/recommendation.html", row=row, may_answer=_may_answer(current_member(), recommendation)
    )


@bp.post("/recommendations/<ref>")
@requires(Permission.READ)
@shows_errors_on(".show_recommendation")
def respond(ref: str) -> ResponseReturnValue:
    """The addressee answers, or somebody who answers for the organisation."""
    with transaction() as session:
        recommendation, row = _answerable(session, ref)
        respond_to_recommendation(
            session,
            actor=current_member(),
            recommendation=recommendation,
            status=request.form.get("status", ""),
            reason=request.form.get("reason", ""),
            deferred_to=day_or_none(request.form.get("deferred_to")),
            insights=row.insights,
        )
    flash("Answer recorded.", "success")
    return redirect(url_for(".show_recommendation", ref=ref), code=303)


@bp.post("/recommendations/<ref>/progress")
@requires(Permission.READ)
@shows_errors_on(".show_recommendation")
def progress(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        recommendation, row = _answerable(session, ref)
        report_progress(
            session,
            actor=current_member(),
            recommendation=recommendation,
            status=request.form.get("status", ""),
            reason=request.form.get("reason", ""),
            insights=row.insights,
        )
    flash("Recorded.", "success")
    return redirect(url_for(".show_recommendation", ref=ref), code=303)


@bp.get("/recommendations/<ref>/edit")
@requires(Permission.EDIT_INSIGHTS)
def edit_recommended(ref: str) -> ResponseReturnValue:
    recommendation, row = get_recommendation(reading(), current_member(), ref)
    form = RecommendationForm(obj=recommendation)
    choose(form.addressee_id, member_choices(reading()))
    return render_template("synthesis/recommendation_form.html", form=form, row=row)


@bp.post("/recommendations/<ref>/edit")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".edit_recommended")
def update_recommended(ref: str) -> ResponseReturnValue:
    form = RecommendationForm()
    choose(form.addressee_id, [])
    values = read_form(form)
    addressee_id = number_or_none(values["addressee_id"])
    with transaction() as session:
        recommendation, _row = get_recommendation(session, current_member(), ref)
        edit_recommendation(
            session,
            actor=current_member(),
            recommendation=recommendation,
            text=values["text"],
            addressee=None if addressee_id is None else session.get(Member, addressee_id),
            due_on=values["due_on"],
            priority=values["priority"] or "",
            row_version=number_or_none(values["row_version"]),
        )
        look_through_recommendation(
            session, actor=current_member(), recommendation=recommendation, may_stand=values["may_stand"]
        )
    flash("Saved.", "success")
    return redirect(url_for(".show_recommendation", ref=ref), code=303)


@bp.post("/recommendations/<ref>/insights")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".show_recommendation")
def add_insight_to(ref: str) -> ResponseReturnValue:
    named = request.form.get("insight", "").strip()
    if not named:
        raise InvalidInput.of("insight", "Enter the number of the insight, such as INS-7.")
    with transaction() as session:
        recommendation, _row = get_recommendation(session, current_member(), ref)
        insight = get_insight(session, current_member(), named)
        rest_on(session, actor=current_member(), recommendation=recommendation, insight=insight)
    flash(f"It rests on {insight.ref} too.", "success")
    return redirect(url_for(".show_recommendation", ref=ref), code=303)


@bp.post("/recommendations/<ref>/insights/take")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".show_recommendation")
def take_insight_from(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        recommendation, _row = get_recommendation(session, current_member(), ref)
        insight = get_insight(session, current_member(), request.form.get("insight", ""))
        rest_no_longer_on(session, actor=current_member(), recommendation=recommendation, insight=insight)
    flash(f"It no longer rests on {insight.ref}.", "success")
    return redirect(url_for(".show_recommendation", ref=ref), code=303)


@bp.post("/recommendations/<ref>/withdraw")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".show_recommendation")
def withdraw(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        recommendation, row = get_recommendation(session, current_member(), ref)
        withdraw_recommendation(session, actor=current_member(), recommendation=recommendation, insights=row.insights)
    say_done(f"{ref} is withdrawn; nobody is asked any more.", undo_href=url_for(".reissue", ref=ref))
    return redirect(url_for(".show_recommendation", ref=ref), code=303)


@bp.post("/recommendations/<ref>/reissue")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".show_recommendation")
def reissue(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        recommendation, row = get_recommendation(session, current_member(), ref)
        reissue_recommendation(session, actor=current_member(), recommendation=recommendation, insights=row.insights)
    flash(f"{ref} stands again.", "success")
    return redirect(url_for(".show_recommendation", ref=ref), code=303)


def _answerable(session: Session, ref: str) -> tuple[Recommendation, RecommendationRow]:
    recommendation, row = get_recommendation(session, current_member(), ref)
    if not _may_answer(current_member(), recommendation):
        raise NotAllowed("Only the one it is addressed to can answer, or an approver.")
    return recommendation, row


def _may_answer(member: Member, recommendation: Recommendation) -> bool:
    return recommendation.addressee_id == member.id or may(member, Permission.RESPOND)


def _filter() -> RecommendationFilter:
    asked = request.args
    mine = asked.get("mine") == "1"
    return RecommendationFilter(
        addressee_id=current_member().id if mine else None,
        status=asked.get("status", ""),
        priority=asked.get("priority", ""),
        waiting=mine and not asked.get("status"),
        overdue=asked.get("overdue") == "1",
    )


def _exported(row: RecommendationRow) -> tuple[Value, ...]:
    asked = (row.ref, row.text, row.status, row.priority, row.addressee, row.issued_on, row.due_on, row.overdue)
    return (*asked, row.responded_on, row.deferred_to, row.response_reason, ", ".join(row.insights))
