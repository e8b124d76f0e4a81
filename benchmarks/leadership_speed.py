"""How fast leadership's reports are on a large organisation's records: figures, shelf, workbook, evidence pack, matrix.

    run(size) -> list[Row]       one row a step: seconds, megabytes at the peak, growth from a tenth of the rows
    markdown(rows) -> str        the section for the results page

Run as `python -m benchmarks.leadership_speed [--full]`: a tenth of the records, or 10,000 insights, 3,000 decisions,
30,000 links and 100,000 highlights. The peers are what somebody would take instead: pandas for one figure, and
Doorstop, which traces requirements in text files, for the matrix from what is stored.
"""

from __future__ import annotations

import io
import math
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import doorstop
import pandas as pd
import yaml
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from benchmarks.graph_speed import FULL, HIGHLIGHTS_EACH, YEAR, filled
from benchmarks.growth import Measured, Pair, Row, grown, measured, section
from benchmarks.reports_speed import START, Size
from insights.coding.models import Highlight
from insights.decisions.models import Decision, DecisionLink, LinkType
from insights.exchange.tables import write_xlsx
from insights.openness.models import StandardLink
from insights.people.models import Consent, ConsentScope, Member, Participant, Service
from insights.people.queries import Choice
from insights.reports.evidence_base import load_evidence_base
from insights.reports.gaps import gaps
from insights.reports.matrix import matrix
from insights.reports.metrics import scorecard
from insights.reports.pack import build_pack, readiness, standard_of
from insights.reports.reading.surrounding_rows import read_surroundings
from insights.reports.shelf import shelf
from insights.synthesis.models import Insight
from research_hub.pack_files import as_archive, as_page, as_word

PARTICIPANTS_EACH = 20
"""Insights to a participant."""
EVERYTHING = "matrix of everything, from what is stored"
MOST_LINKS_BESIDE_DOORSTOP = 5_000
DOORSTOP = "Doorstop (the same items and links)"


def run(size: Size = FULL) -> list[Row]:
    """Doorstop takes part at a tenth alone where the size is the full one: there it did not end within half an hour."""
    small, full = _measure(size.tenth()), _measure(size)
    seconds, megabytes, peer, ratio = small[EVERYTHING]
    beside = [] if math.isnan(ratio) else [Row(f"{EVERYTHING}, a tenth", seconds, megabytes, math.nan, peer, ratio)]
    return [*grown(small, full), *(beside if math.isnan(full[EVERYTHING][3]) else [])]


def markdown(rows: Iterable[Row], size: Size = FULL) -> str:
    records = f"{size.words}, {size.insights * HIGHLIGHTS_EACH:,} highlights in 12 services"
    return section("Leadership's reports", records, rows)


def _measure(size: Size) -> Measured:
    with filled(size) as (session, member):
        service = _fill_pack(session, size)
        steps = _steps(session, member, service)
        if size.links > MOST_LINKS_BESIDE_DOORSTOP:
            return measured(steps)
        with _in_doorstop(session) as folder:
            beside = Pair(steps[EVERYTHING].ours, DOORSTOP, lambda: _by_doorstop(folder))
            return measured({**steps, EVERYTHING: beside})


def _steps(session: Session, member: Member, service: Choice) -> dict[str, Pair]:
    base = load_evidence_base(session, member)
    around, _ = read_surroundings(session, member, YEAR)
    shown = matrix(base)
    govuk = standard_of("govuk")
    pack = build_pack(session, member, standard=govuk, service=service, phase="beta")
    page, word = as_page(pack), as_word(pack)
    return {
        "all figures, T1 to T12": Pair(
            lambda: scorecard(base, YEAR, around=around),
            "pandas, T2 alone, from the database",
            lambda: _changed_by_research(session),
        ),
        "what surrounds them, from the database": Pair(lambda: read_surroundings(session, member, YEAR)),
        "shelf": Pair(lambda: shelf(base), "pandas (no states)", lambda: _never_linked(session)),
        "gaps": Pair(lambda: gaps(base)),
        EVERYTHING: Pair(lambda: matrix(load_evidence_base(session, member))),
        "workbook of everything (XLSX, five sheets)": Pair(
            lambda: write_xlsx(shown.as_table()),
            "pandas to_excel of the links alone",
            lambda: _to_excel(session),
        ),
        "readiness of one service": Pair(
            lambda: readiness(session, member, standard=govuk, service=service, phase="beta")
        ),
        "evidence pack of one service, gathered": Pair(
            lambda: build_pack(session, member, standard=govuk, service=service, phase="beta")
        ),
        "its HTML": Pair(lambda: as_page(pack)),
        "its Word document": Pair(lambda: as_word(pack)),
        "its archive": Pair(lambda: as_archive(pack, {"pack.html": page, "pack.docx": word})),
    }


