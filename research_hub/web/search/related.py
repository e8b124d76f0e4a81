"""What else is held on the matter of a record: fetched by its page, or read on a page of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog
from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from insights.coding.models import Highlight
from insights.core.access import Permission
from insights.core.base import number_of
from insights.core.errors import NotFound
from insights.decisions.models import DecisionLink
from insights.people.models import Member
from insights.synthesis.models import EvidenceLink
from research_hub.db import reading
from research_hub.search_service import search_engine
from research_hub.security import current_member, requires
from research_hub.web.search.answers import records
from research_hub.web.search.blueprint import bp
from research_hub.web.search.rows import RecordRow, read_scope
from search_index.engine import SearchEngine, SearchUnavailable

OFFERED = 5

_STANDS_IN = (
    ("SES", Highlight.research_session_id),
    ("SRC", Highlight.source_text_id),
    ("STU", Highlight.study_id),
)
"""Where the words of a quote stand: its page, and those of what rests on it, lead there already."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Related:
    """A record and what is related to it; `unavailable` while the index cannot tell."""

    record: RecordRow
    rows: tuple[RecordRow, ...]
    unavailable: bool = False


@bp.get("/related/<ref>")
@requires(Permission.READ)
def related(ref: str) -> ResponseReturnValue:
    """`?fragment` answers the section alone, for the record's own page."""
    found = related_to(reading(), search_engine(), current_member(), ref.upper())
    template = "search/related_section.html" if "fragment" in request.args else "search/related.html"
    return render_template(template, found=found)


def related_to(session: Session, engine: SearchEngine, member: Member, ref: str) -> Related:
    """Five records at most, without those that the record's own page shows.

    Raises NotFound for what is no record and for one that the member may not see.
    """
    scope = read_scope(session, member)
    clearances = scope.clearances
    try:
        hits = engine.related(ref, clearances, limit=OFFERED, without=_shown_there(session, ref))
    except SearchUnavailable as error:
        log.warning("related records cannot be told", reason=str(error))
        hits, unavailable = (), True
    else:
        unavailable = False
    rows = records(session, scope, [ref, *(hit.key for hit in hits)])
    if ref not in rows:
        raise NotFound(ref)
    return Related(rows[ref], tuple(rows[hit.key] for hit in hits if hit.key in rows), unavailable)


def _shown_there(session: Session, ref: str) -> frozenset[str]:
    """What a record rests on, and what rests on it, stands on its page already; one statement at most."""
    statements = _links_of(ref)
    if not statements:
        return frozenset()
    rows = session.execute(union_all(*statements)).all()
    return frozenset(f"{row[0]}-{row[1]}" for row in rows if row[1])


def _links_of(ref: str) -> list[Select[*tuple[Any, ...]]]:
    prefix = ref.partition("-")[0]
    number = number_of(ref, prefix) or 0
    match prefix:
        case "INS":
            cited = Highlight.id.in_(select(EvidenceLink.highlight_id).where(EvidenceLink.insight_id == number))
            return [
                *(_named(prefix, column).where(cited) for prefix, column in _STANDS_IN),
                _named("HL", Highlight.id).where(cited),
                _named("DEC", DecisionLink.decision_id).where(DecisionLink.insight_id == number),
            ]
        case "DEC":
            return [_named("INS", DecisionLink.insight_id).where(DecisionLink.decision_id == number)]
        case "HL":
            return [
                _named("INS", EvidenceLink.insight_id).where(EvidenceLink.highlight_id == number),
                *(_named(prefix, column).where(Highlight.id == number) for prefix, column in _STANDS_IN),
            ]
        case "SES":
            return [_named("HL", Highlight.id).where(Highlight.research_session_id == number)]
        case "SRC":
            return [_named("HL", Highlight.id).where(Highlight.source_text_id == number)]
        case _:
            return []


def _named(prefix: str, column: InstrumentedAttribute[Any]) -> Select[*tuple[Any, ...]]:
    return select(literal(prefix).label("prefix"), column.label("number"))
