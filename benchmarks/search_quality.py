"""How well search ranks: nDCG@10, MAP and recall@100 on the Cranfield collection, beside other engines.

The collection is read where it lies beside this checkout; it is not part of the project. A relevance of 1 to 3 in
its judgements stands for grades 4 to 2 (1 is the best), 4 for grade 1, and -1 for the source of the question (best).

Run: python -m benchmarks.search_quality
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.ranking import markdown_of, rows_of
from search_index.documents import SearchDocument

CRANFIELD = Path(__file__).parents[1].parent / "shared" / "data" / "ir-cranfield"
GRADES = {"-1": 4, "1": 4, "2": 3, "3": 2, "4": 1}


def run() -> list[dict[str, Any]]:
    """One row an engine; no rows where the collection is absent."""
    if not CRANFIELD.is_dir():
        return []
    with tempfile.TemporaryDirectory() as folder:
        return rows_of(read_documents(), read_judgements(), Path(folder))


def markdown(rows: Sequence[Mapping[str, Any]]) -> str:
    return markdown_of("Search quality on Cranfield", rows)


def read_documents() -> list[SearchDocument]:
    records = (CRANFIELD / "cran.all.1400").read_text("latin-1").split("\n.I ")
    return [_document(record.removeprefix(".I ")) for record in records if record.strip()]


def read_judgements() -> dict[str, dict[str, int]]:
    """By the words of a question. The judgements count the questions from 1, whatever number they carry."""
    graded: dict[str, dict[str, int]] = {}
    for line in (CRANFIELD / "cranqrel").read_text("latin-1").splitlines():
        question, document, relevance = line.split()
        graded.setdefault(question, {})[document] = GRADES[relevance]
    return {text: graded[str(number)] for number, text in enumerate(_questions(), 1)}


def _document(record: str) -> SearchDocument:
    number, _, rest = record.partition("\n")
    title = re.search(r"\.T\n(.*?)\n\.A", rest, re.DOTALL)
    body = rest.partition(".W\n")[2].strip()
    heading = title.group(1).strip() if title else ""
    return SearchDocument(number.strip(), "highlight", heading, body.removeprefix(heading).strip())


def _questions() -> list[str]:
    text = (CRANFIELD / "cran.qry").read_text("latin-1")
    return [" ".join(part.split()) for part in re.findall(r"\.W\n(.*?)(?=\n\.I |\Z)", text, re.DOTALL)]


if __name__ == "__main__":
    print(markdown(run()))
