"""How fast reports are on large teams' records, beside what one would write with pandas.

    run() -> list[dict]          one row a step and size: seconds, megabytes at the peak, growth exponent
    markdown(rows) -> str        the section for the results page

Run as `python -m benchmarks.reports_speed [--large]`.
"""

from __future__ import annotations

import gc
import io
import math
import random
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import create_engine, insert, select
from sqlalchemy.orm import Session

from insights.core.access import Role
from insights.core.base import Base
from insights.core.clock import FixedClock, set_clock
from insights.decisions.models import (
    Basis,
    Decision,
    DecisionLink,
    DecisionStatus,
    DeliveryState,
    LinkType,
    OutcomeCheck,
    Verdict,
)
from insights.exchange.tables import write_csv, write_xlsx
from insights.people.models import Member, Service, Team
from insights.reports.evidence_base import load_evidence_base
from insights.reports.gaps import gaps
from insights.reports.matrix import Matrix, matrix
from insights.reports.metrics import Period, scorecard
from insights.reports.shelf import shelf
from insights.reports.trace import trace
from insights.synthesis.models import (
    DispositionEvent,
    DispositionKind,
    EvidenceLink,
    Insight,
    InsightStatus,
    InsightType,
)

TODAY = datetime(2026, 7, 1, 12, tzinfo=UTC)
START = datetime(2025, 1, 1, 12, tzinfo=UTC)
DAYS = 540
# Beyond it the grid has tens of millions of cells, which nobody opens.
MOST_CELLS_EXPORTED = 2_000_000
YEAR = Period(date(2025, 7, 1), date(2026, 6, 30))


