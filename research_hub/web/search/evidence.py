from __future__ import annotations

from typing import Any, get_args

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from research_hub.db import reading
from research_hub.search_service import search_engine
from research_hub.security import current_member, requires
from research_hub.turns import one_at_a_time
from research_hub.web.exports import as_file, table_of
from research_hub.web.forms import number_or_none
from research_hub.web.search.answers import Answer, Question, answer
from research_hub.web.search.asked import remember_search
from research_hub.web.search.blueprint import bp
from research_hub.web.search.facets import LEGENDS
from research_hub.web.search.rows import HitRow
from research_hub.web.search.taking import WordsToTakeAway, words_to_take_away
from research_hub.web.words import link_to
from search_index.documents import FACETS
from search_index.engine import Sort

MOST_EXPORTED = 1_000
DEEPEST = 10_000
"""Hits further down than this are asked for by a narrower question."""

LONGEST_QUESTION = 1_000
"""Characters, some three times what the 32 words that are searched come to; more would only travel in every link."""

_MOST_VALUES = 50
_SORTS: dict[Sort, str] = {
    "relevance": "best first",
    "newest": "newest first",
    "oldest": "oldest first",
    "strength": "strongest first",
}


@bp.get("/evidence")
@requires(Permission.READ)
@one_at_a_time
def index() -> ResponseReturnValue:
    found = answer(reading(), search_engine(), current_member(), _question())
    page = render_template(
        "search/evidence.html",
        found=found,
        links=_links(found),
        most_exported=MOST_EXPORTED,
        q=found.question.text,
    )
    return remember_search(make_response(page), found)


@bp.get("/evidence.<extension>")
@requires(Permission.READ)
@one_at_a_time
def export(extension: str) -> ResponseReturnValue:
    """The same results as on screen, up to 1,000, in their order."""
    session = reading()
    found = answer(session, search_engine(), current_member(), _question(offset=0, limit=MOST_EXPORTED))
    going = words_to_take_away(session, [hit.record.ref for hit in found.hits])
    columns = ("Ref", "Kind", "Title", "Words", "Date", "Study", "Who, when and where", "What became of it", "Address")
    rows = [
        (
            hit.record.ref,
            hit.record.kind,
            hit.record.title,
            _words_of(hit, going),
            hit.record.dated_on,
            hit.record.study,
            hit.record.meta,
            "; ".join(state.words for state in hit.record.states),
            link_to(hit.record.ref),
        )
        for hit in found.hits
        if hit.record.ref not in going.quotes_left_out
    ]
    return as_file(extension, table_of("Evidence", columns, rows, going.lines))


def _words_of(hit: HitRow, going: WordsToTakeAway) -> str:
    """What somebody said only as they agreed to; of an insight what is written, for a snippet may be a quote of it."""
    if hit.record.kind in {"highlight", "insight"}:
        return hit.record.text
    return "" if hit.record.ref in going.sessions_left_out else "".join(text for text, _ in hit.snippet)


@bp.get("/help/search")
@requires(Permission.READ)
def help_page() -> ResponseReturnValue:
    return render_template("search/help.html", fields=FACETS)


def _question(*, offset: int | None = None, limit: int | None = None) -> Question:
    """The address bar's question; what it does not know it leaves out."""
    sort = request.args.get("sort", "")
    asked = offset if offset is not None else number_or_none(request.args.get("offset")) or 0
    values: dict[str, Any] = {} if limit is None else {"limit": limit}
    return Question(
        text=request.args.get("q", "")[:LONGEST_QUESTION],
        filters={name: tuple(chosen) for name in LEGENDS if (chosen := _chosen(name))},
        sort=sort if sort in get_args(Sort) else "relevance",  # type: ignore[arg-type]  # one of them
        offset=min(asked, DEEPEST),
        after="" if offset is not None else request.args.get("after", ""),
        before="" if offset is not None else request.args.get("before", ""),
        opened=request.args.get("more", ""),
        exactly="exactly" in request.args,
        **values,
    )


def _chosen(name: str) -> list[str]:
    return [value for value in request.args.getlist(name)[:_MOST_VALUES] if value]


def _links(found: Answer) -> dict[str, Any]:
    """Addresses from this page on, each carrying the whole question."""
    question = found.question
    asked: dict[str, Any] = {
        "q": question.text or None,
        **{name: list(each) for name, each in question.filters.items()},
        "exactly": 1 if question.exactly else None,
    }
    # Without words nothing ranks, and the newest come first.
    shown = "newest" if question.sort == "relevance" and not question.text.strip() else question.sort
    sorted_asked = {**asked, "sort": None if question.sort == "relevance" else question.sort}

    def page(offset: int | None, **place: str) -> str | None:
        return None if offset is None else url_for(".index", **{**sorted_asked, **place, "offset": offset or None})

    refs = [hit.record.ref for hit in found.hits]
    return {
        # The hit that a page goes on behind is named: what comes in meanwhile moves no hit twice onto the screen.
        "next": page(found.next_offset if (found.next_offset or 0) <= DEEPEST else None, after="".join(refs[-1:])),
        "previous": page(found.previous_offset, **({"before": refs[0]} if refs and found.previous_offset else {})),
        "sorts": [
            (label, url_for(".index", **{**asked, "sort": name}), name == shown)
            for name, label in _SORTS.items()
            if question.text.strip() or name != "relevance"
        ],
        "more": {group.name: url_for(".index", **sorted_asked, more=group.name) for group in found.facets},
        "unfiltered": url_for(".index", q=question.text or None),
        "exactly": url_for(".index", **{**sorted_asked, "exactly": 1}) if found.also else None,
        "widely": url_for(".index", **{**sorted_asked, "exactly": None}) if question.exactly else None,
        "suggestion": url_for(".index", **{**asked, "q": found.suggestion}) if found.suggestion else None,
        "csv": url_for(".export", extension="csv", **sorted_asked),
        "xlsx": url_for(".export", extension="xlsx", **sorted_asked),
    }
