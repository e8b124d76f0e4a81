"""Changes to studies, and to who may see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from insights.capture.break_glass import refuse_visitor
from insights.capture.models import Method, Study, StudyStatus, study_members
from insights.capture.operations.days import refuse_backwards, sensible_day
from insights.core.activity import add, record, touch
from insights.core.checks import required_line, term_of, text_of
from insights.core.concurrency import refuse_stale
from insights.people.models import Member, Service
from insights.people.operations import require_same_area


def create_study(
    session: Session,
    *,
    actor: Member,
    title: str,
    question: str = "",
    methods: Sequence[str] = (),
    service: Service | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    status: str | StudyStatus = StudyStatus.IN_FIELD,
    restricted: bool = False,
    legacy: bool = False,
) -> Study:
    """The creator leads the study and, where it is restricted, is named in it."""
    study = Study(
        title=required_line("title", title, label="a title"),
        question=text_of("question", question, label="the question", longest=20_000),
        methods=_methods(methods),
        starts_on=sensible_day("starts_on", starts_on),
        ends_on=sensible_day("ends_on", ends_on),
        status=term_of("status", StudyStatus, status, label="a status"),
        restricted=restricted,
        legacy=legacy,
        lead_id=actor.id,
        team_id=actor.team_id,
        service_id=None if service is None else service.id,
    )
    refuse_backwards(study.starts_on, study.ends_on)
    add(session, actor, study)
    session.execute(insert(study_members).values(study_id=study.id, member_id=actor.id))
    record(session, actor, "created", study)
    return study


def edit_study(
    session: Session,
    *,
    actor: Member,
    study: Study,
    title: str,
    question: str,
    methods: Sequence[str],
    service: Service | None,
    starts_on: date | None,
    ends_on: date | None,
    status: str | StudyStatus | None = None,
    row_version: int | None = None,
) -> None:
    """`status` is for imports, which are told where a study stands; people go by `move_study`, with its guards."""
    require_same_area(session, actor, study.team_id)
    new_title = required_line("title", title, label="a title")
    new_question = text_of("question", question, label="the question", longest=20_000)
    refuse_stale(study, row_version, {"title": new_title, "question": new_question})
    study.title, study.question, study.methods = new_title, new_question, _methods(methods)
    study.service_id = None if service is None else service.id
    study.starts_on, study.ends_on = sensible_day("starts_on", starts_on), sensible_day("ends_on", ends_on)
    refuse_backwards(study.starts_on, study.ends_on)
    if status is not None:
        study.status = term_of("status", StudyStatus, status, label="a status")
    touch(session, actor, study)
    record(session, actor, "edited", study)


def set_study_access(
    session: Session, *, actor: Member, study: Study, restricted: bool, named: Sequence[Member]
) -> None:
    """Who is named sees a restricted study; whoever restricts it stays named, so that nobody locks everyone out.

    Raises NotAllowed for somebody who was let into it for a time.
    """
    require_same_area(session, actor, study.team_id)
    refuse_visitor(session, actor=actor, study=study)
    study.restricted = restricted
    members = {actor.id} | {member.id for member in named}
    session.execute(delete(study_members).where(study_members.c.study_id == study.id))
    session.execute(
        insert(study_members), [{"study_id": study.id, "member_id": member_id} for member_id in sorted(members)]
    )
    touch(session, actor, study)
    record(session, actor, "changed access of", study, detail={"restricted": restricted, "named": sorted(members)})


def _methods(methods: Sequence[str]) -> list[str]:
    return [term_of("methods", Method, method, label="a method").value for method in methods]
