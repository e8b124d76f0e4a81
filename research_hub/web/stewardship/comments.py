"""Comments on a record, on a page of their own that record pages also fetch and show in place."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField

from insights.core.access import Permission
from insights.stewardship.comments import (
    AddedComment,
    add_comment,
    edit_comment,
    get_comment,
    mark_mention_seen,
    set_comment_deleted,
    set_comment_resolved,
    subject_of,
    threads_on,
)
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.forms import HubForm, number_or_none, read_form
from research_hub.web.messages import say_done
from research_hub.web.stewardship.blueprint import bp
from research_hub.web.words import link_to


class CommentForm(HubForm):
    text = TextAreaField(
        "Your comment", description="Markdown. Write @ and a colleague’s name, and it waits on their home page."
    )


@bp.get("/comments/<ref>")
@requires(Permission.READ)
def comments(ref: str) -> ResponseReturnValue:
    """`?fragment` answers the section alone, for the record's own page."""
    session, member = reading(), current_member()
    subject = subject_of(session, member, ref)
    template = "stewardship/comments_section.html" if "fragment" in request.args else "stewardship/comments.html"
    return render_template(
        template,
        subject=subject,
        threads=threads_on(session, subject),
        form=CommentForm(),
        answering=number_or_none(request.form.get("parent_id")),
    )


@bp.post("/comments/<ref>")
@requires(Permission.COMMENT)
@shows_errors_on(".comments")
def create_comment(ref: str) -> ResponseReturnValue:
    values = read_form(CommentForm())
    parent_id = number_or_none(request.form.get("parent_id"))
    with transaction() as session:
        subject = subject_of(session, current_member(), ref)
        parent = None if parent_id is None else get_comment(session, current_member(), f"COM-{parent_id}")[0]
        added = add_comment(session, actor=current_member(), subject=subject, text=values["text"], parent=parent)
        if parent is not None:
            mark_mention_seen(session, member=current_member(), comment=parent)
    flash(_who_was_told(added), "success")
    return _back(added.comment.ref, subject.ref)


@bp.get("/comment/<ref>")
@requires(Permission.READ)
def show_comment(ref: str) -> ResponseReturnValue:
    """The permanent address of a comment leads to its place."""
    comment, subject = get_comment(reading(), current_member(), ref)
    return redirect(f"{url_for('.comments', ref=subject.ref)}#{comment.ref}", code=303)


@bp.get("/comment/<ref>/edit")
@requires(Permission.COMMENT)
def edit_comment_form(ref: str) -> ResponseReturnValue:
    comment, subject = get_comment(reading(), current_member(), ref)
    return render_template(
        "stewardship/comment_form.html", comment=comment, subject=subject, form=CommentForm(obj=comment)
    )


@bp.post("/comment/<ref>")
@requires(Permission.COMMENT)
@shows_errors_on(".edit_comment_form")
def update_comment(ref: str) -> ResponseReturnValue:
    values = read_form(CommentForm())
    with transaction() as session:
        comment, subject = get_comment(session, current_member(), ref)
        edited = edit_comment(
            session,
            actor=current_member(),
            comment=comment,
            text=values["text"],
            row_version=number_or_none(request.form.get("row_version")),
        )
    flash(_who_was_told(edited, done="Comment saved."), "success")
    return _back(ref, subject.ref)


@bp.post("/comment/<ref>/delete")
@requires(Permission.COMMENT)
@shows_errors_on(".edit_comment_form")
def delete_comment(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        comment, subject = get_comment(session, current_member(), ref)
        set_comment_deleted(session, actor=current_member(), comment=comment, deleted=True)
    say_done("Comment deleted.", undo_href=url_for(".restore_comment", ref=ref))
    return _back("", subject.ref)


@bp.post("/comment/<ref>/restore")
@requires(Permission.COMMENT)
@shows_errors_on(".edit_comment_form")
def restore_comment(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        comment, subject = get_comment(session, current_member(), ref)
        set_comment_deleted(session, actor=current_member(), comment=comment, deleted=False)
    flash("The comment is back.", "success")
    return _back(ref, subject.ref)


@bp.post("/comment/<ref>/resolve")
@requires(Permission.COMMENT)
@shows_errors_on(".edit_comment_form")
def resolve_comment(ref: str) -> ResponseReturnValue:
    subject_ref = _settle(ref, resolved=True)
    say_done("Settled.", undo_href=url_for(".reopen_comment", ref=ref))
    return _back(ref, subject_ref)


@bp.post("/comment/<ref>/reopen")
@requires(Permission.COMMENT)
@shows_errors_on(".edit_comment_form")
def reopen_comment(ref: str) -> ResponseReturnValue:
    subject_ref = _settle(ref, resolved=False)
    flash("Open again.", "success")
    return _back(ref, subject_ref)


@bp.post("/comment/<ref>/seen")
@requires(Permission.READ)
def see_comment(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        comment, _subject = get_comment(session, current_member(), ref)
        mark_mention_seen(session, member=current_member(), comment=comment)
    return redirect(url_for("home.index"), code=303)


def _settle(ref: str, *, resolved: bool) -> str:
    with transaction() as session:
        comment, subject = get_comment(session, current_member(), ref)
        set_comment_resolved(session, actor=current_member(), comment=comment, resolved=resolved)
    return subject.ref


def _back(ref: str, subject_ref: str) -> ResponseReturnValue:
    """To the record's own page where the form stood there, else to the page of its comments."""
    from_record = request.form.get("from") == "record"
    page = (link_to(subject_ref) if from_record else None) or url_for(".comments", ref=subject_ref)
    return redirect(f"{page}#{ref or 'comments'}", code=303)


def _who_was_told(added: AddedComment, done: str = "Comment added.") -> str:
    told = f" {_listed(added.told)} will find it on the home page." if added.told else ""
    untold = f" {_listed(added.not_told)} may not see this record and was not told." if added.not_told else ""
    return f"{done}{told}{untold}"


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
