"""The plan of a study, its hypotheses, and what is already known before it is planned."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, SelectField, StringField, TextAreaField

from insights.capture.models import HypothesisVerdict, PriorWorkVerdict, Study, TextTemplate, TextTemplateVersion
from insights.capture.operations import discard_draft
from insights.capture.plans import (
    HypothesisRow,
    add_hypothesis,
    get_hypothesis,
    hypotheses_of,
    judge_hypothesis,
    record_prior_work,
    set_hypothesis_removed,
    write_plan,
)
from insights.capture.queries import draft_of, get_study
from insights.capture.templates import current_version, get_template
from insights.core.access import Permission
from insights.people.models import Member
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.search_service import search_engine
from research_hub.security import current_member, requires
from research_hub.web.capture.blueprint import bp
from research_hub.web.capture.known_before import KnownBefore, known_before
from research_hub.web.forms import HubForm, number_or_none, read_form, restored, told
from research_hub.web.messages import say_done
from research_hub.web.words import day, words


class PlanForm(HubForm):
    question = TextAreaField("What do you want to find out?")
    goals = TextAreaField("Goals", description="One a line. What somebody can do afterwards that they cannot do now.")
    plan = TextAreaField("Plan", description="In Markdown. Begin from a template if you like.")
    template = HiddenField()
    row_version = HiddenField()


class HypothesisForm(HubForm):
    statement = StringField("Hypothesis", description="A sentence that can turn out to be false.")


class VerdictForm(HubForm):
    statement = StringField("Hypothesis")
    verdict = SelectField("Verdict", choices={"": "Open", **told(HypothesisVerdict)}, validate_choice=False)
    rationale = TextAreaField("What it rests on", description="In a sentence or two, with references such as INS-4.")
    row_version = HiddenField()


class PriorWorkForm(HubForm):
    note = TextAreaField(
        "What you found, in a sentence", description="Also where it is nothing: then the study is the first."
    )


@bp.get("/studies/<ref>/plan")
@requires(Permission.READ)
def show_plan(ref: str) -> ResponseReturnValue:
    session = reading()
    study = get_study(session, current_member(), ref)
    return render_template(
        "capture/plan.html",
        study=study,
        hypotheses=hypotheses_of(session, study),
        form=HypothesisForm(),
        lead=None if study.lead_id is None else session.get(Member, study.lead_id),
        template=_template_of(study),
    )


@bp.get("/studies/<ref>/plan.md")
@requires(Permission.READ)
def export_plan(ref: str) -> ResponseReturnValue:
    study = get_study(reading(), current_member(), ref)
    return Response(
        plan_as_markdown(study, hypotheses_of(reading(), study)),
        content_type="text/markdown; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="plan-{study.ref}.md"'},
    )


@bp.get("/studies/<ref>/plan/edit")
@requires(Permission.EDIT_STUDIES)
def edit_plan(ref: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    study = get_study(session, member, ref)
    key = plan_key(study)
    draft = draft_of(session, member, key)
    kept = {} if draft is None else draft.fields
    stored = {
        "question": study.question,
        "goals": "\n".join(map(str, study.goals)),
        "plan": study.plan,
        "row_version": study.row_version,
    }
    form = PlanForm(data=stored | restored(kept))
    return render_template("capture/plan_form.html", form=form, study=study, draft=draft, draft_key=key, restored=kept)


@bp.post("/studies/<ref>/plan")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".edit_plan")
def update_plan(ref: str) -> ResponseReturnValue:
    values = read_form(PlanForm())
    begun_from, row_version = values.pop("template"), number_or_none(values.pop("row_version"))
    goals = values.pop("goals").splitlines()
    with transaction() as session:
        study = get_study(session, current_member(), ref)
        version = current_version(session, get_template(session, begun_from)) if begun_from else None
        write_plan(
            session,
            actor=current_member(),
            study=study,
            goals=goals,
            template_version=version,
            row_version=row_version,
            **values,
        )
        discard_draft(session, member=current_member(), form_key=plan_key(study))
    flash("Plan saved.", "success")
    return redirect(url_for(".show_plan", ref=ref), code=303)


@bp.post("/studies/<ref>/hypotheses")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".show_plan")
def create_hypothesis(ref: str) -> ResponseReturnValue:
    values = read_form(HypothesisForm())
    with transaction() as session:
        study = get_study(session, current_member(), ref)
        add_hypothesis(session, actor=current_member(), study=study, **values)
    flash("Hypothesis added.", "success")
    return redirect(f"{url_for('.show_plan', ref=ref)}#hypotheses", code=303)


@bp.get("/studies/<ref>/hypotheses/<int:hypothesis_id>")
@requires(Permission.EDIT_STUDIES)
def edit_hypothesis(ref: str, hypothesis_id: int) -> ResponseReturnValue:
    study = get_study(reading(), current_member(), ref)
    hypothesis = get_hypothesis(reading(), study, hypothesis_id)
    verdict = hypothesis.verdict.value if hypothesis.verdict else ""
    form = VerdictForm(obj=hypothesis, data={"verdict": verdict})
    return render_template("capture/plan_hypothesis.html", form=form, study=study, hypothesis=hypothesis)


@bp.post("/studies/<ref>/hypotheses/<int:hypothesis_id>")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".edit_hypothesis")
def update_hypothesis(ref: str, hypothesis_id: int) -> ResponseReturnValue:
    values = read_form(VerdictForm())
    values["row_version"] = number_or_none(values["row_version"])
    with transaction() as session:
        study = get_study(session, current_member(), ref)
        hypothesis = get_hypothesis(session, study, hypothesis_id)
        judge_hypothesis(session, actor=current_member(), hypothesis=hypothesis, study=study, **values)
    flash("Hypothesis saved.", "success")
    return redirect(f"{url_for('.show_plan', ref=ref)}#hypotheses", code=303)


@bp.post("/studies/<ref>/hypotheses/<int:hypothesis_id>/remove")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".edit_hypothesis")
def remove_hypothesis(ref: str, hypothesis_id: int) -> ResponseReturnValue:
    _set_removed(ref, hypothesis_id, removed=True)
    undo = url_for(".restore_hypothesis", ref=ref, hypothesis_id=hypothesis_id)
    say_done("Hypothesis removed.", undo_href=undo)
    return redirect(url_for(".show_plan", ref=ref), code=303)


@bp.post("/studies/<ref>/hypotheses/<int:hypothesis_id>/restore")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".edit_hypothesis")
def restore_hypothesis(ref: str, hypothesis_id: int) -> ResponseReturnValue:
    _set_removed(ref, hypothesis_id, removed=False)
    flash("The hypothesis is back.", "success")
    return redirect(url_for(".show_plan", ref=ref), code=303)


@bp.get("/studies/<ref>/prior-work")
@requires(Permission.READ)
def prior_work(ref: str) -> ResponseReturnValue:
    """`?q=` searches by other words than the study's question and title."""
    session, member = reading(), current_member()
    study = get_study(session, member, ref)
    asked = request.values.get("q", "").strip() or study.question or study.title
    checked_by = study.prior_work_checked_by_id
    return render_template(
        "capture/study_prior_work.html",
        study=study,
        asked=asked,
        known=known_before(session, search_engine(), member, asked, but=study.ref),
        form=PriorWorkForm(data={"note": study.prior_work_note}),
        judged=_judged() or _judged_before(study),
        checked_by=None if checked_by is None else session.get(Member, checked_by),
    )


