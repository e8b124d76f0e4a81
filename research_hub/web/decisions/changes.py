"""What changed because of it, and whether it is delivered."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.decisions.operations import edit_change, record_change, set_delivery
from insights.decisions.queries import get_change, get_decision
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.decisions.blueprint import bp
from research_hub.web.decisions.forms import ChangeForm, DeliveryForm
from research_hub.web.forms import read_form


@bp.get("/decisions/<ref>/changes/new")
@requires(Permission.EDIT_DECISIONS)
def new_change(ref: str) -> ResponseReturnValue:
    decision = get_decision(reading(), current_member(), ref)
    return render_template(
        "decisions/change_form.html", form=ChangeForm(), decision=decision, action=url_for(".add_change", ref=ref)
    )


@bp.post("/decisions/<ref>/changes")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".new_change")
def add_change(ref: str) -> ResponseReturnValue:
    values = read_form(ChangeForm())
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        record_change(session, actor=current_member(), decision=decision, **_texts(values))
    flash("Recorded what changed.", "success")
    return redirect(url_for(".show", ref=ref, _anchor="changed"), code=303)


@bp.get("/decisions/<ref>/changes/<int:change_id>")
@requires(Permission.EDIT_DECISIONS)
def edit_one_change(ref: str, change_id: int) -> ResponseReturnValue:
    session = reading()
    decision = get_decision(session, current_member(), ref)
    form = ChangeForm(obj=get_change(session, decision, change_id))
    action = url_for(".update_change", ref=ref, change_id=change_id)
    return render_template("decisions/change_form.html", form=form, decision=decision, action=action)


@bp.post("/decisions/<ref>/changes/<int:change_id>")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".edit_one_change")
def update_change(ref: str, change_id: int) -> ResponseReturnValue:
    values = read_form(ChangeForm())
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        change = get_change(session, decision, change_id)
        edit_change(session, actor=current_member(), decision=decision, change=change, **_texts(values))
    flash("Saved what changed.", "success")
    return redirect(url_for(".show", ref=ref, _anchor="changed"), code=303)


@bp.get("/decisions/<ref>/delivery")
@requires(Permission.EDIT_DECISIONS)
def delivery(ref: str) -> ResponseReturnValue:
    decision = get_decision(reading(), current_member(), ref)
    known = {"state": decision.delivery_state.value, "live_on": decision.live_on, "url": decision.delivery_url}
    return render_template("decisions/delivery_form.html", form=DeliveryForm(data=known), decision=decision)


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
        )
    flash("Saved the state of delivery.", "success")
    return redirect(url_for(".show", ref=ref), code=303)


def _texts(values: dict[str, str | None]) -> dict[str, str]:
    return {name: values[name] or "" for name in ("before", "after", "url")}
