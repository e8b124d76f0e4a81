"""Whose search documents a change concerns: the record itself, what it touched, and what repeats facts of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from insights.capture.models import ResearchSession, SourceText, Study, session_participants
from insights.coding.models import Highlight, highlight_tags
from insights.core.activity import ActivityEntry
from insights.decisions.models import Decision, DecisionLink
from insights.people.models import Consent
from insights.synthesis.models import EvidenceLink, Insight, Recommendation, insight_components, recommendation_insights

_CHUNK = 5_000
"""Ids in one statement at most; databases limit how many values one takes."""


@dataclass(frozen=True, slots=True)
class _Step:
    """From records of one kind, found in the column `where`, to those of another, in the column `find`.

    With `further` the dependents of what is found are followed too.
    """

    source: str
    target: str
    where: Any
    find: Any
    further: bool = False
    on: ColumnElement[bool] = true()  # noqa: RUF009 - a constant of SQLAlchemy's


def _owned_by(prefix: str, column: str) -> tuple[_Step, ...]:
    """What a service or a team has, and repeats the name of."""
    return (
        _Step(prefix, "STU", getattr(Study, column), Study.id, further=True),
        _Step(prefix, "INS", getattr(Insight, column), Insight.id),
        _Step(prefix, "DEC", getattr(Decision, column), Decision.id),
        _Step(prefix, "REC", getattr(Recommendation, column), Recommendation.id),
    )


_LINKED, _ADVISED, _PRESENT = insight_components.c, recommendation_insights.c, session_participants.c

# In the order in which they are followed: what one step finds for others to follow, only later ones do.
_STEPS = (
    *_owned_by("SVC", "service_id"),
    *_owned_by("TEAM", "team_id"),
    _Step("CMP", "INS", _LINKED.component_id, _LINKED.insight_id),
    _Step("CMP", "DEC", Decision.component_id, Decision.id),
    _Step("TAG", "HL", highlight_tags.c.tag_id, highlight_tags.c.highlight_id, further=True),
    _Step("STU", "SES", ResearchSession.study_id, ResearchSession.id),
    _Step("STU", "SRC", SourceText.study_id, SourceText.id, on=SourceText.research_session_id.is_(None)),
    _Step("STU", "HL", Highlight.study_id, Highlight.id),
    # A study's access decides what may be said of an insight to those who see a quote of it but not all its studies.
    _Step(
        "STU",
        "INS",
        Highlight.study_id,
        EvidenceLink.insight_id,
        on=Highlight.id == EvidenceLink.highlight_id,
        further=True,
    ),
    # What somebody agreed to decides who may find what they said.
    _Step("CST", "PAR", Consent.id, Consent.participant_id, further=True),
    _Step("PAR", "SES", _PRESENT.participant_id, _PRESENT.research_session_id, further=True),
    _Step("PAR", "HL", Highlight.participant_id, Highlight.id, further=True),
    _Step("SES", "HL", Highlight.research_session_id, Highlight.id, further=True),
    _Step("SRC", "SES", SourceText.id, SourceText.research_session_id),
    _Step("SRC", "HL", Highlight.source_text_id, Highlight.id, further=True),
    _Step("HL", "INS", EvidenceLink.highlight_id, EvidenceLink.insight_id),
    _Step("DEC", "INS", DecisionLink.decision_id, DecisionLink.insight_id, further=True),
    _Step("REC", "INS", _ADVISED.recommendation_id, _ADVISED.insight_id),
    _Step("INS", "HL", EvidenceLink.insight_id, EvidenceLink.highlight_id),
    _Step("INS", "REC", _ADVISED.insight_id, _ADVISED.recommendation_id),
)

_INDEXED = frozenset({"STU", "SES", "SRC", "HL", "INS", "REC", "DEC"})

_NEW = frozenset({"created", "logged", "imported", "drafted", "added"})
"""Verbs of a record that nothing can depend on yet."""


def affected_refs(session: Session, entries: Iterable[ActivityEntry]) -> set[str]:
    """Refs of indexed records whose documents the entries may have changed; a bounded number of statements.

    What an entry touches is refreshed itself; only a touched insight is followed further, to the quotes and
    recommendations that say what became of it.
    """
    refs: set[str] = set()
    followed: defaultdict[str, set[int]] = defaultdict(set)
    for entry in entries:
        refs.update([entry.subject_ref, *entry.touches])
        roots = [ref for ref in entry.touches if ref.startswith("INS-")]
        if entry.verb not in _NEW:
            roots.append(entry.subject_ref)
        for prefix, _, number in (ref.partition("-") for ref in roots):
            followed[prefix].add(int(number))
    for step in _STEPS:
        found = set(_found(session, step, sorted(followed[step.source])))
        refs.update(f"{step.target}-{number}" for number in found)
        if step.further:
            followed[step.target] |= found
    return {ref for ref in refs if ref.partition("-")[0] in _INDEXED}


def _found(session: Session, step: _Step, ids: list[int]) -> Iterator[int]:
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        rows = session.scalars(select(step.find).where(step.where.in_(chunk), step.on).distinct())
        yield from (number for number in rows if number is not None)
