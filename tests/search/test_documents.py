from __future__ import annotations

import pytest
from search.making import make_document

from search_index.documents import SearchDocument


def test_the_kind_is_a_facet_of_every_document() -> None:
    document = make_document(kind="decision", facets={"tag": ("b", "a", "b"), "service": ()})

    assert document.facet_values() == {"tag": ("b", "a"), "kind": ("decision",)}


def test_a_document_without_a_key_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a key"):
        SearchDocument("", "insight", "A title")


def test_an_unknown_kind_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"“photo” is not a kind of record\. Use one of: study, session"):
        SearchDocument("PHO-1", "photo", "A title")
