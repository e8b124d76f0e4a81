"""Insights that say something like a claim, offered while it is typed and before it is published (features.md D6)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.coding.queries import get_highlight, highlights_by_ids
from insights.core.access import Permission
from insights.core.base import number_of
from insights.people.models import Member
from insights.synthesis.models import InsightStatus
from insights.synthesis.operations import attach_highlight
from insights.synthesis.queries import InsightFilter, InsightRow, evidence_of, get_insight, list_insights
from insights.synthesis.queries.similar import insights_with_words, tags_under
from insights.synthesis.similar import Candidate, rank_similar, telling_words
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.search_service import search_engine
from research_hub.security import current_member, requires
from research_hub.web.synthesis.blueprint import bp
from research_hub.web.synthesis.named import quote_ids
from research_hub.web.words import count, link_to, words
from search_index.engine import SearchRequest, SearchUnavailable
from search_index.projection import clearances_of
from search_index.query import parse_query

OFFERED = 5
LOOKED_AT = 60
SHORTEST = 8
"""Characters of a claim from which on it is worth looking."""

_IN_USE = {InsightStatus.DRAFT, InsightStatus.IN_REVIEW, InsightStatus.PUBLISHED, InsightStatus.CHALLENGED}


@dataclass(frozen=True, slots=True)
class SimilarRow:
    row: InsightRow
    likeness: float


@bp.get("/insights/similar")
@requires(Permission.READ)
def similar() -> ResponseReturnValue:
    """A fragment of HTML, or JSON where that is asked for; nothing alike, nothing offered."""
    quotes = [number for part in request.args.get("quotes", "").split(",") if (number := number_of(part, "HL"))]
    found = similar_insights(request.args.get("claim", ""), quotes, but=request.args.get("but", ""))
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify(insights=[_as_json(each) for each in found])
    return render_template("synthesis/similar.html", found=found, in_form=True)


@bp.post("/insights/<ref>/take-evidence")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".choose_evidence")
def take_evidence(ref: str) -> ResponseReturnValue:
    """What was meant for a new insight supports one that is there already."""
    ids = quote_ids(request.form.get("quotes", ""))
    if not ids:
        get_insight(reading(), current_member(), ref)
        flash("Your insight names no quote yet. Choose here what supports this one.", "message")
        return redirect(url_for(".choose_evidence", ref=ref), code=303)
    with transaction() as session:
        actor = current_member()
        insight = get_insight(session, actor, ref)
        held = {each.highlight.id for each in evidence_of(session, actor, insight) if each.highlight is not None}
        new = [number for number in dict.fromkeys(ids) if number not in held]
        for number in new:
            highlight, _source = get_highlight(session, actor, f"HL-{number}")
            attach_highlight(session, actor=actor, insight=insight, highlight=highlight)
    flash(f"{count(len(new), 'quote')} added to {ref}; no second insight was made.", "success")
    return redirect(url_for(".show", ref=ref), code=303)


def similar_insights(claim: str, quotes: Sequence[int] = (), *, but: str = "") -> list[SimilarRow]:
    """At most five, the likest first, of what the member may see; `but` is the insight itself."""
    session, member = reading(), current_member()
    tags = {tag for row in highlights_by_ids(session, member, list(quotes)) for tag in row.tags}
    ids = candidate_ids(session, member, claim, tags)
    rows = list_insights(session, member, InsightFilter(ids=ids), limit=None) if ids else []
    return most_alike(claim, [row for row in rows if row.ref != but], tags=tags)


def candidate_ids(session: Session, member: Member, claim: str, tags: Collection[str] = ()) -> list[int]:
    """What to hold against the claim: by the search index over claim and tags, and by the words of claims.

    The index may be behind by what was saved a moment ago, or away; the words find that too. Two statements.
    """
    if len(claim.strip()) < SHORTEST or not telling_words(claim):
        return []
    by_words = insights_with_words(session, member, claim, limit=LOOKED_AT)
    return list(dict.fromkeys([*_in_index(session, member, claim, tags), *by_words]))


def most_alike(claim: str, rows: Iterable[InsightRow], *, tags: Collection[str] = ()) -> list[SimilarRow]:
    """The likest of insights that are in use; one more statement where tags have a say."""
    found = {row.ref: row for row in rows if row.status in _IN_USE}
    theirs = tags_under(reading(), [row.id for row in found.values()]) if tags and found else {}
    candidates = [Candidate(ref, row.claim, theirs.get(row.id, frozenset())) for ref, row in found.items()]
    return [SimilarRow(found[each.ref], each.likeness) for each in rank_similar(claim, candidates, tags=tags)[:OFFERED]]


def _in_index(session: Session, member: Member, claim: str, tags: Collection[str]) -> list[int]:
    asked = " ".join(re.findall(r"\w+", f"{claim} {' '.join(sorted(tags))}".lower())[:40])
    wanted = SearchRequest(
        query=parse_query(asked),
        clearances=clearances_of(session, member),
        filters={"kind": ("insight",)},
        limit=LOOKED_AT,
    )
    try:
        hits = search_engine().search(wanted).hits
    except SearchUnavailable:
        return []
    return [number for hit in hits if (number := number_of(hit.key, "INS"))]


def _as_json(each: SimilarRow) -> dict[str, object]:
    return {
        "ref": each.row.ref,
        "claim": each.row.claim,
        "status": words(each.row.status),
        "strength": each.row.strength.in_words,
        "likeness": round(each.likeness),
        "url": link_to(each.row.ref),
    }
