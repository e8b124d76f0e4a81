"""Citations of the tray and of any single record, shown to be copied and taken away as files (features.md N6)."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.clock import today
from insights.core.errors import NotFound
from insights.stewardship.tray import (
    STYLE_NAMES,
    Citation,
    GatheredRow,
    Style,
    cite,
    gathered_rows,
    list_tray,
    taken_away,
    with_left_out,
)
from research_hub.db import reading
from research_hub.security import current_member, requires
from research_hub.web.addresses import permalink
from research_hub.web.stewardship.blueprint import bp

_MEDIA = {
    Style.TEXT: "text/plain; charset=utf-8",
    Style.MARKDOWN: "text/markdown; charset=utf-8",
    Style.BIBTEX: "application/x-bibtex; charset=utf-8",
    Style.CSL_JSON: "application/vnd.citationstyles.csl+json; charset=utf-8",
}


@bp.get("/tray/citations")
@requires(Permission.READ)
def tray_citations() -> ResponseReturnValue:
    cited, left_out = _citations([kept.record for kept in list_tray(reading(), current_member())])
    return render_template(
        "stewardship/citations.html", record=None, cited=bool(cited), boxes=_boxes(cited), left_out=left_out
    )


@bp.get("/tray/citations/<style>")
@requires(Permission.READ)
def tray_citations_file(style: str) -> ResponseReturnValue:
    chosen = _style(style)
    return _file("evidence-tray", *_citations([kept.record for kept in list_tray(reading(), current_member())]), chosen)


@bp.get("/cite/<ref>")
@requires(Permission.READ)
def cite_record(ref: str) -> ResponseReturnValue:
    record = record_of(ref)
    cited, left_out = _citations([record])
    return render_template(
        "stewardship/citations.html",
        record=record,
        cited=bool(cited),
        boxes=_boxes(cited),
        left_out=left_out,
        address=permalink(record.ref, record.pin),
    )


@bp.get("/cite/<ref>/<style>")
@requires(Permission.READ)
def cite_record_file(ref: str, style: str) -> ResponseReturnValue:
    chosen, record = _style(style), record_of(ref)
    return _file(record.ref.lower(), *_citations([record]), chosen)


def record_of(ref: str) -> GatheredRow:
    """Raises NotFound for what is not there, cannot be cited, or is out of the member's sight."""
    named = ref.strip().upper().partition("@")[0]
    found = gathered_rows(reading(), current_member(), [named])
    if not found:
        raise NotFound(ref)
    return next(iter(found.values()))


def _citations(records: Sequence[GatheredRow]) -> tuple[list[Citation], tuple[str, ...]]:
    """Those that may be taken away, and a line for what may not."""
    on = today(reading())
    going, left_out = taken_away(reading(), records)
    return [Citation(each, permalink(each.ref, each.pin), on) for each in records if each.ref in going], left_out


def _boxes(cited: Sequence[Citation]) -> list[tuple[Style, str, str]]:
    return [(style, STYLE_NAMES[style], cite(cited, style)) for style in Style]


def _style(style: str) -> Style:
    if style not in list(Style):
        abort(404)
    return Style(style)


def _file(name: str, cited: Sequence[Citation], left_out: Sequence[str], style: Style) -> Response:
    return Response(
        with_left_out(cite(cited, style), left_out, style),
        content_type=_MEDIA[style],
        headers={"Content-Disposition": f'attachment; filename="{name}.{style.value}"'},
    )
