"""The tray as every page knows it: what is in it, asked once a page and only by pages that show it."""

from __future__ import annotations

from flask import g
from sqlalchemy.exc import SQLAlchemyError

from insights.stewardship.tray import tray_refs
from research_hub.db import reading
from research_hub.web.stewardship.blueprint import bp


@bp.app_template_global("in_tray")
def in_tray() -> tuple[str, ...]:
    """The refs in the tray of whoever is signed in, in their order; one statement a request."""
    known: tuple[str, ...] | None = getattr(g, "in_tray", None)
    if known is None:
        known = g.in_tray = _read()
    return known


def know_anew() -> tuple[str, ...]:
    """Reads the tray again after an act changed it."""
    g.in_tray = None
    return in_tray()


def _read() -> tuple[str, ...]:
    member = getattr(g, "member", None)
    if member is None:
        return ()
    try:
        return tray_refs(reading(), member)
    except SQLAlchemyError:
        # The page that says what went wrong has the header too, and must come also when the database is what is wrong.
        return ()
