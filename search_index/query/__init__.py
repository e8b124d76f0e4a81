"""The query language: read once, from anything a person can type, into plain values that every engine understands."""

from search_index.query.folding import fold
from search_index.query.mutations import other_forms
from search_index.query.parser import parse_query
from search_index.query.terms import (
    Clause,
    FieldValue,
    From,
    Likewise,
    Phrase,
    Prefix,
    Query,
    Term,
    Until,
    Word,
)

__all__ = [
    "Clause",
    "FieldValue",
    "From",
    "Likewise",
    "Phrase",
    "Prefix",
    "Query",
    "Term",
    "Until",
    "Word",
    "fold",
    "other_forms",
    "parse_query",
]
