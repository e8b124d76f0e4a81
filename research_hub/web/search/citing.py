"""Ready-made citations of what a search finds, to paste into a ticket or a wiki page (beyond.md 2, features.md N6).

The address takes the words, so that it can stand in a browser as a keyword: `cite letters` in its address bar.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.core.access import Permission
from insights.core.clock import today
from insights.people.models import Member
from insights.stewardship.tray import STYLE_NAMES, Citation, GatheredRow, Style, cite, gathered_rows
from research_hub.db import reading
from research_hub.search_service import search_engine
from research_hub.security import current_member, requires
from research_hub.turns import one_at_a_time
from research_hub.web.addresses import absolute, permalink
from research_hub.web.search.blueprint import bp
from search_index.engine import SearchEngine, SearchRequest, SearchUnavailable
from search_index.projection import clearances_of
from search_index.query import parse_query
from search_index.synonym_list import current_synonyms

OFFERED: Final = 8
LONGEST: Final = 300
UNAVAILABLE: Final = "The search index is being rebuilt, so nothing can be looked up just now. Try again in a minute."


@dataclass(frozen=True, slots=True)
class Cited:
    """A record with its citation in each style, by the style's name for people."""

    record: GatheredRow
    styles: Mapping[str, str]


@bp.get("/cite")
@requires(Permission.READ)
@one_at_a_time
def cite_what_fits() -> ResponseReturnValue:
    """`?q=` is a search, or the ref of a record; `keyword` is the page's own address as browsers take it."""
    asked = " ".join(request.args.get("q", "").split())[:LONGEST]
    session, member = reading(), current_member()
    cited, notice = _cited(session, search_engine(), member, asked) if asked else ([], "")
    keyword = absolute(f"{request.script_root}{request.path}?q=%s")
    return render_template("search/cite.html", asked=asked, cited=cited, notice=notice, keyword=keyword)


def _cited(session: Session, engine: SearchEngine, member: Member, asked: str) -> tuple[list[Cited], str]:
    """The best that the member may see, each read again from the database, and what to say where search is away."""
    clearances = clearances_of(session, member)
    query = current_synonyms(session).widen(parse_query(asked)).query
    try:
        if not engine.watermark().database_id:
            return [], UNAVAILABLE
        hits = engine.search(SearchRequest(query, clearances, limit=OFFERED)).hits
    except SearchUnavailable:
        return [], UNAVAILABLE
    rows = gathered_rows(session, member, [hit.key for hit in hits])
    on = today(session)
    citations = [Citation(rows[hit.key], permalink(hit.key, rows[hit.key].pin), on) for hit in hits if hit.key in rows]
    return [Cited(each.record, _styles(each)) for each in citations], ""


def _styles(citation: Citation) -> dict[str, str]:
    plain, markdown = (cite([citation], style).strip() for style in (Style.TEXT, Style.MARKDOWN))
    return {STYLE_NAMES[Style.MARKDOWN]: markdown, STYLE_NAMES[Style.TEXT]: plain, "HTML": _as_html(citation, plain)}


def _as_html(citation: Citation, plain: str) -> str:
    """The plain text with its ref as a link, for what takes HTML: the address stands in the link alone."""
    ref, address = citation.record.ref, citation.address
    before, opened, after = plain.replace(f"{address} ", "").rpartition(f"({ref}")
    return f'<p>{escape(before)}{opened[:1]}<a href="{escape(address)}">{escape(ref)}</a>{escape(after)}</p>'
