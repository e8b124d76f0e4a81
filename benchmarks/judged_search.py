"""How well search answers on our own subject: 70 questions on three sets of public research, files judged by hand.

The sets lie beside this checkout and are no part of the project; what is kept here is questions, names of files and
grades. 3: answers the question; 2: much of it is about this; 1: touches it. What was never judged counts as 0; the
first eight of every engine here were judged (benchmarks/judged/README.md).

Run: python -m benchmarks.judged_search
"""

from __future__ import annotations

import importlib
import importlib.util
import math
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from insights.coding.synonyms import STARTING_GROUPS
from search_index.documents import SearchDocument
from search_index.engine import SearchRequest, Watermark
from search_index.engines.analysis import STOP_WORDS
from search_index.engines.whoosh_engine import WhooshEngine
from search_index.query import parse_query
from search_index.synonyms import NO_SYNONYMS, Synonyms

SHARED = Path(__file__).parents[1].parent / "shared" / "data"
SETS = {"nhs": "nhs-design-history/app", "onrr": "onrr-research/research", "tanf": "tanf-research/docs"}
JUDGEMENTS = Path(__file__).parent / "judged" / "judgements.yaml"
NDCG_DEPTH, RECALL_DEPTH = 10, 100

Ranker = Callable[[str], list[str]]
Judged = Mapping[str, Mapping[str, int]]


def run() -> list[dict[str, Any]]:
    """One row an engine; no rows where the sets are absent."""
    documents = read_documents()
    if not documents:
        return []
    judged: Judged = yaml.safe_load(JUDGEMENTS.read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        return [measured(name, rank, judged) for name, rank in rankers(documents, Path(folder)).items()]


def markdown(rows: Sequence[Mapping[str, Any]]) -> str:
    lines = [
        "## Search quality on our own subject",
        "",
        "| engine | nDCG@10 | MAP | recall@100 |",
        "|---|---:|---:|---:|",
    ]
    figures = (f"| {row['engine']} | {row['ndcg']:.3f} | {row['map']:.3f} | {row['recall']:.3f} |" for row in rows)
    return "\n".join([*lines, *figures, ""])


def rankers(documents: Sequence[SearchDocument], folder: Path) -> dict[str, Ranker]:
    """Our engine without and with the list of synonyms, and what else is installed."""
    engine = WhooshEngine.open_or_create(folder)
    engine.rebuild(documents, Watermark())
    found = {
        "Research Hub": _ours(engine, NO_SYNONYMS),
        "Research Hub, synonyms": _ours(engine, Synonyms.of(STARTING_GROUPS)),
        "SQLite FTS5 (porter)": _full_text_search(documents),
    }
    if importlib.util.find_spec("bm25s"):
        found["bm25s"] = _bm25s(documents)
    if importlib.util.find_spec("tantivy"):
        found["tantivy (en_stem)"] = _tantivy(documents)
    return found


def measured(name: str, rank: Ranker, judged: Judged) -> dict[str, Any]:
    rankings = {question: rank(question) for question in judged}
    return {
        "engine": name,
        "ndcg": _mean(gain(rankings[each], judged[each]) for each in judged),
        "map": _mean(average_precision(rankings[each], judged[each]) for each in judged),
        "recall": _mean(recall(rankings[each], judged[each]) for each in judged),
    }


def gain(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """nDCG@10 with gains of 2 to the power of the grade, minus one."""
    best = sorted(grades.values(), reverse=True)[:NDCG_DEPTH]
    return _discounted([grades.get(key, 0) for key in ranked[:NDCG_DEPTH]]) / (_discounted(best) or 1.0)


def average_precision(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """Over the first 100; every grade above 0 is relevant."""
    places = [place for place, key in enumerate(ranked[:RECALL_DEPTH], 1) if grades.get(key, 0)]
    return sum(number / place for number, place in enumerate(places, 1)) / max(1, _relevant(grades))


def recall(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    return sum(grades.get(key, 0) > 0 for key in ranked[:RECALL_DEPTH]) / max(1, _relevant(grades))


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


def _relevant(grades: Mapping[str, int]) -> int:
    return sum(grade > 0 for grade in grades.values())


def _discounted(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def _mean(figures: Iterator[float]) -> float:
    listed = list(figures)
    return sum(listed) / max(1, len(listed))


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"\w+", text.lower()) if word not in STOP_WORDS]


def _ours(engine: WhooshEngine, synonyms: Synonyms) -> Ranker:
    def rank(text: str) -> list[str]:
        query = synonyms.widen(parse_query(text)).query
        return [hit.key for hit in engine.search(SearchRequest(query, frozenset(), limit=RECALL_DEPTH)).hits]

    return rank


def _full_text_search(documents: Sequence[SearchDocument]) -> Ranker:
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE note USING fts5(key UNINDEXED, title, body, tokenize = 'porter unicode61')")
    base.executemany("INSERT INTO note VALUES (?, ?, ?)", [(each.key, each.title, each.body) for each in documents])

    def rank(text: str) -> list[str]:
        match = " OR ".join(f'"{word}"' for word in _words(text))
        statement = "SELECT key FROM note WHERE note MATCH ? ORDER BY bm25(note, 0, 1.3, 1.0) LIMIT ?"
        return [key for (key,) in base.execute(statement, (match, RECALL_DEPTH))]

    return rank


def _bm25s(documents: Sequence[SearchDocument]) -> Ranker:
    """bm25s with its defaults and the stems of our own analyser."""
    bm25s = importlib.import_module("bm25s")
    stems = importlib.import_module("search_index.engines.analysis").stems
    index = bm25s.BM25()
    index.index([stems(f"{each.title}\n{each.body}") for each in documents], show_progress=False)

    def rank(text: str) -> list[str]:
        places, _ = index.retrieve([stems(text)], k=min(RECALL_DEPTH, len(documents)), show_progress=False)
        return [documents[place].key for place in places[0]]

    return rank


def _tantivy(documents: Sequence[SearchDocument]) -> Ranker:
    tantivy = importlib.import_module("tantivy")
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("key", stored=True, tokenizer_name="raw")
    schema.add_text_field("text", tokenizer_name="en_stem")
    index = tantivy.Index(schema.build())
    writer = index.writer()
    for each in documents:
        writer.add_document(tantivy.Document(key=each.key, text=f"{each.title}\n{each.body}"))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def rank(text: str) -> list[str]:
        query = index.parse_query(" ".join(_words(text)), ["text"])
        return [searcher.doc(place)["key"][0] for _, place in searcher.search(query, RECALL_DEPTH).hits]

    return rank


if __name__ == "__main__":
    print(markdown(run()))
