"""How good the first ten hits are: nDCG@10 on the Cranfield collection, beside SQLite FTS5 with the same words.

The collection is read where it lies beside this checkout; it is not part of the project. A relevance of 1 to 3 in
its judgements stands for grades 4 to 2 (1 is the best), 4 for grade 1, and -1 for the source of the question (best).

Run: python -m benchmarks.search_quality
"""

from __future__ import annotations

import math
import re
import sqlite3
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from search_index.documents import SearchDocument
from search_index.engine import SearchRequest, Watermark
from search_index.engines.analysis import STOP_WORDS
from search_index.engines.whoosh_engine import WhooshEngine
from search_index.query import parse_query

CRANFIELD = Path(__file__).parents[1].parent / "shared" / "data" / "ir-cranfield"
GRADES = {"-1": 4, "1": 4, "2": 3, "3": 2, "4": 1}
DEPTH = 10

Ranker = Callable[[str], list[str]]


def run() -> list[dict[str, Any]]:
    """One row an engine with its mean nDCG@10; no rows where the collection is absent."""
    if not CRANFIELD.is_dir():
        return []
    documents = _documents()
    with tempfile.TemporaryDirectory() as folder:
        engines = {"Research Hub": _ours(Path(folder), documents), "SQLite FTS5": _full_text_search(documents)}
        return [{"engine": name, "ndcg_at_10": _mean_gain(rank)} for name, rank in engines.items()]


def markdown(rows: list[dict[str, Any]]) -> str:
    lines = ["## Search quality", "", "| engine | nDCG@10, Cranfield |", "|---|---:|"]
    return "\n".join([*lines, *(f"| {row['engine']} | {row['ndcg_at_10']:.3f} |" for row in rows), ""])


def _ours(folder: Path, documents: list[SearchDocument]) -> Ranker:
    engine = WhooshEngine.open_or_create(folder)
    engine.rebuild(documents, Watermark())

    def rank(text: str) -> list[str]:
        return [hit.key for hit in engine.search(SearchRequest(parse_query(text), frozenset(), limit=DEPTH)).hits]

    return rank


def _full_text_search(documents: list[SearchDocument]) -> Ranker:
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE note USING fts5(key UNINDEXED, title, body, tokenize = 'porter unicode61')")
    base.executemany("INSERT INTO note VALUES (?, ?, ?)", [(each.key, each.title, each.body) for each in documents])

    def rank(text: str) -> list[str]:
        words = [word for word in re.findall(r"\w+", text.lower()) if word not in STOP_WORDS]
        match = " OR ".join(f'"{word}"' for word in words)
        statement = "SELECT key FROM note WHERE note MATCH ? ORDER BY bm25(note, 0, 1.3, 1.0) LIMIT ?"
        return [key for (key,) in base.execute(statement, (match, DEPTH))]

    return rank


def _mean_gain(rank: Ranker) -> float:
    judged = _judgements()
    gains = [_gain(rank(text), judged[str(number)]) for number, text in enumerate(_questions(), 1)]
    return sum(gains) / len(gains)


def _gain(ranked: list[str], judged: Mapping[str, int]) -> float:
    best = sorted(judged.values(), reverse=True)[:DEPTH]
    return _discounted([judged.get(key, 0) for key in ranked]) / (_discounted(best) or 1.0)


def _discounted(grades: list[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def _documents() -> list[SearchDocument]:
    records = (CRANFIELD / "cran.all.1400").read_text("latin-1").split("\n.I ")
    return [_document(record.removeprefix(".I ")) for record in records if record.strip()]


def _document(record: str) -> SearchDocument:
    number, _, rest = record.partition("\n")
    title = re.search(r"\.T\n(.*?)\n\.A", rest, re.DOTALL)
    body = rest.partition(".W\n")[2].strip()
    heading = title.group(1).strip() if title else ""
    return SearchDocument(number.strip(), "highlight", heading, body.removeprefix(heading).strip())


def _questions() -> list[str]:
    """The questions in order: the judgements count them from 1, whatever number they carry."""
    text = (CRANFIELD / "cran.qry").read_text("latin-1")
    return [" ".join(part.split()) for part in re.findall(r"\.W\n(.*?)(?=\n\.I |\Z)", text, re.DOTALL)]


def _judgements() -> dict[str, dict[str, int]]:
    judged: dict[str, dict[str, int]] = {}
    for line in (CRANFIELD / "cranqrel").read_text("latin-1").splitlines():
        question, document, relevance = line.split()
        judged.setdefault(question, {})[document] = GRADES[relevance]
    return judged


if __name__ == "__main__":
    print(markdown(run()))
