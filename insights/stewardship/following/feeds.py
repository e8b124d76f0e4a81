"""The token of a member's feeds: shown once, kept as a hash, in force until it is revoked or replaced."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from insights.core.activity import record
from insights.core.clock import now
from insights.people.models import Member
from insights.people.operations import token_hash
from insights.stewardship.models import FeedToken


def issue_feed_token(session: Session, *, actor: Member) -> str:
    """A new token, which is told this once; the one before no longer works."""
    _revoke(session, actor)
    token = secrets.token_urlsafe(32)
    session.add(FeedToken(member_id=actor.id, token_hash=token_hash(token), made_at=now(session)))
    session.flush()
    record(session, actor, "made a feed address for", actor)
    return token


def revoke_feed_token(session: Session, *, actor: Member) -> None:
    _revoke(session, actor)
    record(session, actor, "took back the feed address of", actor)


def feed_made_at(session: Session, member: Member) -> datetime | None:
    """When the token in force was made, None where there is none."""
    return session.scalar(
        select(FeedToken.made_at).where(FeedToken.member_id == member.id, FeedToken.revoked_at.is_(None))
    )


def member_by_feed_token(session: Session, token: str) -> tuple[Member, datetime] | None:
    """Whose token it is and since when, while it is in force and the account is open."""
    row = session.execute(
        select(Member, FeedToken.made_at)
        .join(FeedToken, FeedToken.member_id == Member.id)
        .where(FeedToken.token_hash == token_hash(token), FeedToken.revoked_at.is_(None), Member.is_active)
    ).first()
    return None if row is None else (row[0], row[1])


def _revoke(session: Session, actor: Member) -> None:
    session.execute(
        update(FeedToken)
        .where(FeedToken.member_id == actor.id, FeedToken.revoked_at.is_(None))
        .values(revoked_at=now(session))
    )
