"""The page of one decision, and the same as a file."""

from __future__ import annotations

from typing import TypeAlias

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission, may
from insights.decisions.models import Decision
from insights.decisions.queries import (
    LINKS_A_PAGE,
    ChangeRow,
    DecisionHead,
    LedgerFilter,
    beside,
    changes_of,
    checks_of,
    decision_head,
    get_decision,
    ledger,
    measures_of,
)
from insights.decisions.roles import approves
from insights.exchange.decision_export import as_madr
from insights.synthesis.queries import contradictions_of
from research_hub.db import reading
from research_hub.security import current_member, requires
from research_hub.web.decisions.blueprint import bp
from research_hub.web.decisions.brief import in_brief
from research_hub.web.decisions.states import (
    CONTRIBUTION_WORDS,
    KIND_WORDS,
    LINK_TONES,
    LINK_WORDS,
    REVIEW_WORDS,
    TRACKER_WORDS,
    WORK_WORDS,
    check_words,
    states_of,
)
from research_hub.web.differences import word_differences
from research_hub.web.forms import number_or_none
from research_hub.web.thread import stages

# Where less than this share of the shorter text is left, before and after are two texts and no edit.
LEAST_SHARED = 0.4

Marked: TypeAlias = str | list[tuple[str, str]]


@bp.get("/decisions/<ref>")
@requires(Permission.READ)
def show(ref: str, **_part: int) -> ResponseReturnValue:
    """Also shown again after an act on a part of the decision, whose number is then among the values."""
    session, member = reading(), current_member()
    after = number_or_none(request.args.get("after")) or 0
    head = decision_head(session, member, ref, after=after, with_thread=True)
    decision = head.record
    checks = checks_of(session, decision)
    changes = changes_of(session, decision)
    impact = ledger(session, member, LedgerFilter(decision_id=decision.id))
    around = beside(session, member, decision)
    return render_template(
        "decisions/decision.html",
        decision=decision,
        head=head,
        row=head.row,
        states=states_of(head.row),
        links=head.links,
        link_words=LINK_WORDS,
        link_tones=LINK_TONES,
        contradictions=contradictions_of(session, member, [each.insight_id for each in head.links]),
        changes=[_change(each) for each in changes],
        brief=in_brief(head, changes, checks, impact),
        around=around,
        review_words=REVIEW_WORDS,
        tracker_words=TRACKER_WORDS,
        work_words=WORK_WORDS,
        pages=_pages(head, decision, after),
        measures=measures_of(session, decision),
        checks=[(each, check_words(each)) for each in checks],
        impact=impact,
        contribution_words=CONTRIBUTION_WORDS,
        kind_words=KIND_WORDS,
        stages=[]
        if head.thread is None
        else stages(head.thread, here="decision", ref=decision.ref, note=states_of(head.row)[0][0]),
        may_edit=head.is_editable and may(member, Permission.EDIT_DECISIONS),
        may_approve=approves(member),
    )


@bp.get("/decisions/<ref>.md")
@requires(Permission.READ)
def madr(ref: str) -> ResponseReturnValue:
    """The decision as a MADR 4 file, with its evidence in the front matter."""
    session, member = reading(), current_member()
    decision = get_decision(session, member, ref)
    return Response(
        as_madr(session, decision, member).encode(),
        content_type="text/markdown; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{decision.ref}.md"'},
    )


def _pages(head: DecisionHead, decision: Decision, after: int) -> tuple[str | None, str | None, int]:
    """The addresses of the links before and after those shown, and how many links there are."""
    before = (
        url_for(".show", ref=decision.ref, after=max(0, after - LINKS_A_PAGE) or None, _anchor="insights")
        if after
        else None
    )
    following = (
        url_for(".show", ref=decision.ref, after=after + LINKS_A_PAGE, _anchor="insights")
        if head.has_more_links
        else None
    )
    return before, following, sum(head.row.link_states.values())


def _change(row: ChangeRow) -> tuple[ChangeRow, Marked, Marked]:
    """Before with what went, after with what came; texts that share little are shown without marks."""
    if not (row.before and row.after):
        return row, row.before or "–", row.after or "–"
    pairs = word_differences(row.before, row.after)
    kept = sum(len(text.strip()) for operation, text in pairs if operation == "equal")
    if kept < LEAST_SHARED * min(len(row.before), len(row.after)):
        return row, row.before, row.after
    before = [pair for pair in pairs if pair[0] != "insert"]
    return row, before, [pair for pair in pairs if pair[0] != "delete"]
