"""Any file of another program's project, told apart by its content: REFI-QDA, its codebook, or Taguette's."""

from __future__ import annotations

from insights.core.errors import InvalidInput
from insights.exchange.qda.packages import open_package
from insights.exchange.qda.taguette import understand_database
from insights.exchange.qda.taguette_tables import understand_table
from insights.exchange.qda.understanding import understand_codebook, understand_project
from insights.exchange.qda.understood import Understood
from insights.exchange.qda.xml_reading import read_codebook_xml, read_project_xml


def understand(name: str, content: bytes) -> Understood:
    """What the file `name` holds. Raises InvalidInput on "file" where it is no project that we can read."""
    if content.startswith(b"SQLite format 3\x00"):
        return understand_database(content)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return understand_table(name, content) if name.casefold().endswith(".xlsx") else _from_zip(content)
    if name.casefold().endswith(".csv"):
        return understand_table(name, content)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _from_xml(content)
    raise InvalidInput.of("file", _REFUSED)


_REFUSED = (
    "This is no coding project that we can read. Choose a REFI-QDA project (.qdpx), a REFI-QDA codebook (.qdc), a "
    "Taguette project (.sqlite3), or Taguette’s codebook or highlights as CSV or XLSX."
)


def _from_zip(content: bytes) -> Understood:
    package = open_package(content)
    return understand_project(read_project_xml(package.project(), package.is_there), package)


def _from_xml(content: bytes) -> Understood:
    if b"CodeBook" in content[:2_000] and b"<Project" not in content[:2_000]:
        return understand_codebook(read_codebook_xml(content))
    return understand_project(read_project_xml(content, lambda _path: False), None)
