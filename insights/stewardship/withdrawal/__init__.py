"""Somebody takes back their part in a study: what that reaches, and the act."""

from insights.stewardship.withdrawal.operations import (
    LOG_KEPT_FOR,
    require_right,
    resume_use,
    stop_use,
    withdraw_participant,
)
from insights.stewardship.withdrawal.reach import MARKED, SPEAKER, WHOLE, Reach, SharedText, reach_of

__all__ = [
    "LOG_KEPT_FOR",
    "MARKED",
    "SPEAKER",
    "WHOLE",
    "Reach",
    "SharedText",
    "reach_of",
    "require_right",
    "resume_use",
    "stop_use",
    "withdraw_participant",
]
