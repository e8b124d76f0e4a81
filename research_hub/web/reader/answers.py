"""What a page that stays open is told after an act: the lines that changed, what was done, and the way back."""

from __future__ import annotations

from collections.abc import Mapping

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from insights.capture.models import SourceText
from research_hub.db import reading
from research_hub.security import current_member
from research_hub.web.reader.opening import lines_between


def said_in_place() -> bool:
    """Whether the page asked by script and stays open, so that it wants an answer and no redirect."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def changed(
    source: SourceText,
    *,
    start: int,
    end: int,
    ref: str,
    told: str,
    undo_href: str,
    undo_fields: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    """The lines that touch code points [start, end), as they are to be shown now, for reader.js to put in place.

    `undo_href` takes a POST of `undo_fields`.
    """
    lines = lines_between(reading(), current_member(), source=source, start=start, end=end)
    return jsonify(
        ref=ref,
        told=told,
        lines=render_template("components/changed_lines.html", lines=lines),
        undo={"href": undo_href, "fields": dict(undo_fields or {})},
    )
