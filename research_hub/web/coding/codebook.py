"""Changes to the codebook: each a page that says what will happen, and an act that can be undone."""

from __future__ import annotations

from collections.abc import Iterable

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.capture.queries import get_study
from insights.coding.codebook.merging import merge_tags
from insights.coding.codebook.queries import codebook_of, get_latest_act, read_tag, tag_to_change
from insights.coding.codebook.shaping import (
    TEXTS,
    define_tag,
    edit_tag,
    move_tag,
    namesake,
    promote_tag,
    rename_tag,
    reorder_tag,
    retire_tag,
    revive_tag,
)
from insights.coding.models import CodingAct, Tag
from insights.coding.queries import TagRow
from insights.core.access import Permission
from insights.people.queries import Choice
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.coding.acts import say_coded
from research_hub.web.coding.blueprint import bp
from research_hub.web.coding.codebook_forms import MergeForm, MoveForm, NewTagForm, PromoteForm, RenameForm, TagForm
from research_hub.web.forms import choose, number_or_none, read_form

TOP = Choice("", "The top of the codebook")


@bp.get("/tags/new")
@requires(Permission.CODE)
def new_tag() -> ResponseReturnValue:
    session, member = reading(), current_member()
    sent = request.values.get("study", "")
    study = get_study(session, member, sent) if sent else None
    rows = codebook_of(session, member, study_id=None if study is None else study.id)
    form = NewTagForm(data={"parent": request.args.get("parent", "")})
    choose(form.parent, [TOP, *_choices(row for row in rows if not row.is_retired)], optional=False)
    return render_template("coding/codebook_new.html", form=form, study=study)


@bp.post("/tags")
@requires(Permission.CODE)
@shows_errors_on(".new_tag")
def create_tag() -> ResponseReturnValue:
    form = NewTagForm()
    form.parent.validate_choice = False
    values = read_form(form)
    with transaction() as session:
        member, sent = current_member(), request.form.get("study", "")
        study = get_study(session, member, sent) if sent else None
        parent = tag_to_change(session, member, values["parent"]) if values["parent"] else None
        tag = define_tag(
            session, actor=member, name=values["name"], parent=parent, study=study, definition=values["definition"]
        )
        act = get_latest_act(session, member)
    say_coded(f"“{tag.path}” added.", act)
    return redirect(url_for(".show_tag", ref=tag.ref), code=303)


@bp.get("/tags/<ref>/edit")
@requires(Permission.CODE)
def edit_tag_form(ref: str) -> ResponseReturnValue:
    tag = tag_to_change(reading(), current_member(), ref)
    data = {name: getattr(tag, name) for name in TEXTS}
    form = TagForm(data={**data, "synonyms": ", ".join(tag.synonyms), "row_version": tag.row_version})
    return render_template("coding/codebook_edit.html", form=form, tag=tag)


@bp.post("/tags/<ref>")
@requires(Permission.CODE)
@shows_errors_on(".edit_tag_form")
def update_tag(ref: str) -> ResponseReturnValue:
    values = read_form(TagForm())
    with transaction() as session:
        tag = tag_to_change(session, current_member(), ref)
        act = edit_tag(
            session,
            actor=current_member(),
            tag=tag,
            texts={name: values[name] for name in TEXTS},
            synonyms=values["synonyms"].split(","),
            row_version=number_or_none(values["row_version"]),
        )
    return _done(f"“{tag.path}” saved.", tag, act)


@bp.get("/tags/<ref>/rename")
@requires(Permission.CODE)
def rename_form(ref: str) -> ResponseReturnValue:
    page = read_tag(reading(), current_member(), ref)
    form = RenameForm(data={"name": page.row.name, "keep_old_name": True})
    return render_template("coding/codebook_rename.html", form=form, tag=page.row, page=page)


@bp.post("/tags/<ref>/rename")
@requires(Permission.CODE)
@shows_errors_on(".rename_form")
def rename(ref: str) -> ResponseReturnValue:
    values = read_form(RenameForm())
    with transaction() as session:
        tag = tag_to_change(session, current_member(), ref)
        act = rename_tag(session, actor=current_member(), tag=tag, **values)
    return _done(f"Renamed “{tag.path}”.", tag, act)


@bp.get("/tags/<ref>/move")
@requires(Permission.CODE)
def move_form(ref: str) -> ResponseReturnValue:
    page = read_tag(reading(), current_member(), ref)
    form = MoveForm(data={"parent": f"TAG-{page.row.parent_id}" if page.row.parent_id else ""})
    choose(form.parent, [TOP, *_choices(page.places)], optional=False)
    return render_template("coding/codebook_move.html", form=form, tag=page.row, page=page)


