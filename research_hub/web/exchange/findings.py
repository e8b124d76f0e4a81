"""What a report already says, offered passage by passage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.capture.queries import get_source
from insights.coding.queries import tags_to_offer
from insights.core.access import Permission
from insights.exchange.findings.operations import (
    accept_as_insight,
    accept_as_quote,
    accept_as_recommendation,
    dismiss_offer,
    look_for_findings,
    reopen_offer,
)
from insights.exchange.findings.queries import OfferRow, OfferSection, get_offer, offers_of
from insights.exchange.models import Offer, OfferKind, OfferStatus
from insights.people.models import Member
from insights.synthesis.models import Insight
from insights.synthesis.queries import get_insight
from research_hub.db import reading, transaction
from research_hub.errors import shows_errors_on
from research_hub.security import current_member, requires
from research_hub.web.exchange.blueprint import bp
from research_hub.web.messages import say_done


@bp.get("/sources/<ref>/findings")
@requires(Permission.EDIT_INSIGHTS)
def findings(ref: str, **_act: object) -> ResponseReturnValue:
    session, member = reading(), current_member()
    source, study = get_source(session, member, ref)
    sections = offers_of(session, source)
    rows = [row for section in sections for row in section.offers]
    return render_template(
        "exchange/findings.html",
        source=source,
        study=study,
        sections=sections,
        left=sum(row.status == OfferStatus.OPEN for row in rows),
        all=len(rows),
        insights=[row for row in rows if row.result_ref.startswith("INS-")],
        suggested=dict(_insights_above(sections)),
        tags=tags_to_offer(session, member, study.id),
    )


@bp.post("/sources/<ref>/findings")
@requires(Permission.CODE)
@shows_errors_on(".findings")
def look(ref: str) -> ResponseReturnValue:
    with transaction() as session:
        source, study = get_source(session, current_member(), ref)
        found = look_for_findings(session, actor=current_member(), source=source, study=study)
    if not found:
        flash("Nothing found that is told as a finding, a quote or a recommendation.", "message")
    return redirect(url_for(".findings", ref=ref), code=303)


@bp.post("/sources/<ref>/findings/<int:offer_id>")
@requires(Permission.CODE)
@shows_errors_on(".findings")
def answer(ref: str, offer_id: int) -> ResponseReturnValue:
    """Accepts an offer as what it is, or as the kind that was chosen; `act` dismiss dismisses it."""
    sent = request.form
    with transaction() as session:
        offer, study = get_offer(session, current_member(), offer_id)
        if sent.get("act") == "dismiss":
            dismiss_offer(session, actor=current_member(), offer=offer, study=study)
            told = "Dismissed."
        elif sent.get("act") == "quote" or offer.kind is OfferKind.HIGHLIGHT:
            quote = accept_as_quote(session, actor=current_member(), offer=offer, study=study, tags=_tags())
            told = f"Kept as {quote.ref}."
        elif offer.kind is OfferKind.INSIGHT:
            insight = accept_as_insight(
                session, actor=current_member(), offer=offer, study=study, claim=sent.get("claim", ""), tags=_tags()
            )
            told = f"{insight.ref} is a draft now, resting on the passage."
        else:
            recommendation = accept_as_recommendation(
                session,
                actor=current_member(),
                offer=offer,
                study=study,
                text=sent.get("claim", ""),
                insights=_chosen_insights(session, current_member()),
            )
            told = f"{recommendation.ref} is issued."
        following = _next_open(session, offer)
    say_done(told, undo_href=url_for(".offer_again", ref=ref, offer_id=offer_id))
    return redirect(f"{url_for('.findings', ref=ref)}#{following}", code=303)


@bp.post("/sources/<ref>/findings/<int:offer_id>/undo")
@requires(Permission.CODE)
@shows_errors_on(".findings")
def offer_again(ref: str, offer_id: int) -> ResponseReturnValue:
    with transaction() as session:
        offer, study = get_offer(session, current_member(), offer_id)
        left = reopen_offer(session, actor=current_member(), offer=offer, study=study)
    flash(f"Offered again.{f' {left} stays; retire or withdraw it on its page.' if left else ''}", "success")
    return redirect(f"{url_for('.findings', ref=ref)}#offer-{offer_id}", code=303)


@bp.post("/sources/<ref>/findings/dismiss-section")
@requires(Permission.CODE)
@shows_errors_on(".findings")
def dismiss_section(ref: str) -> ResponseReturnValue:
    """Dismisses all that is open under one heading."""
    title = request.form.get("section", "")
    with transaction() as session:
        source, study = get_source(session, current_member(), ref)
        rows = [row for each in offers_of(session, source) if each.title == title for row in each.offers]
        waiting = [row for row in rows if row.status == OfferStatus.OPEN]
        for row in waiting:
            offer = session.get_one(Offer, row.id)
            dismiss_offer(session, actor=current_member(), offer=offer, study=study)
    flash(f"Dismissed {len(waiting)} under “{title or 'the beginning'}”.", "success")
    return redirect(url_for(".findings", ref=ref), code=303)


def _tags() -> Sequence[str]:
    return request.form.get("tags", "").split(",")


def _chosen_insights(session: Session, member: Member) -> list[Insight]:
    refs = [ref for ref in request.form.get("insights", "").replace(",", " ").split() if ref]
    return [get_insight(session, member, ref) for ref in refs]


def _next_open(session: Session, answered: Offer) -> str:
    """The address in the page of the next offer that waits, else of the page's head."""
    source, _study = get_source(session, current_member(), f"SRC-{answered.source_text_id}")
    waiting = [
        row for section in offers_of(session, source) for row in section.offers if row.status == OfferStatus.OPEN
    ]
    after = [row for row in waiting if row.start >= answered.start] or waiting
    return f"offer-{after[0].id}" if after else "findings"


def _insights_above(sections: Sequence[OfferSection]) -> Iterator[tuple[int, str]]:
    """For each recommendation the insight that was accepted last before it in the text, else the first that was."""
    rows: list[OfferRow] = [row for section in sections for row in section.offers]
    accepted = [row.result_ref for row in rows if row.result_ref.startswith("INS-")]
    last = accepted[0] if accepted else ""
    for row in rows:
        last = row.result_ref if row.result_ref.startswith("INS-") else last
        if row.kind == OfferKind.RECOMMENDATION and last:
            yield row.id, last
