"""Somebody asks what is held on them: the request with its clock, and everything that is held, without other people."""

from insights.stewardship.subject_access.holding import Holding, Passage, held_on
from insights.stewardship.subject_access.requests import (
    RequestRow,
    answer_request,
    due_on,
    extend_clock,
    get_request,
    list_requests,
    log_request,
    requests_of,
    restart_clock,
    stop_clock,
)

__all__ = [
    "Holding",
    "Passage",
    "RequestRow",
    "answer_request",
    "due_on",
    "extend_clock",
    "get_request",
    "held_on",
    "list_requests",
    "log_request",
    "requests_of",
    "restart_clock",
    "stop_clock",
]
