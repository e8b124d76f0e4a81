from __future__ import annotations

import json
from collections.abc import Mapping

import click
from flask import current_app

from research_hub.cli.acting import acting_as, as_member, within_addresses
from research_hub.cli.application import with_application
from research_hub.db import reading
from research_hub.search_service import search_engine
from research_hub.web.search.answers import Answer, Question, answer
from research_hub.web.search.rows import HitRow
from research_hub.web.words import link_to

MOST = 1_000


@click.command()
@click.argument("query")
@acting_as
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON; docs/command-line.md tells its shape.")
@click.option("--kind", "kinds", multiple=True, help="Only this kind of record; may be given again.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, MOST), help="Hits at most.")
@with_application
def search(*, query: str, email: str | None, as_json: bool, kinds: tuple[str, ...], limit: int) -> None:
    """Search as a member would, by default with the sight that every account has."""
    filters: Mapping[str, tuple[str, ...]] = {"kind": kinds} if kinds else {}
    session = reading()
    found = answer(session, search_engine(), as_member(session, email), Question(query, filters, limit=limit))
    with within_addresses(current_app):
        shape = search_json(found)
    if as_json:
        click.echo(json.dumps(shape, ensure_ascii=False, indent=1))
        return
    _show(found)


def search_json(found: Answer) -> dict[str, object]:
    """{"query", "total", "took_ms", "facets", "hits": [...]} with what was not understood in "messages"."""
    return {
        "query": found.question.text,
        "total": found.total,
        "took_ms": round(found.took_ms, 1),
        "facets": {
            name: [{"value": value, "count": count} for value, count in counts] for name, counts in found.counts.items()
        },
        "hits": [_hit(hit) for hit in found.hits],
        "suggestion": found.suggestion,
        "messages": [*found.messages, *([found.notice] if found.notice else [])],
    }


def _hit(hit: HitRow) -> dict[str, object]:
    return {
        "kind": hit.record.kind,
        "ref": hit.record.ref,
        "title": hit.record.title or hit.record.meta,
        "snippet": "".join(text for text, _ in hit.snippet),
        "score": hit.score,
        "url": link_to(hit.record.ref),
    }


def _show(found: Answer) -> None:
    for hit in found.hits:
        click.echo(f"{click.style(hit.record.ref, bold=True)}  {hit.record.title}")
        if hit.shows_passage:
            parts = (click.style(text, underline=True) if is_hit else text for text, is_hit in hit.snippet)
            click.echo("    " + " ".join("".join(parts).split()))
    click.echo(f"{found.total:,} found.")
    for message in (*found.messages, *filter(None, [found.notice])):
        click.echo(f"research-hub: {message}", err=True)
    if found.suggestion:
        click.echo(f"Did you mean: {found.suggestion}", err=True)
