"""Access to a restricted study for a time: who asks, who decides, who ends it, and what holds now.

Whoever watches over data protection may have to look into a study that does not name them. They say why and for how
long; somebody else lets them in; the study's people are told on its page; everything is recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from insights.capture.access import visible_studies
from insights.capture.models import BreakGlass, GlassState, Study, study_members
from insights.core.access import Permission, may
from insights.core.activity import add, record, touch
from insights.core.base import number_of
from insights.core.checks import required_text, text_of
from insights.core.clock import now
from insights.core.errors import InvalidInput, NotAllowed, NotFound, RuleBroken
from insights.people.models import Member

SHORTEST_HOURS, LONGEST_HOURS = 1, 7 * 24
SHORTEST_REASON = 10


@dataclass(frozen=True, slots=True)
class GlassRow:
    """`may_decide` and `may_end` are about the member who reads; `holds` is as of now."""

    ref: str
    study_ref: str
    study_title: str
    holder_id: int
    holder: str
    reason: str
    hours: int
    state: GlassState
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    answer: str
    ends_at: datetime | None
    ended_at: datetime | None
    ended_by: str
    holds: bool
    may_decide: bool
    may_end: bool


@dataclass(frozen=True, slots=True)
class HeldNow:
    ref: str
    study_ref: str
    study_title: str
    until: datetime | None


def ask_for_access(session: Session, *, actor: Member, study_ref: str, reason: str, hours: int | None) -> BreakGlass:
    """Raises InvalidInput for a study that is open, or that the actor sees already, as for one that is not there."""
    _require_watcher(actor)
    study = _closed_study(session, actor, study_ref)
    told = required_text("reason", reason, label="the reason", longest=1_000)
    if len(told) < SHORTEST_REASON:
        raise InvalidInput.of("reason", "Say in a sentence why you need to see it; the study’s people read it.")
    if hours is None or not SHORTEST_HOURS <= hours <= LONGEST_HOURS:
        raise InvalidInput.of("hours", "Choose from one hour to seven days.")
    _refuse_second_request(session, actor, study)
    glass = BreakGlass(study_id=study.id, holder_id=actor.id, reason=told, hours=hours, asked_at=now(session))
    add(session, actor, glass)
    _record(session, actor, "asked for access to", study, glass, reason=told)
    return glass


def decide_on_access(
    session: Session, *, actor: Member, glass: BreakGlass, approve: bool, answer: str = ""
) -> BreakGlass:
    """A second person lets them in or not. The time runs from here, to the minute."""
    study = session.get_one(Study, glass.study_id)
    if glass.holder_id == actor.id:
        raise NotAllowed("Somebody else has to decide. Nobody lets themselves in.")
    if not _may_decide(session, actor, study):
        raise NotAllowed("The study’s lead, or somebody else who watches over data protection, decides.")
    if glass.state is not GlassState.ASKED:
        raise RuleBroken("This was decided already. Load the page again.")
    glass.state = GlassState.APPROVED if approve else GlassState.DECLINED
    glass.decided_at, glass.decided_by_id = now(session), actor.id
    glass.answer = text_of("answer", answer, label="the answer", longest=1_000)
    glass.ends_at = now(session) + timedelta(hours=glass.hours) if approve else None
    touch(session, actor, glass)
    _note_until(session, glass)
    verb = "gave access for a time to" if approve else "declined access to"
    _record(session, actor, verb, study, glass, until="" if glass.ends_at is None else glass.ends_at.isoformat())
    return glass


def end_access(session: Session, *, actor: Member, glass: BreakGlass) -> None:
    """Whoever holds it, or may decide on it, ends it early; a request that waits is taken back by its asker."""
    study = session.get_one(Study, glass.study_id)
    waits, holds = glass.state is GlassState.ASKED, _holds(glass, now(session))
    if not (glass.holder_id == actor.id or (holds and _may_decide(session, actor, study))):
        raise NotAllowed("Whoever holds it, or a second person, ends it.")
    if not waits and not holds:
        raise RuleBroken("This has ended already. Load the page again.")
    glass.state = GlassState.TAKEN_BACK if waits else GlassState.ENDED
    glass.ended_at, glass.ended_by_id = now(session), actor.id
    touch(session, actor, glass)
    _note_until(session, glass)
    _record(session, actor, "took back the request for" if waits else "ended access for a time to", study, glass)


def refuse_visitor(session: Session, *, actor: Member, study: Study) -> None:
    """Who may see a restricted study is said by the people it names; somebody let in for a time is a visitor."""
    named: Sequence[int] = session.scalars(
        select(study_members.c.member_id).where(study_members.c.study_id == study.id)
    ).all()
    if study.restricted and actor.id not in named:
        raise NotAllowed("You see this study for a time. Who may see it is said by the people it names.")


def get_glass(session: Session, member: Member, ref: str) -> BreakGlass:
    """Raises NotFound for whoever neither asked, nor leads the study, nor watches over data protection."""
    glass = session.scalar(
        select(BreakGlass)
        .join(Study, Study.id == BreakGlass.study_id)
        .where(BreakGlass.id == (number_of(ref, BreakGlass.PREFIX) or 0), _in_sight(member))
    )
    if glass is None:
        raise NotFound(ref)
    return glass


def list_glass(session: Session, member: Member, *, limit: int | None = 200) -> list[GlassRow]:
    """What the member asked for, may decide on or watches over, the newest first."""
    return _rows(session, member, _in_sight(member), limit)


def glass_of_study(session: Session, member: Member, study: Study) -> list[GlassRow]:
    """Who is let in now, or waits to be, for a page of the study; its people are told, whoever they are."""
    if not study.restricted:
        return []
    open_now = or_(
        BreakGlass.state == GlassState.ASKED,
        (BreakGlass.state == GlassState.APPROVED) & (BreakGlass.ends_at > now(session)),
    )
    return _rows(session, member, (BreakGlass.study_id == study.id) & open_now, None)


def held_now(session: Session, member: Member) -> list[HeldNow]:
    """What is open to the member for a time, the first to end first; no question where nothing is, as for most."""
    if member.let_in_until is None or member.let_in_until <= now(session):
        return []
    rows = session.execute(
        select(BreakGlass, Study.title)
        .join(Study, Study.id == BreakGlass.study_id)
        .where(BreakGlass.holder_id == member.id, *_in_force(session))
        .order_by(BreakGlass.ends_at, BreakGlass.id)
    )
    return [HeldNow(each.ref, f"{Study.PREFIX}-{each.study_id}", title, each.ends_at) for each, title in rows]


def _in_force(session: Session) -> tuple[ColumnElement[bool], ...]:
    return BreakGlass.state == GlassState.APPROVED, BreakGlass.ends_at > now(session)


def _note_until(session: Session, glass: BreakGlass) -> None:
    """On the holder's own row, for the banner of every page."""
    last = select(func.max(BreakGlass.ends_at)).where(BreakGlass.holder_id == glass.holder_id, *_in_force(session))
    session.get_one(Member, glass.holder_id).let_in_until = session.scalar(last)
    session.flush()


