"""The last guard of a study: it ends with a published insight, or with the reason why there is none (model.md)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.capture.models import Study, StudyStatus
from insights.capture.study_states import MOVES, Need, is_back, move_study, needs_of
from insights.coding.models import Highlight
from insights.core.activity import record, touch
from insights.core.checks import optional_line
from insights.core.errors import RuleBroken
from insights.people.models import Member
from insights.people.operations import require_same_area
from insights.synthesis.models import CITABLE, EvidenceLink, Insight


@dataclass(frozen=True, slots=True)
class Step:
    """A state that the study may go to, and what that needs. `is_back` marks a step backwards, or out."""

    to: StudyStatus
    needs: tuple[Need, ...]
    is_back: bool

    @property
    def missing(self) -> tuple[Need, ...]:
        return tuple(need for need in self.needs if not need.met)


def published_insights(session: Session, study: Study) -> int:
    """How many insights that can be cited rest on something heard in this study, whoever may see them."""
    query = (
        select(func.count(Insight.id.distinct()))
        .join(EvidenceLink, EvidenceLink.insight_id == Insight.id)
        .join(Highlight, Highlight.id == EvidenceLink.highlight_id)
        .where(Highlight.study_id == study.id, Insight.status.in_(CITABLE))
    )
    return session.scalar(query) or 0


def steps_of(session: Session, study: Study) -> list[Step]:
    """Where the study may go from here, the way forward first."""
    return [
        Step(
            to,
            (*needs_of(study, to), *_completion(session, study, to)),
            is_back(study.status, to) or to is StudyStatus.CANCELLED,
        )
        for to in MOVES[study.status]
    ]


def move_study_on(session: Session, *, actor: Member, study: Study, to: str) -> None:
    """`move_study`, and before completion the guard that only this layer knows. Raises RuleBroken."""
    if to == StudyStatus.COMPLETED and StudyStatus.COMPLETED in MOVES[study.status]:
        missing = [need for need in _completion(session, study, StudyStatus.COMPLETED) if not need.met]
        if missing:
            raise RuleBroken(f"Before this study is completed it needs {missing[0].words}.")
    move_study(session, actor=actor, study=study, to=to)


def tell_why_no_insight(session: Session, *, actor: Member, study: Study, reason: str) -> None:
    """Why a study ends without a published insight; '' takes the reason away."""
    require_same_area(session, actor, study.team_id)
    new = optional_line("no_insight_reason", reason, label="the reason", longest=500)
    if new == study.no_insight_reason:
        return
    study.no_insight_reason = new
    touch(session, actor, study)
    record(session, actor, "explained", study, detail={"no_insight": new})


def _completion(session: Session, study: Study, to: StudyStatus) -> tuple[Need, ...]:
    if to is not StudyStatus.COMPLETED or is_back(study.status, to):
        return ()
    met = bool(study.no_insight_reason) or published_insights(session, study) > 0
    return (Need("a published insight, or the reason why there is none", met, "no_insight_reason"),)
