"""A review begins: who has what at this moment is written down, and does not change with what they have later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from insights.capture.access import Sight, grants_at
from insights.capture.models import BreakGlass, GlassState, Study
from insights.core.activity import add, record
from insights.core.clock import now
from insights.core.errors import NotAllowed, RuleBroken
from insights.people.models import AuthenticatorApp, BrowserSession, FederatedIdentity, Member, Passkey, Team
from insights.stewardship.access_review.scope import require_reviewer, reviews_everything
from insights.stewardship.models import AccessReview, AccessReviewRow, FeedToken

ORGANISATION = "organisation"
THE_WHOLE = "The whole organisation"


@dataclass(frozen=True, slots=True)
class _Held:
    """By id of member; read in one statement each, however many people there are."""

    studies: Mapping[int, list[str]]
    openings: Mapping[int, list[dict[str, Any]]]
    ways: Mapping[int, list[str]]
    seen: Mapping[int, tuple[datetime, datetime]] = field(default_factory=dict)


def begin_review(session: Session, *, actor: Member, team: Team | None, dormant_days: int) -> AccessReview:
    """`team` is None for the whole organisation. Raises RuleBroken while such a review is open."""
    require_reviewer(actor)
    if not (reviews_everything(actor) or (team is not None and team.id == actor.team_id)):
        raise NotAllowed("You look after your own area. Its review is the one you can begin.")
    _refuse_second(session, team)
    review = AccessReview(
        team_id=None if team is None else team.id,
        area=THE_WHOLE if team is None else team.name,
        open_for=ORGANISATION if team is None else team.ref,
        since=_last_closed(session, team),
        dormant_days=dormant_days,
    )
    add(session, actor, review)
    people = _freeze(session, review)
    record(session, actor, "began", review, detail={"people": people, "area": review.open_for})
    return review


def _refuse_second(session: Session, team: Team | None) -> None:
    wanted = {ORGANISATION} if team is None else {ORGANISATION, team.ref}
    found = session.scalars(select(AccessReview).where(AccessReview.open_for.in_(sorted(wanted))).limit(1)).first()
    if found is not None:
        raise RuleBroken(f"{found.ref} is open ({found.area}). Answer and close it; then another one can begin.")


def _last_closed(session: Session, team: Team | None) -> datetime | None:
    """When somebody last looked through all that this review covers."""
    covers = [AccessReview.team_id.is_(None)] + ([] if team is None else [AccessReview.team_id == team.id])
    closed = select(func.max(AccessReview.created_at)).where(AccessReview.closed_at.is_not(None), or_(*covers))
    return session.scalar(closed)


def _freeze(session: Session, review: AccessReview) -> int:
    query = select(Member, Team).join(Team, Team.id == Member.team_id).where(Member.is_active)
    if review.team_id is not None:
        query = query.where(Member.team_id == review.team_id)
    held, at = _held(session, review.since), now(session)
    quiet = timedelta(days=review.dormant_days)
    people = session.execute(query.order_by(Member.name, Member.id)).all()
    for member, team in people:
        signed_in, seen = held.seen.get(member.id, (None, None))
        session.add(
            AccessReviewRow(
                review_id=review.id,
                member_id=member.id,
                team_id=team.id,
                name=member.name,
                team=team.name,
                role=member.role,
                is_central=team.is_central,
                administers_area=member.administers_area,
                studies=held.studies.get(member.id, []),
                openings=held.openings.get(member.id, []),
                ways=([] if member.password_hash is None else ["password"]) + held.ways.get(member.id, []),
                last_sign_in_at=signed_in,
                is_dormant=at - (seen or member.created_at) > quiet,
            )
        )
    session.flush()
    return len(people)


def _held(session: Session, since: datetime | None) -> _Held:
    at = now(session)
    grants = grants_at(at).subquery()
    named = select(grants.c.member_id, grants.c.study_id).where(grants.c.sight == Sight.NAMED.value)
    studies: defaultdict[int, list[str]] = defaultdict(list)
    for member_id, study_id in session.execute(named.order_by(grants.c.study_id)):
        studies[member_id].append(f"{Study.PREFIX}-{study_id}")
    uses = BrowserSession
    seen = session.execute(
        select(uses.member_id, func.max(uses.started_at), func.max(uses.last_seen_at)).group_by(uses.member_id)
    )
    return _Held(studies, _openings(session, since, at), _ways(session), {each[0]: (each[1], each[2]) for each in seen})


def _openings(session: Session, since: datetime | None, at: datetime) -> dict[int, list[dict[str, Any]]]:
    """Times somebody was let into a restricted study since then, and those that still hold."""
    query = select(BreakGlass).where(BreakGlass.state.in_((GlassState.APPROVED, GlassState.ENDED)))
    query = query.where(BreakGlass.ends_at.is_not(None))
    if since is not None:
        holds = (BreakGlass.state == GlassState.APPROVED) & (BreakGlass.ends_at > at)
        query = query.where(or_(BreakGlass.decided_at > since, holds))
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for each in session.scalars(query.order_by(BreakGlass.id)):
        until = each.ended_at or each.ends_at
        found[each.holder_id].append(
            {
                "ref": each.ref,
                "study": f"{Study.PREFIX}-{each.study_id}",
                "from": _told(each.decided_at),
                "until": _told(until),
                "holds": each.state is GlassState.APPROVED and until is not None and until > at,
            }
        )
    return dict(found)


def _ways(session: Session) -> dict[int, list[str]]:
    """Besides the password; the address of a feed opens without signing in, so it counts."""
    asked = (
        ("authenticator app", select(AuthenticatorApp.member_id).where(AuthenticatorApp.confirmed_at.is_not(None))),
        ("passkey", select(Passkey.member_id)),
        ("single sign-on", select(FederatedIdentity.member_id)),
        ("feed address", select(FeedToken.member_id).where(FeedToken.revoked_at.is_(None))),
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for words, query in asked:
        for member_id in sorted(set(session.scalars(query))):
            found[member_id].append(words)
    return dict(found)


def _told(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat(timespec="minutes")
