"""Facets as the page shows them: in an order that people ask in, with labels and what is chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from research_hub.web.search.rows import Scope, numbers_of
from search_index.engine import FacetCount, SearchResults

LEGENDS: Mapping[str, str] = {
    "kind": "Kind",
    "service": "Service",
    "study": "Study",
    "tag": "Tag",
    "method": "Method",
    "group": "User group",
    "disposition": "What became of it",
    "strength": "Confidence",
    "freshness": "Freshness",
    "status": "Status",
    "phase": "Phase",
    "component": "Component",
    "delivery": "Delivery",
    "basis": "Declared basis",
    "year": "Year",
    "author": "Written by",
    "team": "Team",
}
KIND_LABELS: Mapping[str, str] = {
    "highlight": "Quotes",
    "session": "Sessions and reports",
    "insight": "Insights",
    "decision": "Decisions",
    "recommendation": "Recommendations",
    "study": "Studies",
}
SHOWN = 6
"""Values of one facet on the page; a link shows the others."""


@dataclass(frozen=True, slots=True)
class FacetItem:
    value: str
    label: str
    count: int
    checked: bool


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """`has_more` where values are left out."""

    name: str
    legend: str
    items: tuple[FacetItem, ...]
    has_more: bool


def facet_groups(
    results: SearchResults, filters: Mapping[str, tuple[str, ...]], scope: Scope, *, opened: str = ""
) -> tuple[FacetGroup, ...]:
    """What is chosen stays on the page, even where it finds nothing; `opened` is the facet shown in full."""
    return tuple(_groups(results, filters, scope, opened))


def label_of(name: str, value: str, scope: Scope) -> str:
    if name == "kind":
        return KIND_LABELS.get(value, value)
    if name == "study":
        numbers = numbers_of([value], "STU")
        return scope.study_title(numbers[0]) or value if numbers else value
    return value


def _groups(
    results: SearchResults, filters: Mapping[str, tuple[str, ...]], scope: Scope, opened: str
) -> Iterator[FacetGroup]:
    for name, legend in LEGENDS.items():
        chosen = filters.get(name, ())
        counts = _ordered(name, results.facets.get(name, ()))
        known = {each.value for each in counts}
        listed = [*counts, *(FacetCount(value, 0) for value in chosen if value not in known)]
        shown = [each for place, each in enumerate(listed) if place < SHOWN or name == opened or each.value in chosen]
        # One value that everything has narrows nothing down.
        if len(listed) > 1 or chosen:
            items = tuple(
                FacetItem(each.value, label_of(name, each.value, scope), each.count, each.value in chosen)
                for each in shown
            )
            yield FacetGroup(name, legend, items, has_more=len(shown) < len(listed))


def _ordered(name: str, counts: Sequence[FacetCount]) -> list[FacetCount]:
    return sorted(counts, key=lambda each: each.value, reverse=True) if name == "year" else list(counts)
