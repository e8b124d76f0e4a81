"""How fast the traceability graph is on a large organisation's records, beside networkx and plain pandas.

    run(size) -> list[Row]       one row a step: seconds, megabytes at the peak, growth from a tenth of the rows
    markdown(rows) -> str        the section for the results page

Run as `python -m benchmarks.graph_speed [--full]`: a tenth of the records, or 10,000 insights, 3,000 decisions,
30,000 links and 100,000 highlights. networkx is for comparison only and is not needed by the product.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import networkx as nx
import pandas as pd
from sqlalchemy import create_engine, insert, select
from sqlalchemy.orm import Session

from benchmarks.growth import Measured, Pair, Row, grown, measured, section
from benchmarks.reports_speed import START, TODAY, Size, _fill, _insert
from insights.capture.models import ResearchSession, SourceText, Study, TextVersion
from insights.coding.models import Highlight
from insights.core.base import Base
from insights.core.clock import FixedClock, set_clock
from insights.core.keys import Keys, set_keys
from insights.decisions.models import EVIDENCE_TYPES, DecisionLink
from insights.people.models import Member
from insights.reports.evidence_base import load_evidence_base
from insights.reports.facts import EvidenceBase
from insights.reports.flow import flow, laid_out
from insights.reports.graph import Graph, graph_of, layered
from insights.reports.graph.issues import issues
from insights.reports.matrix import matrix
from insights.reports.metrics import Period
from insights.reports.reading.evidence_rows import read_evidence_facts
from insights.reports.reading.graph_rows import read_graph_rows
from insights.reports.standing import coverage_of, evidence_of
from insights.reports.trace import trace
from insights.synthesis.models import EvidenceLink

FULL = Size(10_000, 3_000, 30_000)
HIGHLIGHTS_EACH = 10
_ELSEWHERE = 0.2
YEAR = Period(date(2025, 7, 1), date(2026, 6, 30))


def run(size: Size = FULL) -> list[Row]:
    return grown(_measure(size.tenth()), _measure(size))


def markdown(rows: Iterable[Row], size: Size = FULL) -> str:
    return section("The traceability graph", f"{size.words}, {size.insights * HIGHLIGHTS_EACH:,} highlights", rows)


def _measure(size: Size) -> Measured:
    with filled(size) as (session, member):
        return measured(_steps(session, member))


@contextmanager
def filled(size: Size) -> Iterator[tuple[Session, Member]]:
    """A database in memory with the records of the reports and ten quotes an insight."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        set_clock(session, FixedClock(TODAY))
        set_keys(session, Keys.made())
        member = _fill(session, size)
        _fill_highlights(session, size)
        yield session, member
    engine.dispose()


def _steps(session: Session, member: Member) -> dict[str, Pair]:
    rows, base = read_graph_rows(session, member), load_evidence_base(session, member)
    graph, evidence = graph_of(rows), read_evidence_facts(session)
    peer = _in_networkx(graph)
    decision = max(base.links_of_decision.items(), key=lambda each: len(each[1]))[0]
    here = f"DEC-{decision}"
    return {
        "read the rows of the whole graph": Pair(lambda: read_graph_rows(session, member)),
        "build the graph": Pair(lambda: graph_of(rows), "networkx", lambda: _in_networkx(graph)),
        "everything a decision rests on": Pair(
            lambda: graph.upstream(here), "networkx ancestors", lambda: nx.ancestors(peer, here)
        ),
        "upstream of every decision": Pair(
            lambda: [graph.upstream(f"DEC-{number}") for number in base.decisions],
            "networkx ancestors",
            lambda: [nx.ancestors(peer, f"DEC-{number}") for number in base.decisions],
        ),
        "coverage of every insight and decision": Pair(
            lambda: _coverage(base), "pandas (links joined, no states)", lambda: _coverage_by_pandas(session)
        ),
        "all issues": Pair(
            lambda: list(issues(base, evidence)),
            "networkx (rings only)",
            lambda: list(nx.strongly_connected_components(peer)),
        ),
        "load the evidence base": Pair(lambda: load_evidence_base(session, member)),
        "matrix, counted and one page cut": Pair(
            lambda: matrix(base).page(0, 40, 0, 12), "pandas groupby of the cells (no states)", lambda: _cells(session)
        ),
        "matrix page from the database": Pair(
            lambda: matrix(load_evidence_base(session, member, with_strength=False, with_answers=False)).page(
                0, 40, 0, 12
            )
        ),
        "flow, counted and laid out": Pair(lambda: laid_out(flow(base, YEAR))),
        "whole thread of the most linked decision, from the database": Pair(lambda: trace(session, member, here)),
        "its drawing": Pair(lambda: layered(graph.thread(here), here)),
    }


