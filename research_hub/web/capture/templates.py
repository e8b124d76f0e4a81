"""Texts to begin from: the list, one with its versions, and beginning a form from one."""

from __future__ import annotations

from itertools import pairwise

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField

from insights.capture.models import TemplateKind
from insights.capture.operations import save_draft
from insights.capture.queries import draft_of, get_study
from insights.capture.templates import (
    TemplateVersionRow,
    begin_from_template,
    copy_template,
    create_template,
    ensure_shipped_templates,
    get_template,
    list_templates,
    place_of,
    save_template_version,
    set_template_retired,
    template_body,
    template_versions,
)
from insights.capture.templates.operations import may_change
from insights.core.access import Permission
from insights.core.errors import RuleBroken
from insights.people.models import Team
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.capture.blueprint import bp
from research_hub.web.differences import word_differences
from research_hub.web.forms import HubForm, number_or_none, read_form, told
from research_hub.web.messages import say_done

NEW_SESSION = "new-session"
_NOT_KEPT = {"csrf_token", "form_key"}


class TemplateForm(HubForm):
    title = StringField("Title")
    kind = SelectField("What it is for", choices=told(TemplateKind), validate_choice=False)
    body = TextAreaField(
        "Text", description="In Markdown. Headings and hints; whoever begins from it writes over them."
    )
    for_everyone = BooleanField("For every team", description="Only an administrator can do that.")
    row_version = HiddenField()


@bp.get("/templates")
@requires(Permission.READ)
def templates() -> ResponseReturnValue:
    session, member = reading(), current_member()
    return render_template(
        "capture/templates.html",
        rows=list_templates(session, member=member),
        retired=list_templates(session, member=member, retired=True),
        kinds=list(TemplateKind),
    )


@bp.post("/templates/shipped")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".templates")
def put_in_shipped() -> ResponseReturnValue:
    with transaction() as session:
        number = ensure_shipped_templates(session)
    flash("The templates that come with Research Hub are here." if number else "They were here already.", "success")
    return redirect(url_for(".templates"), code=303)


@bp.get("/templates/new")
@requires(Permission.EDIT_STUDIES)
def new_template() -> ResponseReturnValue:
    return render_template("capture/template_form.html", form=TemplateForm(), template=None)


@bp.post("/templates")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".new_template")
def add_template() -> ResponseReturnValue:
    values = read_form(TemplateForm())
    del values["row_version"]
    with transaction() as session:
        template = create_template(session, actor=current_member(), **values)
    flash(f"“{template.title}” can be begun from now.", "success")
    return redirect(url_for(".show_template", ref=template.ref), code=303)


@bp.get("/templates/<ref>")
@requires(Permission.READ)
def show_template(ref: str) -> ResponseReturnValue:
    session = reading()
    template = get_template(session, ref)
    versions = template_versions(session, template)
    return render_template(
        "capture/template.html",
        template=template,
        body=versions[0].body if versions else "",
        versions=_with_differences(versions),
        team=None if template.team_id is None else session.get(Team, template.team_id),
        may_change=may_change(current_member(), template),
    )


@bp.get("/templates/<ref>/edit")
@requires(Permission.EDIT_STUDIES)
def edit_template(ref: str) -> ResponseReturnValue:
    template = get_template(reading(), ref)
    form = TemplateForm(obj=template, data={"body": template_body(reading(), template)})
    return render_template("capture/template_form.html", form=form, template=template)


@bp.post("/templates/<ref>")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".edit_template")
def update_template(ref: str) -> ResponseReturnValue:
    values = read_form(TemplateForm())
    with transaction() as session:
        template = get_template(session, ref)
        save_template_version(
            session,
            actor=current_member(),
            template=template,
            title=values["title"],
            body=values["body"],
            row_version=number_or_none(values["row_version"]),
        )
    flash(f"Saved; this is version {template.version}. What began from an earlier one stays as it is.", "success")
    return redirect(url_for(".show_template", ref=ref), code=303)


