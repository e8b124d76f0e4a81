"""Lists over all decisions: needs that are not met, and decisions to look at again."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.clock import today
from insights.decisions.queries import (
    NeedsFilter,
    OutdatedLink,
    needs_not_met,
    open_reviews,
    outdated_links,
)
from insights.people.queries import service_choices
from research_hub.db import reading
from research_hub.security import current_member, requires
from research_hub.web.decisions.blueprint import bp
from research_hub.web.decisions.documents import needs_document, scope_of
from research_hub.web.decisions.states import LINK_WORDS, UNMET_WORDS
from research_hub.web.exports import Value, as_file, as_report, asked, table_of
from research_hub.web.forms import number_or_none

SHOWN = 200
LINKS_SHOWN = 50
_LINKS = (
    "Decision",
    "Title",
    "Service",
    "Owner",
    "Insight",
    "Claim now",
    "What it did",
    "Why",
    "Read at",
    "Now at",
    "Changed",
)


@bp.get("/decisions/needs-not-met")
@requires(Permission.READ)
def unmet_needs() -> ResponseReturnValue:
    """What was known and consciously not delivered, with the decision, the reason and the day to ask again."""
    session = reading()
    rows = needs_not_met(session, current_member(), _wanted())
    return render_template(
        "decisions/needs.html",
        rows=rows[:SHOWN],
        total=len(rows),
        due=sum(1 for row in rows if row.is_due),
        chosen=asked("service", "way", "due"),
        services=service_choices(session),
        ways=UNMET_WORDS,
    )


@bp.get("/decisions/needs-not-met.<extension>")
@requires(Permission.READ)
def export_needs(extension: str) -> ResponseReturnValue:
    session, wanted = reading(), _wanted()
    chosen = [
        scope_of(wanted.service_id),
        UNMET_WORDS.get(wanted.way, ""),
        "to be asked again now" if wanted.due else "",
    ]
    rows = needs_not_met(session, current_member(), wanted)
    return as_report(extension, needs_document(rows, ", ".join(filter(None, chosen)), today(session)))


@bp.get("/decisions/to-review")
@requires(Permission.READ)
def to_review() -> ResponseReturnValue:
    """Reviews that were proposed, and links whose evidence changed since: re-affirm, or ask for a review."""
    session, member, mine = reading(), current_member(), bool(request.args.get("mine"))
    links = outdated_links(session, member, mine=mine, limit=LINKS_SHOWN + 1)
    return render_template(
        "decisions/to_review.html",
        reviews=open_reviews(session, member, limit=SHOWN),
        links=links[:LINKS_SHOWN],
        more=len(links) > LINKS_SHOWN,
        mine=mine,
        link_words=LINK_WORDS,
    )


@bp.get("/decisions/to-review.<extension>")
@requires(Permission.READ)
def export_to_review(extension: str) -> ResponseReturnValue:
    session, member = reading(), current_member()
    links = outdated_links(session, member, mine=bool(request.args.get("mine")))
    reviews = [
        (row.decision_ref, row.decision, row.owner, row.cause, row.origin_ref, row.opened_by, row.opened_at)
        for row in open_reviews(session, member)
    ]
    columns = ("Decision", "Title", "Owner", "Why", "Proposed by record", "Proposed by", "Since")
    return as_file(
        extension,
        table_of("Evidence changed since", _LINKS, [_link(row) for row in links]),
        table_of("Reviews proposed", columns, reviews),
    )


def _wanted() -> NeedsFilter:
    way = request.args.get("way", "")
    service_id = number_or_none(request.args.get("service"))
    return NeedsFilter(service_id, way if way in UNMET_WORDS else "", due=bool(request.args.get("due")))


def _link(row: OutdatedLink) -> tuple[Value, ...]:
    about = (row.decision_ref, row.decision, row.service, row.owner, row.insight_ref, row.claim)
    return (*about, LINK_WORDS[row.type], row.rationale, row.pinned_version, row.version, row.changed_at)
