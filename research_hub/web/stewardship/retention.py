"""How long what is kept: the rules, what falls due when, what is held back, and what went (L2)."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField

from insights.capture.queries import get_study
from insights.core.access import Permission, may
from insights.core.errors import InvalidInput, NotFound
from insights.people.models import Team
from insights.people.queries import get_team, list_teams
from insights.stewardship.models import DataClass, RetentionHold
from insights.stewardship.retention import (
    WARNED_FOR,
    deletion_log,
    end_hold,
    hold,
    holds_on,
    list_due,
    rules_of,
    set_rules,
)
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import DayField, HubForm, number_or_none, read_form
from research_hub.web.messages import say_done
from research_hub.web.stewardship.blueprint import bp

KIND_LABELS = {
    DataClass.RECORDING: "Recordings",
    DataClass.TRANSCRIPT: "Transcripts",
    DataClass.NOTES: "Notes",
    DataClass.IDENTITY: "Who they are",
    DataClass.CONSENT_PROOF: "Proof of consent",
    DataClass.QUOTE: "Quotes",
}
_EVERYTHING = "everything"


class MonthsForm(HubForm):
    recording = StringField(KIND_LABELS[DataClass.RECORDING])
    transcript = StringField(KIND_LABELS[DataClass.TRANSCRIPT])
    notes = StringField(KIND_LABELS[DataClass.NOTES])
    identity = StringField(KIND_LABELS[DataClass.IDENTITY])
    consent_proof = StringField(KIND_LABELS[DataClass.CONSENT_PROOF])
    quote = StringField(KIND_LABELS[DataClass.QUOTE])


class HoldForm(HubForm):
    data_class = SelectField(
        "What may not go",
        choices={_EVERYTHING: "Everything of this study", **{kind.value: KIND_LABELS[kind] for kind in DataClass}},
        default=_EVERYTHING,
    )
    until = DayField("Until")
    reason = StringField("Why", description="Such as an objection, a complaint or a legal case. No name.")


@bp.get("/retention")
@requires(Permission.READ)
def retention() -> ResponseReturnValue:
    session, member = reading(), current_member()
    rows = [row for row in list_due(session, member) if row.items]
    soon = [row for row in rows if row.soon and row.held is None]
    teams = list_teams(session) if may(member, Permission.PROTECT) else []
    return render_template(
        "stewardship/retention.html", rows=rows, soon=soon, labels=KIND_LABELS, warned=WARNED_FOR.days, teams=teams
    )


@bp.get("/retention.<extension>")
@requires(Permission.READ)
def export_retention(extension: str) -> ResponseReturnValue:
    """The dry run: what would go, and when."""
    columns = (
        "study",
        "title",
        "kind",
        "months",
        "rule",
        "items",
        "goes now",
        "goes within a month",
        "next on",
        "held",
    )
    rows = [
        (
            row.study,
            row.title,
            row.kind.value,
            row.rule.months,
            row.rule.origin,
            row.items,
            row.overdue,
            row.soon,
            row.next_on,
            row.held,
        )
        for row in list_due(reading(), current_member())
        if row.items
    ]
    return as_file(extension, table_of("Retention", columns, rows))


@bp.get("/retention/log")
@requires(Permission.PROTECT)
def retention_log() -> ResponseReturnValue:
    rows = deletion_log(reading(), current_member())
    return render_template("stewardship/retention_log.html", rows=rows, labels=KIND_LABELS)


@bp.get("/retention/log.<extension>")
@requires(Permission.PROTECT)
def export_retention_log(extension: str) -> ResponseReturnValue:
    columns = ("study", "title", "kind", "items", "due on", "deleted on", "erasure")
    rows = [
        (row.study, row.study_title, row.kind, row.items, row.due_on, row.at.date(), row.withdrawal)
        for row in deletion_log(reading(), current_member())
    ]
    return as_file(extension, table_of("Deletions", columns, rows))


@bp.get("/studies/<ref>/retention")
@requires(Permission.READ)
def study_retention(ref: str, **_act: object) -> ResponseReturnValue:
    session = reading()
    study = get_study(session, current_member(), ref)
    rows = sorted(list_due(session, current_member(), study), key=lambda row: list(DataClass).index(row.kind))
    own = {row.kind.value: str(row.rule.months) for row in rows if row.rule.origin == "study"}
    return render_template(
        "stewardship/study_retention.html",
        study=study,
        rows=rows,
        labels=KIND_LABELS,
        form=MonthsForm(data=own),
        hold_form=HoldForm(),
        holds=holds_on(session, [study.id]),
        warned=WARNED_FOR.days,
    )


@bp.post("/studies/<ref>/retention")
@requires(Permission.PROTECT)
@shows_errors_on(".study_retention")
def set_study_retention(ref: str) -> ResponseReturnValue:
    months = _months(MonthsForm())
    with transaction() as session:
        study = get_study(session, current_member(), ref)
        team = session.get_one(Team, study.team_id)
        set_rules(session, actor=current_member(), team=team, study=study, months=months)
    flash(f"Saved. Nothing goes by a rule that changed for {WARNED_FOR.days} days.", "success")
    return redirect(url_for(".study_retention", ref=ref), code=303)


@bp.post("/studies/<ref>/retention/holds")
@requires(Permission.PROTECT)
@shows_errors_on(".study_retention")
def hold_back(ref: str) -> ResponseReturnValue:
    values = read_form(HoldForm())
    if values["data_class"] == _EVERYTHING:
        values["data_class"] = ""
    with transaction() as session:
        study = get_study(session, current_member(), ref)
        held = hold(session, actor=current_member(), study=study, **values)
    say_done("Held back.", undo_href=url_for(".lift_hold", ref=ref, hold_id=held.id))
    return redirect(url_for(".study_retention", ref=ref), code=303)


@bp.post("/studies/<ref>/retention/holds/<int:hold_id>/lift")
@requires(Permission.PROTECT)
@shows_errors_on(".study_retention")
def lift_hold(ref: str, hold_id: int) -> ResponseReturnValue:
    with transaction() as session:
        study = get_study(session, current_member(), ref)
        held = session.get(RetentionHold, hold_id)
        if held is None or held.study_id != study.id:
            raise NotFound(f"{RetentionHold.PREFIX}-{hold_id}")
        end_hold(session, actor=current_member(), held=held)
    flash("Lifted. What fell due meanwhile goes tonight.", "success")
    return redirect(url_for(".study_retention", ref=ref), code=303)


@bp.get("/teams/<ref>/retention")
@requires(Permission.PROTECT)
def team_retention(ref: str) -> ResponseReturnValue:
    session = reading()
    team = get_team(session, ref)
    rules = rules_of(session, {0: team.id})[0]
    months = {kind.value: str(rule.months) for kind, rule in rules.items() if rule.is_set}
    return render_template(
        "stewardship/team_retention.html", team=team, form=MonthsForm(data=months), rules=rules, warned=WARNED_FOR.days
    )


@bp.post("/teams/<ref>/retention")
@requires(Permission.PROTECT)
@shows_errors_on(".team_retention")
def set_team_retention(ref: str) -> ResponseReturnValue:
    months = _months(MonthsForm())
    with transaction() as session:
        set_rules(session, actor=current_member(), team=get_team(session, ref), months=months)
    flash(f"Saved. Nothing goes by a rule that changed for {WARNED_FOR.days} days.", "success")
    return redirect(url_for(".team_retention", ref=ref), code=303)


def _months(form: MonthsForm) -> dict[str, int | None]:
    """Empty takes a rule back."""
    months: dict[str, int | None] = {}
    for name, typed in read_form(form).items():
        value = typed.strip()
        months[name] = number_or_none(value)
        if value and months[name] is None:
            raise InvalidInput.of(name, "Enter a number of months, such as 24, or leave it empty.")
    return months
