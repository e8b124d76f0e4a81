"""Typing put right in a decision whose text stands: proposed by one, confirmed by another."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField, TextAreaField

from insights.core.access import Permission
from insights.core.errors import RuleBroken
from insights.decisions.correcting import (
    CORRECTABLE,
    confirm_correction,
    decline_correction,
    open_correction,
    propose_correction,
)
from insights.decisions.queries import corrections_of, get_decision
from insights.decisions.queries.corrections import CorrectionRow
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.decisions.blueprint import bp
from research_hub.web.differences import word_differences
from research_hub.web.forms import HubForm, read_form

NAMES = {
    "title": "What was decided",
    "context": "Context and problem",
    "drivers": "What weighed in",
    "outcome": "What you decided, and why",
    "consequences": "Consequences",
    "confirmation": "How we check that it was done",
    "more_information": "More information",
}


class CorrectionForm(HubForm):
    """The texts of a decision in which typing may be put right, whole."""

    title = StringField(NAMES["title"])
    context = TextAreaField(NAMES["context"])
    drivers = TextAreaField(NAMES["drivers"])
    outcome = TextAreaField(NAMES["outcome"])
    consequences = TextAreaField(NAMES["consequences"])
    confirmation = TextAreaField(NAMES["confirmation"])
    more_information = TextAreaField(NAMES["more_information"])


class DeclineForm(HubForm):
    reason = StringField("Why it is more than typing", description="Who proposed it reads this.")


@bp.get("/decisions/<ref>/correction")
@requires(Permission.EDIT_DECISIONS)
def correction(ref: str) -> ResponseReturnValue:
    """The form, or the correction that waits with what differs; below it those before."""
    session, member = reading(), current_member()
    decision = get_decision(session, member, ref)
    known = corrections_of(session, decision)
    waiting = next((each for each in known if each.result is None), None)
    return render_template(
        "decisions/correction_form.html",
        decision=decision,
        form=CorrectionForm(data={name: getattr(decision, name) for name in CORRECTABLE}),
        names=NAMES,
        waiting=None if waiting is None else (waiting, _differences(waiting)),
        decline=DeclineForm(),
        known=[(each, _differences(each)) for each in known if each.result is not None],
    )


@bp.post("/decisions/<ref>/correction")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".correction")
def propose(ref: str) -> ResponseReturnValue:
    values = read_form(CorrectionForm())
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        texts = {name: values[name] or "" for name in CORRECTABLE}
        propose_correction(session, actor=current_member(), decision=decision, texts=texts)
    flash("Proposed. Somebody else confirms that it means the same; until then the text stands as it was.", "success")
    return redirect(url_for(".correction", ref=ref), code=303)


@bp.post("/decisions/<ref>/correction/confirm")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".correction")
def confirm(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        waiting = open_correction(session, decision)
        if waiting is None:
            raise RuleBroken("No correction waits any more: somebody answered it meanwhile.")
        confirm_correction(session, actor=current_member(), decision=decision, correction=waiting)
    flash(f"{ref} reads as proposed now. What it said before stands in the list of its corrections.", "success")
    return redirect(url_for(".show", ref=ref), code=303)


@bp.post("/decisions/<ref>/correction/decline")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".correction")
def decline(ref: str) -> ResponseReturnValue:
    values = read_form(DeclineForm())
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        waiting = open_correction(session, decision)
        if waiting is None:
            raise RuleBroken("No correction waits any more: somebody answered it meanwhile.")
        reason = values["reason"] or ""
        decline_correction(session, actor=current_member(), decision=decision, correction=waiting, reason=reason)
    flash("The text stands as it was.", "success")
    return redirect(url_for(".show", ref=ref), code=303)


def _differences(row: CorrectionRow) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each text by its name with what went and what comes, in the order of the form."""
    return [(NAMES[name], word_differences(row.before[name], row.after[name])) for name in NAMES if name in row.after]
