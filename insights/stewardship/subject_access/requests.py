"""The request: one calendar month from the day it came in; the clock can stand still, or be given two months more.

The month ends on the same day of the next one, or on its last day where it has no such day (UK GDPR, article 12(3)).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import Study
from insights.capture.operations.days import required_day
from insights.core.activity import add, record, touch
from insights.core.base import number_of
from insights.core.checks import required_line, term_of
from insights.core.clock import months_later, today
from insights.core.errors import InvalidInput, NotFound, RuleBroken
from insights.people.models import Member, Participant
from insights.people.operations.participants import refuse_erased
from insights.stewardship.models import StopReason, SubjectAccessRequest
from insights.stewardship.withdrawal import require_right

MONTHS, MONTHS_EXTENDED = 1, 3


@dataclass(frozen=True, slots=True)
class RequestRow:
    """`left` are days until it is due, below nothing once it is late. A clock that stands still loses none."""

    ref: str
    participant: str
    code: str
    study: str
    study_title: str
    received_on: date
    due_on: date
    left: int
    stop_reason: str
    is_extended: bool
    extension_reason: str
    answered_on: date | None


def log_request(
    session: Session, *, actor: Member, participant: Participant, study: Study, received_on: date | None
) -> SubjectAccessRequest:
    require_right(session, actor, study)
    day = required_day("received_on", received_on)
    if day > today(session):
        raise InvalidInput.of("received_on", "Enter the day on which it came in: today, or a day that is over.")
    refuse_erased(session, participant)
    still_open = select(SubjectAccessRequest.id).where(
        SubjectAccessRequest.participant_id == participant.id, SubjectAccessRequest.answered_on.is_(None)
    )
    if session.scalar(still_open) is not None:
        raise RuleBroken("A request of theirs is open already. Answer that one first.")
    request = SubjectAccessRequest(participant_id=participant.id, study_id=study.id, received_on=day, stopped_days=0)
    add(session, actor, request)
    record(session, actor, "logged", request, detail={"participant": participant.ref})
    return request


def stop_clock(session: Session, *, actor: Member, request: SubjectAccessRequest, study: Study, reason: str) -> None:
    _require_open(session, actor, request, study)
    if request.stopped_on is not None:
        raise RuleBroken("The clock stands still already.")
    request.stop_reason = term_of("reason", StopReason, reason, label="what you wait for")
    request.stopped_on = today(session)
    touch(session, actor, request)
    record(session, actor, "stopped the clock of", request, detail={"reason": request.stop_reason.value})


def restart_clock(session: Session, *, actor: Member, request: SubjectAccessRequest, study: Study) -> None:
    _require_open(session, actor, request, study)
    if request.stopped_on is None:
        raise RuleBroken("The clock runs already.")
    request.stopped_days += (today(session) - request.stopped_on).days
    request.stopped_on = request.stop_reason = None
    touch(session, actor, request)
    record(session, actor, "restarted the clock of", request, detail={"days": request.stopped_days})


def extend_clock(session: Session, *, actor: Member, request: SubjectAccessRequest, study: Study, reason: str) -> None:
    """By two months, once; the person has to be told why within the first."""
    _require_open(session, actor, request, study)
    if request.extended_on is not None:
        raise RuleBroken("It was given two months more already; the law gives no others.")
    request.extension_reason = required_line("extension", reason, label="why it takes longer")
    request.extended_on = today(session)
    touch(session, actor, request)
    record(session, actor, "extended", request)


def answer_request(session: Session, *, actor: Member, request: SubjectAccessRequest, study: Study) -> None:
    _require_open(session, actor, request, study)
    request.answered_on = today(session)
    touch(session, actor, request)
    record(session, actor, "answered", request)


def due_on(request: SubjectAccessRequest, on: date) -> date:
    """As of a day: each day on which the clock stands still moves it by one."""
    months = MONTHS if request.extended_on is None else MONTHS_EXTENDED
    still = request.stopped_days + (0 if request.stopped_on is None else max(0, (on - request.stopped_on).days))
    return months_later(request.received_on, months) + timedelta(days=still)


def list_requests(session: Session, member: Member, *, answered: bool = False) -> list[RequestRow]:
    """What waits, the most urgent first; or what was answered. In studies that the member may see; one statement."""
    state = SubjectAccessRequest.answered_on
    rows = _rows(session, member, state.is_not(None) if answered else state.is_(None))
    return sorted(rows, key=lambda row: (row.left, row.ref))


def requests_of(session: Session, member: Member, participant: Participant) -> list[RequestRow]:
    """Of one participant, the newest first."""
    rows = _rows(session, member, SubjectAccessRequest.participant_id == participant.id)
    return sorted(rows, key=lambda row: row.received_on, reverse=True)


def get_request(session: Session, member: Member, ref: str) -> tuple[SubjectAccessRequest, Participant, Study]:
    """Raises NotFound out of scope."""
    row = session.execute(
        select(SubjectAccessRequest, Participant, Study)
        .join(Participant, Participant.id == SubjectAccessRequest.participant_id)
        .join(Study, Study.id == SubjectAccessRequest.study_id)
        .where(SubjectAccessRequest.id == (number_of(ref, SubjectAccessRequest.PREFIX) or 0), visible_studies(member))
    ).first()
    if row is None:
        raise NotFound(ref)
    return row[0], row[1], row[2]


def _rows(session: Session, member: Member, which: ColumnElement[bool]) -> list[RequestRow]:
    found = session.execute(
        select(SubjectAccessRequest, Participant.code, Study)
        .join(Participant, Participant.id == SubjectAccessRequest.participant_id)
        .join(Study, Study.id == SubjectAccessRequest.study_id)
        .where(visible_studies(member), which)
        .order_by(SubjectAccessRequest.id)
    )
    on = today(session)
    return [
        RequestRow(
            ref=request.ref,
            participant=f"{Participant.PREFIX}-{request.participant_id}",
            code=code,
            study=study.ref,
            study_title=study.title,
            received_on=request.received_on,
            due_on=due_on(request, on),
            left=(due_on(request, on) - on).days,
            stop_reason="" if request.stop_reason is None else request.stop_reason.value,
            is_extended=request.extended_on is not None,
            extension_reason=request.extension_reason,
            answered_on=request.answered_on,
        )
        for request, code, study in found
    ]


def _require_open(session: Session, actor: Member, request: SubjectAccessRequest, study: Study) -> None:
    require_right(session, actor, study)
    if request.answered_on is not None:
        raise RuleBroken(f"{request.ref} was answered already.")
