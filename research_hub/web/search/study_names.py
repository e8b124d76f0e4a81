"""study:"Round two": the index knows studies by their refs, people by their titles."""

from __future__ import annotations

from dataclasses import replace

from research_hub.web.search.rows import Scope
from search_index.query import Clause, FieldValue, Query, Term, fold

MOST_STUDIES = 20
"""Studies that one title may stand for; a beginning that more have is no name."""


def studies_by_name(query: Query, scope: Scope) -> Query:
    """The query with titles of studies, or words that stand in them, replaced by the refs of those in sight."""
    terms: list[Term] = [*query.excluded, *(term for clause in query.required for term in clause)]
    if not any(isinstance(term, FieldValue) and term.name == "study" for term in terms):
        return query
    return replace(
        query,
        required=tuple(_in_refs(clause, scope) for clause in query.required),
        excluded=_in_refs(query.excluded, scope),
    )


def _in_refs(terms: Clause, scope: Scope) -> Clause:
    return tuple(each for term in terms for each in _named(term, scope))


def _named(term: Term, scope: Scope) -> Clause:
    if not (isinstance(term, FieldValue) and term.name == "study"):
        return (term,)
    titles = {number: f" {fold(line.title)} " for number, line in scope.studies.items()}
    exact = [number for number, title in titles.items() if title.strip() == term.value]
    holding = exact or [number for number, title in titles.items() if f" {term.value} " in title]
    refs = tuple(FieldValue("study", fold(f"STU-{number}")) for number in holding[:MOST_STUDIES])
    return refs or (term,)
