"""From a session among the hits to the paragraph in which the words stand."""

from __future__ import annotations

from flask import redirect, request
from flask.typing import ResponseReturnValue

from insights.capture.queries import SourcePage, get_research_session, get_source, source_page
from insights.core.access import Permission
from insights.core.errors import NotFound
from insights.core.text import reading_blocks
from research_hub.db import reading
from research_hub.security import current_member, requires
from research_hub.web.search.answers import Question, understood
from research_hub.web.search.blueprint import bp
from research_hub.web.words import link_to
from search_index.engines.snippets import Marker
from search_index.query import Query


@bp.get("/evidence/passage/<ref>")
@requires(Permission.READ)
def passage(ref: str) -> ResponseReturnValue:
    """Leads on to the session, at the paragraph that holds most of the words of `q`."""
    page = _page(ref)
    address = link_to(page.ref)
    if address is None:
        raise NotFound(ref)
    query = understood(reading(), Question(request.args.get("q", ""))).query
    number = best_paragraph(page.text, query)
    return redirect(f"{address}#p-{number}" if number else address, code=303)


def best_paragraph(text: str, query: Query) -> int:
    """The number of the block with most different words of the query, the first of equals; 0 where there is none."""
    marker = Marker(query)
    best, most = 0, 0
    for block in reading_blocks(text):
        held = len({hit.stem for hit in marker.hits(block.words)})
        if block.number and held > most:
            best, most = block.number, held
    return best


def _page(ref: str) -> SourcePage:
    session, member = reading(), current_member()
    if ref.upper().startswith("SRC-"):
        source, _ = get_source(session, member, ref)
        return source_page(session, member, source_id=source.id)
    held, _ = get_research_session(session, member, ref)
    return source_page(session, member, session_id=held.id)
