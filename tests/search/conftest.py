from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from search_index.engine import SearchEngine
from search_index.engines.memory_engine import MemoryEngine
from search_index.engines.whoosh_engine import WhooshEngine


@pytest.fixture(params=["memory", "whoosh"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchEngine]:
    """Each engine in turn: what is true of one must be true of all."""
    made: SearchEngine = (
        MemoryEngine() if request.param == "memory" else WhooshEngine.open_or_create(tmp_path / "index")
    )
    yield made
    made.close()


@pytest.fixture
def whoosh_engine(tmp_path: Path) -> Iterator[WhooshEngine]:
    made = WhooshEngine.open_or_create(tmp_path / "index")
    yield made
    made.close()
