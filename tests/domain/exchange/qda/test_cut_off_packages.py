"""Packages and files that ended too early, or are something else: refused with the reason, at any length."""

from __future__ import annotations

import pytest
from qda_projects import QDA

from insights.core.errors import InvalidInput
from insights.exchange.qda.reading import understand


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.qdpx"),
        (b"SQLite format 3\x00" + b"\xff" * 4_000, "damaged.sqlite3"),
        (b"a,b\n1,2\n", "other.csv"),
    ],
)
def test_what_is_no_project_names_the_field_of_the_file(content: bytes, name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        understand(name, content)

    assert refused.value.fields["file"]


@pytest.mark.skipif(not QDA.is_dir(), reason="the given coding projects are not beside this checkout")
@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_a_package_that_is_cut_off_is_refused(share: float) -> None:
    content = (QDA / "nvivo-export" / "nvivo_project.qdpx").read_bytes()

    with pytest.raises(InvalidInput):
        understand("nvivo_project.qdpx", content[: int(len(content) * share)])
