"""On every page of whoever was let into a restricted study for a time: what is open, until when, and its end."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from flask import g
from sqlalchemy.exc import SQLAlchemyError

from insights.capture.break_glass import HeldNow, held_now
from insights.people.models import Member
from research_hub.db import reading
from research_hub.web.stewardship.blueprint import bp

log = structlog.get_logger()


@bp.app_template_global("let_in")
def let_in() -> Sequence[HeldNow]:
    """Nothing for most, and no statement: their own row says so, which is read with every page."""
    member = getattr(g, "member", None)
    return () if member is None else _held(member)


def _held(member: Member) -> Sequence[HeldNow]:
    """The page that says what went wrong has the banner too, and must come also when the database is what is wrong."""
    try:
        return held_now(reading(), member)
    except SQLAlchemyError as error:
        log.warning("what is open for a time could not be read", reason=type(error).__name__)
        return ()
