"""One table from what can go wrong to what is answered. Views hold no `try`.

A route that takes a form says with `@shows_errors_on("endpoint")` which page shows the form again: it is rendered anew
with the member's own words still in the form, the message on top, and the status that fits.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import structlog
from flask import Flask, current_app, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue, RouteCallable
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError, TooManyRequests

from insights.core.access import Permission, may
from insights.core.errors import DomainError, InvalidInput, NotAllowed, NotFound, RuleBroken, StaleRecord
from insights.people.models import Member
from insights.people.vault import Altered, KeyDestroyed, MasterKeyMissing
from research_hub.files import FileStore
from research_hub.read_only import ReadOnly, fault_in_words
from search_index.engine import SearchUnavailable

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

STATUS: dict[type[DomainError], int] = {
    InvalidInput: 422,
    RuleBroken: 409,
    StaleRecord: 409,
    NotAllowed: 403,
    NotFound: 404,
    **dict.fromkeys((Altered, KeyDestroyed, MasterKeyMissing), 409),
    ReadOnly: 503,
}

_TITLES = {
    400: "This request could not be read",
    403: "You may not do this",
    404: "There is no such page",
    405: "This address does not take that",
    409: "This cannot be done now",
    413: "That is too large",
    422: "Something has to be put right",
    429: "Too many requests",
    500: "Something went wrong on our side",
    503: "Not available right now",
}
_WORDS = {
    404: "The address may be mistyped, or it names something that you may not see.",
    405: "Nothing was changed. Go back and try again from the page.",
    413: "Nothing was stored. Send a smaller file or a shorter text; the page says how much it takes.",
    429: "Wait a minute and try again.",
    500: "Nothing half-done was stored. Try again; if it happens again, tell your administrator the time.",
}

_MISSING_FILE = (
    "The file itself is missing on the server. Its text, and all that rests on it, is kept. Tell whoever runs it: "
    "docs/runbooks/the-database-is-damaged.md says how to take one file from a backup."
)
_PLAIN_TEXT = {"Content-Type": "text/plain; charset=utf-8"}

log = structlog.get_logger()


def shows_errors_on(endpoint: str) -> Callable[[View], View]:
    """Names the page that shows the form, or the record, again when the domain refuses what was sent."""

    def declare(view: View) -> View:
        view.error_page = endpoint  # type: ignore[attr-defined]  # read by the handler
        return view

    return declare


def install(app: Flask) -> None:
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(StaleRecord, _stale_record)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(SearchUnavailable, _search_unavailable)
    app.register_error_handler(DBAPIError, _fault_of_storage)
    app.register_error_handler(OSError, _fault_of_storage)
    app.register_error_handler(Exception, _unexpected)


def _domain_error(error: DomainError) -> ResponseReturnValue:
    status = STATUS.get(type(error), 400)
    if isinstance(error, NotAllowed | NotFound):
        # A record that is out of sight is not told from one that is not there; whoever reads the log sees who tried.
        _log_refusal("not allowed" if isinstance(error, NotAllowed) else "not there, or out of sight")
    page = _page_to_show_again()
    if page is None or isinstance(error, NotFound) or _wants_json():
        return _page(status, error.message)
    g.problem = error
    try:
        return current_app.ensure_sync(page)(**request.view_args or {}), status
    except DomainError:
        # What was sent names something that the page itself cannot show.
        return _page(status, error.message)
    except HTTPException as answer:
        return _http_error(answer)
    except (DBAPIError, OSError) as fault:
        return _fault_page(fault)


def _page_to_show_again() -> RouteCallable | None:
    """The page that the route names, for those who may open it: the gate stands before routes, not before views."""
    view = None if request.endpoint is None else current_app.view_functions[request.endpoint]
    endpoint = getattr(view, "error_page", None)
    if endpoint is None:
        return None
    name = f"{request.blueprint}{endpoint}" if endpoint.startswith(".") else endpoint
    page = current_app.view_functions[name]
    permission: Permission | None = getattr(page, "permission", Permission.ADMINISTER)
    return page if permission is None or (g.member is not None and may(g.member, permission)) else None


def _stale_record(error: StaleRecord) -> ResponseReturnValue:
    if _wants_json():
        return jsonify(title=_TITLES[409], detail=error.message, theirs=error.theirs, mine=error.mine), 409
    texts = [(name, error.theirs.get(name, ""), error.mine[name]) for name in error.mine]
    others = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in error.mine and name not in {"row_version", "csrf_token"}
    ]
    return render_template("errors/stale.html", error=error, texts=texts, others=others), 409


def _csrf_error(_error: CSRFError) -> ResponseReturnValue:
    _log_refusal("a form without its token")
    return _page(400, "The page was open for too long. Go back, reload it and send it again; nothing was changed.")


def _http_error(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if isinstance(error, SecurityError):
        # The Host header is not one of ours: nothing of it may stand on a page.
        _log_refusal("a name that is not served here")
        return "This name is not served here. Ask your administrator for the address.\n", 400, _PLAIN_TEXT
    if code < 400:  # noqa: PLR2004 - redirects are exceptions too
        return error.get_response()
    if isinstance(error, TooManyRequests | RequestEntityTooLarge):
        _log_refusal("too much, or too often")
    if isinstance(error, TooManyRequests) and error.retry_after:
        # Whoever says when to come back has also said why.
        answer = current_app.make_response(_page(code, error.description or _WORDS[code]))
        answer.headers["Retry-After"] = str(error.retry_after)
        return answer
    return _page(code, _WORDS.get(code, error.description or ""))


def _search_unavailable(_error: SearchUnavailable) -> ResponseReturnValue:
    return _page(503, "Search is being rebuilt. Everything else works; try again in a minute.")


def _fault_of_storage(error: DBAPIError | OSError) -> ResponseReturnValue:
    """A full, failing or damaged disk, and a database that is away: the same answer as while it is read-only."""
    why = fault_in_words(error)
    if not why or request.method == "GET":
        return _fault_page(error)
    log.error("could not be stored", path=_path(), method=request.method, reason=why, exc_info=error)
    return _domain_error(ReadOnly(why))


def _fault_page(error: DBAPIError | OSError) -> ResponseReturnValue:
    """For nobody in particular, so that it asks the database nothing."""
    why = fault_in_words(error)
    if isinstance(error, FileNotFoundError) and _is_stored_file(error):
        log.error("a stored file is missing", path=_path(), file=error.filename)
        return _page(404, _MISSING_FILE)
    if not why:
        return _unexpected(error)
    log.error("could not be read", path=_path(), method=request.method, reason=why, exc_info=error)
    g.member = None
    return _page(503, f"{why} Nothing half-done was stored; try again in a few minutes.")


def _is_stored_file(error: FileNotFoundError) -> bool:
    files: FileStore = current_app.extensions["files"]
    return Path(str(error.filename)).is_relative_to(files.root)


def _unexpected(error: Exception) -> ResponseReturnValue:
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    log.error("unexpected error", path=_path(), method=request.method, exc_info=error)
    return _page(500, _WORDS[500])


def _log_refusal(why: str) -> None:
    """Who tried what, from where; nothing that was typed."""
    member: Member | None = getattr(g, "member", None)
    who = "nobody" if member is None else member.ref
    log.warning("refused", why=why, member=who, method=request.method, path=_path(), network=request.remote_addr or "")


def _path() -> str:
    """The path, without the token of a link, which opens what it names."""
    rule = request.url_rule
    return rule.rule if rule is not None and "token" in rule.arguments else request.path


def _page(status: int, message: str) -> ResponseReturnValue:
    title = _TITLES.get(status, "This did not work")
    if _wants_json():
        return jsonify(title=title, status=status, detail=message), status, {"Content-Type": "application/problem+json"}
    return render_template("errors/error.html", title=title, message=message), status


def _wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json", "application/problem+json"])
    return best is not None and best != "text/html"
