"""How well search answers on our own subject: 70 questions on three sets of public research, files judged by hand.

The sets lie beside this checkout and are no part of the project; what is kept here is questions, names of files and
grades. 3: answers the question; 2: much of it is about this; 1: touches it. What was never judged counts as 0; the
first eight of every engine here were judged (benchmarks/judged/README.md).

Run: python -m benchmarks.judged_search
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from benchmarks.ranking import markdown_of, rows_of
from search_index.documents import SearchDocument

SHARED = Path(__file__).parents[1].parent / "shared" / "data"
SETS = {"nhs": "nhs-design-history/app", "onrr": "onrr-research/research", "tanf": "tanf-research/docs"}
JUDGEMENTS = Path(__file__).parent / "judged" / "judgements.yaml"


def run() -> list[dict[str, Any]]:
    """One row an engine; no rows where the sets are absent."""
    documents = read_documents()
    if not documents:
        return []
    with tempfile.TemporaryDirectory() as folder:
        return rows_of(documents, yaml.safe_load(JUDGEMENTS.read_text("utf-8")), Path(folder))


def markdown(rows: Sequence[Mapping[str, Any]]) -> str:
    return markdown_of("Search quality on our own subject", rows)


def read_documents() -> list[SearchDocument]:
    """Every Markdown file of the three sets; its key is the set's name and the path in it."""
    return [
        _document(f"{name}/{path.relative_to(SHARED / place).as_posix()}", path.read_text("utf-8"))
        for name, place in SETS.items()
        for path in sorted((SHARED / place).rglob("*.md"))
    ]


def _document(key: str, text: str) -> SearchDocument:
    heading = re.search(r"^(?:title:|#)\s*(.+)$", text, re.MULTILINE)
    return SearchDocument(key, "session", heading[1].strip("\"' ") if heading else key, text)


if __name__ == "__main__":
    print(markdown(run()))
