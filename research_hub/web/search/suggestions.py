"""The best evidence on what is being typed: a decision's title, an insight's claim."""

from __future__ import annotations

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.clock import today
from research_hub.db import reading
from research_hub.search_service import search_engine
from research_hub.security import current_member, requires
from research_hub.web.search.answers import Question, answer
from research_hub.web.search.blueprint import bp
from research_hub.web.search.findings import InsightLine, insight_lines, insight_states
from research_hub.web.search.rows import numbers_of
from research_hub.web.words import link_to, words

OFFERED = 5


@bp.get("/evidence/suggest")
@requires(Permission.READ)
def suggest() -> ResponseReturnValue:
    """A fragment of HTML, or JSON where that is asked for; nothing typed, nothing offered."""
    text = request.args.get("q", "")
    lines = _best_insights(text) if text.strip() else []
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify(query=text, insights=[_as_json(line) for line in lines])
    on = today(reading())
    return render_template("search/suggestions.html", found=[(line, insight_states(line, on)) for line in lines])


def _best_insights(text: str) -> list[InsightLine]:
    session, member = reading(), current_member()
    citable = {"kind": ("insight",), "status": ("published", "challenged")}
    found = answer(session, search_engine(), member, Question(text, citable, limit=OFFERED))
    refs = [hit.record.ref for hit in found.hits if hit.record.kind == "insight"]
    lines = {line.insight.ref: line for line in insight_lines(session, member, numbers_of(refs, "INS"))}
    return [lines[ref] for ref in refs if ref in lines]


def _as_json(line: InsightLine) -> dict[str, object]:
    return {
        "ref": line.insight.ref,
        "claim": line.insight.claim,
        "strength": line.strength.in_words,
        "confidence": words(line.insight.confidence),
        "freshness": words(line.freshness),
        "contradicted": line.contradicted,
        "url": link_to(line.insight.ref),
    }
