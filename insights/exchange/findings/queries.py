"""Reads of offers, scoped to the member, as frozen rows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import SourceText, Study
from insights.core.errors import NotFound
from insights.exchange.models import Offer, OfferStatus
from insights.people.models import Member


@dataclass(frozen=True, slots=True)
class OfferRow:
    """`exact` is the passage, `claim` the sentence to begin with; `result_ref` what it became."""

    id: int
    kind: str
    exact: str
    start: int
    claim: str
    section: str
    speaker: str
    counts: tuple[str, ...]
    status: str
    result_ref: str


@dataclass(frozen=True, slots=True)
class OfferSection:
    """Offers that stand under one heading of the text, in its order."""

    title: str
    offers: tuple[OfferRow, ...]


def get_offer(session: Session, member: Member, offer_id: int) -> tuple[Offer, Study]:
    """Raises NotFound for an offer that is not there, or of a study that the member may not see."""
    row = session.execute(
        select(Offer, Study)
        .join(Study, Study.id == Offer.study_id)
        .join(SourceText, SourceText.id == Offer.source_text_id)
        .where(Offer.id == offer_id, SourceText.deleted_at.is_(None), visible_studies(member))
    ).first()
    if row is None:
        raise NotFound(f"offer {offer_id}")
    return row[0], row[1]


def offers_of(session: Session, source: SourceText) -> list[OfferSection]:
    """All offers on the current text, and those that were answered; scope was checked when the source was opened."""
    rows = session.scalars(
        select(Offer).where(Offer.source_text_id == source.id).order_by(Offer.start, Offer.end.desc(), Offer.id)
    )
    sections: list[OfferSection] = []
    for row in map(_row, rows):
        if sections and sections[-1].title == row.section:
            sections[-1] = OfferSection(row.section, (*sections[-1].offers, row))
        else:
            sections.append(OfferSection(row.section, (row,)))
    return sections


def count_open(session: Session, source_id: int) -> int:
    query = select(func.count(Offer.id)).where(Offer.source_text_id == source_id, Offer.status == OfferStatus.OPEN)
    return session.scalar(query) or 0


def _row(offer: Offer) -> OfferRow:
    told = offer.fields
    return OfferRow(
        id=offer.id,
        kind=offer.kind.value,
        exact=offer.exact,
        start=offer.start,
        claim=str(told.get("claim") or ""),
        section=str(told.get("section") or ""),
        speaker=str(told.get("speaker") or ""),
        counts=tuple(str(each) for each in told.get("counts") or ()),
        status=offer.status.value,
        result_ref=offer.result_ref,
    )
