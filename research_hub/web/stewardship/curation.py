"""The curator's queue: every item can be closed from the page."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.coding.operations import edit_highlight, set_highlight_dropped
from insights.coding.queries import get_highlight, highlights_by_ids
from insights.core.access import Permission
from insights.core.errors import NotFound
from insights.decisions.models import Decision, DecisionLink, ReviewResult
from insights.decisions.operations import reaffirm_link
from insights.decisions.queries import get_decision, get_link
from insights.decisions.relooking import look_again
from insights.decisions.reviews import close_reviews
from insights.people.models import Member
from insights.stewardship.curation import load_queue, put_back, set_aside
from insights.synthesis.contradictions import declare_contradiction, settle_contradiction
from insights.synthesis.models import Contradiction, ContradictionReason, ContradictionStatus, RevalidationResult
from insights.synthesis.queries import get_contradiction, get_insight
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.forms import told
from research_hub.web.messages import say_done
from research_hub.web.stewardship.blueprint import bp


@bp.get("/curation")
@requires(Permission.EDIT_INSIGHTS)
def curation(**_act: object) -> ResponseReturnValue:
    """Shown again after a refusal too, whatever the act was about."""
    everywhere = request.args.get("area") == "all"
    return render_template(
        "stewardship/curation.html",
        sections=load_queue(reading(), current_member(), everywhere=everywhere),
        everywhere=everywhere,
        reasons=told(ContradictionReason),
    )


@bp.post("/curation/links/<int:link_id>")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".curation")
def affirm_link(link_id: int) -> ResponseReturnValue:
    with transaction() as session:
        decision, link = _link(session, current_member(), link_id)
        insight = get_insight(session, current_member(), f"INS-{link.insight_id}")
        reaffirm_link(
            session,
            actor=current_member(),
            decision=decision,
            link=link,
            insight=insight,
            sentence=request.form.get("sentence", ""),
        )
    return _done(f"{decision.ref} still stands; the link is pinned to what {insight.ref} says now.")


@bp.post("/curation/contradictions/<int:contradiction_id>")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".curation")
def settle(contradiction_id: int) -> ResponseReturnValue:
    with transaction() as session:
        contradiction = _contradiction(session, current_member(), contradiction_id)
        settle_contradiction(
            session,
            actor=current_member(),
            contradiction=contradiction,
            status=ContradictionStatus.EXPLAINED,
            reason=request.form.get("reason", ""),
            explanation=request.form.get("explanation", ""),
        )
    return _done("Explained. It stands with both insights.")


@bp.post("/curation/contradictions")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".curation")
def open_one() -> ResponseReturnValue:
    """Two insights that were suggested contradict each other indeed; both are marked."""
    named = [request.form.get(side, "") for side in ("insight", "other")]
    with transaction() as session:
        insight, other = (get_insight(session, current_member(), ref) for ref in named)
        declare_contradiction(
            session, actor=current_member(), insight=insight, other=other, cause=request.form.get("cause", "")
        )
    return _done(f"Opened. It stands with {insight.ref} and {other.ref} until somebody explains it.")


@bp.post("/curation/decisions/<ref>")
@requires(Permission.ACCEPT_DECISIONS)
@shows_errors_on(".curation")
def let_stand(ref: str) -> ResponseReturnValue:
    """One sentence answers every open question about the decision."""
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        close_reviews(
            session,
            actor=current_member(),
            decision=decision,
            result=ReviewResult.STANDS,
            note=request.form.get("note", ""),
        )
    return _done(f"{decision.ref} stands. The sentence is kept with the questions it answers.")


@bp.post("/curation/insights/<ref>")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".curation")
def reconfirm(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        insight = get_insight(session, current_member(), ref)
        look_again(
            session,
            actor=current_member(),
            insight=insight,
            result=RevalidationResult.RECONFIRMED,
            note=request.form.get("note", ""),
        )
    return _done(f"{insight.ref} is fresh again from today.")


@bp.post("/curation/highlights/<ref>/tags")
@requires(Permission.CODE)
@shows_errors_on(".curation")
def tag_quote(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        highlight, _source = get_highlight(session, current_member(), ref)
        known = highlights_by_ids(session, current_member(), [highlight.id])[0]
        edit_highlight(
            session,
            actor=current_member(),
            highlight=highlight,
            tags=[*known.tags, *request.form.get("tags", "").split(",")],
            observation=highlight.observation,
            polarity=highlight.polarity,
        )
    return _done(f"{highlight.ref} is tagged.")


@bp.post("/curation/highlights/<ref>/let-go")
@requires(Permission.CODE)
@shows_errors_on(".curation")
def let_go(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        highlight, _source = get_highlight(session, current_member(), ref)
        set_highlight_dropped(session, actor=current_member(), highlight=highlight, dropped=True)
    say_done(f"{highlight.ref} let go.", undo_href=url_for("coding.restore", ref=highlight.ref))
    return redirect(url_for(".curation"), code=303)


@bp.post("/curation/aside")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".curation")
def leave() -> ResponseReturnValue:
    kind, key = request.form.get("kind", ""), request.form.get("key", "")
    with transaction() as session:
        set_aside(session, actor=current_member(), kind=kind, key=key, reason=request.form.get("reason", ""))
    say_done("Set aside.", undo_href=url_for(".take_up", kind=kind, key=key))
    return redirect(url_for(".curation"), code=303)


@bp.post("/curation/aside/undo")
@requires(Permission.EDIT_INSIGHTS)
@shows_errors_on(".curation")
def take_up() -> ResponseReturnValue:
    with transaction() as session:
        put_back(session, actor=current_member(), kind=request.args.get("kind", ""), key=request.args.get("key", ""))
    return _done("Back in the queue.")


def _done(text: str) -> ResponseReturnValue:
    flash(text, "success")
    return redirect(url_for(".curation"), code=303)


def _link(session: Session, member: Member, link_id: int) -> tuple[Decision, DecisionLink]:
    link = session.get(DecisionLink, link_id)
    if link is None:
        raise NotFound(f"link {link_id}")
    decision = get_decision(session, member, f"DEC-{link.decision_id}")
    return decision, get_link(session, member, decision, link_id)


def _contradiction(session: Session, member: Member, contradiction_id: int) -> Contradiction:
    contradiction = session.get(Contradiction, contradiction_id)
    if contradiction is None:
        raise NotFound(f"contradiction {contradiction_id}")
    insight = get_insight(session, member, f"INS-{contradiction.insight_id}")
    return get_contradiction(session, member, insight, contradiction_id)
