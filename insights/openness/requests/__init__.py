"""Research requests: asked for, backed by others, answered in one of three ways."""

from insights.openness.requests.operations import (
    answer_request,
    ask_for_research,
    edit_request,
    set_backing,
    set_request_removed,
    undo_answer,
)
from insights.openness.requests.queries import (
    RequestFilter,
    RequestRow,
    get_request,
    list_requests,
    request_row,
    requests_of_study,
)

__all__ = [
    "RequestFilter",
    "RequestRow",
    "answer_request",
    "ask_for_research",
    "edit_request",
    "get_request",
    "list_requests",
    "request_row",
    "requests_of_study",
    "set_backing",
    "set_request_removed",
    "undo_answer",
]
