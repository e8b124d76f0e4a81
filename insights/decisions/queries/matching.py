"""What is known for and against a decision that is being written (beyond.md 2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from insights.core.base import number_of
from insights.people.models import Member
from insights.synthesis.models import CITABLE, ContradictionStatus, Insight
from insights.synthesis.queries import (
    ContradictionRow,
    InsightFilter,
    InsightRow,
    contradictions_of,
    list_insights,
)


@dataclass(frozen=True, slots=True)
class EvidenceMatch:
    """An insight that may carry the decision, with what speaks against leaning on it."""

    row: InsightRow
    contradictions: tuple[ContradictionRow, ...] = ()

    @property
    def for_and_against(self) -> str:
        """'7 quotes for, 2 against, 1 qualifies'; evidence of every kind counts against."""
        strength = self.row.strength
        said = [f"{strength.quotes} {'quote' if strength.quotes == 1 else 'quotes'} for"]
        said.append(f"{strength.against} against" if strength.against else "none against")
        if strength.qualifying:
            said.append(f"{strength.qualifying} {'qualifies' if strength.qualifying == 1 else 'qualify'} it")
        return ", ".join(said)


def evidence_matches(session: Session, member: Member, refs: Sequence[str]) -> list[EvidenceMatch]:
    """The published insights among the refs that the member may see, in their order; three statements however many.

    A contradiction is told only where the member may see its other side too.
    """
    ids = [number for ref in refs if (number := number_of(ref, Insight.PREFIX)) is not None]
    if not ids:
        return []
    rows = {each.ref: each for each in list_insights(session, member, InsightFilter(ids=ids), limit=None)}
    citable = {each.value for each in CITABLE}
    known = [rows[ref] for ref in dict.fromkeys(refs) if ref in rows and rows[ref].status in citable]
    open_ones: dict[str, list[ContradictionRow]] = defaultdict(list)
    for each in _contradictions(session, member, known):
        open_ones[each.ref].append(each)
    return [EvidenceMatch(row, tuple(open_ones[row.ref])) for row in known]


def _contradictions(session: Session, member: Member, rows: Sequence[InsightRow]) -> list[ContradictionRow]:
    """Open ones, told from each side that is shown: two matches may contradict one another."""
    shown = {row.ref: row for row in rows}
    found = contradictions_of(session, member, [row.id for row in rows])
    still_open = [each for each in found if each.status == ContradictionStatus.OPEN.value]
    turned = [
        ContradictionRow(
            id=each.id,
            ref=each.other_ref,
            other_ref=each.ref,
            other_claim=shown[each.ref].claim,
            cause=each.cause,
            status=each.status,
            reason=each.reason,
            explanation=each.explanation,
            opened_at=each.opened_at,
        )
        for each in still_open
        if each.other_ref in shown and each.ref in shown
    ]
    return [*still_open, *turned]
