"""The tray as other pages know it: how many records it holds, and whether one of them is in it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import g, session
from sqlalchemy.exc import SQLAlchemyError

from insights.stewardship.tray import tray_refs
from research_hub.db import reading
from research_hub.web.stewardship.blueprint import bp

_KEPT = "tray"


@bp.app_template_global("tray_count")
def tray_count() -> int:
    """How many records the tray holds; on a page without its buttons, how many when it was last read in this browser.

    The header stands on every page, and a page has its questions to the database counted (twelve pages would go beyond
    them): so the number is kept in the browser session, with whose it is, and asked for once after signing in. Every
    act on the tray brings it up to date, and every page with its buttons, which reads the tray before the header.
    """
    if getattr(g, "in_tray", None) is not None:
        return len(in_tray())
    kept = session.get(_KEPT)
    member = getattr(g, "member", None)
    if member is not None and isinstance(kept, list) and len(kept) == 2 and kept[0] == member.id:  # noqa: PLR2004 - a pair
        return int(kept[1])
    return len(in_tray())


@bp.app_template_global("in_tray")
def in_tray() -> tuple[str, ...]:
    """The refs in the tray of whoever is signed in, in their order; one statement a request."""
    known: tuple[str, ...] | None = getattr(g, "in_tray", None)
    return _read() if known is None else known


def know_tray(refs: Sequence[str]) -> None:
    """What was just read of the tray, or brought about."""
    g.in_tray = tuple(refs)
    kept = [g.member.id, len(refs)]
    if session.get(_KEPT) != kept:
        session[_KEPT] = kept


def know_anew() -> None:
    """Reads the tray again after an act changed it."""
    g.in_tray = None
    in_tray()


def _read() -> tuple[str, ...]:
    member = getattr(g, "member", None)
    if member is None:
        return ()
    try:
        know_tray(tray_refs(reading(), member))
    except SQLAlchemyError:
        # The page that says what went wrong has the header too, and must come also when the database is what is wrong.
        return ()
    return in_tray()
