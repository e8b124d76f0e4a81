"""Saying by hand that a decision or an insight is evidence for a point of a standard."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.access import Permission, may
from insights.core.activity import add, record, touch
from insights.core.checks import optional_line
from insights.core.clock import now
from insights.core.errors import InvalidInput, NotAllowed, NotFound
from insights.decisions.access import visible_decisions
from insights.decisions.models import Decision, DecisionStatus
from insights.openness.models import StandardLink
from insights.people.models import Member
from insights.people.operations import require_same_area
from insights.reports.pack.standards import standard_of
from insights.synthesis.access import visible_insights
from insights.synthesis.models import CITABLE, Insight


def link_to_point(
    session: Session,
    *,
    actor: Member,
    standard: str,
    point: str,
    subject: Decision | Insight | None,
    note: str = "",
) -> StandardLink:
    """Doing it twice brings the first link back, with the new note."""
    chosen = standard_of(standard).point(point)
    if subject is None:
        raise InvalidInput.of("ref", "Name a decision or an insight that you may see, such as DEC-12 or INS-42.")
    _require_fit(subject)
    _require_writer(session, actor, subject.team_id)
    line = optional_line("note", note, label="the note")
    found = _known(session, standard, chosen.number, subject)
    if found is None:
        found = StandardLink(standard=standard, point=chosen.number, note=line, **_of(subject))
        add(session, actor, found)
    else:
        found.removed_at, found.note = None, line
        touch(session, actor, found)
    record(session, actor, "linked to a standard", found, touches=[subject.ref])
    return found


def set_link_removed(session: Session, *, actor: Member, link: StandardLink, removed: bool) -> None:
    """Takes a link away, or brings it back."""
    subject = _subject(session, actor, link)
    _require_writer(session, actor, subject.team_id)
    if (link.removed_at is not None) is removed:
        return
    link.removed_at = now(session) if removed else None
    touch(session, actor, link)
    record(session, actor, "removed" if removed else "restored", link, touches=[subject.ref])


def get_standard_link(session: Session, member: Member, link_id: int) -> StandardLink:
    """Raises NotFound where there is none, or what it links is out of the member's sight."""
    link = session.get(StandardLink, link_id)
    if link is None:
        raise NotFound(f"{StandardLink.PREFIX}-{link_id}")
    _subject(session, member, link)
    return link


def _require_fit(subject: Decision | Insight) -> None:
    if isinstance(subject, Insight):
        if subject.status not in CITABLE:
            raise InvalidInput.of("ref", f"{subject.ref} is not published, so that it cannot be evidence.")
    elif subject.status is DecisionStatus.DRAFT:
        raise InvalidInput.of("ref", f"{subject.ref} is a draft. Propose it first.")


def _require_writer(session: Session, actor: Member, team_id: int) -> None:
    if not may(actor, Permission.EDIT_DECISIONS):
        raise NotAllowed("Only those who write decisions may do this.")
    require_same_area(session, actor, team_id)


def _subject(session: Session, member: Member, link: StandardLink) -> Decision | Insight:
    found: Decision | Insight | None
    if link.decision_id is not None:
        found = session.scalar(select(Decision).where(Decision.id == link.decision_id, visible_decisions(member)))
    else:
        found = session.scalar(select(Insight).where(Insight.id == link.insight_id, visible_insights(member)))
    if found is None:
        raise NotFound(link.ref)
    return found


def _known(session: Session, standard: str, point: str, subject: Decision | Insight) -> StandardLink | None:
    column = StandardLink.decision_id if isinstance(subject, Decision) else StandardLink.insight_id
    return session.scalar(
        select(StandardLink).where(StandardLink.standard == standard, StandardLink.point == point, column == subject.id)
    )


def _of(subject: Decision | Insight) -> dict[str, int]:
    return {"decision_id": subject.id} if isinstance(subject, Decision) else {"insight_id": subject.id}
