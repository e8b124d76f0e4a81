"""Coding projects by command line: in with a report, out as a package that comes in again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import Result

Run = Callable[..., Result]
XML = """<Project xmlns="urn:QDA-XML:project:1.0" name="Breakfast">
<CodeBook><Codes>
<Code guid="aaaaaaaa-0000-4000-8000-000000000002" name="Food::bread" isCodable="true"/>
</Codes></CodeBook>
<Sources><TextSource guid="aaaaaaaa-0000-4000-8000-000000000006" name="Talk">
<PlainTextContent>Bread 🥐 and butter.</PlainTextContent>
<PlainTextSelection guid="aaaaaaaa-0000-4000-8000-000000000007" startPosition="12" endPosition="18" name="butter">
<Coding guid="aaaaaaaa-0000-4000-8000-000000000008">
<CodeRef targetGUID="aaaaaaaa-0000-4000-8000-000000000002"/></Coding>
</PlainTextSelection>
<PlainTextSelection guid="aaaaaaaa-0000-4000-8000-000000000009" startPosition="90" endPosition="95"/>
</TextSource></Sources></Project>"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    path = tmp_path / "breakfast.qdpx"
    with ZipFile(path, "w") as packed:
        packed.writestr("project.qde", XML)
    return path


def test_a_trial_says_what_would_come_in_and_leaves_nothing(run: Run, installed: Path, package: Path) -> None:
    tried = run("import", "project", str(package), "--dry-run")

    assert tried.exit_code == 0, tried.output
    assert "passages: 1 of 2" in tried.stdout
    assert "its place, 90 to 95, lies outside the text of 19 characters" in tried.stdout
    assert "Nothing was stored." in tried.stdout
    assert [path for path in (installed / "files").rglob("*") if path.is_file()] == []


def test_a_project_comes_in_goes_out_and_comes_in_again(
    run: Run, installed: Path, package: Path, tmp_path: Path
) -> None:
    first = run("import", "project", str(package), "--new-study", "--split", "::")
    target = tmp_path / "out.qdpx"
    out = run("export", "project", "STU-1", "-o", str(target))
    again = run("import", "project", str(target), "--new-study")

    assert "PRJ-1 is in STU-1, Breakfast." in first.stdout
    assert "1 texts, 1 highlights, 2 codes" in out.stdout
    assert "passages: 1 of 1" in again.stdout
    assert "PRJ-2 is in STU-2, Breakfast." in again.stdout
    with ZipFile(target) as packed:
        assert 'startPosition="12" endPosition="18"' in packed.read("project.qde").decode()


def test_a_codebook_goes_out_and_into_the_organisation(
    run: Run, installed: Path, package: Path, tmp_path: Path
) -> None:
    run("import", "project", str(package), "--new-study")
    target = tmp_path / "codes.qdc"
    out = run("export", "codebook", "STU-1", "-o", str(target))
    back = run("import", "project", str(target), "--organisation")
    everyone = run("export", "codebook", "-o", str(tmp_path / "all.qdc"))

    assert "1 codes" in out.stdout
    assert "is in the organisation’s codebook" in back.stdout
    assert 'name="Food::bread"' in (tmp_path / "all.qdc").read_text(encoding="utf-8")
    assert everyone.exit_code == 0


def test_what_is_there_is_not_written_over(run: Run, installed: Path, package: Path, tmp_path: Path) -> None:
    run("import", "project", str(package), "--new-study")
    target = tmp_path / "mine.qdpx"
    target.write_text("mine", encoding="utf-8")
    refused = run("export", "project", "STU-1", "-o", str(target))

    assert refused.exit_code == 1
    assert "is there already" in refused.stderr
    assert target.read_text(encoding="utf-8") == "mine"


def test_it_has_to_be_said_where_a_project_goes(run: Run, installed: Path, package: Path) -> None:
    result = run("import", "project", str(package))

    assert result.exit_code == 2
    assert "Say where it goes" in result.stderr


def test_a_package_that_is_cut_off_is_refused_with_the_reason(run: Run, installed: Path, package: Path) -> None:
    package.write_bytes(package.read_bytes()[:-30])
    refused = run("import", "project", str(package), "--new-study")

    assert refused.exit_code == 1
    assert "damaged or cut off" in refused.stderr
