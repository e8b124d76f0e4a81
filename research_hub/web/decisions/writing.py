from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.capture.models import Draft
from insights.capture.operations import discard_draft
from insights.capture.queries import draft_of
from insights.core.access import Permission
from insights.decisions.operations import draft_decision, edit_decision
from insights.decisions.queries import get_decision
from insights.synthesis.queries import InsightRow, get_insight, insight_row
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.decisions.blueprint import bp
from research_hub.web.decisions.forms import OPTION_ROWS, DecisionForm
from research_hub.web.decisions.reading_forms import (
    about,
    as_form_data,
    decision_text,
    fill_choices,
    option_rows,
    restore,
    unchecked,
)
from research_hub.web.forms import number_or_none, read_form

NEW_DECISION = "new-decision"


@bp.get("/decisions/new")
@requires(Permission.EDIT_DECISIONS)
def new() -> ResponseReturnValue:
    """`?insight=INS-42` carries an insight along, which is linked in the next step."""
    draft = draft_of(reading(), current_member(), NEW_DECISION)
    form = DecisionForm(data={"insight": request.args.get("insight", "")})
    if draft is not None and getattr(g, "problem", None) is None:
        restore(form, draft.fields, carried=request.args.get("insight", ""))
    return _form_page(form, None, draft)


@bp.post("/decisions")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".new")
def create() -> ResponseReturnValue:
    values = read_form(unchecked(DecisionForm()))
    with transaction() as session:
        decision = draft_decision(session, actor=current_member(), text=decision_text(values), **about(session, values))
        discard_draft(session, member=current_member(), form_key=NEW_DECISION)
    flash(f"{decision.ref} saved. Now say what it rests on.", "success")
    wanted = {"insight": values["insight"]} if values["insight"] else {}
    return redirect(url_for(".choose_insight", ref=decision.ref, **wanted), code=303)


@bp.post("/decisions/new/options")
@requires(Permission.EDIT_DECISIONS)
def more_options() -> ResponseReturnValue:
    """The form again, as it was filled, with more rows for options; nothing is saved."""
    return _with_more_options(None)


@bp.get("/decisions/<ref>/edit")
@requires(Permission.EDIT_DECISIONS)
def edit(ref: str) -> ResponseReturnValue:
    form = DecisionForm(data=as_form_data(get_decision(reading(), current_member(), ref)))
    return _form_page(form, ref)


@bp.post("/decisions/<ref>")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".edit")
def update(ref: str) -> ResponseReturnValue:
    values = read_form(unchecked(DecisionForm()))
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        edit_decision(
            session,
            actor=current_member(),
            decision=decision,
            text=decision_text(values, kept=decision),
            row_version=number_or_none(values["row_version"]),
            **about(session, values),
        )
    flash(f"{decision.ref} saved.", "success")
    return redirect(url_for(".show", ref=decision.ref), code=303)


@bp.post("/decisions/<ref>/edit/options")
@requires(Permission.EDIT_DECISIONS)
def more_options_of(ref: str) -> ResponseReturnValue:
    get_decision(reading(), current_member(), ref)
    return _with_more_options(ref)


def _with_more_options(ref: str | None) -> ResponseReturnValue:
    form = DecisionForm()
    form.process(request.form)
    return _form_page(option_rows(form, len(form.options) + OPTION_ROWS), ref)


def _form_page(form: DecisionForm, ref: str | None, draft: Draft | None = None) -> ResponseReturnValue:
    fill_choices(reading(), form)
    return render_template(
        "decisions/decision_form.html",
        form=form,
        ref=ref,
        draft=draft,
        draft_key=NEW_DECISION,
        carried=_carried(form) if ref is None else None,
    )


def _carried(form: DecisionForm) -> InsightRow | None:
    """The insight that is carried along, so that one sees it while writing."""
    if not form.insight.data:
        return None
    session, member = reading(), current_member()
    return insight_row(session, member, get_insight(session, member, form.insight.data))
