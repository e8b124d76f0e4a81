"""The impact ledger over all decisions, and what a decision adds to it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.clock import today
from insights.core.errors import InvalidInput
from insights.decisions.models import Decision
from insights.decisions.outcomes import attest_impact
from insights.decisions.queries import (
    LedgerFilter,
    get_decision,
    get_impact_entry,
    get_measure,
    ledger,
    measures_of,
)
from insights.people.queries import service_choices
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.decisions.blueprint import bp
from research_hub.web.decisions.documents import ledger_document, scope_of
from research_hub.web.decisions.forms import ImpactForm
from research_hub.web.decisions.states import CONTRIBUTION_WORDS, KIND_WORDS
from research_hub.web.exports import as_report, asked
from research_hub.web.forms import day_or_none, number_or_none, read_form
from research_hub.web.words import day

SHOWN = 200


@bp.get("/impact")
@requires(Permission.READ)
def impact_ledger() -> ResponseReturnValue:
    """What happened because of decisions. Entries are never added up: no figure of them would be honest."""
    session = reading()
    wanted, problem = _wanted()
    rows = [] if problem else ledger(session, current_member(), wanted, limit=SHOWN + 1)
    return render_template(
        "decisions/ledger.html",
        rows=rows[:SHOWN],
        more=len(rows) > SHOWN,
        problem=problem,
        chosen=asked("service", "kind", "from", "to"),
        services=service_choices(session),
        kinds=KIND_WORDS,
        contributions=CONTRIBUTION_WORDS,
    )


@bp.get("/impact.<extension>")
@requires(Permission.READ)
def export_ledger(extension: str) -> ResponseReturnValue:
    wanted, problem = _wanted()
    if problem is not None:
        raise problem
    rows = ledger(reading(), current_member(), wanted)
    return as_report(extension, ledger_document(rows, _scope(wanted), today(reading())))


@bp.get("/decisions/<ref>/impact/new")
@requires(Permission.RECORD_OUTCOMES)
def new_impact(ref: str) -> ResponseReturnValue:
    """`?corrects=n` puts an entry right: the ledger only grows, so it is written anew."""
    session = reading()
    decision = get_decision(session, current_member(), ref)
    number = number_or_none(request.values.get("corrects"))
    corrects = None if number is None else get_impact_entry(session, decision, number)
    form = ImpactForm(obj=corrects)
    form.measure_id.choices = _measures(decision)
    return render_template("decisions/impact_form.html", form=form, decision=decision, corrects=corrects)


@bp.post("/decisions/<ref>/impact")
@requires(Permission.RECORD_OUTCOMES)
@shows_errors_on(".new_impact")
def attest(ref: str) -> ResponseReturnValue:
    form = ImpactForm()
    form.measure_id.choices, form.contribution.validate_choice, form.kind.validate_choice = [], False, False
    values = read_form(form)
    measure_id, number = number_or_none(values["measure_id"]), number_or_none(request.form.get("corrects"))
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        attest_impact(
            session,
            actor=current_member(),
            decision=decision,
            what=values["what"] or "",
            kind=values["kind"] or "",
            contribution=values["contribution"] or "",
            on=values["on"],
            measure=None if measure_id is None else get_measure(session, decision, measure_id),
            corrects=None if number is None else get_impact_entry(session, decision, number),
        )
    flash("Written into the impact ledger.", "success")
    return redirect(url_for(".show", ref=ref, _anchor="impact"), code=303)


def _wanted() -> tuple[LedgerFilter, InvalidInput | None]:
    """What was chosen, or why it cannot be: a period that ends before it begins holds nothing."""
    since, until = (day_or_none(request.args.get(name)) for name in ("from", "to"))
    typed = [(name, request.args.get(name), day) for name, day in (("from", since), ("to", until))]
    unread = [value for _, value, day in typed if value and day is None]
    if unread:
        return LedgerFilter(), InvalidInput(f"“{unread[0]}” is no day. Write it as 2026-03-27.")
    if since is not None and until is not None and until < since:
        return LedgerFilter(), InvalidInput(
            f"The period ends on {until}, before it begins on {since}. Turn them round."
        )
    kind = request.args.get("kind", "")
    service_id = number_or_none(request.args.get("service"))
    return LedgerFilter(service_id, kind if kind in KIND_WORDS else "", since, until), None


def _measures(decision: Decision) -> list[tuple[str, str]]:
    return [("", "–"), *[(str(each.id), each.name) for each in measures_of(reading(), decision)]]


def _scope(wanted: LedgerFilter) -> str:
    kind = KIND_WORDS.get(wanted.kind, "")
    since = f"from {day(wanted.since)}" if wanted.since else ""
    until = f"up to {day(wanted.until)}" if wanted.until else ""
    return ", ".join(filter(None, (scope_of(wanted.service_id), kind, since, until)))
