"""How a study begins: in field where it is told how people's data are protected, as a proposal where it is not (L6).

What a team told last is what its next study begins with, so that whoever has told it once need only look at it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import Sensitivity, Study, StudyStatus
from insights.capture.operations import create_study
from insights.capture.study_states import LAWFUL_BASES, Protection, protection_of, tell_assessment, tell_protection
from insights.people.models import Member


@dataclass(frozen=True, slots=True)
class ToldProtection(Protection):
    """What is told of a study's data protection, as typed; one of the last two is given."""

    dpia_reference: str = ""
    no_dpia_reason: str = ""


@dataclass(frozen=True, slots=True)
class Suggested:
    """What a new study of the team is offered; `like` is the ref of the study that told it, '' where none did."""

    told: ToldProtection
    like: str = ""


def suggested_protection(session: Session, member: Member) -> Suggested:
    """As in the newest study of the member's team that told all; restricted ones are not read for it. One statement."""
    query = (
        select(Study)
        .where(
            Study.team_id == member.team_id,
            Study.restricted.is_(False),
            Study.lawful_basis != "",
            Study.sharing_agreement != "",
            Study.sensitivity.is_not(None),
        )
        .order_by(Study.id.desc())
        .limit(1)
    )
    last = session.scalar(query)
    if last is None:
        return Suggested(ToldProtection(LAWFUL_BASES[0], Sensitivity.ORDINARY.value, "none"))
    sensitivity = "" if last.sensitivity is None else last.sensitivity.value
    told = ToldProtection(
        last.lawful_basis, sensitivity, last.sharing_agreement, last.dpia_reference, last.no_dpia_reason
    )
    return Suggested(told, last.ref)


def begin_study(
    session: Session, *, actor: Member, told: ToldProtection, status: str | StudyStatus, values: Mapping[str, Any]
) -> Study:
    """A new study with what is told of its data protection; `values` are those of `create_study`.

    One that is to begin in field and does not tell all is a proposal first: nobody can be heard in it before.
    """
    study = create_study(session, actor=actor, status=status, **values)
    tell_assessment(session, actor=actor, study=study, reference=told.dpia_reference, no_reason=told.no_dpia_reason)
    tell_protection(session, actor=actor, study=study, told=told)
    if study.status is StudyStatus.IN_FIELD and missing_of(study):
        study.status = StudyStatus.PROPOSED
        session.flush()
    return study


def missing_of(study: Study) -> tuple[str, ...]:
    """What is not told yet of the study's data protection, in words."""
    return tuple(need.words for need in protection_of(study) if not need.met)
