from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.capture.models import Draft
from insights.capture.operations import discard_draft
from insights.capture.queries import draft_of
from insights.core.access import Permission
from insights.decisions.models import Decision, DecisionStatus
from insights.decisions.operations import ChosenEvidence, draft_decision, edit_decision, link_chosen
from insights.decisions.personal_data import look_through_decision
from insights.decisions.queries import get_decision
from insights.openness.questions import looks_personal, report_missing
from insights.synthesis.queries import InsightRow, get_insight, insight_row
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.read_only import only_reads
from research_hub.security import current_member, requires
from research_hub.web.decisions.blueprint import bp
from research_hub.web.decisions.forms import OPTION_ROWS, DecisionForm
from research_hub.web.decisions.matching import Matches, find_matches, ticked_in
from research_hub.web.decisions.reading_forms import (
    about,
    as_form_data,
    decision_text,
    fill_choices,
    option_rows,
    restore,
    unchecked,
)
from research_hub.web.decisions.states import LINK_WORDS
from research_hub.web.forms import number_or_none, read_form
from research_hub.web.words import count

NAMES_SOMEBODY = (
    "The words of the title may name somebody, so they were not kept as a question. Ask for research in other words."
)
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
    """The decision with the evidence that was ticked, or with none of it."""
    values = read_form(unchecked(DecisionForm()))
    missing, question = bool(request.form.get("none_relevant")), None
    with transaction() as session:
        member = current_member()
        decision = draft_decision(session, actor=member, text=decision_text(values), **about(session, values))
        chosen = [
            ChosenEvidence(get_insight(session, member, each.ref), each.relation, each.because)
            for each in ticked_in(request.form)
        ]
        linked = len(link_chosen(session, actor=member, decision=decision, chosen=chosen))
        _look_through(session, decision, values)
        if missing and not linked and not looks_personal(decision.title):
            question = report_missing(session, words=decision.title)
        discard_draft(session, member=member, form_key=NEW_DECISION)
    wanted = {"insight": values["insight"]} if values["insight"] else {}
    if linked and not wanted:
        flash(f"{decision.ref} saved. It rests on {count(linked, 'insight')}.", "success")
        return redirect(url_for(".show", ref=decision.ref, _anchor="insights"), code=303)
    if missing and not linked:
        return offer_research(decision.ref, None if question is None else question.id)
    flash(f"{decision.ref} saved. Now say what it rests on.", "success")
    return redirect(url_for(".choose_insight", ref=decision.ref, **wanted), code=303)


@bp.post("/decisions/new/evidence")
@requires(Permission.EDIT_DECISIONS)
@only_reads
def look_for_evidence() -> ResponseReturnValue:
    """The form again, as it was filled, with the insights nearest to its title; nothing is saved."""
    form = DecisionForm()
    form.process(request.form)
    return _form_page(form, None)


@bp.get("/decisions/evidence")
@requires(Permission.EDIT_DECISIONS)
def evidence_near() -> ResponseReturnValue:
    """What is known near the words `q`, as a fragment of the form; `chosen` are refs that are ticked already."""
    ticked = ticked_in({}, request.args.getlist("chosen"))
    found = find_matches(reading(), current_member(), "", ticked, about=request.args.get("q", ""))
    return render_template("decisions/matches.html", matches=found, relations=LINK_WORDS)


def offer_research(ref: str, question_id: int | None) -> ResponseReturnValue:
    """Where no relevant evidence was found: on to asking for research, which may be left out."""
    if question_id is None:
        flash(f"{ref} is saved. {NAMES_SOMEBODY}", "success")
    else:
        flash(f"{ref} is saved. That no relevant evidence was found is kept, without your name.", "success")
    return redirect(url_for("openness.new_request", decision=ref, question=question_id), code=303)


@bp.post("/decisions/new/options")
@requires(Permission.EDIT_DECISIONS)
@only_reads
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
        _look_through(session, decision, values)
    flash(f"{decision.ref} saved.", "success")
    return redirect(url_for(".show", ref=decision.ref), code=303)


@bp.post("/decisions/<ref>/edit/options")
@requires(Permission.EDIT_DECISIONS)
@only_reads
def more_options_of(ref: str) -> ResponseReturnValue:
    get_decision(reading(), current_member(), ref)
    return _with_more_options(ref)


def _look_through(session: Session, decision: Decision, values: Mapping[str, Any]) -> None:
    """What is proposed is read by everybody; a draft by those alone who write decisions."""
    if decision.status is DecisionStatus.PROPOSED:
        look_through_decision(session, actor=current_member(), decision=decision, may_stand=values["may_stand"])


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
        matches=_matches(form, {} if draft is None else draft.fields) if ref is None else None,
        relations=LINK_WORDS,
        none_relevant=bool(request.form.get("none_relevant")),
    )


def _matches(form: DecisionForm, drafted: Mapping[str, Any]) -> Matches:
    """What is known near the title as it stands in the form, with what was ticked before."""
    fields = request.form.to_dict() or drafted
    return find_matches(reading(), current_member(), "", ticked_in(fields), about=form.title.data or "")


def _carried(form: DecisionForm) -> InsightRow | None:
    """The insight that is carried along, so that one sees it while writing."""
    if not form.insight.data:
        return None
    session, member = reading(), current_member()
    return insight_row(session, member, get_insight(session, member, form.insight.data))
