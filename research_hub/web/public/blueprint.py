from __future__ import annotations

from flask import Blueprint, Response, current_app, request, session
from flask.sessions import SessionMixin

from research_hub.config import Settings

bp = Blueprint("public", __name__)

# A copy may be kept, but is asked about before it is shown: what is hidden must be hidden at once.
CACHED = "public, max-age=0, must-revalidate"


@bp.after_request
def forget_who_asks(response: Response) -> Response:
    """These pages are the same for everybody: no cookie is set, and none makes a difference."""
    # The object itself, for reading it by its name marks it as asked for.
    known: SessionMixin = session._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - a proxy
    known.permanent = False
    known.accessed = known.modified = False
    if response.status_code == 200 and request.method == "GET":  # noqa: PLR2004 - found
        response.headers["Cache-Control"] = CACHED
        response.add_etag()
        response.make_conditional(request)
    return response


def settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found
