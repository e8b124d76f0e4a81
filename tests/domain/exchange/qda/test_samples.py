"""Projects of real programs come in with all that they hold, or it is said what does not and why."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from zipfile import ZipFile

import pytest
from domain.exchange.qda.projects import QDA, Files, bring_in, export
from factories import make_member
from lxml import etree
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.capture.models import SourceText, TextVersion
from insights.coding.models import Highlight, Memo, Tag, highlight_tags
from insights.exchange.qda.reading import understand
from insights.synthesis.models import Theme

pytestmark = pytest.mark.skipif(not QDA.is_dir(), reason="the given coding projects are not beside this checkout")
ATLAS = QDA / "refi-qda-typescript" / "TestProject.qdpx"
NVIVO = QDA / "nvivo-export" / "nvivo_project.qdpx"
TAGUETTE = QDA / "taguette-export"
SCHEMA = QDA / "refi-qda-typescript" / "src" / "Project.xsd"


def _count(path: Path, element: str) -> int:
    """How many there are, counted without any of our own reading."""
    with ZipFile(path) as packed:
        name = next(each for each in packed.namelist() if each.casefold().endswith(".qde"))
        root = etree.fromstring(packed.read(name))
    return len(root.findall(f".//{{*}}{element}"))


@pytest.mark.parametrize("path", [ATLAS, NVIVO], ids=["ATLAS.ti", "NVivo"])
def test_every_code_coder_set_and_note_of_a_package_is_counted_and_comes_in(
    session: Session, tmp_path: Path, path: Path
) -> None:
    actor = make_member(session)

    _study, _project, understood = bring_in(session, actor, Files(tmp_path), path.read_bytes(), name=path.name)

    tallies = {each.kind: each for each in understood.tallies}
    for kind, element in {"codes": "Code", "coders": "User", "sets": "Set", "codings": "Coding"}.items():
        assert (tallies[kind].held if kind in tallies else 0) == _count(path, element)
    assert session.scalar(select(func.count(Tag.id))) == _count(path, "Code")
    assert session.scalar(select(func.count(Theme.id))) == _count(path, "Set")
    assert session.scalar(select(func.count(Memo.id))) == (tallies["notes"].comes if "notes" in tallies else 0)


def test_sources_that_are_not_in_the_package_are_named_and_the_rest_comes_in(session: Session, tmp_path: Path) -> None:
    _study, project, understood = bring_in(
        session, make_member(session), Files(tmp_path), ATLAS.read_bytes(), name="TestProject.qdpx"
    )

    assert len(understood.missing) == 11
    assert any("Jeanine" in each["what"] for each in project.report["problems"])
    assert "basePath" not in str(project.report)
    assert session.scalar(select(func.count(SourceText.id))) == 0


def test_what_has_no_place_here_is_given_back_when_the_study_is_exported(session: Session, tmp_path: Path) -> None:
    files, actor = Files(tmp_path), make_member(session)
    study, _project, _understood = bring_in(session, actor, files, ATLAS.read_bytes(), name="TestProject.qdpx")

    package = export(session, actor, study, files)

    with ZipFile(io.BytesIO(package)) as packed:
        root = etree.fromstring(packed.read("project.qde"))
    for element in ("Code", "Set", "Note", "PictureSource", "AudioSource", "VideoSource", "Graph", "Link"):
        assert len(root.findall(f".//{{*}}{element}")) == _count(ATLAS, element), element


@pytest.mark.parametrize("path", [ATLAS, NVIVO], ids=["ATLAS.ti", "NVivo"])
def test_what_goes_out_again_is_valid_by_the_schema_of_refi_qda(session: Session, tmp_path: Path, path: Path) -> None:
    files, actor = Files(tmp_path), make_member(session)
    study, _project, _understood = bring_in(session, actor, files, path.read_bytes(), name=path.name)

    with ZipFile(io.BytesIO(export(session, actor, study, files))) as packed:
        document = etree.fromstring(packed.read("project.qde"))

    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    assert schema.validate(document), schema.error_log.last_error


def test_the_quotes_of_taguette_have_exactly_the_words_that_its_export_tells(session: Session, tmp_path: Path) -> None:
    content = (TAGUETTE / "pdpilot-p1-p2.sqlite3").read_bytes()
    bring_in(session, make_member(session), Files(tmp_path), content, name="pdpilot-p1-p2.sqlite3")

    with (TAGUETTE / "highlights.csv").open(encoding="utf-8", newline="") as file:
        told = sorted((row["tag"], _words(row["content"])) for row in csv.DictReader(file))
    rows = session.execute(
        select(Tag.path, Highlight.exact)
        .join(highlight_tags, highlight_tags.c.tag_id == Tag.id)
        .join(Highlight, Highlight.id == highlight_tags.c.highlight_id)
    )
    # A slash would part a path, so a name that holds one is stored with the division slash.
    stored = sorted((path.replace("\u2215", "/"), _words(exact)) for path, exact in rows)

    assert len(stored) == 68
    assert stored == told


def test_every_quote_stands_at_its_place_in_the_text(session: Session, tmp_path: Path) -> None:
    content = (TAGUETTE / "pdpilot-p1-p2.sqlite3").read_bytes()
    bring_in(session, make_member(session), Files(tmp_path), content, name="pdpilot-p1-p2.sqlite3")

    rows = session.execute(
        select(Highlight, TextVersion.text).join(TextVersion, TextVersion.id == Highlight.text_version_id)
    ).all()

    assert len(rows) == 68
    assert all(text[quote.start : quote.end] == quote.exact for quote, text in rows)


@pytest.mark.parametrize("name", ["codebook.qdc", "codebook.csv", "codebook.xlsx"])
def test_a_codebook_comes_in_with_its_46_codes(session: Session, tmp_path: Path, name: str) -> None:
    bring_in(session, make_member(session), Files(tmp_path), (TAGUETTE / name).read_bytes(), name=name)

    assert session.scalar(select(func.count(Tag.id))) == 46


@pytest.mark.parametrize("name", ["highlights.csv", "highlights.xlsx"])
def test_quotes_alone_come_in_as_texts_made_of_them_and_it_is_said(name: str) -> None:
    understood = understand(name, (TAGUETTE / name).read_bytes())

    assert [len(text.passages) for text in understood.texts] == [29, 39]
    assert "made of them" in understood.problems[0].why


def _words(text: str) -> str:
    return "".join(text.split())
