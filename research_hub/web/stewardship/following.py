"""Saved searches and followed records: kept, looked at, and told of by mail as their member wishes."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, StringField

from insights.core.access import Permission
from insights.stewardship.following import (
    edit_follow,
    feed_made_at,
    follow_of,
    follow_record,
    follow_row,
    followable,
    found_for,
    get_follow,
    list_follows,
    mark_looked_at,
    save_search,
    set_follow_deleted,
)
from research_hub.config import Settings
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.following import matches_of, name_of, tidy_question
from research_hub.search_service import search_engine
from research_hub.security import current_member, requires
from research_hub.web.forms import HubForm, number_or_none, read_form
from research_hub.web.messages import say_done
from research_hub.web.stewardship.blueprint import bp
from research_hub.web.words import link_to

RHYTHMS = {"never": "No mail: I look under Saved", "daily": "Once a day", "weekly": "Once a week, on Mondays"}


class FollowForm(HubForm):
    name = StringField("Name")
    mail = RadioField("Mail about what is new", choices=RHYTHMS, default="never")


@bp.get("/saved")
@requires(Permission.READ)
def saved() -> ResponseReturnValue:
    session, member = reading(), current_member()
    return render_template(
        "stewardship/saved.html",
        follows=list_follows(session, member),
        rhythms=RHYTHMS,
        feed_made=feed_made_at(session, member),
        **_mail_words(),
    )


@bp.get("/saved/new")
@requires(Permission.READ)
def new_saved() -> ResponseReturnValue:
    question = tidy_question(request.values.get("question", ""))
    return render_template(
        "stewardship/saved_new.html",
        form=FollowForm(data={"name": name_of(question), "mail": "never"}),
        question=question,
        **_mail_words(),
    )


@bp.post("/saved")
@requires(Permission.READ)
@shows_errors_on(".new_saved")
def create_saved() -> ResponseReturnValue:
    values, question = read_form(FollowForm()), tidy_question(request.form.get("question", ""))
    matches = matches_of(reading(), search_engine(), current_member(), question) if question else None
    with transaction() as session:
        follow = save_search(session, actor=current_member(), question=question, matches=matches, **values)
    say_done(f"“{follow.name}” is saved.", undo_href=url_for(".delete_saved", ref=follow.ref))
    return redirect(url_for(".saved"), code=303)


@bp.get("/saved/<ref>")
@requires(Permission.READ)
def show_saved(ref: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    follow = get_follow(session, member, ref)
    return render_template(
        "stewardship/saved_one.html",
        follow=follow_row(session, member, follow),
        is_deleted=follow.deleted_at is not None,
        found=found_for(session, member, follow),
        form=FollowForm(obj=follow),
        **_mail_words(),
    )


@bp.post("/saved/<ref>")
@requires(Permission.READ)
@shows_errors_on(".show_saved")
def update_saved(ref: str) -> ResponseReturnValue:
    values = read_form(FollowForm())
    with transaction() as session:
        edit_follow(session, actor=current_member(), follow=get_follow(session, current_member(), ref), **values)
    flash("Saved.", "success")
    return redirect(url_for(".show_saved", ref=ref), code=303)


@bp.post("/saved/<ref>/looked-at")
@requires(Permission.READ)
@shows_errors_on(".show_saved")
def look_at_saved(ref: str) -> ResponseReturnValue:
    """Up to the item that the page showed: what was found since stays new."""
    until = number_or_none(request.form.get("until")) or 0
    with transaction() as session:
        mark_looked_at(session, follow=get_follow(session, current_member(), ref), until=until)
    flash("Nothing is new here now.", "success")
    return redirect(url_for(".saved"), code=303)


@bp.post("/saved/<ref>/delete")
@requires(Permission.READ)
@shows_errors_on(".show_saved")
def delete_saved(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        follow = get_follow(session, current_member(), ref)
        set_follow_deleted(session, actor=current_member(), follow=follow, deleted=True)
    what = f"“{follow.name}” is deleted." if follow.is_search else f"You no longer follow {follow.subject_ref}."
    say_done(what, undo_href=url_for(".restore_saved", ref=ref))
    return redirect(url_for(".saved"), code=303)


@bp.post("/saved/<ref>/restore")
@requires(Permission.READ)
@shows_errors_on(".show_saved")
def restore_saved(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        follow = get_follow(session, current_member(), ref)
        set_follow_deleted(session, actor=current_member(), follow=follow, deleted=False)
    flash("It is back.", "success")
    return redirect(url_for(".saved"), code=303)


@bp.get("/follow/<ref>")
@requires(Permission.READ)
def follow(ref: str) -> ResponseReturnValue:
    """Whether the member follows the record; record pages fetch it and show it in place."""
    session, member = reading(), current_member()
    subject = followable(session, member, ref)
    known = follow_of(session, member, subject.ref)
    return render_template(
        "stewardship/follow.html",
        subject=subject,
        follow=None if known is None or known.deleted_at is not None else known,
    )


@bp.post("/follow/<ref>")
@requires(Permission.READ)
@shows_errors_on(".follow")
def create_follow(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        subject = followable(session, current_member(), ref)
        begun = follow_record(session, actor=current_member(), subject_ref=subject.ref)
    say_done(
        f"You follow {subject.ref}. What is new stands under Saved.", undo_href=url_for(".delete_saved", ref=begun.ref)
    )
    return redirect(link_to(subject.ref) or url_for(".saved"), code=303)


def _mail_words() -> dict[str, object]:
    settings: Settings = current_app.extensions["settings"]
    return {"mail_is_set_up": settings.sends_mail}
