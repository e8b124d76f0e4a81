"""Projects that are damaged, malicious or only odd: refused with a reason, or taken without a misplaced word."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from factories import make_member
from qda_projects import Files, bring_in, package_of, project_of
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.coding.models import Highlight, Tag
from insights.core.errors import InvalidInput
from insights.exchange.qda.reading import understand
from insights.people.models import Member, Participant

CODE = "aaaaaaaa-0000-4000-8000-0000000000c0"
SOURCE = "aaaaaaaa-0000-4000-8000-0000000000d0"


def _selection(number: int, start: int, end: int, name: str = "", body: str = "") -> str:
    guid = f"aaaaaaaa-0000-4000-8000-{number:012d}"
    place = f'startPosition="{start}" endPosition="{end}"'
    return f'<PlainTextSelection guid="{guid}" name="{name}" {place}>{body}</PlainTextSelection>'


def _coded(number: int) -> str:
    return f'<Coding guid="bbbbbbbb-0000-4000-8000-{number:012d}"><CodeRef targetGUID="{CODE.upper()}"/></Coding>'


def _text(selections: str, *, path: str = "talk.txt") -> str:
    codes = f'<CodeBook><Codes><Code guid="{{{CODE.upper()}}}" name="care" isCodable="true"/></Codes></CodeBook>'
    source = f'<TextSource guid="{SOURCE}" name="Talk" plainTextPath="internal://{path}">{selections}</TextSource>'
    return project_of(f"{codes}<Sources>{source}</Sources>")


def _placed(text: str, selections: str) -> tuple[list[str], list[str]]:
    """The words of the passages that come in, and why others do not."""
    understood = understand("a.qdpx", package_of(_text(selections), {"sources/talk.txt": text.encode()}))
    words = [each.text[p.start : p.end] for each in understood.texts for p in each.passages]
    return words, [problem.why for problem in understood.problems]


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        (-3, 4, "lies outside"),
        (0, 900, "lies outside"),
        (9, 4, "ends at 4, before it begins at 9"),
        (5, 5, "marks no words"),
        (99999999999999, 999999999999999, "lies outside"),
    ],
)
def test_a_place_that_is_none_is_named_and_not_guessed(start: int, end: int, why: str) -> None:
    words, whys = _placed("Bread and butter.", _selection(1, start, end))

    assert words == []
    assert why in whys[0]


def test_words_that_stand_elsewhere_are_found_there_and_the_rest_is_left_out() -> None:
    text = "Once she had read the letter. She cried. Then she rang her sister twice."
    words, whys = _placed(
        text,
        _selection(1, 0, 10, "she rang her sister")
        + _selection(2, 0, 4, "Once")
        + _selection(3, 30, 40, "She cried.")
        + _selection(4, 900, 910, "Not a word of the text"),
    )

    assert words == ["she rang her sister", "Once", "She cried."]
    assert "it was put where its words stand" in whys[0]
    assert "lies outside the text" in whys[1]


def test_a_passage_whose_words_stand_twice_elsewhere_is_not_placed() -> None:
    text = "Zero. I rang my sister first. And again I rang my sister first."
    words, whys = _placed(text, _selection(1, 0, 4, "I rang my sister first"))

    assert words == []
    assert "are not “I rang my sister first”" in whys[0]


def test_emoji_counted_as_two_are_noticed_by_the_words() -> None:
    text = "👍🏽👍🏽 It was good. I read the whole letter, all of it."
    at = text.index("I read")
    units = len(text[:at].encode("utf-16-le")) // 2
    words, whys = _placed(text, _selection(1, units, units + 23, "I read the whole letter"))

    assert (words, whys) == (["I read the whole letter"], [])


def test_line_ends_counted_as_one_are_noticed_by_the_words() -> None:
    text = "One line.\r\nTwo lines.\r\nThree lines of text here."
    at = text.replace("\r\n", "\n").index("Three")
    words, _ = _placed(text, _selection(1, at, at + 19, "Three lines of text"))

    assert words == ["Three lines of text"]


def test_a_name_that_is_a_title_leaves_the_passage_where_the_file_says() -> None:
    words, whys = _placed("Bread and butter.", _selection(1, 0, 5, "damage done by fatty foods"))

    assert words == ["Bread"]
    assert "is not its words" in whys[0]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (package_of(_text(""))[:-30], "cut off"),
        (package_of("<Project"), "no well-formed XML"),
        (package_of('<!DOCTYPE a [<!ENTITY b "c">]><Project>&b;</Project>'), "declares a document type"),
        (package_of(_text(""), {"../../etc/passwd": b"x"}), "leads out of the archive"),
        (package_of(_text(""), name="other.xml"), "no project.qde"),
        (package_of("<a>" * 400 + "</a>" * 400), "nested more than"),
        (package_of("<html/>"), "begins with “html”"),
        (b"PK\x03\x04 and no more", "cut off"),
        (b"no zip at all", "no coding project"),
    ],
)
def test_what_is_no_project_is_refused_with_the_reason(content: bytes, why: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        understand("a.qdpx", content)

    assert why in refused.value.message


def test_a_path_out_of_the_package_reads_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    for path in ("../secret.txt", str(tmp_path / "secret.txt"), "sources/../../secret.txt"):
        understood = understand("a.qdpx", package_of(_text("", path=path)))
        assert understood.texts == ()
        assert understood.missing == ("Talk",)


def test_guids_that_stand_twice_and_codes_that_hold_themselves_come_in_once_each(
    session: Session, tmp_path: Path
) -> None:
    inner = f'<Code guid="{CODE}" name="care" isCodable="true"/>'
    codes = (
        f'<CodeBook><Codes><Code guid="{CODE}" name="care" isCodable="true">{inner}</Code>{inner}</Codes></CodeBook>'
    )
    twice = _selection(1, 0, 5, "", _coded(1)) + _selection(1, 6, 9, "", _coded(2))
    source = f'<TextSource guid="{SOURCE}"><PlainTextContent>Bread and butter.</PlainTextContent>{twice}</TextSource>'
    xml = project_of(f"{codes}<Sources>{source}</Sources>")
    bring_in(session, make_member(session), Files(tmp_path), package_of(xml))

    assert sorted(session.scalars(select(Tag.path))) == ["care", "care (2)", "care/care"]
    assert sorted(session.scalars(select(Highlight.exact))) == ["Bread", "and"]


def test_the_same_project_comes_in_twice_as_two_studies(session: Session, tmp_path: Path) -> None:
    owner, files = make_member(session), Files(tmp_path)
    package = package_of(_text(_selection(1, 0, 5, "Bread", _coded(1))), {"sources/talk.txt": b"Bread and butter."})
    first, _, _ = bring_in(session, owner, files, package)
    second, _, _ = bring_in(session, owner, files, package)

    assert first.id != second.id
    assert list(session.scalars(select(Highlight.study_id))) == [first.id, second.id]


def test_a_code_whose_name_is_a_path_is_no_path(session: Session, tmp_path: Path) -> None:
    xml = project_of(f'<CodeBook><Codes><Code guid="{CODE}" name="PDP/ICE, both" isCodable="true"/></Codes></CodeBook>')
    bring_in(session, make_member(session), Files(tmp_path), package_of(xml))

    tag = session.scalars(select(Tag)).one()
    assert (tag.parent_id, tag.path) == (None, "PDP∕ICE‚ both")


def test_names_that_are_too_long_and_trees_that_are_too_deep_are_cut_and_told(session: Session, tmp_path: Path) -> None:
    deep = "".join(
        f'<Code guid="aaaaaaaa-0000-4000-8000-{n:012d}" name="{"n" * 60}{n}" isCodable="true">' for n in range(20)
    )
    long = f'<Code guid="{CODE}" name="{"x" * 300}" isCodable="true"/>'
    xml = project_of(f"<CodeBook><Codes>{deep}{'</Code>' * 20}{long}</Codes></CodeBook>")
    _, project, _ = bring_in(session, make_member(session), Files(tmp_path), package_of(xml))

    assert session.scalar(select(func.count(Tag.id))) == 21
    assert max(map(len, session.scalars(select(Tag.path)))) <= 400
    assert any("it was cut" in each["why"] for each in project.report["problems"])
    assert any("higher up" in each["why"] for each in project.report["problems"])


def test_coders_never_become_members(session: Session, tmp_path: Path) -> None:
    owner = make_member(session)
    user = f'<Users><User guid="{CODE}" name="{owner.name}"/></Users>'
    marked = f'<PlainTextSelection guid="{SOURCE}" startPosition="0" endPosition="5" creatingUser="{CODE}"/>'
    text = f"<PlainTextContent>Bread.</PlainTextContent>{marked}"
    source = f'<Sources><TextSource guid="{SOURCE}">{text}</TextSource></Sources>'
    bring_in(session, owner, Files(tmp_path), package_of(project_of(user + source)))

    assert session.scalars(select(Highlight.coder)).all() == [owner.name]
    assert session.scalar(select(func.count(Member.id))) == 1
    assert session.scalar(select(func.count(Participant.id))) == 0


def _database(path: Path, *statements: str) -> bytes:
    with sqlite3.connect(path) as made:
        for statement in statements:
            made.execute(statement)
    made.close()
    return path.read_bytes()


_TABLES = (
    "CREATE TABLE projects (id INTEGER, name TEXT, description TEXT, created TEXT)",
    "CREATE TABLE documents (id INTEGER, project_id INTEGER, name TEXT, description TEXT, created TEXT, contents TEXT)",
    "CREATE TABLE tags (id INTEGER, project_id INTEGER, path TEXT, description TEXT)",
    "CREATE TABLE highlights (id INTEGER, document_id INTEGER, start_offset INTEGER, end_offset INTEGER, snippet TEXT)",
)
_LAST = "CREATE TABLE highlight_tags (highlight_id INTEGER, tag_id INTEGER)"
_PROJECT = "INSERT INTO projects VALUES (1, 'P', '', '')"


@pytest.mark.parametrize(
    ("statements", "why"),
    [
        (("CREATE TABLE notes (id INTEGER)",), "no Taguette project"),
        ((*_TABLES, "CREATE VIEW highlight_tags AS SELECT 1 AS highlight_id, 2 AS tag_id"), "no Taguette project"),
        ((*_TABLES, _LAST), "holds 0 projects"),
        ((*_TABLES, _LAST, _PROJECT, "INSERT INTO projects VALUES (2, 'Q', '', '')"), "holds 2 projects"),
        (("CREATE TABLE projects (other TEXT)", *_TABLES[1:], _LAST), "cannot be read"),
    ],
)
def test_a_database_that_is_no_project_is_refused(tmp_path: Path, statements: tuple[str, ...], why: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        understand("a.sqlite3", _database(tmp_path / "a.sqlite3", *statements))

    assert why in refused.value.message


def test_a_database_in_pieces_is_refused(tmp_path: Path) -> None:
    whole = _database(tmp_path / "a.sqlite3", *_TABLES, _LAST, _PROJECT)
    for length in (200, 4_096, len(whole) - 4_096):
        with pytest.raises(InvalidInput):
            understand("a.sqlite3", whole[:length])


def test_a_trigger_of_the_file_never_runs_and_bad_places_are_named(tmp_path: Path) -> None:
    content = _database(
        tmp_path / "a.sqlite3",
        *_TABLES,
        _LAST,
        _PROJECT,
        "CREATE TRIGGER t AFTER INSERT ON tags BEGIN DELETE FROM documents; END",
        "INSERT INTO documents VALUES (1, 1, 'D', '', '', '<p>Brötchen 🥐</p><p>and butter</p>')",
        "INSERT INTO highlights VALUES (1, 1, 0, 9, '<p>Brötchen</p>')",
        "INSERT INTO highlights VALUES (2, 1, 10, 17, '<p>🥐</p><p>and</p>')",
        "INSERT INTO highlights VALUES (3, 1, -5, 900, '')",
        "INSERT INTO highlights VALUES (4, 1, 'x', 'y', '')",
    )
    understood = understand("a.sqlite3", content)
    text = understood.texts[0]

    assert text.text == "Brötchen 🥐\n\nand butter"
    assert [text.text[each.start : each.end] for each in text.passages] == ["Brötchen", "🥐\n\nand"]
    assert len(understood.problems) == 2


@pytest.mark.slow
def test_a_hundred_thousand_passages_come_in(session: Session, tmp_path: Path) -> None:
    text = "word " * 100_000
    selections = "".join(_selection(n, n * 5, n * 5 + 4, "word", _coded(n)) for n in range(100_000))
    package = package_of(_text(selections), {"sources/talk.txt": text.encode()})
    _, project, _ = bring_in(session, make_member(session), Files(tmp_path), package)

    assert project.report["stored"]["highlights"] == 100_000
    assert project.report["stored"]["codings"] == 100_000
    assert session.scalar(select(func.count(Highlight.id)).where(Highlight.exact == "word")) == 100_000
