"""Search engines put to judged questions: ours and what else is installed, with the same words and the same measures.

Every engine is asked for any of a question's words without stop words; ours is asked as a person asks it.
"""

from __future__ import annotations

import importlib
import importlib.util
import math
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from insights.coding.synonyms import STARTING_GROUPS
from search_index.documents import SearchDocument
from search_index.engine import SearchRequest, Watermark
from search_index.engines.analysis import STOP_WORDS
from search_index.engines.whoosh_engine import WhooshEngine
from search_index.query import parse_query
from search_index.synonyms import NO_SYNONYMS, Synonyms

NDCG_DEPTH, RECALL_DEPTH = 10, 100

Ranker = Callable[[str], list[str]]
Judged = Mapping[str, Mapping[str, int]]
"""By question the keys of documents with their grades; a grade above 0 is relevant."""


def rows_of(documents: Sequence[SearchDocument], judged: Judged, folder: Path) -> list[dict[str, Any]]:
    """One row an engine: its name, nDCG@10, MAP and recall@100."""
    return [_measured(name, rank, judged) for name, rank in _rankers(documents, folder).items()]


def markdown_of(title: str, rows: Sequence[Mapping[str, Any]]) -> str:
    lines = [f"## {title}", "", "| engine | nDCG@10 | MAP | recall@100 |", "|---|---:|---:|---:|"]
    figures = (f"| {row['engine']} | {row['ndcg']:.3f} | {row['map']:.3f} | {row['recall']:.3f} |" for row in rows)
    return "\n".join([*lines, *figures, ""])


def _rankers(documents: Sequence[SearchDocument], folder: Path) -> dict[str, Ranker]:
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


def _measured(name: str, rank: Ranker, judged: Judged) -> dict[str, Any]:
    rankings = {question: rank(question) for question in judged}
    return {
        "engine": name,
        "ndcg": _mean(_gain(rankings[each], judged[each]) for each in judged),
        "map": _mean(_average_precision(rankings[each], judged[each]) for each in judged),
        "recall": _mean(_recall(rankings[each], judged[each]) for each in judged),
    }


def _gain(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """nDCG@10 with gains of 2 to the power of the grade, minus one."""
    best = sorted(grades.values(), reverse=True)[:NDCG_DEPTH]
    return _discounted([grades.get(key, 0) for key in ranked[:NDCG_DEPTH]]) / (_discounted(best) or 1.0)


def _average_precision(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """Over the first 100; every grade above 0 is relevant."""
    places = [place for place, key in enumerate(ranked[:RECALL_DEPTH], 1) if grades.get(key, 0)]
    return sum(number / place for number, place in enumerate(places, 1)) / max(1, _relevant(grades))


def _recall(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    return sum(grades.get(key, 0) > 0 for key in ranked[:RECALL_DEPTH]) / max(1, _relevant(grades))


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