@bp.post("/templates/<ref>/copy")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".show_template")
def copy(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        made = copy_template(session, actor=current_member(), template=get_template(session, ref))
    flash("This copy belongs to your team. Change it as you like; the other stays.", "success")
    return redirect(url_for(".edit_template", ref=made.ref), code=303)


@bp.post("/templates/<ref>/retire")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".show_template")
def retire_template(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        template = get_template(session, ref)
        set_template_retired(session, actor=current_member(), template=template, retired=True)
    say_done(f"“{template.title}” is offered no more.", undo_href=url_for(".restore_template", ref=ref))
    return redirect(url_for(".templates"), code=303)


@bp.post("/templates/<ref>/restore")
@requires(Permission.EDIT_STUDIES)
@shows_errors_on(".show_template")
def restore_template(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        template = get_template(session, ref)
        set_template_retired(session, actor=current_member(), template=template, retired=False)
    flash(f"“{template.title}” is in use again.", "success")
    return redirect(url_for(".show_template", ref=ref), code=303)


@bp.get("/templates/begin")
@requires(Permission.EDIT_SESSIONS)
def choose_template() -> ResponseReturnValue:
    """`?form=new-session` or `?form=plan-STU-7`: which template to put into that form's draft."""
    session, member = reading(), current_member()
    form_key = request.values.get("form_key") or request.values.get("form") or NEW_SESSION
    place = place_of(form_key)
    draft = draft_of(session, member, form_key)
    written = _stored(form_key) if draft is None else str(draft.fields.get(place.field, ""))
    return render_template(
        "capture/template_begin.html",
        rows=list_templates(session, kind=place.kind, member=member),
        words_of_place=place.words,
        form_key=form_key,
        written=written.strip(),
        back=_form_address(form_key),
    )


@bp.post("/templates/begin")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".choose_template")
def keep_and_choose_template() -> ResponseReturnValue:
    """Sent by a button of the form itself: what was typed becomes its draft before anything else."""
    form_key = request.form.get("form_key", NEW_SESSION)
    place_of(form_key)
    names = [name for name in request.form if name not in _NOT_KEPT]
    fields = {name: ", ".join(request.form.getlist(name)) for name in names}
    with transaction() as session:
        save_draft(session, member=current_member(), form_key=form_key, fields=fields)
    return redirect(url_for(".choose_template", form=form_key), code=303)


@bp.post("/templates/<ref>/begin")
@requires(Permission.EDIT_SESSIONS)
@shows_errors_on(".choose_template_of")
def begin(ref: str) -> ResponseReturnValue:
    """`how=replace` takes the place of what was written; anything else goes below it."""
    form_key = request.form.get("form_key", NEW_SESSION)
    with transaction() as session:
        template = get_template(session, ref)
        if template.retired_at is not None:
            raise RuleBroken(f"“{template.title}” is retired. Choose another template.")
        begin_from_template(
            session,
            member=current_member(),
            template=template,
            form_key=form_key,
            stored=_stored(form_key),
            replace=request.form.get("how") == "replace",
        )
    flash(f"“{template.title}” is in the form. Nothing is saved until you save it.", "success")
    return redirect(_form_address(form_key), code=303)


@bp.get("/templates/<ref>/begin")
@requires(Permission.EDIT_SESSIONS)
def choose_template_of(ref: str) -> ResponseReturnValue:  # noqa: ARG001 - the address of what is shown again
    return choose_template()


def _stored(form_key: str) -> str:
    """What the form shows where there is no draft. Raises NotFound for the plan of a study out of sight."""
    study_ref = form_key.removeprefix("plan-")
    return "" if study_ref == form_key else get_study(reading(), current_member(), study_ref).plan


def _form_address(form_key: str) -> str:
    study_ref = form_key.removeprefix("plan-")
    return url_for(".new_session") if study_ref == form_key else url_for(".edit_plan", ref=study_ref)


def _with_differences(versions: list[TemplateVersionRow]) -> list[tuple[TemplateVersionRow, list[tuple[str, str]]]]:
    """Newest first, each with what changed against the one before it; the first has nothing to compare."""
    pairs = [(new, word_differences(old.body, new.body)) for new, old in pairwise(versions)]
    return [*pairs, *((first, []) for first in versions[-1:])]
