from __future__ import annotations

from datetime import date

from insights.decisions.models import LinkType
from insights.reports.facts import CheckFact, DecisionFact, InsightFact, LinkFact, evidence_base
from insights.reports.titles import titled

DAY = date(2026, 1, 1)


def test_every_kind_of_row_behind_a_figure_has_words() -> None:
    base = evidence_base(
        DAY,
        insights=[InsightFact(1, "People give up")],
        decisions=[DecisionFact(2, "Shorten the form")],
        links=[LinkFact(3, 1, 2, LinkType.CHANGED, DAY, rationale="Five of seven gave up")],
        checks=[CheckFact(4, 2, DAY)],
    )

    assert titled(base, ["CHK-4", "LNK-3", "INS-1", "DEC-2", "DEC-99"]) == [
        ("CHK-4", "DEC-2 Shorten the form"),
        ("LNK-3", "INS-1 in DEC-2: Five of seven gave up"),
        ("INS-1", "People give up"),
        ("DEC-2", "Shorten the form"),
        ("DEC-99", ""),
    ]
