"""Answers to offers: a quote, a draft insight, a recommendation, or dismissed. Nothing is made unasked."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from insights.capture.models import SourceText, Study, TextVersion
from insights.coding.models import Highlight, HighlightStatus
from insights.coding.operations import highlight_passage, set_highlight_dropped
from insights.core.activity import record
from insights.core.base import number_of
from insights.core.clock import now
from insights.core.errors import InvalidInput, RuleBroken
from insights.exchange.findings.finder import find_offers
from insights.exchange.findings.found import Found
from insights.exchange.models import Offer, OfferStatus
from insights.people.models import Member, Service
from insights.people.operations import require_same_area
from insights.synthesis.answers import issue_recommendation
from insights.synthesis.models import Insight, Recommendation
from insights.synthesis.operations import attach_highlight, write_insight


def look_for_findings(session: Session, *, actor: Member, source: SourceText, study: Study) -> int:
    """Looks through the text as it is now, and answers how many offers are open. Looking twice changes nothing.

    What was answered stays answered: a passage of the same words is not offered again, also in a later version.
    """
    require_same_area(session, actor, study.team_id)
    version = None if source.current_version_id is None else session.get(TextVersion, source.current_version_id)
    if version is None:
        raise RuleBroken(f"{source.ref} has no text yet.")
    session.execute(
        delete(Offer).where(
            Offer.source_text_id == source.id,
            Offer.status == OfferStatus.OPEN,
            Offer.text_version_id != version.id,
        )
    )
    known = session.scalars(select(Offer).where(Offer.source_text_id == source.id)).all()
    taken = {(each.kind, each.exact) for each in known}
    title = f"{source.title} {source.original_name}"
    new = [each for each in find_offers(version.text, title) if (each.kind, each.exact) not in taken]
    session.add_all(_offer(source, version, each) for each in new)
    session.flush()
    if new:
        record(session, actor, "looked for findings in", source, detail={"to": len(new)})
    return len(new) + sum(each.status is OfferStatus.OPEN for each in known)


def accept_as_quote(
    session: Session, *, actor: Member, offer: Offer, study: Study, tags: Sequence[str] = ()
) -> Highlight:
    """The passage as a highlight; a figure it tells goes into the observation."""
    _require_open(session, actor, offer, study)
    quote = _quote(session, actor, offer, tags)
    _close(session, actor, offer, quote.ref)
    return quote


def accept_as_insight(
    session: Session, *, actor: Member, offer: Offer, study: Study, claim: str, tags: Sequence[str] = ()
) -> Insight:
    """A draft insight of that claim, resting on the passage as a highlight of its own."""
    _require_open(session, actor, offer, study)
    service = None if study.service_id is None else session.get(Service, study.service_id)
    insight = write_insight(session, actor=actor, claim=claim, service=service, legacy=study.legacy)
    attach_highlight(session, actor=actor, insight=insight, highlight=_quote(session, actor, offer, tags))
    _close(session, actor, offer, insight.ref)
    return insight


def accept_as_recommendation(
    session: Session, *, actor: Member, offer: Offer, study: Study, text: str, insights: Sequence[Insight]
) -> Recommendation:
    """A recommendation that rests on these insights. Raises InvalidInput where there is none to rest on."""
    _require_open(session, actor, offer, study)
    if not insights:
        raise InvalidInput.of(
            "insights", "A recommendation rests on an insight. Accept or choose the insight that it follows from first."
        )
    recommendation = issue_recommendation(session, actor=actor, text=text, insights=insights)
    _close(session, actor, offer, recommendation.ref)
    return recommendation


def dismiss_offer(session: Session, *, actor: Member, offer: Offer, study: Study) -> None:
    _require_open(session, actor, offer, study)
    offer.status, offer.decided_at, offer.decided_by_id = OfferStatus.DISMISSED, now(session), actor.id
    session.flush()


def reopen_offer(session: Session, *, actor: Member, offer: Offer, study: Study) -> str:
    """Offers it again. A quote made of it is dropped; what else was made stays, and its ref is answered."""
    require_same_area(session, actor, study.team_id)
    made = offer.result_ref
    quote_id = number_of(made, Highlight.PREFIX)
    if quote_id is not None:
        quote = session.get_one(Highlight, quote_id)
        if quote.status is HighlightStatus.ACTIVE:
            set_highlight_dropped(session, actor=actor, highlight=quote, dropped=True)
    offer.status, offer.result_ref, offer.decided_at, offer.decided_by_id = OfferStatus.OPEN, "", None, None
    session.flush()
    return "" if quote_id is not None else made


def _offer(source: SourceText, version: TextVersion, found: Found) -> Offer:
    return Offer(
        study_id=source.study_id,
        source_text_id=source.id,
        text_version_id=version.id,
        kind=found.kind,
        start=found.start,
        end=found.end,
        exact=found.exact,
        fields={
            "claim": found.claim,
            "section": found.section,
            "speaker": found.speaker,
            "counts": list(found.counts),
        },
    )


def _require_open(session: Session, actor: Member, offer: Offer, study: Study) -> None:
    require_same_area(session, actor, study.team_id)
    if offer.status is not OfferStatus.OPEN:
        raise RuleBroken("This passage was answered already, so nothing was made of it again. Reload the page.")


def _quote(session: Session, actor: Member, offer: Offer, tags: Sequence[str]) -> Highlight:
    source = session.get_one(SourceText, offer.source_text_id)
    said_by = str(offer.fields.get("speaker") or "")
    return highlight_passage(
        session,
        actor=actor,
        source=source,
        start=offer.start,
        end=offer.end,
        tags=tags,
        observation=f"Said by {said_by}, as the text tells." if said_by else "",
        text_version_id=offer.text_version_id,
    )


def _close(session: Session, actor: Member, offer: Offer, ref: str) -> None:
    offer.status, offer.result_ref = OfferStatus.ACCEPTED, ref
    offer.decided_at, offer.decided_by_id = now(session), actor.id
    session.flush()
