"""Reads about templates. They hold nothing that anybody said, so every member may read all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import TemplateKind, TextTemplate, TextTemplateVersion
from insights.core.base import number_of
from insights.core.errors import NotFound
from insights.people.models import Member, Team


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """`team` is '' for one that belongs to everyone."""

    id: int
    ref: str
    kind: str
    title: str
    team: str
    team_id: int | None
    version: int
    retired_at: datetime | None
    updated_at: datetime
    body: str


@dataclass(frozen=True, slots=True)
class TemplateVersionRow:
    id: int
    number: int
    body: str
    at: datetime
    by: str


def get_template(session: Session, ref: str) -> TextTemplate:
    found = session.get(TextTemplate, number_of(ref, TextTemplate.PREFIX) or 0)
    if found is None:
        raise NotFound(ref)
    return found


def current_version(session: Session, template: TextTemplate) -> TextTemplateVersion | None:
    return session.scalar(
        select(TextTemplateVersion).where(
            TextTemplateVersion.template_id == template.id, TextTemplateVersion.number == template.version
        )
    )


def template_body(session: Session, template: TextTemplate) -> str:
    """The current version's text."""
    version = current_version(session, template)
    return "" if version is None else version.body


def list_templates(
    session: Session, *, kind: TemplateKind | None = None, member: Member | None = None, retired: bool = False
) -> list[TemplateRow]:
    """Those of `member`'s team first, then everyone's, then other teams', each by title."""
    query = (
        select(TextTemplate, TextTemplateVersion.body, Team.name)
        .join(
            TextTemplateVersion,
            (TextTemplateVersion.template_id == TextTemplate.id) & (TextTemplateVersion.number == TextTemplate.version),
        )
        .outerjoin(Team, Team.id == TextTemplate.team_id)
        .where(TextTemplate.retired_at.is_not(None) if retired else TextTemplate.retired_at.is_(None))
        .order_by(TextTemplate.title, TextTemplate.id)
    )
    if kind is not None:
        query = query.where(TextTemplate.kind == kind)
    rows = [
        TemplateRow(
            each.id,
            each.ref,
            each.kind.value,
            each.title,
            team or "",
            each.team_id,
            each.version,
            each.retired_at,
            each.updated_at,
            body,
        )
        for each, body, team in session.execute(query)
    ]
    own = None if member is None else member.team_id
    return sorted(rows, key=lambda row: (row.team_id != own or own is None, row.team_id is not None))


def template_versions(session: Session, template: TextTemplate) -> list[TemplateVersionRow]:
    """Newest first."""
    query = (
        select(TextTemplateVersion, Member.name)
        .outerjoin(Member, Member.id == TextTemplateVersion.by_id)
        .where(TextTemplateVersion.template_id == template.id)
        .order_by(TextTemplateVersion.number.desc())
    )
    return [
        TemplateVersionRow(each.id, each.number, each.body, each.at, name or "")
        for each, name in session.execute(query)
    ]
