"""Whether it is live, and where it is built."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.decisions.against import DOUBTS, doubt_about
from insights.decisions.models import DeliveryState
from insights.decisions.operations import (
    add_delivery_link,
    set_delivery,
    set_delivery_link_deleted,
    set_work_state,
)
from insights.decisions.queries import beside, get_decision, get_delivery_link
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.decisions.blueprint import bp
from research_hub.web.decisions.forms import DeliveryForm, WorkForm
from research_hub.web.decisions.states import TRACKER_WORDS, WORK_WORDS
from research_hub.web.forms import read_form
from research_hub.web.messages import say_done


@bp.get("/decisions/<ref>/delivery")
@requires(Permission.EDIT_DECISIONS)
def delivery(ref: str) -> ResponseReturnValue:
    """Where leaning on the evidence is doubtful, going live asks for a sentence."""
    session = reading()
    decision = get_decision(session, current_member(), ref)
    known = {"state": decision.delivery_state.value, "live_on": decision.live_on, "url": decision.delivery_url}
    is_live = decision.delivery_state is DeliveryState.LIVE
    doubt = None if is_live or decision.beyond_evidence_reason else doubt_about(session, decision)
    return render_template(
        "decisions/delivery_form.html",
        form=DeliveryForm(data=known),
        decision=decision,
        doubt="" if doubt is None else DOUBTS[doubt],
    )


@bp.post("/decisions/<ref>/delivery")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".delivery")
def deliver(ref: str) -> ResponseReturnValue:
    values = read_form(DeliveryForm())
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        set_delivery(
            session,
            actor=current_member(),
            decision=decision,
            state=values["state"],
            live_on=values["live_on"],
            url=values["url"] or "",
            beyond_evidence_reason=values["beyond_evidence_reason"] or "",
        )
    flash("Saved the state of delivery.", "success")
    return redirect(url_for(".show", ref=ref), code=303)


@bp.get("/decisions/<ref>/work")
@requires(Permission.EDIT_DECISIONS)
def work(ref: str, **_part: int) -> ResponseReturnValue:
    """Issues, tickets and pull requests; people type how far they are, nothing is asked of the tracker."""
    session = reading()
    decision = get_decision(session, current_member(), ref)
    return render_template(
        "decisions/work_form.html",
        form=WorkForm(),
        decision=decision,
        links=beside(session, current_member(), decision).work,
        trackers=TRACKER_WORDS,
        states=WORK_WORDS,
    )


@bp.post("/decisions/<ref>/work")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".work")
def add_work(ref: str) -> ResponseReturnValue:
    values = read_form(WorkForm())
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        add_delivery_link(session, actor=current_member(), decision=decision, **values)
    flash("Linked the work.", "success")
    return redirect(url_for(".show", ref=ref, _anchor="delivery"), code=303)


@bp.post("/decisions/<ref>/work/<int:work_id>/state")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".work")
def tell_work(ref: str, work_id: int) -> ResponseReturnValue:
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        link = get_delivery_link(session, decision, work_id)
        state = request.form.get("state", "")
        set_work_state(session, actor=current_member(), decision=decision, link=link, state=state)
    flash("Noted how far it is.", "success")
    return redirect(url_for(".work", ref=ref), code=303)


@bp.post("/decisions/<ref>/work/<int:work_id>/delete")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".work")
def delete_work(ref: str, work_id: int) -> ResponseReturnValue:
    _set_deleted(ref, work_id, deleted=True)
    say_done("The link to the work is taken away.", undo_href=url_for(".restore_work", ref=ref, work_id=work_id))
    return redirect(url_for(".work", ref=ref), code=303)


@bp.post("/decisions/<ref>/work/<int:work_id>/restore")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".work")
def restore_work(ref: str, work_id: int) -> ResponseReturnValue:
    _set_deleted(ref, work_id, deleted=False)
    say_done("The link to the work is back.", undo_href=url_for(".delete_work", ref=ref, work_id=work_id))
    return redirect(url_for(".work", ref=ref), code=303)


def _set_deleted(ref: str, work_id: int, *, deleted: bool) -> None:
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        link = get_delivery_link(session, decision, work_id)
        set_delivery_link_deleted(session, actor=current_member(), decision=decision, link=link, deleted=deleted)