@dataclass(frozen=True, slots=True)
class Size:
    insights: int
    decisions: int
    links: int

    @property
    def words(self) -> str:
        return f"{self.insights:,} × {self.decisions:,}, {self.links:,} links"

    def tenth(self) -> Size:
        return Size(self.insights // 10, self.decisions // 10, self.links // 10)


USUAL = Size(2_000, 500, 4_000)
LARGE = Size(10_000, 3_000, 30_000)


def run(sizes: Iterable[Size] = (USUAL,)) -> list[dict[str, Any]]:
    rows = []
    for size in sizes:
        small, full = _measure(size.tenth()), _measure(size)
        for step, (seconds, megabytes) in full.items():
            exponent = math.log10(seconds / small[step][0])
            rows.append(
                {
                    "size": size.words,
                    "step": step,
                    "seconds": seconds,
                    "megabytes": megabytes,
                    "tenth_seconds": small[step][0],
                    "growth": exponent,
                }
            )
    return rows


def markdown(rows: list[dict[str, Any]]) -> str:
    lines = [
        "## Reports",
        "",
        "Growth is the exponent from a tenth of the rows to all of them: 1 is proportional.",
        "",
        "| rows | step | seconds | peak MB | a tenth | growth |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {row['size']} | {row['step']} | {row['seconds']:.3f} | {row['megabytes']:.1f} | "
        f"{row['tenth_seconds']:.4f} | {row['growth']:.2f} |"
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def _measure(size: Size) -> dict[str, tuple[float, float]]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        set_clock(session, FixedClock(TODAY))
        member = _fill(session, size)
        base = load_evidence_base(session, member)
        shown = matrix(base)
        steps: dict[str, Callable[[], object]] = {
            "load the evidence base": lambda: load_evidence_base(session, member),
            "scorecard (T1 to T5, T8, T9)": lambda: scorecard(base, YEAR),
            "shelf": lambda: shelf(base),
            "gaps": lambda: gaps(base),
            "matrix": lambda: matrix(base),
            "matrix, page of 50 × 20": lambda: shown.page(0, 50, 0, 20),
            "matrix as JSON": shown.as_json,
            "trace of the most linked decision": lambda: trace(session, member, _most_linked(shown)),
        }
        if size.insights * size.decisions <= MOST_CELLS_EXPORTED:
            steps |= {
                "matrix by pandas pivot_table (types only, no states)": lambda: _by_pandas(session),
                "matrix to CSV": lambda: write_csv(shown.grid_table()),
                "matrix to XLSX, five sheets": lambda: write_xlsx(shown.as_table()),
                "pandas pivot_table to XLSX, one sheet": lambda: _pandas_to_excel(session),
            }
        return {name: _timed(step) for name, step in steps.items()}


def _by_pandas(session: Session) -> pd.DataFrame:
    """What one would write without us: read the links and cross them."""
    links = pd.DataFrame(
        session.execute(select(DecisionLink.insight_id, DecisionLink.decision_id, DecisionLink.type)).all()
    )
    links["type"] = links["type"].astype(str)
    return links.pivot_table(index="insight_id", columns="decision_id", values="type", aggfunc="; ".join)


def _pandas_to_excel(session: Session) -> None:
    _by_pandas(session).to_excel(io.BytesIO(), engine="xlsxwriter")


def _most_linked(shown: Matrix) -> str:
    return max(shown.columns, key=lambda column: column.links).ref


def _timed(step: Callable[[], object]) -> tuple[float, float]:
    """Best of three seconds without tracing, then the peak of one traced round in megabytes."""
    best = math.inf
    for _ in range(3):
        gc.collect()
        began = time.perf_counter()
        step()
        best = min(best, time.perf_counter() - began)
    tracemalloc.start()
    step()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return best, peak / 1e6


def _fill(session: Session, size: Size) -> Member:
    """The same records each time: a fixed seed."""
    chance = random.Random(7)
    team = Team(name="Benefits", created_at=START, updated_at=START)
    session.add(team)
    session.flush()
    member = Member(
        email="a@example.org", name="A", role=Role.RESEARCHER, team_id=team.id, created_at=START, updated_at=START
    )
    services = [Service(name=f"Service {n}", team_id=team.id, created_at=START, updated_at=START) for n in range(12)]
    session.add_all([member, *services])
    session.flush()
    places = [service.id for service in services]
    _insert(session, Insight, (_insight(chance, n, team.id, places) for n in range(size.insights)))
    _insert(session, EvidenceLink, (_evidence(chance, n % size.insights + 1) for n in range(3 * size.insights)))
    _insert(session, Decision, (_decision(chance, n, team.id, places) for n in range(size.decisions)))
    _insert(session, DecisionLink, _links(chance, size))
    _insert(session, OutcomeCheck, (_check(chance, n + 1) for n in range(size.decisions)))
    parked = (
        {"insight_id": n + 1, "kind": DispositionKind.PARKED, "at": _moment(chance)} for n in range(0, size.insights, 7)
    )
    session.execute(insert(DispositionEvent), list(parked))
    session.commit()
    return member


def _insert(session: Session, model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    session.execute(insert(model), [{"created_at": START, "updated_at": START, **row} for row in rows])


def _moment(chance: random.Random) -> datetime:
    return START + timedelta(days=chance.randrange(DAYS))


def _insight(chance: random.Random, number: int, team_id: int, services: list[int]) -> dict[str, Any]:
    return {
        "claim": f"People who come back to the form do not find where they left it, case {number}",
        "status": chance.choice([InsightStatus.PUBLISHED] * 8 + [InsightStatus.CHALLENGED, InsightStatus.RETIRED]),
        "type": chance.choice([InsightType.ACTIONABLE] * 4 + [InsightType.INFORMATIVE]),
        "fingerprint": chance.choice(["f1", "f1", "f1", "f2"]),
        "published_at": _moment(chance),
        "team_id": team_id,
        "service_id": chance.choice(services),
    }


def _evidence(chance: random.Random, insight_id: int) -> dict[str, Any]:
    return {"insight_id": insight_id, "evidence_date": _moment(chance).date(), "external_url": "https://example.org"}


def _decision(chance: random.Random, number: int, team_id: int, services: list[int]) -> dict[str, Any]:
    return {
        "title": f"Keep what people have typed, part {number}",
        "status": DecisionStatus.ACCEPTED,
        "decided_on": _moment(chance).date(),
        "basis": chance.choice([None] * 5 + [Basis.COST]),
        "delivery_state": chance.choice(list(DeliveryState)),
        "team_id": team_id,
        "service_id": chance.choice(services),
    }


def _links(chance: random.Random, size: Size) -> list[dict[str, Any]]:
    pairs: dict[tuple[int, int], dict[str, Any]] = {}
    while len(pairs) < size.links:
        pair = (chance.randint(1, size.insights), chance.randint(1, size.decisions))
        moment = _moment(chance)
        pairs[pair] = {
            "insight_id": pair[0],
            "decision_id": pair[1],
            "type": chance.choice(list(LinkType)),
            "rationale": "Five of seven people gave up on this page.",
            "insight_version": 1,
            "fingerprint": "f1",
            "affirmed_at": moment,
            "created_at": moment,
        }
    return list(pairs.values())


def _check(chance: random.Random, decision_id: int) -> dict[str, Any]:
    due_on = _moment(chance).date()
    verdict = chance.choice([None, *Verdict])
    return {
        "decision_id": decision_id,
        "due_on": due_on,
        "verdict": verdict,
        "recorded_on": None if verdict is None else due_on,
    }


if __name__ == "__main__":
    print(markdown(run((USUAL, LARGE) if "--large" in sys.argv else (USUAL,))))
