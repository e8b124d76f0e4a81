"""One thing that is wrong, and the evidence facts that some of the rules look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from insights.coding.models import HighlightStatus
from insights.reports.facts import DecisionFact, InsightFact
from insights.reports.graph.issues.kinds import MEANINGS, IssueKind, Severity
from insights.synthesis.models import Relation


@dataclass(frozen=True, slots=True)
class EvidenceFact:
    """One piece of evidence of an insight; `highlight_status` is None for another insight or a source outside."""

    insight_id: int
    highlight_id: int | None = None
    other_insight_id: int | None = None
    relation: Relation = Relation.SUPPORTS
    highlight_status: HighlightStatus | None = None

    @property
    def ref(self) -> str:
        if self.highlight_id is not None:
            return f"HL-{self.highlight_id}"
        return "" if self.other_insight_id is None else f"INS-{self.other_insight_id}"


@dataclass(frozen=True, slots=True)
class Issue:
    """`ref` is the record to mend, `words` what is wrong with it, `others` the refs that take part; `on` the day."""

    kind: IssueKind
    ref: str
    title: str
    words: str
    owner_id: int | None = None
    owner: str = ""
    service: str = ""
    others: tuple[str, ...] = ()
    on: date | None = None

    @property
    def severity(self) -> Severity:
        return MEANINGS[self.kind].severity

    @property
    def name(self) -> str:
        return MEANINGS[self.kind].name

    @property
    def advice(self) -> str:
        return MEANINGS[self.kind].advice


def issue_with(
    kind: IssueKind, fact: InsightFact | DecisionFact, words: str, *others: str, on: date | None = None
) -> Issue:
    title = fact.claim if isinstance(fact, InsightFact) else fact.title
    return Issue(kind, fact.ref, title, words, fact.owner_id, fact.owner, fact.service, others, on)
