"""What others wrote is committed as it was built: a changed, missing or unlisted file is noticed."""

import hashlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VENDORED = [ROOT / "research_hub" / "static" / "vendor", ROOT / "tests" / "browser" / "vendor"]


@pytest.mark.parametrize("folder", VENDORED, ids=lambda folder: folder.parent.name)
def test_every_vendored_file_has_the_hash_in_the_manifest(folder: Path) -> None:
    promised = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["sha256"]

    found = {path.relative_to(folder).as_posix(): _sha256(path) for path in _files(folder)}

    assert found == promised


@pytest.mark.parametrize("folder", VENDORED, ids=lambda folder: folder.parent.name)
def test_every_vendored_package_names_its_version_and_brings_its_licence(folder: Path) -> None:
    packages = [path for path in folder.iterdir() if path.is_dir()]

    without = [path.name for path in packages if not list(path.glob("LICENSE*"))]
    unversioned = [path.name for path in packages if not path.name.rpartition("-")[2][0].isdigit()]

    assert packages
    assert (without, unversioned) == ([], [])


def test_the_vendored_theme_names_no_fixed_colour_and_asks_no_other_host() -> None:
    sheet = next(VENDORED[0].glob("govuk-frontend-*/govuk-frontend.css")).read_text(encoding="utf-8")

    assert "#" not in sheet
    assert "url(" not in sheet


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json"]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
