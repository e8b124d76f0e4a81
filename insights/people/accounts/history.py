"""What a member is shown of what happened to their own account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from insights.core.activity import ActivityEntry
from insights.people.models import Member, WayIn

SHOWN: Final = 12
_WORDS: Final = {
    "signed in": "Signed in",
    "failed to sign in as": "Somebody typed a wrong password",
    "was given a wrong code for": "Somebody typed a wrong code",
    "changed password of": "Password changed",
    "asked for a new password of": "A link for a new password was asked for",
    "gave a new password to": "An administrator gave a new password",
    "signed out everywhere": "An administrator signed you out everywhere",
    "changed role of": "Role changed",
    "ended a browser session of": "A browser signed out",
    "ended every browser session of": "Every browser signed out",
    "added an authenticator app to": "Authenticator app added",
    "removed the authenticator app from": "Authenticator app removed",
    "added a passkey to": "Passkey added",
    "removed a passkey from": "Passkey removed",
    "made recovery codes for": "Recovery codes made",
    "used a recovery code of": "Recovery code used",
    "took the second factors of": "Second factors removed by an administrator",
    "made a way in for": "The operator made a way in",
    "used the way in of": "The operator’s way in was used",
    "linked single sign-on to": "Linked to single sign-on",
}
_WAYS: Final = {
    WayIn.PASSWORD: "with the password",
    WayIn.SECOND_FACTOR: "with password and second factor",
    WayIn.PASSKEY: "with a passkey",
    WayIn.SINGLE_SIGN_ON: "through single sign-on",
    WayIn.ONE_TIME_LINK: "with a link",
}


@dataclass(frozen=True, slots=True)
class AccountEvent:
    """`how` is which way and in which browser, '' where neither is known."""

    at: datetime
    what: str
    how: str
    is_failure: bool


def recent_events(session: Session, member: Member) -> list[AccountEvent]:
    """The latest events of their own account, the newest first."""
    rows = session.scalars(
        select(ActivityEntry)
        .where(ActivityEntry.subject_ref == member.ref, or_(*(ActivityEntry.verb == verb for verb in _WORDS)))
        .order_by(ActivityEntry.id.desc())
        .limit(SHOWN)
    )
    return [AccountEvent(row.at, _WORDS[row.verb], _how(row), row.verb.startswith("failed")) for row in rows]


def _how(row: ActivityEntry) -> str:
    way = _WAYS.get(row.detail.get("way", "")) if row.verb == "signed in" else ""
    browser, name = row.detail.get("browser", ""), row.detail.get("name", "")
    return ", ".join(filter(None, [way, browser, f"“{name}”" if name else ""]))
