"""Atom feeds of what is new, for feed readers, which cannot sign in: the address holds the member's own token."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.errors import NotFound
from insights.people.models import Member
from insights.stewardship.following import (
    FoundRow,
    feed_made_at,
    follow_row,
    found_for,
    found_of,
    get_follow,
    issue_feed_token,
    list_follows,
    member_by_feed_token,
    revoke_feed_token,
)
from research_hub.config import Settings
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, public, requires
from research_hub.web.stewardship.atom import Feed, as_atom
from research_hub.web.stewardship.blueprint import bp

MOST_ENTRIES = 50


@bp.get("/saved/feed")
@requires(Permission.READ)
def feed_address() -> ResponseReturnValue:
    return render_template("stewardship/feed_address.html", made=feed_made_at(reading(), current_member()), token="")


@bp.post("/saved/feed")
@requires(Permission.READ)
@shows_errors_on(".feed_address")
def make_feed_address() -> ResponseReturnValue:
    """Answered with the page itself, for the token is told this once and kept nowhere in clear."""
    with transaction() as session:
        token = issue_feed_token(session, actor=current_member())
    session = reading()
    return render_template(
        "stewardship/feed_address.html",
        made=feed_made_at(session, current_member()),
        token=token,
        follows=list_follows(session, current_member()),
        site=_root(),
    )


@bp.post("/saved/feed/revoke")
@requires(Permission.READ)
@shows_errors_on(".feed_address")
def revoke_feed_address() -> ResponseReturnValue:
    with transaction() as session:
        revoke_feed_token(session, actor=current_member())
    flash("The address of your feeds no longer works.", "success")
    return redirect(url_for(".feed_address"), code=303)


@bp.get("/feeds/<token>.atom")
@public
def feed(token: str) -> ResponseReturnValue:
    member, made_at = _whose(token)
    feed_id = f"urn:uuid:{uuid.uuid5(uuid.UUID(member.uuid), 'feed')}"
    found = found_of(reading(), member, limit=MOST_ENTRIES)
    return _answer(Feed(feed_id, "New in Research Hub", _root(), url_for(".saved")), found, made_at)


@bp.get("/feeds/<token>/<ref>.atom")
@public
def feed_of_one(token: str, ref: str) -> ResponseReturnValue:
    member, made_at = _whose(token)
    session = reading()
    follow = get_follow(session, member, ref)
    if follow.deleted_at is not None:
        raise NotFound(ref)
    row = follow_row(session, member, follow)
    found = found_for(session, member, follow, limit=MOST_ENTRIES)
    title = row.name or follow.subject_ref
    page = url_for(".show_saved", ref=follow.ref)
    return _answer(Feed(f"urn:uuid:{follow.uuid}", title, _root(), page), found, made_at)


def _whose(token: str) -> tuple[Member, datetime]:
    """Whose feed it is; 404 for a token that was revoked, replaced or never made, and for closed accounts."""
    found = member_by_feed_token(reading(), token)
    if found is None:
        abort(404)
    return found


def _answer(feed: Feed, found: list[FoundRow], made_at: datetime) -> ResponseReturnValue:
    updated = max([made_at, *(each.found_at for each in found)])
    response = Response(as_atom(feed, found, updated), mimetype="application/atom+xml")
    response.headers["Cache-Control"] = "private, no-cache"
    response.last_modified = updated
    response.add_etag()
    return response.make_conditional(request)


def _root() -> str:
    """The site's own address without a slash at the end: as it is set, else as it was asked for."""
    settings: Settings = current_app.extensions["settings"]
    return (settings.base_url or request.url_root).rstrip("/").removesuffix(request.script_root)
