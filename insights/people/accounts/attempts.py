"""What was begun in one browser and waits for an answer: good once, for ten minutes, for that browser alone."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from insights.core.clock import now
from insights.people.models import AttemptKind, SignInAttempt
from insights.people.operations.signing_in import token_hash

GOOD_FOR: Final = timedelta(minutes=10)
_KEPT_FOR: Final = timedelta(days=1)


def begin_attempt(
    session: Session, kind: AttemptKind, *, member_id: int | None = None, kept: Mapping[str, Any] | None = None
) -> str:
    """The token that the browser keeps; attempts of another day are forgotten."""
    moment = now(session)
    session.execute(delete(SignInAttempt).where(SignInAttempt.started_at < moment - _KEPT_FOR))
    token = secrets.token_urlsafe(32)
    session.add(
        SignInAttempt(
            token_hash=token_hash(token), kind=kind, member_id=member_id, kept=dict(kept or {}), started_at=moment
        )
    )
    session.flush()
    return token


def open_attempt(session: Session, kind: AttemptKind, token: object) -> SignInAttempt | None:
    """The attempt of that token, while it waits; None for a token that is none, was used, or is too old."""
    if not isinstance(token, str):
        return None
    return session.scalar(
        select(SignInAttempt).where(
            SignInAttempt.token_hash == token_hash(token),
            SignInAttempt.kind == kind,
            SignInAttempt.ended_at.is_(None),
            SignInAttempt.started_at > now(session) - GOOD_FOR,
        )
    )


def take_attempt(session: Session, kind: AttemptKind, token: object) -> SignInAttempt | None:
    """As `open_attempt`, and ends it: whatever the answer is worth, it is taken once."""
    attempt = open_attempt(session, kind, token)
    if attempt is not None:
        attempt.ended_at = now(session)
        session.flush()
    return attempt
