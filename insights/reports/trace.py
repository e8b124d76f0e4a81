"""The thread of one record: study, session, source, quote, insight, decision, measure, outcome.

    trace(session, member, "DEC-17", *, depth=None) -> Trace

Twelve statements at most, whatever the record and however much hangs on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import ResearchSession, SourceText, Study
from insights.coding.models import Highlight, HighlightStatus
from insights.core.clock import today
from insights.core.errors import NotFound
from insights.decisions.access import visible_decisions
from insights.decisions.link_status import LINK_STATUS_WORDS, link_status
from insights.decisions.models import Decision, DecisionLink, DeliveryState, Measure, OutcomeCheck, Verdict
from insights.people.models import Member
from insights.reports.days import local_day
from insights.reports.graph import Edge, Graph, Node, Stage, traceability_graph
from insights.reports.table import Table
from insights.reports.thread_selection import ThreadSelection, select_thread
from insights.synthesis.access import visible_insights
from insights.synthesis.models import Contradiction, ContradictionStatus, EvidenceLink, Insight

LONGEST_TITLE = 300
_READABLE = (HighlightStatus.ACTIVE, HighlightStatus.ORPHANED)


@dataclass(frozen=True, slots=True)
class Trace:
    """`graph` holds the record and all that it rests on or that rests on it."""

    ref: str
    graph: Graph

    @property
    def stages(self) -> dict[Stage, tuple[Node, ...]]:
        """Every stage in the order of the chain, with its records by date and number; empty where there are none."""
        ordered = sorted(self.graph.nodes.values(), key=lambda node: (node.on or "9999", _number(node.ref)))
        return {stage: tuple(node for node in ordered if node.stage is stage) for stage in Stage}

    @property
    def edges(self) -> list[Edge]:
        """In the order of the records they join."""
        places = {
            node.ref: place for place, node in enumerate(node for nodes in self.stages.values() for node in nodes)
        }
        return sorted(self.graph.edges, key=lambda edge: (places[edge.source], places[edge.target], edge.kind))

    def as_json(self) -> dict[str, object]:
        """{"ref", "stages": {stage: [ref, ...]}, "nodes": [...], "edges": [...]}."""
        return {
            "ref": self.ref,
            "stages": {stage.value: [node.ref for node in nodes] for stage, nodes in self.stages.items()},
            "nodes": [node.as_json() for nodes in self.stages.values() for node in nodes],
            "edges": [edge.as_json() for edge in self.edges],
        }

    def as_table(self) -> list[Table]:
        nodes = [
            (node.stage.value, node.ref, node.title, node.state, node.on)
            for members in self.stages.values()
            for node in members
        ]
        edges = [(edge.source, edge.target, edge.kind, edge.state, edge.note) for edge in self.edges]
        return [
            Table("Thread", ("Stage", "Reference", "Title", "State", "Date"), tuple(nodes)),
            Table("Connections", ("From", "To", "How", "State", "Why"), tuple(edges)),
        ]


def trace(session: Session, member: Member | None, ref: str, *, depth: int | None = None) -> Trace:
    """The thread of a record as the member may see it; `depth` limits the steps each way (features.md G10).

    Raises:
        NotFound: when there is no such record, or the member may not see it.
        InvalidInput: when records of that kind have no thread.
    """
    wanted = ref.strip().upper()
    graph = _load(session, member, select_thread(wanted))
    if wanted not in graph.nodes:
        raise NotFound(wanted)
    return Trace(wanted, graph.thread(wanted, depth))


def _load(session: Session, member: Member | None, chosen: ThreadSelection) -> Graph:
    nodes: list[Node] = []
    edges: list[Edge] = []
    for part in (
        _studies(session, member, chosen),
        _sessions(session, member, chosen),
        _sources(session, member, chosen),
        _quotes(session, member, chosen),
        _insights(session, member, chosen),
        _decisions(session, member, chosen),
        _measures(session, chosen),
        _checks(session, chosen),
    ):
        nodes += part[0]
        edges += part[1]
    return traceability_graph(nodes, [*edges, *_evidence(session, chosen)])


_Part = tuple[list[Node], list[Edge]]


def _studies(session: Session, member: Member | None, chosen: ThreadSelection) -> _Part:
    statement = select(Study.id, Study.title, Study.status, Study.starts_on).where(
        Study.id.in_(chosen.studies), visible_studies(member)
    )
    rows = session.execute(statement)
    return [Node(f"STU-{row.id}", Stage.STUDY, row.title, _words(row.status), _iso(row.starts_on)) for row in rows], []


def _sessions(session: Session, member: Member | None, chosen: ThreadSelection) -> _Part:
    meeting = ResearchSession
    statement = (
        select(meeting.id, meeting.study_id, meeting.title, meeting.status, meeting.held_on)
        .join(Study, Study.id == meeting.study_id)
        .where(meeting.id.in_(chosen.sessions), meeting.deleted_at.is_(None), visible_studies(member))
    )
    nodes, edges = [], []
    for row in session.execute(statement):
        nodes.append(Node(f"SES-{row.id}", Stage.SESSION, row.title, _words(row.status), _iso(row.held_on)))
        edges.append(Edge(f"STU-{row.study_id}", f"SES-{row.id}", "contains"))
    return nodes, edges


def _sources(session: Session, member: Member | None, chosen: ThreadSelection) -> _Part:
    text = SourceText
    statement = (
        select(text.id, text.study_id, text.research_session_id, text.title, text.kind, text.dated_on)
        .join(Study, Study.id == text.study_id)
        .where(text.id.in_(chosen.sources), text.deleted_at.is_(None), visible_studies(member))
    )
    nodes, edges = [], []
    for row in session.execute(statement):
        parent = f"STU-{row.study_id}" if row.research_session_id is None else f"SES-{row.research_session_id}"
        nodes.append(Node(f"SRC-{row.id}", Stage.SOURCE, row.title, _words(row.kind), _iso(row.dated_on)))
        edges.append(Edge(parent, f"SRC-{row.id}", "contains"))
    return nodes, edges


def _quotes(session: Session, member: Member | None, chosen: ThreadSelection) -> _Part:
    statement = (
        select(Highlight.id, Highlight.source_text_id, Highlight.exact, Highlight.status)
        .join(Study, Study.id == Highlight.study_id)
        .where(Highlight.id.in_(chosen.highlights), Highlight.status.in_(_READABLE), visible_studies(member))
    )
    nodes, edges = [], []
    for row in session.execute(statement):
        nodes.append(Node(f"HL-{row.id}", Stage.QUOTE, _shortened(row.exact), _words(row.status)))
        edges.append(Edge(f"SRC-{row.source_text_id}", f"HL-{row.id}", "quoted"))
    return nodes, edges


def _insights(session: Session, member: Member | None, chosen: ThreadSelection) -> _Part:
    statement = select(Insight.id, Insight.claim, Insight.status, Insight.published_at, Insight.superseded_by_id).where(
        Insight.id.in_(chosen.insights), visible_insights(member)
    )
    nodes, edges = [], []
    for row in session.execute(statement):
        published_on = None if row.published_at is None else local_day(row.published_at)
        nodes.append(Node(f"INS-{row.id}", Stage.INSIGHT, row.claim, _words(row.status), _iso(published_on)))
        if row.superseded_by_id is not None:
            edges.append(Edge(f"INS-{row.id}", f"INS-{row.superseded_by_id}", "superseded by"))
    return nodes, edges + _links(session, member, chosen)


def _links(session: Session, member: Member | None, chosen: ThreadSelection) -> list[Edge]:
    """From insight to decision, each with its state today; those to decisions off the thread are cut off later."""
    statement = (
        select(
            DecisionLink.insight_id,
            DecisionLink.decision_id,
            DecisionLink.type,
            DecisionLink.fingerprint.label("pinned"),
            DecisionLink.rationale,
            Insight.status,
            Insight.fingerprint,
            Decision.basis,
        )
        .join(Insight, Insight.id == DecisionLink.insight_id)
        .join(Decision, Decision.id == DecisionLink.decision_id)
        .where(DecisionLink.insight_id.in_(chosen.insights))
    )
    contradicted = _contradicted(session, member)
    edges = []
    for row in session.execute(statement):
        status = link_status(
            insight_status=row.status,
            insight_fingerprint=row.fingerprint,
            pinned_fingerprint=row.pinned,
            contradicted=row.insight_id in contradicted,
            declared_basis=row.basis is not None,
        )
        ends = (f"INS-{row.insight_id}", f"DEC-{row.decision_id}")
        edges.append(Edge(*ends, _words(row.type), LINK_STATUS_WORDS[status], row.rationale))
    return edges


def _contradicted(session: Session, member: Member | None) -> set[int]:
    """Insights with an open contradiction whose two sides the member may see; it marks both."""
    doubted, other = Contradiction.insight_id, Contradiction.other_insight_id
    is_open = Contradiction.status == ContradictionStatus.OPEN
    involved = select(doubted).where(is_open).union(select(other).where(is_open))
    seen = select(Insight.id).where(Insight.id.in_(involved), visible_insights(member))
    statement = select(doubted, other).where(is_open, doubted.in_(seen), or_(other.is_(None), other.in_(seen)))
    return {side for row in session.execute(statement) for side in row if side is not None}


def _decisions(session: Session, member: Member | None, chosen: ThreadSelection) -> _Part:
    statement = select(
        Decision.id,
        Decision.title,
        Decision.status,
        Decision.delivery_state,
        Decision.decided_on,
        Decision.superseded_by_id,
    ).where(Decision.id.in_(chosen.decisions), visible_decisions(member))
    nodes, edges = [], []
    for row in session.execute(statement):
        live = "" if row.delivery_state is DeliveryState.NOT_STARTED else f", {_words(row.delivery_state)}"
        nodes.append(
            Node(f"DEC-{row.id}", Stage.DECISION, row.title, f"{_words(row.status)}{live}", _iso(row.decided_on))
        )
        if row.superseded_by_id is not None:
            edges.append(Edge(f"DEC-{row.id}", f"DEC-{row.superseded_by_id}", "superseded by"))
    return nodes, edges


def _measures(session: Session, chosen: ThreadSelection) -> _Part:
    """Those of a decision out of sight hang on nothing and are cut off; so are its checks."""
    statement = select(Measure.id, Measure.decision_id, Measure.name, Measure.baseline_on)
    nodes, edges = [], []
    for row in session.execute(statement.where(Measure.decision_id.in_(chosen.decisions))):
        nodes.append(Node(f"MEA-{row.id}", Stage.MEASURE, row.name, "", _iso(row.baseline_on)))
        edges.append(Edge(f"DEC-{row.decision_id}", f"MEA-{row.id}", "measured by"))
    return nodes, edges


def _checks(session: Session, chosen: ThreadSelection) -> _Part:
    check = OutcomeCheck
    statement = select(
        check.id, check.decision_id, check.measure_id, check.due_on, check.verdict, check.recorded_on, check.note
    )
    day = today(session)
    nodes, edges = [], []
    for row in session.execute(statement.where(check.decision_id.in_(chosen.decisions))):
        state, on = _check_state(row.verdict, row.due_on, day), row.recorded_on or row.due_on
        title = _shortened(row.note) or f"Check due on {row.due_on.isoformat()}"
        parent = f"DEC-{row.decision_id}" if row.measure_id is None else f"MEA-{row.measure_id}"
        nodes.append(Node(f"CHK-{row.id}", Stage.OUTCOME, title, state, _iso(on)))
        edges.append(Edge(parent, f"CHK-{row.id}", "checked by"))
    return nodes, edges


def _check_state(verdict: Verdict | None, due_on: date, on: date) -> str:
    if verdict is not None:
        return _words(verdict)
    return "overdue" if due_on < on else "due"


def _evidence(session: Session, chosen: ThreadSelection) -> list[Edge]:
    statement = select(
        EvidenceLink.insight_id,
        EvidenceLink.highlight_id,
        EvidenceLink.other_insight_id,
        EvidenceLink.relation,
        EvidenceLink.note,
    ).where(EvidenceLink.insight_id.in_(chosen.insights))
    edges = []
    for row in session.execute(statement):
        source = f"HL-{row.highlight_id}" if row.other_insight_id is None else f"INS-{row.other_insight_id}"
        edges.append(Edge(source, f"INS-{row.insight_id}", _words(row.relation), "", row.note))
    return edges


def _words(term: str) -> str:
    return str(term).replace("_", " ")


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1]}…"


def _number(ref: str) -> int:
    return int(ref.rpartition("-")[2])
