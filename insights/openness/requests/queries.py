"""Research requests as frozen rows. Every member sees them; the study, insight or decision behind one only who may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import Study
from insights.core.base import number_of
from insights.core.clock import local_day
from insights.core.errors import NotFound
from insights.decisions.access import visible_decisions
from insights.decisions.models import Decision
from insights.openness.models import RequestBacking, RequestStatus, ResearchRequest
from insights.people.models import Member, Service
from insights.synthesis.access import visible_insights
from insights.synthesis.models import CITABLE, Insight

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class RequestRow:
    """`study_ref`, `insight_ref` and `decision_ref` are '' where there is none or the member may not see it."""

    id: int
    ref: str
    title: str
    why: str
    service: str
    status: str
    backers: int
    mine: bool
    asked_by: str
    asked_on: date
    row_version: int
    study_ref: str
    study: str
    insight_ref: str
    insight: str
    insight_holds: bool
    decision_ref: str
    decision: str
    reason: str
    removed: bool

    @property
    def standing(self) -> str:
        """'planned in STU-4', 'answered by INS-12', 'declined', as far as the member may see it."""
        if self.status == RequestStatus.PLANNED and self.study_ref:
            return f"planned in {self.study_ref}"
        if self.status == RequestStatus.ANSWERED and self.insight_ref:
            return f"answered by {self.insight_ref}"
        return self.status


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """What a list shows; None, '' and False leave a field open. `words` are looked for in title and reason why."""

    status: str = ""
    service_id: int | None = None
    mine: bool = False
    words: str = ""


def get_request(session: Session, ref: str) -> ResearchRequest:
    """Raises NotFound where there is none; one that was taken away can be had, to be brought back."""
    found = session.get(ResearchRequest, number_of(ref, ResearchRequest.PREFIX) or 0)
    if found is None:
        raise NotFound(ref)
    return found


def request_row(session: Session, member: Member, request: ResearchRequest) -> RequestRow:
    found = session.execute(_requests(member).where(ResearchRequest.id == request.id)).one()
    return _row(found)


def list_requests(
    session: Session, member: Member, wanted: RequestFilter = RequestFilter(), *, limit: int | None = MOST_SHOWN
) -> list[RequestRow]:
    """The most backed first, in one statement; those taken away are left out."""
    query = (
        _requests(member)
        .where(ResearchRequest.removed_at.is_(None), *_clauses(member, wanted))
        .order_by(_backers().desc(), ResearchRequest.id.desc())
    )
    return [_row(row) for row in session.execute(query if limit is None else query.limit(limit))]


def requests_of_study(session: Session, member: Member, study: Study) -> list[RequestRow]:
    """The requests that a study is planned to answer; the study is one that the member was let see."""
    query = _requests(member).where(ResearchRequest.study_id == study.id, ResearchRequest.removed_at.is_(None))
    return [_row(row) for row in session.execute(query.order_by(ResearchRequest.id))]


def _requests(member: Member) -> Select[*tuple[Any, ...]]:
    mine = (
        select(RequestBacking.member_id)
        .where(RequestBacking.request_id == ResearchRequest.id, RequestBacking.member_id == member.id)
        .correlate(ResearchRequest)
        .exists()
    )
    return (
        select(
            ResearchRequest,
            Service.name.label("service"),
            Member.name.label("asked_by"),
            _backers().label("backers"),
            mine.label("mine"),
            Study.title.label("study"),
            Insight.claim.label("insight"),
            Insight.status.label("insight_status"),
            Decision.title.label("decision"),
        )
        .select_from(ResearchRequest)
        .outerjoin(Service, Service.id == ResearchRequest.service_id)
        .outerjoin(Member, Member.id == ResearchRequest.created_by_id)
        .outerjoin(Study, and_(Study.id == ResearchRequest.study_id, visible_studies(member)))
        .outerjoin(Insight, and_(Insight.id == ResearchRequest.insight_id, visible_insights(member)))
        .outerjoin(Decision, and_(Decision.id == ResearchRequest.decision_id, visible_decisions(member)))
    )


def _backers() -> ColumnElement[int]:
    return (
        select(func.count(RequestBacking.member_id))
        .where(RequestBacking.request_id == ResearchRequest.id)
        .correlate(ResearchRequest)
        .scalar_subquery()
    )


def _clauses(member: Member, wanted: RequestFilter) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    if wanted.status in list(RequestStatus):
        clauses.append(ResearchRequest.status == RequestStatus(wanted.status))
    if wanted.service_id is not None:
        clauses.append(ResearchRequest.service_id == wanted.service_id)
    if wanted.mine:
        backed = select(RequestBacking.request_id).where(RequestBacking.member_id == member.id)
        clauses.append(ResearchRequest.id.in_(backed))
    for word in wanted.words.split()[:8]:
        said = ResearchRequest.title.icontains(word, autoescape=True)
        clauses.append(said | ResearchRequest.why.icontains(word, autoescape=True))
    return clauses


def _row(row: Row[*tuple[Any, ...]]) -> RequestRow:
    request: ResearchRequest = row[0]
    return RequestRow(
        id=request.id,
        ref=request.ref,
        title=request.title,
        why=request.why,
        service=row.service or "",
        status=request.status.value,
        backers=row.backers,
        mine=bool(row.mine),
        asked_by=row.asked_by or "",
        asked_on=local_day(request.created_at),
        row_version=request.row_version,
        study_ref="" if row.study is None else f"{Study.PREFIX}-{request.study_id}",
        study=row.study or "",
        insight_ref="" if row.insight is None else f"{Insight.PREFIX}-{request.insight_id}",
        insight=row.insight or "",
        insight_holds=row.insight_status in CITABLE,
        decision_ref="" if row.decision is None else f"{Decision.PREFIX}-{request.decision_id}",
        decision=row.decision or "",
        reason=request.reason,
        removed=request.removed_at is not None,
    )
