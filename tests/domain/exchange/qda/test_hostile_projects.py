"""Projects that are broken or mean harm: a clear word, and nothing stored."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from factories import make_member
from qda_projects import QDA, Files, bring_in, package_of, project_of
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.coding.models import Highlight, Tag
from insights.core.errors import InvalidInput
from insights.exchange.qda.reading import understand

GUID = "11111111-1111-4111-8111-11111111111{}"
TEXT = f'<Sources><TextSource guid="{GUID.format(1)}" name="Notes" plainTextPath="internal://notes.txt">{{}}</TextSource></Sources>'
SELECTION = '<PlainTextSelection guid="' + GUID.format(2) + '" name="{}" startPosition="{}" endPosition="{}"/>'


def _one(start: object, end: object, name: str = "") -> bytes:
    xml = project_of(TEXT.format(SELECTION.format(name, start, end)))
    return package_of(xml, {"sources/notes.txt": b"She opened the letter."})


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.qdpx"),
        (b"PK\x03\x04 cut off", "cut.qdpx"),
        (b"no project at all", "words.qdpx"),
        (package_of("<Project", name="project.qde"), "broken.qdpx"),
        (package_of("nothing", name="readme.txt"), "without.qdpx"),
        (b"SQLite format 3\x00" + b"\xff" * 4_000, "damaged.sqlite3"),
        (b"a,b\n1,2\n", "other.csv"),
    ],
)
def test_what_is_no_project_is_refused_in_words(content: bytes, name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        understand(name, content)

    assert refused.value.fields["file"]


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE p [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE p SYSTEM "file:///etc/passwd">',
    ],
)
def test_entities_and_document_types_are_refused(head: str) -> None:
    xml = project_of("").replace("?>", f"?>{head}", 1)

    with pytest.raises(InvalidInput):
        understand("project.qdpx", package_of(xml))


@pytest.mark.parametrize(("start", "end"), [(5, 5_000), (-4, 3), (9, 2), (500, 600), ("x", "y"), (3, 3)])
def test_a_passage_beyond_its_text_is_named_and_never_placed_elsewhere(
    session: Session, tmp_path: Path, start: object, end: object
) -> None:
    _study, project, _understood = bring_in(session, make_member(session), Files(tmp_path), _one(start, end))

    for quote in session.scalars(select(Highlight)):
        assert quote.exact == "She opened the letter."[quote.start : quote.end]
    told = [each for each in project.report["problems"] if each["kind"] == "passage"]
    assert told or session.scalar(select(func.count(Highlight.id))) == 1


def test_names_that_lead_out_of_the_package_lead_nowhere() -> None:
    xml = project_of(TEXT.replace("notes.txt", "../../../etc/passwd").format(""))

    understood = understand("project.qdpx", package_of(xml))

    assert understood.texts == ()
    assert len(understood.missing) == 1


def test_codes_that_share_a_guid_or_lie_very_deep_all_come_in(session: Session, tmp_path: Path) -> None:
    deep = "".join(f'<Code guid="{number:08d}-1111-4111-8111-111111111111" name="c{number}">' for number in range(60))
    twice = f'<Code guid="{GUID.format(3)}" name="one"/><Code guid="{GUID.format(3)}" name="two"/>'
    xml = project_of(f"<CodeBook><Codes>{deep}{'</Code>' * 60}{twice}</Codes></CodeBook>")

    bring_in(session, make_member(session), Files(tmp_path), package_of(xml))

    names = set(session.scalars(select(Tag.name)))
    assert {"one", "two", "c0", "c59"} <= names


def test_a_hundred_thousand_passages_are_understood_in_bounded_time() -> None:
    many = "".join(
        f'<PlainTextSelection guid="{number:08x}-1111-4111-8111-111111111111" name="" startPosition="0" '
        'endPosition="3"/>'
        for number in range(100_000)
    )
    content = package_of(project_of(TEXT.format(many)), {"sources/notes.txt": b"She opened the letter."})

    understood = understand("project.qdpx", content)

    assert len(understood.texts[0].passages) + len(understood.problems) >= 100_000


def test_a_database_that_is_not_taguettes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE documents (id INTEGER)")
    connection.execute("CREATE TRIGGER harm AFTER INSERT ON documents BEGIN DELETE FROM documents; END")
    connection.commit()
    connection.close()

    with pytest.raises(InvalidInput):
        understand("other.sqlite3", path.read_bytes())


@pytest.mark.skipif(not QDA.is_dir(), reason="the given coding projects are not beside this checkout")
@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_a_package_that_is_cut_off_is_refused_or_told(share: float) -> None:
    content = (QDA / "nvivo-export" / "nvivo_project.qdpx").read_bytes()

    with pytest.raises(InvalidInput):
        understand("nvivo_project.qdpx", content[: int(len(content) * share)])
