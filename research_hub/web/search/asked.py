"""Tells the log of questions how a search went: words and success, never who (features.md E5).

That a hit was opened is known from where the browser says it came from: our own page of results. What is written is
written after the answer has gone out, so that no search waits for it; where it cannot be written it is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import structlog
from flask import Flask, Response, current_app, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from insights.core.errors import DomainError
from insights.openness.questions import group_of, note_opened, note_search
from insights.reports.use import note_search_by
from research_hub.db import transaction
from research_hub.security import current_member
from research_hub.web.search.answers import Answer
from research_hub.web.search.blueprint import bp

_RECORDS = frozenset(
    {
        "capture.show_study",
        "capture.show_session",
        "capture.show_source",
        "coding.show_highlight",
        "synthesis.show",
        "synthesis.show_recommendation",
        "decisions.show",
        "search.passage",
    }
)

log = structlog.get_logger()


def remember_search(response: Response, found: Answer) -> Response:
    """Counts the first page of an unfiltered search that the index answered; what narrows or pages asks nothing new."""
    question = found.question
    is_new = not question.offset and not any(question.filters.values()) and not found.notice
    if is_new and group_of(question.text):
        secret, words, hits = _secret(), question.text, bool(found.total)
        _after(response, lambda session: note_search(session, words=words, found=hits, secret=secret))
    if is_new and question.text.strip():
        member, hits = current_member(), bool(found.total)
        _after(response, lambda session: note_search_by(session, member, found=hits))
    return response


@bp.after_app_request
def remember_opened_hit(response: Response) -> Response:
    if request.method == "GET" and request.endpoint in _RECORDS and response.status_code == 200:  # noqa: PLR2004 - OK
        words = _searched_for()
        if group_of(words):
            secret = _secret()
            _after(response, lambda session: note_opened(session, words=words, secret=secret))
    return response


def _searched_for() -> str:
    """The words of our page of results that the browser came from; '' where it came from elsewhere."""
    came_from = urlsplit(request.referrer or "")
    if came_from.netloc != request.host or came_from.path != url_for("search.index"):
        return ""
    return parse_qs(came_from.query).get("q", [""])[0]


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


def _after(response: Response, write: Callable[[Session], object]) -> None:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - how Flask says to do it

    def store() -> None:
        with app.app_context():
            try:
                with transaction() as session:
                    write(session)
            except (DomainError, SQLAlchemyError) as error:
                log.warning("a search was not counted", reason=type(error).__name__)

    response.call_on_close(store)
