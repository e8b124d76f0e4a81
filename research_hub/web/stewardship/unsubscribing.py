"""Ending mail by the link in it: a page that asks, and a POST that does it, also by a mail program's one click."""

from __future__ import annotations

from flask import abort, current_app, render_template
from flask.typing import ResponseReturnValue

from insights.stewardship.following import stop_mail
from insights.stewardship.models import Follow
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.extensions import csrf
from research_hub.security import public
from research_hub.unsubscribing import Unsubscription, read_unsubscription
from research_hub.web.stewardship.blueprint import bp


@bp.get("/unsubscribe/<token>")
@public
def unsubscribe(token: str) -> ResponseReturnValue:
    """Changes nothing: programs that look through mail open links."""
    wanted = _wanted(token)
    return render_template("stewardship/unsubscribe.html", token=token, what=_what(wanted), is_done=False)


@bp.post("/unsubscribe/<token>")
@public
@shows_errors_on(".unsubscribe")
def end_mail(token: str) -> ResponseReturnValue:
    wanted = _wanted(token)
    with transaction() as session:
        stop_mail(session, member_id=wanted.member_id, follow_id=wanted.follow_id)
    return render_template("stewardship/unsubscribe.html", token=token, what=_what(wanted), is_done=True)


# The signed token in the address stands for the member; a mail program has no other (RFC 8058, 3.2).
csrf.exempt(end_mail)


def _wanted(token: str) -> Unsubscription:
    found = read_unsubscription(str(current_app.secret_key), token)
    if found is None:
        abort(404)
    return found


def _what(wanted: Unsubscription) -> str:
    """What the mail is about, by the member's own name for it or its reference: a title may no longer be seen."""
    follow = None if wanted.follow_id is None else reading().get(Follow, wanted.follow_id)
    if follow is None:
        return ""
    return f"the saved search “{follow.name}”" if follow.is_search else follow.subject_ref
