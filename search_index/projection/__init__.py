"""From domain record to search document: the only place in search that knows the domain's fields."""

from search_index.projection.audience import (
    clearances_from,
    clearances_of,
    clearances_with,
    people_in_sight,
    study_token,
)
from search_index.projection.dependents import affected_refs
from search_index.projection.records import PROJECTION_SCHEMA, all_documents, documents_for

__all__ = [
    "PROJECTION_SCHEMA",
    "affected_refs",
    "all_documents",
    "clearances_from",
    "clearances_of",
    "clearances_with",
    "documents_for",
    "people_in_sight",
    "study_token",
]