def _rows(session: Session, member: Member, clause: ColumnElement[bool], limit: int | None) -> list[GlassRow]:
    holder, decider, ender = aliased(Member), aliased(Member), aliased(Member)
    query = (
        select(BreakGlass, Study, holder.name, decider.name, ender.name, visible_studies(member), _leads(member))
        .join(Study, Study.id == BreakGlass.study_id)
        .join(holder, holder.id == BreakGlass.holder_id)
        .outerjoin(decider, decider.id == BreakGlass.decided_by_id)
        .outerjoin(ender, ender.id == BreakGlass.ended_by_id)
        .where(clause)
        .order_by(BreakGlass.id.desc())
    )
    at, watches = now(session), may(member, Permission.AUDIT)
    found = []
    for glass, study, asked, decided, ended, sees, leads in session.execute(query.limit(limit)):
        mine, decides = glass.holder_id == member.id, watches or leads
        holds = _holds(glass, at)
        found.append(
            GlassRow(
                ref=glass.ref,
                study_ref=study.ref,
                study_title=study.title if sees else "",
                holder_id=glass.holder_id,
                holder=asked,
                reason=glass.reason,
                hours=glass.hours,
                state=glass.state,
                asked_at=glass.asked_at,
                decided_by=decided or "",
                decided_at=glass.decided_at,
                answer=glass.answer,
                ends_at=glass.ends_at,
                ended_at=glass.ended_at,
                ended_by=ended or "",
                holds=holds,
                may_decide=decides and not mine and glass.state is GlassState.ASKED,
                may_end=(mine and glass.state is GlassState.ASKED) or (holds and (mine or decides)),
            )
        )
    return found


def _in_sight(member: Member) -> ColumnElement[bool]:
    if may(member, Permission.AUDIT):
        return true()
    return or_(BreakGlass.holder_id == member.id, _leads(member))


def _leads(member: Member) -> ColumnElement[bool]:
    """A lead who is not named does not see the study, and has no say in who else does."""
    named = select(study_members.c.study_id).where(study_members.c.member_id == member.id)
    return (Study.lead_id == member.id) & Study.id.in_(named)


def _may_decide(session: Session, actor: Member, study: Study) -> bool:
    if may(actor, Permission.AUDIT):
        return True
    return session.scalar(select(Study.id).where(Study.id == study.id, _leads(actor))) is not None


def _holds(glass: BreakGlass, at: datetime) -> bool:
    return glass.state is GlassState.APPROVED and glass.ends_at is not None and glass.ends_at > at


def _require_watcher(actor: Member) -> None:
    if not may(actor, Permission.AUDIT):
        raise NotAllowed("Only data protection officers and administrators ask for access for a time.")


def _closed_study(session: Session, actor: Member, ref: str) -> Study:
    study = session.scalar(
        select(Study).where(Study.id == (number_of(ref, Study.PREFIX) or 0), ~visible_studies(actor))
    )
    if study is None:
        raise InvalidInput.of("study", "Enter the number of a restricted study that you cannot see, such as STU-7.")
    return study


def _refuse_second_request(session: Session, actor: Member, study: Study) -> None:
    waits = select(BreakGlass.id).where(
        BreakGlass.study_id == study.id, BreakGlass.holder_id == actor.id, BreakGlass.state == GlassState.ASKED
    )
    if session.scalar(waits.limit(1)) is not None:
        raise RuleBroken("You have asked for this study already, and nobody has answered yet.")


def _record(session: Session, actor: Member, verb: str, study: Study, glass: BreakGlass, **more: str) -> None:
    detail = {"request": glass.ref, "holder": f"MEM-{glass.holder_id}", "hours": glass.hours, **more}
    record(session, actor, verb, study, detail=detail)
