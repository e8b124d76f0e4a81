"""What follows a change of what somebody signs in with."""

from __future__ import annotations

from flask import g
from sqlalchemy.orm import Session

from insights.people import operations
from insights.people.models import WayIn
from research_hub.security import current_member


def renew(unit: Session, way: WayIn | None = None) -> str:
    """Ends every other session and gives this one a new token, which the browser has to keep."""
    operations.end_all_browser_sessions(unit, member=current_member(), but=g.browser_session_id)
    return operations.renew_browser_session(unit, session_id=g.browser_session_id, way=way)
