"""Real projects: what they hold is counted without us, and every one of it comes in or is named with the reason."""

from __future__ import annotations

import csv
import io
import sys
from collections import Counter
from pathlib import Path
from zipfile import ZipFile

import pytest
from factories import QUOTE, make_highlight, make_member, make_session, make_study
from lxml import etree
from qda_projects import NAMESPACE, QDA, Files, bring_in, entries_of, export
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.capture.models import TextVersion
from insights.coding.models import Highlight, Memo, Tag, highlight_tags
from insights.exchange.qda.incoming import Choices
from insights.exchange.qda.reading import understand
from insights.synthesis.models import Theme, theme_tags

pytestmark = pytest.mark.skipif(not QDA.exists(), reason="needs the sample projects")
ATLAS = QDA / "refi-qda-typescript" / "TestProject.qdpx"
NVIVO = QDA / "nvivo-export" / "nvivo_project.qdpx"
TAGUETTE = QDA / "taguette-export"
SCHEMA = QDA / "refi-qda-typescript" / "src" / "Project.xsd"
KINDS = {
    "coders": "User",
    "codes": "Code",
    "texts": "TextSource",
    "PDFs": "PDFSource",
    "pictures": "PictureSource",
    "sound recordings": "AudioSource",
    "films": "VideoSource",
    "transcripts": "Transcript",
    "passages": "PlainTextSelection",
    "places on pages": "PDFSelection",
    "places in pictures": "PictureSelection",
    "stretches of film": "VideoSelection",
    "codings": "Coding",
    "notes": "Note",
    "cases": "Case",
    "sets": "Set",
    "links": "Link",
    "graphs": "Graph",
}


def _counted(path: Path) -> dict[str, int]:
    """Elements by kind, counted by XPath in the file itself."""
    with ZipFile(path) as packed:
        name = next(each for each in packed.namelist() if each.endswith(".qde"))
        root = etree.fromstring(packed.read(name))
    counted = {
        kind: int(root.xpath(f"count(//q:{element})", namespaces={"q": NAMESPACE})) for kind, element in KINDS.items()
    }
    return {kind: number for kind, number in counted.items() if number}


@pytest.mark.parametrize("path", [ATLAS, NVIVO], ids=["ATLAS.ti", "NVivo"])
def test_what_is_told_of_a_project_is_what_it_holds(path: Path) -> None:
    understood = understand(path.name, path.read_bytes())

    assert {tally.kind: tally.held for tally in understood.tallies} == _counted(path)


def test_a_project_without_its_texts_brings_codes_notes_and_sets_and_names_the_rest(
    session: Session, tmp_path: Path
) -> None:
    _, project, understood = bring_in(session, make_member(session), Files(tmp_path), ATLAS.read_bytes())

    comes = {tally.kind: tally.comes for tally in understood.tallies if tally.comes}
    assert comes == {"coders": 3, "codes": 14, "notes": 2, "sets": 16}
    assert (_count(session, Tag), _count(session, Theme), _count(session, Memo)) == (14, 16, 2)
    assert session.scalar(select(func.count()).select_from(theme_tags)) == 19
    lost = Counter(problem.kind for problem in understood.problems if problem.is_lost)
    # 8 passages of which 2 are of a PDF and named with it, 2 more places on its pages; 6 texts and 2 PDFs.
    assert (lost["text"], lost["passage"], lost["picture"], lost["link"], lost["graph"]) == (8, 10, 1, 1, 1)
    assert len(understood.missing) == 11
    assert len(project.kept["sources"]) == 12


def test_every_code_of_a_deep_tree_stands_where_it_stood(session: Session, tmp_path: Path) -> None:
    study, _, _ = bring_in(session, make_member(session), Files(tmp_path), NVIVO.read_bytes())
    with ZipFile(NVIVO) as packed:
        root = etree.fromstring(packed.read("project.qde"))
    paths = {
        "/".join(
            [
                *(each.get("name") for each in reversed(list(code.iterancestors(f"{{{NAMESPACE}}}Code")))),
                code.get("name"),
            ]
        )
        for code in root.iter(f"{{{NAMESPACE}}}Code")
    }

    assert set(session.scalars(select(Tag.path))) == paths
    assert len(paths) == 262
    assert set(session.scalars(select(Tag.study_id))) == {study.id}


def test_texts_without_words_come_in_with_their_documents(session: Session, tmp_path: Path) -> None:
    owner, files = make_member(session), Files(tmp_path)
    study, project, _ = bring_in(session, owner, files, NVIVO.read_bytes())
    with ZipFile(NVIVO) as packed:
        documents = {packed.read(name) for name in packed.namelist() if name.endswith(".docx")}
    out = entries_of(export(session, owner, study, files))

    assert project.report["stored"]["texts"] == 2
    assert {content for name, content in out.items() if name.endswith(".docx")} == documents


