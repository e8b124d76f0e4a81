"""What the documents say is held against the code: tables, examples of searches, figures, anchors and pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from insights.core.base import Base
from insights.reports.metrics.explain import metric_help
from search_index.documents import FACETS, SearchDocument
from search_index.engine import SearchRequest, Watermark
from search_index.engines.whoosh_engine import WhooshEngine
from search_index.query import parse_query

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "benchmarks/README.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
SEARCH_EXAMPLES: list[tuple[str, str]] = re.findall(
    r"^\| `(.+)` \| ((?:[A-Z]+-\d+ ?)+) \|$", (ROOT / "docs" / "search.md").read_text("utf-8"), re.MULTILINE
)


def test_the_data_model_names_every_table() -> None:
    told = {row[0].strip("`") for row in _table_rows("docs/data-model.md")}

    assert set(Base.metadata.tables) <= told


def test_the_help_on_search_names_every_field() -> None:
    section = _text("docs/search.md").partition("### Fields")[2].partition("##")[0]

    assert {name for name in FACETS if f"`{name}`" not in section} == set()


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WhooshEngine]:
    made = WhooshEngine.open_or_create(tmp_path_factory.mktemp("examples") / "index")
    made.rebuild([_document(row) for row in _table_rows("docs/search.md") if len(row) == 6], Watermark())
    yield made
    made.close()


@pytest.mark.parametrize(("query", "finds"), SEARCH_EXAMPLES, ids=[query for query, _ in SEARCH_EXAMPLES])
def test_an_example_of_a_search_finds_what_the_document_says(engine: WhooshEngine, query: str, finds: str) -> None:
    found = engine.search(SearchRequest(parse_query(query), frozenset()))

    assert " ".join(sorted(hit.key for hit in found.hits)) == finds
    assert found.total == len(found.hits)


@pytest.mark.parametrize("code", ["T1", "T2", "T3", "T4", "T5", "T8", "T9"])
def test_the_concepts_explain_every_figure_of_the_scorecard(code: str) -> None:
    told = {row[0]: row[1] for row in _table_rows("docs/concepts.md") if len(row) == 4}

    title = metric_help(code).title
    assert told[code].lower().startswith(title.split(" and ")[0].lower()), (told[code], title)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_headings_and_pictures_that_are_there(path: Path) -> None:
    assert [link for link in _links(path) if not _leads_somewhere(path, link)] == []


def _document(row: list[str]) -> SearchDocument:
    key, kind, title, text, tag, day = row
    facets = {"tag": (tag,)} if tag else {}
    return SearchDocument(key, kind, title, text, date=date.fromisoformat(day), facets=facets)


def _table_rows(name: str) -> list[list[str]]:
    """The cells of every row of every table of a document, heads and rules left out."""
    lines = _text(name).splitlines()
    rules = {number for number, line in enumerate(lines) if re.fullmatch(r"\|[\s:|-]+\|", line)}
    return [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for number, line in enumerate(lines)
        if line.startswith("|") and number not in rules and number + 1 not in rules
    ]


def _links(path: Path) -> list[str]:
    text = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
    return [link for link in re.findall(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"", text) for link in link if link]


def _leads_somewhere(path: Path, link: str) -> bool:
    if link.startswith(("http://", "https://", "mailto:")):
        return True
    name, _, anchor = link.partition("#")
    target = (path.parent / name).resolve() if name else path
    if not target.exists():
        return False
    return not anchor or anchor in _anchors(target)


def _anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def _text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")