def _links(session: Session) -> pd.DataFrame:
    columns = (DecisionLink.insight_id, DecisionLink.decision_id, DecisionLink.type, Decision.decided_on)
    found = session.execute(select(*columns).join(Decision, Decision.id == DecisionLink.decision_id))
    links = pd.DataFrame(found.all())
    links["type"] = links["type"].astype(str)
    return links


def _changed_by_research(session: Session) -> float:
    links = _links(session)
    decided = links[links["decided_on"].between(YEAR.start, YEAR.end)]
    changed = decided[decided["type"] == str(LinkType.CHANGED)]["decision_id"].nunique()
    return changed / decided["decision_id"].nunique()


def _never_linked(session: Session) -> pd.DataFrame:
    insights = pd.DataFrame(session.execute(select(Insight.id, Insight.published_at, Insight.status)).all())
    return insights[~insights["id"].isin(_links(session)["insight_id"])].sort_values("published_at")


def _to_excel(session: Session) -> None:
    _links(session).to_excel(io.BytesIO(), engine="xlsxwriter")


def _by_doorstop(folder: Path) -> int:
    tree = doorstop.build(cwd=str(folder), root=str(folder))
    return len(tree.get_traceability())


@contextmanager
def _in_doorstop(session: Session) -> Iterator[Path]:
    """Insights as one document and decisions as its child, each item a file that names what it is linked to."""
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        (root / ".git").mkdir()
        _document(root / "ins", "INS", None)
        _document(root / "dec", "DEC", "INS")
        for number, claim in session.execute(select(Insight.id, Insight.claim)):
            _item(root / "ins" / f"INS{number:05}.yml", claim, [])
        links: dict[int, list[int]] = {}
        for decision, insight in session.execute(select(DecisionLink.decision_id, DecisionLink.insight_id)):
            links.setdefault(decision, []).append(insight)
        for number, title in session.execute(select(Decision.id, Decision.title)):
            _item(root / "dec" / f"DEC{number:05}.yml", title, sorted(set(links.get(number, []))))
        yield root


def _document(folder: Path, prefix: str, parent: str | None) -> None:
    folder.mkdir()
    settings: dict[str, object] = {"digits": 5, "prefix": prefix, "sep": ""}
    if parent is not None:
        settings["parent"] = parent
    (folder / ".doorstop.yml").write_text(yaml.safe_dump({"settings": settings}), encoding="utf-8")


def _item(path: Path, text: str, links: list[int]) -> None:
    told = {
        "active": True,
        "derived": False,
        "header": "",
        "level": 1.0,
        "links": [f"INS{number:05}" for number in links],
        "normative": True,
        "ref": "",
        "reviewed": None,
        "text": text,
    }
    path.write_text(yaml.safe_dump(told), encoding="utf-8")


def _fill_pack(session: Session, size: Size) -> Choice:
    """A participant who agreed to all behind every quote, and the decisions of one service linked to the points."""
    people = max(1, size.insights // PARTICIPANTS_EACH)
    session.execute(
        insert(Participant),
        [
            {"study_id": 1, "code": f"P-{n}", "group": f"Group {n % 7}", "created_at": START, "updated_at": START}
            for n in range(people)
        ],
    )
    scopes = [scope.value for scope in ConsentScope]
    session.execute(
        insert(Consent),
        [
            {
                "participant_id": n + 1,
                "study_id": 1,
                "given_on": START.date(),
                "scopes": scopes,
                "created_at": START,
                "updated_at": START,
            }
            for n in range(people)
        ],
    )
    session.execute(update(Highlight).values(participant_id=Highlight.id % people + 1))
    service = session.scalars(select(Service).order_by(Service.id)).first()
    assert service is not None
    decisions = session.scalars(select(Decision.id).where(Decision.service_id == service.id).order_by(Decision.id))
    session.execute(
        insert(StandardLink),
        [
            {
                "standard": "govuk",
                "point": str(n % 14 + 1),
                "decision_id": number,
                "created_at": START,
                "updated_at": START,
            }
            for n, number in enumerate(decisions)
        ],
    )
    session.commit()
    assert session.scalar(select(func.count()).select_from(StandardLink))
    return Choice(str(service.id), service.name)


if __name__ == "__main__":
    chosen = FULL if "--full" in sys.argv else FULL.tenth()
    print(markdown(run(chosen), chosen))
