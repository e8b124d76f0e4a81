"""The home page and the pages that explain the product."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.decisions.home import load_home
from insights.openness.entries import entries_waiting_for
from insights.reports.nudges import nudges_for
from insights.stewardship.access_review import review_due
from insights.stewardship.comments import list_mentions
from insights.stewardship.retention import warnings_for
from research_hub.db import reading
from research_hub.security import current_member, public, requires

bp = Blueprint("home", __name__)


@bp.get("/")
@requires(Permission.READ)
def index() -> ResponseReturnValue:
    session, member = reading(), current_member()
    return render_template(
        "home/index.html",
        home=load_home(session, member),
        mentions=list_mentions(session, member),
        nudges=nudges_for(session, member),
        warnings=warnings_for(session, member),
        entries=entries_waiting_for(session, member),
        review=review_due(session, member, months=current_app.extensions["settings"].access_review_months),
    )


@bp.get("/help")
@public
def help_page() -> ResponseReturnValue:
    return render_template("home/help.html")


@bp.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    return render_template("home/accessibility.html")


@bp.get("/favicon.ico")
@public
def favicon() -> ResponseReturnValue:
    return redirect(url_for("static", filename="img/icon.svg"), code=301)
