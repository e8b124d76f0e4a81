"""Who saw what: when an answer is made and before it leaves, a look at what is guarded is written down.

Guarded are studies that are restricted with all that belongs to them, what people said (texts of sessions and reports,
recordings, participants), and everything that leaves as a file. Open insights and decisions are there to be read: a log
of who reads them would watch over colleagues and protect nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, request
from prometheus_client import Counter
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from insights.capture.models import Recording, ResearchSession, SourceText, Study
from insights.coding.models import CodingRound, Highlight
from insights.core.base import number_of
from insights.core.clock import SystemClock
from insights.people.models import Participant
from insights.stewardship.audit.looks import Seen, hour_of, log_look
from insights.stewardship.models import LookKind
from insights.synthesis.models import Board, EvidenceLink
from research_hub.db import reading, transaction

FAILED_LOOKS = Counter("research_hub_looks_not_logged", "Looks that could not be written down.")
LONGEST_PATH = 200
OPEN_FOR = timedelta(minutes=1)

_OF_SOURCE = select(Study).join(SourceText, SourceText.study_id == Study.id)
# The study behind a record, by the prefix of its ref.
_STUDY_OF: Mapping[str, tuple[Any, Select[Any]]] = {
    "STU": (Study.id, select(Study)),
    "SES": (ResearchSession.id, select(Study).join(ResearchSession, ResearchSession.study_id == Study.id)),
    "SRC": (SourceText.id, _OF_SOURCE),
    "RCD": (Recording.id, _OF_SOURCE.join(Recording, Recording.source_text_id == SourceText.id)),
    "HL": (Highlight.id, _OF_SOURCE.join(Highlight, Highlight.source_text_id == SourceText.id)),
    "PAR": (Participant.id, select(Study).join(Participant, Participant.study_id == Study.id)),
    "RND": (CodingRound.id, select(Study).join(CodingRound, CodingRound.study_id == Study.id)),
    "BRD": (Board.id, select(Study).join(Board, Board.study_id == Study.id)),
    "INS": (
        EvidenceLink.insight_id,
        _OF_SOURCE.join(Highlight, Highlight.source_text_id == SourceText.id).join(
            EvidenceLink, EvidenceLink.highlight_id == Highlight.id
        ),
    ),
}
_KINDS = {"SES": LookKind.TEXT, "SRC": LookKind.TEXT, "RCD": LookKind.RECORDING, "PAR": LookKind.PAGE}
"""What is logged of open studies too: what people said, and who they are."""
_PACKS = {"reports.pack_file", "reports.export_readiness"}
_STATUSES = {200, 206}

log = structlog.get_logger()


class LoggedThisHour:
    """What this process wrote already, so that the second look of an hour costs nothing."""

    def __init__(self) -> None:
        self._hour: datetime | None = None
        self._seen: set[Seen] = set()
        self._open_until: dict[Seen, datetime] = {}

    def has(self, seen: Seen, hour: datetime) -> bool:
        if hour != self._hour:
            self._hour, self._seen, self._open_until = hour, set(), {}
        return seen in self._seen or self._open_until.get(seen, hour) > SystemClock().now()

    def leave_out(self, seen: Seen) -> None:
        """What was open is not asked about again for a minute; after that its study may have been restricted."""
        self._open_until[seen] = SystemClock().now() + OPEN_FOR

    def add(self, seen: Seen) -> None:
        self._seen.add(seen)


def watch(app: Flask) -> None:
    app.extensions["looks"] = LoggedThisHour()
    app.after_request(_note)


def _note(response: Response) -> Response:
    logged: LoggedThisHour = current_app.extensions["looks"]
    seen = _seen(response)
    if seen is not None and not logged.has(seen, hour_of(SystemClock().now())):
        _write(logged, seen)
    return response


def _seen(response: Response) -> Seen | None:
    """What the answer showed, as far as the request tells; the study is looked up when it is written."""
    if g.get("member") is None or response.status_code not in _STATUSES:
        return None
    ref = _ref()
    if response.headers.get("Content-Disposition", "").startswith("attachment"):
        kind = LookKind.PACK if request.endpoint in _PACKS else LookKind.FILE
        return Seen(g.member.id, kind, ref, "", restricted=False, what=request.path[:LONGEST_PATH])
    prefix = ref.partition("-")[0]
    if request.method != "GET" or prefix not in _STUDY_OF:
        return None
    return Seen(g.member.id, _KINDS.get(prefix, LookKind.PAGE), ref, "", restricted=False, what="")


def _ref() -> str:
    """The first ref that the address names, in capital letters; else what the view said that its file is about."""
    for value in (request.view_args or {}).values():
        text = str(value).upper()
        prefix = text.partition("-")[0]
        if number_of(text, prefix) is not None and prefix.isalpha():
            return text
    return str(g.get("file_about", ""))


def _write(logged: LoggedThisHour, seen: Seen) -> None:
    """In one transaction of its own, on the connection that the request has. What goes wrong stops nobody."""
    try:
        told = _with_study(reading(), seen)
        if told is None:
            logged.leave_out(seen)
            return
        with transaction() as session:
            log_look(session, told)
    except Exception:
        FAILED_LOOKS.inc()
        log.exception("a look could not be written down", kind=seen.kind.value, ref=seen.ref)
    else:
        logged.add(seen)


def _with_study(session: Session, seen: Seen) -> Seen | None:
    """None where nothing guarded was shown after all."""
    study, prefix = _study_of(session, seen.ref), seen.ref.partition("-")[0]
    if study is None:
        return seen if seen.kind in {LookKind.FILE, LookKind.PACK} else None
    if not study.restricted and prefix not in _KINDS and seen.kind is LookKind.PAGE:
        return None
    return replace(seen, study_ref=study.ref, restricted=study.restricted)


def _study_of(session: Session, ref: str) -> Study | None:
    """Of an insight the first restricted study under it, if any."""
    prefix = ref.partition("-")[0]
    if prefix not in _STUDY_OF:
        return None
    column, query = _STUDY_OF[prefix]
    found: Study | None = session.scalars(
        query.where(column == number_of(ref, prefix)).order_by(Study.restricted.desc(), Study.id).limit(1)
    ).first()
    return found