@bp.post("/tags/<ref>/move")
@requires(Permission.CODE)
@shows_errors_on(".move_form")
def move(ref: str) -> ResponseReturnValue:
    sent = request.form.get("parent", "")
    with transaction() as session:
        tag = tag_to_change(session, current_member(), ref)
        parent = tag_to_change(session, current_member(), sent) if sent else None
        act = move_tag(session, actor=current_member(), tag=tag, parent=parent)
    return _done(f"Moved to “{tag.path}”.", tag, act)


@bp.post("/tags/<ref>/order")
@requires(Permission.CODE)
@shows_errors_on(".show_tag")
def reorder(ref: str) -> ResponseReturnValue:
    """One place up or down among the neighbours that the member sees."""
    with transaction() as session:
        page = read_tag(session, current_member(), ref)
        tag = session.get_one(Tag, page.row.id)
        before = page.neighbour(-1 if request.form.get("direction") == "up" else 2)
        act = reorder_tag(
            session, actor=current_member(), tag=tag, before=None if before is None else session.get_one(Tag, before.id)
        )
    return _done(f"“{tag.path}” moved {'up' if request.form.get('direction') == 'up' else 'down'}.", tag, act)


@bp.get("/tags/<ref>/merge")
@requires(Permission.CODE)
def merge_form(ref: str) -> ResponseReturnValue:
    """Both tags side by side, once the second is chosen."""
    page = read_tag(reading(), current_member(), ref)
    chosen = request.values.get("into", "")
    form = MergeForm(data={"into": chosen})
    choose(form.into, _choices(page.places_to_merge))
    into = next((row for row in page.places_to_merge if row.ref == chosen), None)
    return render_template("coding/codebook_merge.html", form=form, tag=page.row, page=page, into=into)


@bp.post("/tags/<ref>/merge")
@requires(Permission.CODE)
@shows_errors_on(".merge_form")
def merge(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        tag = tag_to_change(session, current_member(), ref)
        into = tag_to_change(session, current_member(), request.form.get("into", ""))
        act = merge_tags(session, actor=current_member(), tag=tag, into=into)
    return _done(f"“{tag.path}” merged into “{into.path}”.", into, act)


@bp.post("/tags/<ref>/retire")
@requires(Permission.CODE)
@shows_errors_on(".show_tag")
def retire(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        tag = tag_to_change(session, current_member(), ref)
        act = retire_tag(session, actor=current_member(), tag=tag)
    return _done(f"“{tag.path}” retired. It stays on its quotes and is no longer offered.", tag, act)


@bp.post("/tags/<ref>/revive")
@requires(Permission.CODE)
@shows_errors_on(".show_tag")
def revive(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        tag = tag_to_change(session, current_member(), ref)
        act = revive_tag(session, actor=current_member(), tag=tag)
    return _done(f"“{tag.path}” is offered again.", tag, act)


@bp.get("/tags/<ref>/promote")
@requires(Permission.CODE)
def promote_form(ref: str) -> ResponseReturnValue:
    """Says who will see its words, and asks where the organisation has the path already."""
    session, member = reading(), current_member()
    page = read_tag(session, member, ref)
    twin = namesake(session, session.get_one(Tag, page.row.id)) if page.row.study_id is not None else None
    shown = next((row for row in page.everything if twin is not None and row.id == twin.id), None)
    form = PromoteForm(data={"merge": "yes" if twin is not None else ""})
    return render_template("coding/codebook_promote.html", form=form, tag=page.row, page=page, twin=twin, shown=shown)


@bp.post("/tags/<ref>/promote")
@requires(Permission.CODE)
@shows_errors_on(".promote_form")
def promote(ref: str) -> ResponseReturnValue:
    values = read_form(PromoteForm())
    with transaction() as session:
        tag = tag_to_change(session, current_member(), ref)
        act = promote_tag(session, actor=current_member(), tag=tag, merge=values["merge"] == "yes")
    return _done(f"“{tag.path}” belongs to the organisation’s codebook now.", tag, act)


def _done(text: str, tag: Tag, act: CodingAct | None) -> ResponseReturnValue:
    say_coded(text, act)
    return redirect(url_for(".show_tag", ref=tag.ref), code=303)


def _choices(rows: Iterable[TagRow]) -> list[Choice]:
    return [Choice(row.ref, row.path) for row in rows]