def _in_networkx(graph: Graph) -> nx.DiGraph[str]:
    made: nx.DiGraph[str] = nx.DiGraph()
    made.add_nodes_from((ref, {"stage": node.stage, "title": node.title}) for ref, node in graph.nodes.items())
    made.add_edges_from((edge.source, edge.target, {"kind": edge.kind, "state": edge.state}) for edge in graph.edges)
    return made


def _coverage(base: EvidenceBase) -> tuple[list[object], list[object]]:
    return (
        [coverage_of(base, insight, base.today) for insight in base.insights.values()],
        [evidence_of(base, decision, base.today) for decision in base.decisions.values()],
    )


def _links(session: Session) -> pd.DataFrame:
    links = pd.DataFrame(
        session.execute(select(DecisionLink.insight_id, DecisionLink.decision_id, DecisionLink.type)).all()
    )
    links["type"] = links["type"].astype(str)
    return links


def _coverage_by_pandas(session: Session) -> pd.Series[int]:
    links = _links(session)
    return links[links["type"].isin([str(kind) for kind in EVIDENCE_TYPES])].groupby("insight_id").size()


def _cells(session: Session) -> pd.Series[str]:
    """The cells that hold something: a whole pivot_table of this size has thirty million, most of them empty."""
    return _links(session).groupby(["insight_id", "decision_id"])["type"].agg("; ".join)


def _fill_highlights(session: Session, size: Size) -> None:
    """Ten quotes an insight, a session for fifty of them and a study for a thousand."""
    chance = random.Random(11)
    number = size.insights * HIGHLIGHTS_EACH
    sessions, studies = max(1, number // 50), max(1, number // 1_000)
    team_id = session.scalars(select(Member.team_id)).first()
    _insert(session, Study, ({"title": f"Study {n}", "team_id": team_id} for n in range(studies)))
    _insert(
        session,
        ResearchSession,
        ({"study_id": n % studies + 1, "title": f"Session {n}", "held_on": date(2025, 12, 1)} for n in range(sessions)),
    )
    _insert(
        session,
        SourceText,
        ({"study_id": n % studies + 1, "research_session_id": n + 1, "title": f"Notes {n}"} for n in range(sessions)),
    )
    versions = (
        {"source_text_id": n + 1, "number": 1, "text": "I gave up.", "length": 10, "created_at": START}
        for n in range(sessions)
    )
    session.execute(insert(TextVersion), list(versions))
    _insert(session, Highlight, (_highlight(n % sessions, studies) for n in range(number)))
    _insert(session, EvidenceLink, (_quoted(chance, n, size, studies, sessions) for n in range(number)))
    session.commit()


def _highlight(place: int, studies: int) -> dict[str, Any]:
    return {
        "source_text_id": place + 1,
        "text_version_id": place + 1,
        "research_session_id": place + 1,
        "study_id": place % studies + 1,
        "start": 0,
        "end": 10,
        "exact": "I gave up.",
    }


def _quoted(chance: random.Random, number: int, size: Size, studies: int, sessions: int) -> dict[str, Any]:
    """An insight rests on quotes of one study, and one in five on those of another too."""
    study = (number % sessions) % studies
    if chance.random() < _ELSEWHERE:
        study = (study + 1) % studies
    return {
        "insight_id": chance.randrange(size.insights // studies) * studies + study + 1,
        "highlight_id": number + 1,
        "evidence_date": date(2026, 1, 1),
    }


if __name__ == "__main__":
    chosen = FULL if "--full" in sys.argv else FULL.tenth()
    print(markdown(run(chosen), chosen))
