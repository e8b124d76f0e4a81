from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.decisions.models import DecisionStatus, LinkStatus
from insights.decisions.queries import DecisionFilter, DecisionRow, list_decisions
from insights.people.queries import service_choices
from research_hub.db import reading
from research_hub.security import current_member, requires
from research_hub.web.decisions.blueprint import bp
from research_hub.web.decisions.states import evidence_states, outcome_words, states_of
from research_hub.web.exports import Value, as_file, table_of
from research_hub.web.forms import number_or_none
from research_hub.web.words import words

PAGE = 30
NO_EVIDENCE = "none"
_FILTERS = ("service", "status", "links", "in_force", "without_evidence", "mine")
_COLUMNS = (
    "Ref",
    "Decision",
    "Status",
    "Decided",
    "Service",
    "Team",
    "Owner",
    "Insights",
    "People",
    "Studies",
    "Quotes",
    "Declared basis",
    "Links to look at",
    "Delivery",
    "Live since",
    "Outcome",
    "Next check",
    "Overdue",
    "Superseded by",
)


@bp.get("/decisions")
@requires(Permission.READ)
def index() -> ResponseReturnValue:
    session, member = reading(), current_member()
    before = number_or_none(request.args.get("before"))
    rows = list_decisions(session, member, _filter(), before_id=before, limit=PAGE + 1)
    chosen = {name: value for name, value in request.args.items() if value and name in _FILTERS}
    return render_template(
        "decisions/decisions.html",
        rows=[(row, states_of(row), outcome_words(row)) for row in rows[:PAGE]],
        older=_page_from(rows[PAGE - 1], chosen) if len(rows) > PAGE else None,
        chosen=chosen,
        services=service_choices(session),
        statuses=list(DecisionStatus),
        link_states=[
            (NO_EVIDENCE, "none linked"),
            (LinkStatus.OUTDATED.value, "evidence changed since"),
            (LinkStatus.CHALLENGED.value, "contradicted"),
            (LinkStatus.UNSUPPORTED.value, "evidence withdrawn"),
        ],
    )


@bp.get("/decisions.<extension>")
@requires(Permission.READ)
def export_decisions(extension: str) -> ResponseReturnValue:
    rows = list_decisions(reading(), current_member(), _filter(), limit=None)
    return as_file(extension, table_of("Decisions", _COLUMNS, [_exported(row) for row in rows]))


def _page_from(last: DecisionRow, chosen: Mapping[str, str]) -> str:
    return f"{url_for('.index')}?{urlencode({**chosen, 'before': last.id})}"


def _filter() -> DecisionFilter:
    links = request.args.get("links", "")
    return DecisionFilter(
        service_id=number_or_none(request.args.get("service")),
        status=request.args.get("status", ""),
        in_force=bool(request.args.get("in_force")),
        without_evidence=bool(request.args.get("without_evidence")) or links == NO_EVIDENCE,
        link_state=links,
        owner_id=current_member().id if request.args.get("mine") else None,
    )


def _exported(row: DecisionRow) -> tuple[Value, ...]:
    standing = (row.ref, row.title, row.status, row.decided_on, row.service, row.team, row.owner)
    evidence = (row.insights, row.people, row.studies, row.quotes, words(row.basis))
    suspect = "; ".join(text for text, _tone in evidence_states(row))
    after = (suspect, words(row.delivery_state), row.live_on, words(row.verdict), row.next_check, row.is_overdue)
    return (*standing, *evidence, *after, row.superseded_by)
