"""Where a study stands and what its next step needs."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField

from insights.capture.models import Sensitivity, Study, StudyStatus
from insights.capture.queries import get_study
from insights.capture.study_states import (
    LAWFUL_BASES,
    MEANINGS,
    ORDER,
    Protection,
    tell_assessment,
    tell_protection,
)
from insights.core.access import Permission
from insights.synthesis.study_completion import move_study_on, published_insights, steps_of, tell_why_no_insight
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.capture.blueprint import bp
from research_hub.web.forms import HubForm, read_form, told
from research_hub.web.words import words


class StateForm(HubForm):
    dpia_reference = StringField(
        "Data protection impact assessment", description="Its reference, for example DPIA-2031."
    )
    no_dpia_reason = StringField(
        "Or why none is needed", description="For example: only published statistics are read."
    )
    lawful_basis = StringField(
        "Lawful basis", description="UK GDPR, article 6: for public bodies mostly “public task”."
    )
    sensitivity = SelectField(
        "How sensitive is what people tell", choices={"": "–", **told(Sensitivity)}, validate_choice=False
    )
    sharing_agreement = StringField(
        "Agreement for sharing data", description="Its reference, or “none” where nothing is shared with anybody."
    )
    no_insight_reason = StringField(
        "If nothing is published, why", description="For example: nobody came; the policy was dropped."
    )


@bp.get("/studies/<ref>/state")
@requires(Permission.EDIT_STUDIES)
def study_state(ref: str) -> ResponseReturnValue:
    study = get_study(reading(), current_member(), ref)
    return render_template(
        "capture/study_state.html",
        study=study,
        form=StateForm(obj=study, data=_as_told(study)),
        steps=steps_of(reading(), study),
        published=published_insights(reading(), study),
        order=ORDER,
        meanings=MEANINGS,
        bases=LAWFUL_BASES,
    )


def _as_told(study: Study) -> dict[str, str]:
    return {"sensitivity": "" if study.sensitivity is None else study.sensitivity.value}


@bp.post("/studies/<ref>/state")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".study_state")
def move(ref: str) -> ResponseReturnValue:
    """Keeps what was said in the form, and goes to `to` where a button named a state.

    What was said is kept in a unit of its own, so that a step that is refused loses none of it.
    """
    values = read_form(StateForm())
    with transaction() as session:
        study = get_study(session, current_member(), ref)
        tell_assessment(
            session,
            actor=current_member(),
            study=study,
            reference=values["dpia_reference"],
            no_reason=values["no_dpia_reason"],
        )
        protection = Protection(values["lawful_basis"], values["sensitivity"] or "", values["sharing_agreement"])
        tell_protection(session, actor=current_member(), study=study, told=protection)
        tell_why_no_insight(session, actor=current_member(), study=study, reason=values["no_insight_reason"])
    to = request.form.get("to", "")
    if not to:
        flash("Saved.", "success")
        return redirect(url_for(".study_state", ref=ref), code=303)
    with transaction() as session:
        study = get_study(session, current_member(), ref)
        move_study_on(session, actor=current_member(), study=study, to=to)
    flash(f"The study is {words(study.status)} now. {MEANINGS[StudyStatus(study.status)]}", "success")
    return redirect(url_for(".show_study", ref=ref), code=303)
