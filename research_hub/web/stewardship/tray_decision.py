"""From the tray to a decision draft: one page, on which each insight gets its sentence."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import StringField, TextAreaField

from insights.core.access import Permission
from insights.decisions.models import LinkType
from insights.stewardship.tray import Reason, draft_from_tray, list_tray
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.forms import HubForm, read_form, told
from research_hub.web.stewardship.blueprint import bp
from research_hub.web.words import count


class TrayDecisionForm(HubForm):
    title = StringField("What is decided, in one sentence", description="For example: Say what happens next, first.")
    context = TextAreaField("What it is about", description="Markdown. You can write the rest on the draft’s own page.")


@bp.get("/tray/decision")
@requires(Permission.EDIT_DECISIONS)
def tray_decision() -> ResponseReturnValue:
    kept = list_tray(reading(), current_member())
    return render_template(
        "stewardship/tray_decision.html",
        form=TrayDecisionForm(),
        carrying=[each for each in kept if each.record.can_carry],
        others=[each for each in kept if not each.record.can_carry],
        quotes=[each.ref for each in kept if each.record.kind == "highlight"],
        types=told(LinkType),
        sent=_sent(),
    )


@bp.post("/tray/decision")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".tray_decision")
def draft_decision_of_tray() -> ResponseReturnValue:
    values = read_form(TrayDecisionForm())
    reasons = [
        Reason(ref, request.form.get(f"type-{ref}", ""), request.form.get(f"rationale-{ref}", ""))
        for ref in request.form.getlist("insights")
    ]
    with transaction() as session:
        decision = draft_from_tray(session, actor=current_member(), reasons=reasons, **values)
    flash(f"{decision.ref} drafted, with {count(len(reasons), 'insight')} linked. Your tray is as it was.", "success")
    return redirect(url_for("decisions.show", ref=decision.ref), code=303)


def _sent() -> MultiDict[str, str] | None:
    """What was typed and refused; None where the page is new, so that everything is ticked."""
    return None if getattr(g, "problem", None) is None else request.form
