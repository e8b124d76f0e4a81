"""What each insight rests on, with the state of the quote, in one statement."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.coding.models import Highlight
from insights.reports.graph.issues import EvidenceFact
from insights.synthesis.models import EvidenceLink


def read_evidence_facts(session: Session) -> list[EvidenceFact]:
    """Of all insights; what belongs to one out of sight is left out by whoever reads the base beside it."""
    statement = (
        select(
            EvidenceLink.insight_id,
            EvidenceLink.highlight_id,
            EvidenceLink.other_insight_id,
            EvidenceLink.relation,
            Highlight.status,
        )
        .outerjoin(Highlight, Highlight.id == EvidenceLink.highlight_id)
        .order_by(EvidenceLink.id)
    )
    return [EvidenceFact(*row) for row in session.execute(statement)]
