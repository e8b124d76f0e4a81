"""Projects between being read and being stored, and those that came in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import Attachment, Study
from insights.core.activity import add, record
from insights.core.base import number_of
from insights.core.clock import now
from insights.core.errors import NotFound, RuleBroken
from insights.exchange.models import CodingProject
from insights.exchange.qda.participant_storing import tells_who
from insights.exchange.qda.storing import SEPARATORS
from insights.exchange.qda.understood import Understood
from insights.people.models import Member

# More than anybody reads; the counts tell of the rest.
_MOST_PROBLEMS = 20_000


@dataclass(frozen=True, slots=True)
class ProjectRow:
    ref: str
    name: str
    origin: str
    format: str
    file_name: str
    stored_at: datetime | None
    waits: bool


def keep_waiting(
    session: Session, *, actor: Member, file_name: str, understood: Understood, sha256: str, size: int
) -> CodingProject:
    """The file with what was understood of it, for whoever brought it to look at."""
    if session.get(Attachment, sha256) is None:
        session.add(Attachment(sha256=sha256, size=size, media_type="application/octet-stream", added_at=now(session)))
        session.flush()
    project = CodingProject(
        name=understood.name[:500],
        file_name=file_name[:1000],
        origin=understood.origin[:200],
        format=understood.format,
        sha256=sha256,
        report=report_of(understood),
        kept={},
    )
    add(session, actor, project)
    record(session, actor, "read", project)
    return project


def report_of(understood: Understood) -> dict[str, Any]:
    """What the preview shows, as JSON."""
    names = [code.name for root in understood.codes for code in root.walk()]
    parting = {each: sum(each in name for name in names) for each in SEPARATORS if each}
    return {
        "tallies": [asdict(each) for each in understood.tallies],
        "problems": [asdict(each) for each in understood.problems[:_MOST_PROBLEMS]],
        "problem_count": len(understood.problems),
        "missing": list(understood.missing),
        "unit": understood.unit,
        "is_empty": understood.is_empty,
        "is_ours": bool(understood.side),
        "cases": [case.name for case in understood.cases[:5]],
        "attributes": [each.name for each in understood.variables if not tells_who(each.name)],
        "left_out": [each.name for each in understood.variables if tells_who(each.name)],
        "separators": {each: number for each, number in parting.items() if number},
        "examples": {each: next(name for name in names if each in name) for each, number in parting.items() if number},
    }


def get_coding_project(session: Session, member: Member, ref: str) -> CodingProject:
    """One that waits is seen by whoever brought it alone; one that is in, by those who see its study."""
    project = session.get(CodingProject, number_of(ref, CodingProject.PREFIX) or 0)
    if project is None:
        raise NotFound(ref)
    if project.stored_at is None:
        if project.created_by_id != member.id:
            raise NotFound(ref)
        return project
    seen = select(Study.id).where(Study.id == project.study_id, visible_studies(member))
    if project.study_id is not None and session.scalar(seen) is None:
        raise NotFound(ref)
    return project


def list_coding_projects(session: Session, member: Member) -> list[ProjectRow]:
    """Those that wait for the member, and those that came into studies they see; the latest first."""
    seen = CodingProject.study_id.in_(select(Study.id).where(visible_studies(member)))
    stored = CodingProject.stored_at.is_not(None) & or_(CodingProject.study_id.is_(None), seen)
    own = CodingProject.stored_at.is_(None) & (CodingProject.created_by_id == member.id)
    query = select(CodingProject).where(or_(stored, own)).order_by(CodingProject.id.desc()).limit(100)
    return [
        ProjectRow(
            each.ref, each.name, each.origin, each.format, each.file_name, each.stored_at, each.stored_at is None
        )
        for each in session.scalars(query)
    ]


def earlier_imports(session: Session, member: Member, project: CodingProject) -> Sequence[str]:
    """Refs of imports of the same file that the member may see."""
    query = select(CodingProject.id).where(
        CodingProject.sha256 == project.sha256,
        CodingProject.id != project.id,
        CodingProject.stored_at.is_not(None),
        or_(
            CodingProject.study_id.is_(None),
            CodingProject.study_id.in_(select(Study.id).where(visible_studies(member))),
        ),
    )
    return [f"{CodingProject.PREFIX}-{found}" for found in session.scalars(query.order_by(CodingProject.id))]


def discard_project(session: Session, *, actor: Member, project: CodingProject) -> str | None:
    """Takes a waiting project away. Answers the SHA-256 of its file where nothing else needs it any more."""
    if project.stored_at is not None:
        raise RuleBroken(f"{project.ref} is in already.")
    record(session, actor, "discarded", project)
    sha256 = project.sha256
    session.delete(project)
    session.flush()
    try:
        with session.begin_nested():
            session.delete(session.get_one(Attachment, sha256))
            session.flush()
    except IntegrityError:
        return None
    return sha256


def kinds_of_problems(problems: Sequence[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Problems by kind, those that lose something first."""
    counted = Counter((not each.get("is_lost", True), str(each.get("kind", ""))) for each in problems)
    return [
        (kind, [each for each in problems if each.get("kind") == kind and (not each.get("is_lost", True)) == light])
        for light, kind in sorted(counted)
    ]
