"""What is put into a search engine: plain frozen values, with no database and no engine behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

KINDS = ("study", "session", "highlight", "insight", "decision", "recommendation")

FACETS = (
    "kind",
    "tag",
    "study",
    "service",
    "method",
    "group",
    "status",
    "disposition",
    "strength",
    "freshness",
    "author",
)
"""Facets that can also be asked for as field:value. A document may carry others: they are counted all the same."""

STRENGTHS = ("high", "moderate", "low", "very low")
"""Values of the facet `strength`, the strongest first."""

NO_FACETS: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One record as search sees it.

    `key` is the record's reference ("INS-42"). `quote` is what a participant said, `body` all other text.
    `date` is the day the record speaks of, None where it has none. `version` is the row's own version.
    `audience` names the clearances a member must *all* hold; empty means every signed-in member. `facets`
    maps a facet's name to its values as people read them; `kind` is added by the engines. `stamp` is for the
    caller: what a drift check compares beside version and audience.
    """

    key: str
    kind: str
    title: str
    body: str = ""
    quote: str = ""
    date: date | None = None
    version: int = 0
    audience: frozenset[str] = frozenset()
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NO_FACETS)
    stamp: str = ""

    def __post_init__(self) -> None:
        """Refuse what no engine could give back, and keep facets of its own, whatever mapping was given.

        Raises:
            ValueError: the key is empty, or the kind is not one of KINDS.
        """
        if not self.key:
            raise ValueError("A search document needs a key, for instance “INS-42”.")
        if self.kind not in KINDS:
            raise ValueError(f"“{self.kind}” is not a kind of record. Use one of: {', '.join(KINDS)}.")
        object.__setattr__(self, "facets", dict(self.facets))

    def facet_values(self) -> dict[str, tuple[str, ...]]:
        """Every facet with its values, each value once, `kind` among them, empty facets left out."""
        named = {name: tuple(dict.fromkeys(values)) for name, values in self.facets.items() if values}
        return {**named, "kind": (self.kind,)}
