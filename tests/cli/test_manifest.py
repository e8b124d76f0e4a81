"""A manifest from the command line: tried, stored, refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
ROWS = "path;title;date;study\nletters.md;Results letters;2024-05;Letters\ngone.md;Kits;2024;Kits\n"


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "letters.md").write_text("# Letters\n\n“I saw positive and stopped reading.”\n", encoding="utf-8")
    (folder / "manifest.csv").write_text(ROWS, encoding="utf-8-sig")
    return folder / "manifest.csv"


def test_a_trial_says_what_would_happen_and_leaves_nothing(run: Run, installed: Path, manifest: Path) -> None:
    tried = run("import", "research", str(manifest), "--dry-run")

    assert tried.exit_code == 1
    assert "line 2, letters.md: would be read as “Results letters” in a new study “Letters”" in tried.stdout
    assert "1 would be imported into 1 studies, 0 known already, 1 rows with errors; nothing was stored" in tried.stdout
    assert tried.stderr == "research-hub: 1 errors in manifest.csv; the lines above say why. Nothing was stored.\n"
    assert [path for path in (installed / "files").rglob("*") if path.is_file()] == []


def test_rows_come_in_and_those_with_errors_are_named(run: Run, installed: Path, manifest: Path) -> None:
    first = run("import", "research", str(manifest))
    again = run("import", "research", str(manifest))

    assert first.exit_code == 1
    assert "line 2, letters.md: read as SRC-1 “Results letters” in STU-1" in first.stdout
    assert "line 3: There is no file “gone.md” in the manifest’s folder." in first.stdout
    assert "The other rows are in." in first.stderr
    assert "line 2, letters.md: known already as SRC-1" in again.stdout


def test_a_strict_import_with_an_error_stores_nothing(run: Run, installed: Path, manifest: Path) -> None:
    strict = run("import", "research", str(manifest), "--strict")

    assert strict.exit_code == 1
    assert "Nothing was stored." in strict.stderr
    assert "SRC-1" in run("import", "research", str(manifest)).stdout


def test_a_manifest_without_errors_ends_well(run: Run, installed: Path, manifest: Path) -> None:
    manifest.write_text("\n".join(ROWS.splitlines()[:2]), encoding="utf-8")

    done = run("import", "research", str(manifest))

    assert (done.exit_code, done.stderr) == (0, "")
    assert "1 imported into 1 studies" in done.stdout


def test_a_trial_of_a_folder_is_misuse(run: Run, installed: Path, manifest: Path) -> None:
    result = run("import", "research", str(manifest.parent), "--dry-run")

    assert result.exit_code == 2
    assert "--dry-run and --strict are for a manifest" in result.stderr
