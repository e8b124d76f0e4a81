"""Changes to research requests. Anybody with an account may ask and back; who plans studies says what became of it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.core.access import Permission, may
from insights.core.activity import ActivityEntry, add, record, touch
from insights.core.checks import required_line, term_of, text_of
from insights.core.clock import now
from insights.core.concurrency import refuse_stale
from insights.core.errors import InvalidInput, NotAllowed, NotFound, RuleBroken
from insights.decisions.models import Decision
from insights.openness.models import AskedQuestion, RequestBacking, RequestStatus, ResearchRequest
from insights.people.models import Member, Service
from insights.people.operations import require_same_area
from insights.synthesis.models import CITABLE, Insight

ANSWERED = "answered"
LONGEST_WHY = 5_000


def ask_for_research(
    session: Session,
    *,
    actor: Member,
    title: str,
    why: str,
    service: Service | None = None,
    question: AskedQuestion | None = None,
    decision: Decision | None = None,
) -> ResearchRequest:
    """A new request, backed by whoever asks."""
    request = ResearchRequest(
        **_texts(title, why),
        service_id=None if service is None else service.id,
        team_id=actor.team_id,
        question_id=None if question is None else question.id,
        decision_id=None if decision is None else decision.id,
        status=RequestStatus.OPEN,
    )
    add(session, actor, request)
    session.add(RequestBacking(request_id=request.id, member_id=actor.id, backed_at=now(session)))
    record(session, actor, "asked for research", request)
    return request


def edit_request(
    session: Session,
    *,
    actor: Member,
    request: ResearchRequest,
    title: str,
    why: str,
    service: Service | None,
    row_version: int | None = None,
) -> None:
    """New words, from whoever asked or who plans studies in their area."""
    _require_own_or_researcher(session, actor, request)
    texts = _texts(title, why)
    refuse_stale(request, row_version, texts)
    request.title, request.why = texts["title"], texts["why"]
    request.service_id = None if service is None else service.id
    touch(session, actor, request)
    record(session, actor, "edited", request)


def set_backing(session: Session, *, actor: Member, request: ResearchRequest, backs: bool) -> None:
    """Backs a request, or no longer; doing it twice changes nothing."""
    _require_there(request)
    known = session.get(RequestBacking, (request.id, actor.id))
    if (known is not None) is backs:
        return
    if known is None:
        session.add(RequestBacking(request_id=request.id, member_id=actor.id, backed_at=now(session)))
    else:
        session.delete(known)
    record(session, actor, "backed" if backs else "no longer backs", request)


def answer_request(
    session: Session,
    *,
    actor: Member,
    request: ResearchRequest,
    status: str | RequestStatus,
    study: Study | None = None,
    insight: Insight | None = None,
    reason: str = "",
) -> ActivityEntry:
    """Says what became of it: planned in a study, answered by a published insight, declined, or open again.

    The entry in the record of changes holds what was said before, so that `undo_answer` can bring it back.
    """
    _require_there(request)
    _require_researcher(actor)
    chosen = term_of("status", RequestStatus, status, label="what became of it")
    before = _standing(request)
    request.study_id = _planned_in(session, actor, study) if chosen is RequestStatus.PLANNED else None
    request.insight_id = _answered_by(insight) if chosen is RequestStatus.ANSWERED else None
    declined = chosen is RequestStatus.DECLINED
    request.reason = required_line("reason", reason, label="the reason, for those who asked") if declined else ""
    request.status = chosen
    touch(session, actor, request)
    return record(session, actor, ANSWERED, request, detail={"before": before, "after": _standing(request)})


def undo_answer(session: Session, *, actor: Member, request: ResearchRequest, entry_id: int) -> None:
    """Brings back what was said before. Raises RuleBroken where something else was said since."""
    _require_there(request)
    _require_researcher(actor)
    entry = session.get(ActivityEntry, entry_id)
    if entry is None or entry.verb != ANSWERED or entry.subject_ref != request.ref:
        raise NotFound(f"answer to {request.ref}")
    if entry.detail["after"] != _standing(request):
        raise RuleBroken(f"{request.ref} was answered anew since, so that this answer cannot be undone.")
    was = entry.detail["before"]
    request.status = RequestStatus(was["status"])
    request.study_id, request.insight_id, request.reason = was["study_id"], was["insight_id"], was["reason"]
    touch(session, actor, request)
    record(session, actor, "undid the answer to", request)


def set_request_removed(session: Session, *, actor: Member, request: ResearchRequest, removed: bool) -> None:
    """Takes a request away, or brings it back: whoever asked, or who plans studies in their area."""
    _require_own_or_researcher(session, actor, request)
    if (request.removed_at is not None) is removed:
        return
    request.removed_at = now(session) if removed else None
    touch(session, actor, request)
    record(session, actor, "removed" if removed else "restored", request)


def _texts(title: str, why: str) -> dict[str, str]:
    return {
        "title": required_line("title", title, label="the question that research is to answer"),
        "why": text_of("why", why, label="why it is needed", longest=LONGEST_WHY),
    }


def _planned_in(session: Session, actor: Member, study: Study | None) -> int:
    if study is None:
        raise InvalidInput.of("study", "Name the study that it is planned in, such as STU-4.")
    require_same_area(session, actor, study.team_id)
    return study.id


def _answered_by(insight: Insight | None) -> int:
    if insight is None:
        raise InvalidInput.of("insight", "Name the insight that answers it, such as INS-12.")
    if insight.status not in CITABLE:
        raise InvalidInput.of("insight", f"{insight.ref} is not published, so that nobody could read the answer.")
    return insight.id


def _standing(request: ResearchRequest) -> dict[str, str | int | None]:
    return {
        "status": request.status.value,
        "study_id": request.study_id,
        "insight_id": request.insight_id,
        "reason": request.reason,
    }


def _require_there(request: ResearchRequest) -> None:
    if request.removed_at is not None:
        raise RuleBroken(f"{request.ref} was taken away. Bring it back first.")


def _require_researcher(actor: Member) -> None:
    if not may(actor, Permission.EDIT_STUDIES):
        raise NotAllowed("Who plans studies says what became of a request.")


def _require_own_or_researcher(session: Session, actor: Member, request: ResearchRequest) -> None:
    if request.created_by_id == actor.id:
        return
    if not may(actor, Permission.EDIT_STUDIES):
        raise NotAllowed("Only whoever asked, or who plans studies, can change this request.")
    require_same_area(session, actor, request.team_id)
