"""Insights that rest on a study's quotes: as notes that any program reads, and whole in the side file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.coding.models import Highlight
from insights.decisions.access import visible_decisions
from insights.decisions.models import Decision, DecisionLink
from insights.exchange.qda.model import Note
from insights.people.models import Member
from insights.synthesis.access import visible_insights
from insights.synthesis.models import EvidenceLink, Insight, InsightStatus, InsightVersion

# What must be as it was for an insight that came in to be given back as it came.
_SAID = ("claim", "body", "insight_type", "kind", "evidence")


class InsightLines:
    """The insights that the member may see and whose evidence is among the highlights."""

    def __init__(
        self, session: Session, member: Member, highlights: Mapping[int, Highlight], came_in: Mapping[str, Any]
    ) -> None:
        self._session, self._member, self._highlights, self._came_in = session, member, highlights, came_in
        ids = {
            link.insight_id
            for link in session.scalars(select(EvidenceLink).where(EvidenceLink.highlight_id.is_not(None)))
            if link.highlight_id in highlights
        }
        query = select(Insight).where(Insight.id.in_(ids), Insight.merged_into_id.is_(None), visible_insights(member))
        self._insights = session.scalars(query.order_by(Insight.id)).all()
        self._evidence: dict[int, list[EvidenceLink]] = defaultdict(list)
        for link in session.scalars(
            select(EvidenceLink).where(EvidenceLink.insight_id.in_(self._ids)).order_by(EvidenceLink.id)
        ):
            self._evidence[link.insight_id].append(link)
        self._on: dict[int | None, list[str]] = defaultdict(list)
        for insight in self._insights:
            for link in self._evidence[insight.id]:
                self._on[link.highlight_id].append(insight.uuid)

    @property
    def _ids(self) -> list[int]:
        return [insight.id for insight in self._insights]

    def notes_on(self, highlight: Highlight) -> Sequence[str]:
        return self._on.get(highlight.id, ())

    def notes(self) -> Iterator[Note]:
        for insight in self._insights:
            quotes = [
                f"- {link.relation.value}: “{' '.join(highlight.exact.split())}”"
                for link in self._evidence[insight.id]
                if (highlight := self._highlights.get(link.highlight_id or 0)) is not None
            ]
            told = [insight.claim, insight.body, "\n".join(["Evidence:", *quotes])]
            yield Note(insight.uuid, insight.claim[:200], "\n\n".join(filter(None, told)))

    def lines(self) -> Iterator[Mapping[str, Any]]:
        versions, decisions = self._versions(), self._decisions()
        for insight in self._insights:
            line = {
                "type": "insight",
                "uuid": insight.uuid,
                "claim": insight.claim,
                "body": insight.body,
                "insight_type": insight.type.value,
                "kind": insight.kind.value,
                "status": insight.status.value,
                "confidence": insight.confidence.value if insight.confidence else None,
                "version": insight.version,
                "evidence": [self._evidence_line(link) for link in self._evidence[insight.id]],
                "versions": versions[insight.id],
                "decisions": decisions[insight.id],
            }
            came = self._came_in.get(insight.uuid)
            unchanged = came is not None and all(came.get(name) == line[name] for name in _SAID)
            yield came if came is not None and unchanged and insight.status is InsightStatus.DRAFT else line

    def _evidence_line(self, link: EvidenceLink) -> dict[str, Any]:
        """Evidence from elsewhere is told by its kind alone: its words belong to another study."""
        line: dict[str, Any] = {"relation": link.relation.value, "note": link.note}
        if (highlight := self._highlights.get(link.highlight_id or 0)) is not None:
            return line | {"highlight": highlight.uuid}
        if link.highlight_id is not None or link.other_insight_id is not None:
            return {"relation": link.relation.value, "elsewhere": "highlight" if link.highlight_id else "insight"}
        return line | {
            "title": link.external_title,
            "url": link.external_url,
            "dated_on": link.evidence_date.isoformat(),
        }

    def _versions(self) -> Mapping[int, list[dict[str, Any]]]:
        found: dict[int, list[dict[str, Any]]] = defaultdict(list)
        query = select(InsightVersion).where(InsightVersion.insight_id.in_(self._ids)).order_by(InsightVersion.number)
        for version in self._session.scalars(query):
            found[version.insight_id].append(
                {
                    "number": version.number,
                    "claim": version.claim,
                    "body": version.body,
                    "confidence": version.confidence.value if version.confidence else None,
                    "at": version.at.isoformat(),
                }
            )
        return found

    def _decisions(self) -> Mapping[int, list[dict[str, Any]]]:
        found: dict[int, list[dict[str, Any]]] = defaultdict(list)
        query = (
            select(DecisionLink, Decision)
            .join(Decision, Decision.id == DecisionLink.decision_id)
            .where(DecisionLink.insight_id.in_(self._ids), visible_decisions(self._member))
            .order_by(DecisionLink.id)
        )
        for link, decision in self._session.execute(query):
            found[link.insight_id].append(
                {
                    "decision": decision.uuid,
                    "title": decision.title,
                    "status": decision.status.value,
                    "link": link.type.value,
                    "rationale": link.rationale,
                    "insight_version": link.insight_version,
                }
            )
        return found
