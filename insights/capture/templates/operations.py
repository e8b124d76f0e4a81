"""Changes to templates: a version is never changed, only followed by the next one."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import TemplateKind, TextTemplate, TextTemplateVersion
from insights.capture.templates.queries import template_body
from insights.core.access import Permission, may
from insights.core.activity import add, record, touch
from insights.core.checks import required_line, required_text, term_of
from insights.core.clock import now
from insights.core.concurrency import refuse_stale
from insights.core.errors import InvalidInput, NotAllowed, RuleBroken, StaleRecord
from insights.people.models import Member
from insights.people.operations import require_same_area

LONGEST_BODY = 100_000


def create_template(
    session: Session, *, actor: Member, kind: str | TemplateKind, title: str, body: str, for_everyone: bool = False
) -> TextTemplate:
    """Of the actor's team, or of everyone where an administrator says so."""
    if for_everyone:
        _require_administrator(actor)
    chosen = term_of("kind", TemplateKind, kind, label="what it is for")
    template = TextTemplate(
        kind=chosen,
        title=_unused_title(session, chosen, None if for_everyone else actor.team_id, title),
        team_id=None if for_everyone else actor.team_id,
    )
    text = _body(body)
    add(session, actor, template)
    _keep(session, actor, template, text)
    record(session, actor, "created", template)
    return template


def copy_template(session: Session, *, actor: Member, template: TextTemplate, title: str = "") -> TextTemplate:
    """The current text as a template of the actor's own team, to be changed there."""
    name = title or f"{template.title} ({'copy' if template.team_id == actor.team_id else 'ours'})"
    copy = TextTemplate(
        kind=template.kind,
        title=_unused_title(session, template.kind, actor.team_id, name),
        team_id=actor.team_id,
        copied_from_id=template.id,
    )
    add(session, actor, copy)
    _keep(session, actor, copy, template_body(session, template))
    record(session, actor, "copied", copy, detail={"from": template.ref})
    return copy


def save_template_version(
    session: Session,
    *,
    actor: Member,
    template: TextTemplate,
    title: str,
    body: str,
    row_version: int | None = None,
) -> None:
    """The next version; without a change of words there is none. Raises StaleRecord as every edit does."""
    _require_may_change(session, actor, template)
    new_title = _unused_title(session, template.kind, template.team_id, title, but=template.id)
    new_body, body_now = _body(body), template_body(session, template)
    refuse_stale(template, row_version, {"title": new_title})
    if row_version is not None and row_version != template.row_version and new_body != body_now:
        raise StaleRecord(template.ref, {"body": body_now}, {"body": new_body}, template.row_version)
    changed = new_body != body_now
    if not changed and new_title == template.title:
        return
    template.title = new_title
    if changed:
        template.version += 1
        _keep(session, actor, template, new_body)
    touch(session, actor, template)
    record(session, actor, "edited", template, detail={"version": template.version})


def set_template_retired(session: Session, *, actor: Member, template: TextTemplate, retired: bool) -> None:
    """A retired template is offered no more; what began from it stays."""
    _require_may_change(session, actor, template)
    if retired == (template.retired_at is not None):
        raise RuleBroken(f"“{template.title}” is {'retired' if retired else 'in use'} already.")
    template.retired_at = now(session) if retired else None
    touch(session, actor, template)
    record(session, actor, "retired" if retired else "restored", template)


def may_change(actor: Member, template: TextTemplate) -> bool:
    """What a page offers; central teams, who work across all, are decided by the operation."""
    return may(actor, Permission.ADMINISTER) or template.team_id == actor.team_id


def _require_may_change(session: Session, actor: Member, template: TextTemplate) -> None:
    if template.team_id is None:
        _require_administrator(actor)
    else:
        require_same_area(session, actor, template.team_id)


def _require_administrator(actor: Member) -> None:
    if not may(actor, Permission.ADMINISTER):
        raise NotAllowed("This belongs to everybody, so an administrator changes it. Copy it for your team instead.")


def _unused_title(
    session: Session, kind: TemplateKind, team_id: int | None, title: str, *, but: int | None = None
) -> str:
    new = required_line("title", title, label="a title", longest=200)
    of_team = TextTemplate.team_id.is_(None) if team_id is None else TextTemplate.team_id == team_id
    others = session.execute(
        select(TextTemplate.id, TextTemplate.title).where(
            TextTemplate.kind == kind, of_team, TextTemplate.retired_at.is_(None)
        )
    )
    if any(name.casefold() == new.casefold() and number != but for number, name in others):
        raise InvalidInput.of("title", f"There is already a template called “{new}”. Choose another title.")
    return new


def _body(body: str) -> str:
    return required_text("body", body, label="the text to begin from", longest=LONGEST_BODY)


def _keep(session: Session, actor: Member, template: TextTemplate, body: str) -> None:
    version = TextTemplateVersion(
        template_id=template.id, number=template.version, body=body, at=now(session), by_id=actor.id
    )
    session.add(version)
    session.flush()
