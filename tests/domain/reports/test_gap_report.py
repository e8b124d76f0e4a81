"""The page of the documentation over real decisions says what the code says of them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
REAL_DECISIONS = ROOT.parent / "shared" / "data" / "decisions"


def test_the_page_is_what_the_real_decisions_give(monkeypatch: pytest.MonkeyPatch) -> None:
    if not REAL_DECISIONS.is_dir():
        pytest.skip("the real decisions are not beside this checkout")
    monkeypatch.setattr(sys, "path", [str(ROOT), *sys.path])
    report = pytest.importorskip("benchmarks.decision_gaps").report

    assert report(REAL_DECISIONS) == (ROOT / "docs" / "gap-report.md").read_text("utf-8")
