"""What is done every night beside the index: reminders, notes, what freezes by the calendar, the record’s anchor.

Each part stands alone: what goes wrong in one is logged and holds up no other. All of it can be done twice, and what a
night missed the next one makes up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from prometheus_client import Counter
from sqlalchemy.orm import Session

from insights.core.clock import Clock, SystemClock, set_clock
from insights.reports.freezing import freeze_what_is_due
from insights.reports.monthly_note import queue_notes
from insights.reports.nudges import make_nudges, without_reminders
from insights.stewardship.audit.looks import remove_old_looks
from insights.stewardship.erasure.finishing import clear_old_logs
from insights.stewardship.retention import delete_what_is_due, make_warnings
from research_hub.anchors import anchor_of_month
from research_hub.config import Settings
from research_hub.db import reading, transaction
from research_hub.stored_files import sweep_files

NIGHTLY_FAILURES = Counter("research_hub_nightly_failures", "Parts of the night's work that failed.")

log = structlog.get_logger()


def work_by_night(settings: Settings, clock: Clock | None = None) -> None:
    """Within an application context. Mail is queued only where the installation sends mail."""
    set_clock(reading(), clock or SystemClock())
    _alone("reminders", lambda session: make_nudges(session, by_mail=settings.sends_mail))
    _alone("anchor of the record", lambda session: anchor_of_month(session, settings.data))
    _alone("old looks", lambda session: remove_old_looks(session, months=settings.looks_months))
    _alone("warnings of what falls due", lambda session: _warn(session, by_mail=settings.sends_mail))
    _alone("retention", delete_what_is_due)
    _alone("old records of withdrawals", clear_old_logs)
    _alone("files that nobody refers to", lambda session: sweep_files(session, settings))
    _alone("frozen reports", lambda session: len(freeze_what_is_due(session)))
    if settings.sends_mail:
        _alone("monthly notes", queue_notes)


def _warn(session: Session, *, by_mail: bool) -> int:
    """Whoever ended the mail of reminders has their home page."""
    return make_warnings(session, by_mail=by_mail, unwanted=without_reminders(session))


def _alone(what: str, work: Callable[[Session], Any]) -> None:
    try:
        with transaction() as session:
            made = work(session)
    except Exception:
        NIGHTLY_FAILURES.inc()
        log.exception("a part of the night's work failed", part=what)
    else:
        log.info("worked by night", part=what, made=made)
