from pathlib import Path

import pytest

REAL_DECISIONS = Path(__file__).resolve().parents[4].parent / "shared" / "data" / "decisions"


@pytest.fixture(scope="session")
def real_decisions() -> Path:
    if not REAL_DECISIONS.is_dir():
        pytest.skip("the real decisions are not beside this checkout")
    return REAL_DECISIONS
