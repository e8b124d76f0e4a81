"""What was published lately, for feed readers: Atom 1.0 (RFC 4287) and JSON Feed 1.1."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from lxml import etree

from insights.exchange.tables import legal_text
from insights.openness.entries import PublicPage, published_pages
from research_hub.db import reading
from research_hub.security import public
from research_hub.web.public.blueprint import bp, settings
from research_hub.web.public.pages import require_switched_on

MOST_ENTRIES = 50
TITLE = "We asked, you said, we did"
_ATOM: Final = "http://www.w3.org/2005/Atom"


@bp.get("/open/feed.atom")
@public
def atom() -> ResponseReturnValue:
    require_switched_on()
    return Response(_as_atom(published_pages(reading(), limit=MOST_ENTRIES)), mimetype="application/atom+xml")


@bp.get("/open/feed.json")
@public
def json_feed() -> ResponseReturnValue:
    require_switched_on()
    text = json.dumps(_as_json(published_pages(reading(), limit=MOST_ENTRIES)), ensure_ascii=False, indent=2)
    return Response(text, mimetype="application/feed+json")


def _as_atom(pages: Sequence[PublicPage]) -> bytes:
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})  # type: ignore[dict-item]  # None stands for the default namespace
    _add(feed, "id", _address("public.index"))
    _add(feed, "title", _title())
    _add(feed, "updated", _moment(max((each.updated_at for each in pages), default=datetime(2000, 1, 1, tzinfo=UTC))))
    _add(_add(feed, "author"), "name", settings().public_organisation or "Research Hub")
    _add(feed, "rights", settings().public_licence)
    _add(feed, "link", rel="self", type="application/atom+xml", href=_address("public.atom"))
    _add(feed, "link", rel="alternate", type="text/html", href=_address("public.index"))
    for each in pages:
        entry = _add(feed, "entry", **{"{http://www.w3.org/XML/1998/namespace}lang": each.language})
        _add(entry, "id", f"urn:uuid:{each.uuid}")
        _add(entry, "title", each.title)
        _add(entry, "published", _moment(each.published_at))
        _add(entry, "updated", _moment(each.updated_at))
        _add(entry, "link", rel="alternate", type="text/html", href=_page_address(each))
        _add(entry, "summary", each.summary or "This page is under review.")
    return etree.tostring(feed, xml_declaration=True, encoding="utf-8")


def _as_json(pages: Sequence[PublicPage]) -> dict[str, Any]:
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(),
        "home_page_url": _address("public.index"),
        "feed_url": _address("public.json_feed"),
        "items": [
            {
                "id": f"urn:uuid:{each.uuid}",
                "url": _page_address(each),
                "title": each.title,
                "content_text": each.summary or "This page is under review.",
                "date_published": _moment(each.published_at),
                "date_modified": _moment(each.updated_at),
                "language": each.language,
                "tags": [each.service] if each.service else [],
            }
            for each in pages
        ],
    }


def _title() -> str:
    name = settings().public_organisation
    return f"{TITLE}: {name}" if name else TITLE


def _page_address(page: PublicPage) -> str:
    return _absolute(url_for("public.page_in", ref=page.decision_ref, language=page.language))


def _address(endpoint: str) -> str:
    return _absolute(url_for(endpoint))


def _absolute(path: str) -> str:
    """By the site's own address where it is set, else by the host that was asked, which is one of the trusted."""
    root = (settings().base_url or request.url_root).rstrip("/").removesuffix(request.script_root)
    return root + path


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    made = etree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    made.text = legal_text(text) or None
    return made


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