@bp.post("/studies/<ref>/prior-work")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".prior_work")
def check_prior_work(ref: str) -> ResponseReturnValue:
    values = read_form(PriorWorkForm())
    with transaction() as session:
        study = get_study(session, current_member(), ref)
        record_prior_work(
            session,
            actor=current_member(),
            study=study,
            note=values["note"],
            refs=request.form.getlist("refs"),
            verdicts=_judged(),
        )
    flash("Recorded: you have looked at what is already known.", "success")
    return redirect(url_for(".show_study", ref=ref), code=303)


@bp.get("/studies/near")
@requires(Permission.EDIT_STUDIES)
def near_study() -> ResponseReturnValue:
    """Insights and studies near the title or question `q` of a study that is being written, as a fragment."""
    asked = request.args.get("q", "").strip()
    known = known_before(reading(), search_engine(), current_member(), asked) if asked else KnownBefore()
    return render_template("capture/near_study.html", known=known)


def plan_key(study: Study) -> str:
    """The name of the draft of a study's plan."""
    return f"plan-{study.ref}"


def plan_as_markdown(study: Study, hypotheses: list[HypothesisRow]) -> str:
    """The whole plan as one document: question, goals, plan, hypotheses with their verdicts."""
    parts = [f"# {study.title}", f"{study.ref}, plan as of {day(study.updated_at)}"]
    if study.question:
        parts += ["## Question", study.question]
    if study.goals:
        parts += ["## Goals", "\n".join(f"- {goal}" for goal in study.goals)]
    if study.plan:
        parts.append(study.plan)
    if hypotheses:
        parts += ["## Hypotheses", "\n".join(_hypothesis_line(each) for each in hypotheses)]
    return "\n\n".join(parts) + "\n"


def _hypothesis_line(row: HypothesisRow) -> str:
    verdict = f" **{words(row.verdict)}**: {row.rationale}" if row.verdict else " (open)"
    return f"- {row.statement}{verdict}"


def _template_of(study: Study) -> TextTemplate | None:
    if study.plan_template_version_id is None:
        return None
    version = reading().get(TextTemplateVersion, study.plan_template_version_id)
    return None if version is None else reading().get(TextTemplate, version.template_id)


def _judged() -> dict[str, str]:
    """What the form says of each record that was shown, by ref; what is not judged is left out."""
    named = "verdict-"
    return {name.removeprefix(named): value for name, value in request.form.items() if name.startswith(named) and value}


def _judged_before(study: Study) -> dict[str, str]:
    """What was said at the last look; of looks before there were verdicts, what matters counts as used."""
    used = dict.fromkeys(study.prior_work_refs, PriorWorkVerdict.USED.value)
    return dict(study.prior_work_verdicts) or used


def _set_removed(ref: str, hypothesis_id: int, *, removed: bool) -> None:
    with transaction() as session:
        study = get_study(session, current_member(), ref)
        hypothesis = get_hypothesis(session, study, hypothesis_id)
        set_hypothesis_removed(session, actor=current_member(), hypothesis=hypothesis, study=study, removed=removed)