def test_each_of_taguettes_highlights_has_the_words_that_taguette_tells(session: Session, tmp_path: Path) -> None:
    content = (TAGUETTE / "pdpilot-p1-p2.sqlite3").read_bytes()
    _, project, understood = bring_in(session, make_member(session), Files(tmp_path), content, name="p.sqlite3")
    with (TAGUETTE / "highlights.csv").open(encoding="utf-8", newline="") as opened:
        told = sorted(
            (" ".join(row["content"].split()), row["tag"].replace("/", "∕").replace(",", "‚"))
            for row in csv.DictReader(opened)
        )
    rows = session.execute(
        select(Highlight.exact, Tag.path)
        .join(highlight_tags, highlight_tags.c.highlight_id == Highlight.id)
        .join(Tag, Tag.id == highlight_tags.c.tag_id)
    )

    assert sorted((" ".join(exact.split()), path) for exact, path in rows) == told
    assert len(told) == 68
    assert understood.problems == ()
    assert project.report["stored"] | {"codes": 46, "texts": 2, "highlights": 68} == project.report["stored"]


def test_dotted_names_become_a_tree_where_that_is_chosen(session: Session, tmp_path: Path) -> None:
    content = (TAGUETTE / "pdpilot-p1-p2.sqlite3").read_bytes()
    bring_in(session, make_member(session), Files(tmp_path), content, name="p.sqlite3", choices=Choices(separator="."))

    paths = set(session.scalars(select(Tag.path)))
    assert {"Explainability techniques", "Explainability techniques/PDP∕ICE"} <= paths


@pytest.mark.parametrize("name", ["codebook.csv", "codebook.xlsx", "codebook.qdc"])
def test_a_codebook_tells_the_same_in_each_of_its_forms(name: str) -> None:
    codes = understand(name, (TAGUETTE / name).read_bytes()).codes
    with (TAGUETTE / "codebook.csv").open(encoding="utf-8", newline="") as opened:
        told = [row["tag"] for row in csv.DictReader(opened)]

    assert [code.name for code in codes] == told
    assert len(told) == 46


@pytest.mark.parametrize("name", ["highlights.csv", "highlights.xlsx"])
def test_a_table_of_highlights_becomes_texts_of_quotes(name: str) -> None:
    understood = understand(name, (TAGUETTE / name).read_bytes())

    assert [text.title for text in understood.texts] == ["P1", "P2"]
    assert sum(len(text.passages) for text in understood.texts) == 68
    assert all("its quotes alone" in problem.why for problem in understood.problems)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the reader’s own code needs Python 3.12")
def test_an_independent_reader_finds_what_we_wrote(session: Session, tmp_path: Path) -> None:
    """It counts as NVivo does, so the text holds nothing beyond the basic plane."""
    reader = pytest.importorskip("pyqdpx", reason="needs the reader")
    owner, files = make_member(session), Files(tmp_path)
    study = make_study(session, actor=owner)
    held = make_session(session, actor=owner, study=study)
    for words, tags in [(QUOTE, ["reading/stops", "fear"]), ("I rang my sister", ["help"])]:
        make_highlight(session, actor=owner, research_session=held, words=words, tags=tags)
    path = tmp_path / "out.qdpx"
    path.write_bytes(export(session, owner, study, files))
    project = reader.QDPX(str(path)).get_project()
    read = {
        (selection.text, selection.code.name, selection.user.name)
        for source in project.sources.values()
        for selection in source.coded_selections.values()
    }

    # It takes the first code of a passage alone.
    assert read == {(QUOTE, "stops", "Coder 1"), ("I rang my sister", "help", "Coder 1")}
    assert {code.name for code in project.codes.values()} == {"reading", "stops", "fear", "help"}
    assert {user.name for user in project.users.values()} == {"Coder 1"}


@pytest.mark.parametrize("path", [ATLAS, NVIVO], ids=["ATLAS.ti", "NVivo"])
def test_what_goes_out_again_is_valid_by_the_schema_of_refi_qda(session: Session, tmp_path: Path, path: Path) -> None:
    files, actor = Files(tmp_path), make_member(session)
    study, _project, _understood = bring_in(session, actor, files, path.read_bytes(), name=path.name)

    with ZipFile(io.BytesIO(export(session, actor, study, files))) as packed:
        document = etree.fromstring(packed.read("project.qde"))

    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    assert schema.validate(document), schema.error_log.last_error


def test_every_quote_stands_at_its_place_in_the_text(session: Session, tmp_path: Path) -> None:
    content = (TAGUETTE / "pdpilot-p1-p2.sqlite3").read_bytes()
    bring_in(session, make_member(session), Files(tmp_path), content, name="pdpilot-p1-p2.sqlite3")

    rows = session.execute(
        select(Highlight, TextVersion.text).join(TextVersion, TextVersion.id == Highlight.text_version_id)
    ).all()

    assert len(rows) == 68
    assert all(text[quote.start : quote.end] == quote.exact for quote, text in rows)


def _count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0
