"""Pages for everybody: what was asked, said, done, and what happened next, a page a decision."""

from __future__ import annotations

from itertools import groupby

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from insights.openness.entries import RIGHT_TO_LEFT, public_page, published_pages
from research_hub.db import reading
from research_hub.security import public
from research_hub.web.public.blueprint import bp, settings

LONGEST_SEARCH = 200


@bp.get("/open")
@public
def index() -> ResponseReturnValue:
    require_switched_on()
    words = request.args.get("q", "")[:LONGEST_SEARCH].strip()
    found = published_pages(reading(), words=words)
    services = [
        (name, list(pages))
        for name, pages in groupby(sorted(found, key=lambda each: each.service), key=lambda each: each.service)
    ]
    return render_template("public/index.html", services=services, words=words, settings=settings())


@bp.get("/open/<ref>")
@public
def page(ref: str) -> ResponseReturnValue:
    return _page(ref, "")


@bp.get("/open/<ref>/<language>")
@public
def page_in(ref: str, language: str) -> ResponseReturnValue:
    return _page(ref, language)


def _page(ref: str, language: str) -> ResponseReturnValue:
    require_switched_on()
    found, translations = public_page(reading(), ref, language)
    answer = render_template(
        "public/entry.html",
        page=found,
        translations=translations,
        right_to_left=found.language in RIGHT_TO_LEFT,
        settings=settings(),
    )
    return answer, 410 if found.withdrawn_at is not None else 200


def require_switched_on() -> None:
    if not settings().public_pages:
        abort(404)
