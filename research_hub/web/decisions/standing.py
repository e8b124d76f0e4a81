"""Accept, reject, deprecate, supersede: where a decision stands."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from insights.core.access import Permission
from insights.core.errors import InvalidInput
from insights.decisions.against import is_contradicted
from insights.decisions.models import DecisionStatus, ReviewResult
from insights.decisions.operations import (
    accept_decision,
    defer_decision,
    deprecate_decision,
    reject_decision,
    supersede_decision,
)
from insights.decisions.queries import beside, decision_head, decisions_to_choose, get_decision
from insights.decisions.reviews import ask_for_review, close_reviews
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.decisions.blueprint import bp
from research_hub.web.decisions.forms import AcceptForm, CauseForm, RefusalForm, ReviewForm, SupersedeForm
from research_hub.web.decisions.states import LINK_TONES, LINK_WORDS
from research_hub.web.forms import read_form

_LIVING = (DecisionStatus.ACCEPTED, DecisionStatus.PROPOSED)


@bp.get("/decisions/<ref>/accept")
@requires(Permission.ACCEPT_DECISIONS)
def decide(ref: str) -> ResponseReturnValue:
    """What it rests on, beside what is still missing before it can be accepted."""
    session, member = reading(), current_member()
    head = decision_head(session, member, ref)
    form = AcceptForm()
    replaceable = decisions_to_choose(session, member, DecisionStatus.ACCEPTED, but=head.record.id)
    form.supersedes.choices = _choices(replaceable)
    return render_template(
        "decisions/accept_form.html",
        form=form,
        decision=head.record,
        row=head.row,
        links=head.links,
        link_words=LINK_WORDS,
        link_tones=LINK_TONES,
        has_evidence=bool(head.row.insights),
        is_contradicted=is_contradicted(session, head.record),
        refusal=RefusalForm(),
    )


@bp.post("/decisions/<ref>/accept")
@requires(Permission.ACCEPT_DECISIONS)
@shows_errors_on(".decide")
def accept(ref: str) -> ResponseReturnValue:
    """Where it replaces another decision, both sides are written at once."""
    form = AcceptForm()
    form.supersedes.choices = []
    values = read_form(form)
    with transaction() as session:
        member = current_member()
        decision = get_decision(session, member, ref)
        accept_decision(
            session,
            actor=member,
            decision=decision,
            basis=values["basis"],
            basis_reason=values["basis_reason"] or "",
            beyond_evidence_reason=values["beyond_evidence_reason"] or "",
            decided_on=values["decided_on"],
            may_stand=values["may_stand"],
        )
        if values["supersedes"]:
            old = get_decision(session, member, values["supersedes"])
            supersede_decision(session, actor=member, old=old, new=decision)
    flash(f"{decision.ref} is accepted. Say what changed, and how you will know.", "success")
    return redirect(url_for(".show", ref=ref), code=303)


@bp.post("/decisions/<ref>/reject")
@requires(Permission.ACCEPT_DECISIONS)
@shows_errors_on(".decide")
def reject(ref: str) -> ResponseReturnValue:
    values = read_form(RefusalForm())
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        reject_decision(
            session,
            actor=current_member(),
            decision=decision,
            reason=values["reason"],
            revisit_on=values["revisit_on"],
        )
    flash(f"{decision.ref} is rejected. What it rested on stands in the register of needs not met.", "success")
    return redirect(url_for(".show", ref=ref), code=303)


@bp.post("/decisions/<ref>/defer")
@requires(Permission.ACCEPT_DECISIONS)
@shows_errors_on(".decide")
def defer(ref: str) -> ResponseReturnValue:
    values = read_form(RefusalForm())
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        until, reason = values["revisit_on"], values["reason"]
        defer_decision(session, actor=current_member(), decision=decision, until=until, reason=reason)
    flash(f"{decision.ref} is put off. It stands in the register of needs not met until it is decided.", "success")
    return redirect(url_for(".show", ref=ref), code=303)


@bp.get("/decisions/<ref>/review")
@requires(Permission.ACCEPT_DECISIONS)
def review(ref: str) -> ResponseReturnValue:
    """Does it still stand? Re-affirm its evidence, replace it, or take it out of force."""
    session, member = reading(), current_member()
    head = decision_head(session, member, ref, suspect=True)
    form = SupersedeForm()
    form.by.choices = _choices(decisions_to_choose(session, member, *_LIVING, but=head.record.id))
    asked = beside(session, member, head.record).open_reviews
    return render_template(
        "decisions/review_form.html",
        form=form,
        decision=head.record,
        row=head.row,
        links=[each for each in head.links if each.needs_a_look],
        more_links=head.has_more_links,
        asked=asked,
        stands=ReviewForm(),
        cause=CauseForm(),
        link_words=LINK_WORDS,
        link_tones=LINK_TONES,
    )


@bp.post("/decisions/<ref>/review/stands")
@requires(Permission.ACCEPT_DECISIONS)
@shows_errors_on(".review")
def let_stand(ref: str) -> ResponseReturnValue:
    """Answers every open question about it with one sentence."""
    note = read_form(ReviewForm())["note"]
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        close_reviews(session, actor=current_member(), decision=decision, result=ReviewResult.STANDS, note=note)
    flash(f"{decision.ref} stands. The sentence is kept with the questions it answers.", "success")
    return redirect(url_for(".show", ref=ref), code=303)


@bp.post("/decisions/<ref>/review/ask")
@requires(Permission.EDIT_DECISIONS)
@shows_errors_on(".review")
def ask_review(ref: str) -> ResponseReturnValue:
    cause = read_form(CauseForm())["cause"]
    with transaction() as session:
        decision = get_decision(session, current_member(), ref)
        ask_for_review(session, actor=current_member(), decision=decision, cause=cause)
    flash(f"A review of {decision.ref} is proposed; whoever decides finds it under ‘To review’.", "success")
    return redirect(url_for(".show", ref=ref), code=303)


@bp.post("/decisions/<ref>/deprecate")
@requires(Permission.ACCEPT_DECISIONS)
@shows_errors_on(".review")
def deprecate(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        deprecate_decision(session, actor=current_member(), decision=get_decision(session, current_member(), ref))
    flash(f"{ref} is no longer in force.", "success")
    return redirect(url_for(".show", ref=ref), code=303)


@bp.post("/decisions/<ref>/supersede")
@requires(Permission.ACCEPT_DECISIONS)
@shows_errors_on(".review")
def supersede(ref: str) -> ResponseReturnValue:
    form = SupersedeForm()
    form.by.choices = []
    by = read_form(form)["by"]
    if not by:
        raise InvalidInput.of("by", "Choose the decision that replaces it.")
    with transaction() as session:
        old = get_decision(session, current_member(), ref)
        new = get_decision(session, current_member(), by)
        supersede_decision(session, actor=current_member(), old=old, new=new)
    flash(f"{old.ref} is superseded by {new.ref}; both pages say so.", "success")
    return redirect(url_for(".show", ref=ref), code=303)


def _choices(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [("", "–"), *[(ref, f"{ref} {title}") for ref, title in pairs]]
