from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.capture.queries import get_study
from insights.coding.memos import edit_memo as change_memo
from insights.coding.memos import get_memo, list_memos, set_memo_deleted, write_memo
from insights.coding.models import Memo
from insights.coding.queries import get_highlight
from insights.core.access import Permission
from insights.core.errors import NotFound
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.coding.blueprint import bp
from research_hub.web.coding.forms import MemoForm
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import number_or_none, read_form
from research_hub.web.messages import say_done
from research_hub.web.reader import changed, said_in_place
from research_hub.web.words import link_to


@bp.get("/memos")
@requires(Permission.READ)
def memos() -> ResponseReturnValue:
    session, member = reading(), current_member()
    study = get_study(session, member, request.args["study"]) if request.args.get("study") else None
    rows = list_memos(session, member, study_id=None if study is None else study.id)
    return render_template("coding/memos.html", rows=rows, study=study)


@bp.get("/memos.<extension>")
@requires(Permission.READ)
def export_memos(extension: str) -> ResponseReturnValue:
    rows = list_memos(reading(), current_member())
    columns = ("Ref", "About", "Title", "Memo", "By", "Written", "Changed")
    return as_file(
        extension,
        table_of(
            "Memos",
            columns,
            [
                (row.ref, row.subject_ref, row.title, row.text, row.by, row.created_at.date(), row.updated_at.date())
                for row in rows
            ],
        ),
    )


@bp.get("/memos/new")
@requires(Permission.CODE)
def new_memo() -> ResponseReturnValue:
    about = request.args.get("about", "")
    return render_template("coding/memo_form.html", form=MemoForm(data={"about": about}), memo=None, about=about)


@bp.post("/memos")
@requires(Permission.CODE)
@shows_errors_on(".new_memo")
def create_memo() -> ResponseReturnValue:
    values = read_form(MemoForm())
    with transaction() as session:
        memo = write_memo(
            session,
            actor=current_member(),
            about=values["about"],
            text=values["text"],
            title=values["title"],
            may_stand=values["may_stand"],
        )
    return _done(memo, "Memo written.", url_for(".delete_memo", ref=memo.ref))


@bp.get("/memos/<ref>")
@requires(Permission.READ)
def show_memo(ref: str) -> ResponseReturnValue:
    """The address of a memo: what it is about, opened in place."""
    return redirect(_place_of(get_memo(reading(), current_member(), ref)), code=303)


@bp.get("/memos/<ref>/edit")
@requires(Permission.CODE)
def edit_memo(ref: str) -> ResponseReturnValue:
    memo = get_memo(reading(), current_member(), ref)
    form = MemoForm(obj=memo, data={"about": memo.subject_ref})
    return render_template("coding/memo_form.html", form=form, memo=memo, about=memo.subject_ref)


@bp.post("/memos/<ref>")
@requires(Permission.CODE)
@shows_errors_on(".edit_memo")
def update_memo(ref: str) -> ResponseReturnValue:
    values = read_form(MemoForm())
    with transaction() as session:
        memo = get_memo(session, current_member(), ref)
        before = {"title": memo.title, "text": memo.text, "about": memo.subject_ref}
        change_memo(
            session,
            actor=current_member(),
            memo=memo,
            text=values["text"],
            title=values["title"],
            row_version=number_or_none(values["row_version"]),
            may_stand=values["may_stand"],
        )
    return _done(memo, "Memo saved.", url_for(".update_memo", ref=memo.ref), undo_fields=before)


@bp.post("/memos/<ref>/delete")
@requires(Permission.CODE)
@shows_errors_on(".edit_memo")
def delete_memo(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        memo = get_memo(session, current_member(), ref)
        set_memo_deleted(session, actor=current_member(), memo=memo, deleted=True)
    return _done(memo, "Memo deleted.", url_for(".restore_memo", ref=memo.ref))


@bp.post("/memos/<ref>/restore")
@requires(Permission.CODE)
@shows_errors_on(".edit_memo")
def restore_memo(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        memo = get_memo(session, current_member(), ref)
        set_memo_deleted(session, actor=current_member(), memo=memo, deleted=False)
    return _done(memo, "The memo is back.", url_for(".delete_memo", ref=memo.ref))


def _done(memo: Memo, told: str, undo_href: str, undo_fields: dict[str, str] | None = None) -> ResponseReturnValue:
    if said_in_place() and memo.subject_ref.startswith("HL-"):
        highlight, source = get_highlight(reading(), current_member(), memo.subject_ref)
        return changed(
            source,
            start=highlight.start,
            end=highlight.end,
            ref=highlight.ref,
            told=told,
            undo_href=undo_href,
            undo_fields=undo_fields,
        )
    if undo_fields:
        flash(told, "success")
    else:
        say_done(told, undo_href=undo_href)
    return redirect(_place_of(memo), code=303)


def _place_of(memo: Memo) -> str:
    address = link_to(memo.subject_ref)
    if address is None:
        raise NotFound(memo.subject_ref)
    return address if memo.subject_ref.startswith("HL-") else f"{address}#{memo.ref}"
