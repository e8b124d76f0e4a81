import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from insights.core.text import canonical_text
from insights.exchange.research_files import (
    NotResearch,
    ResearchDocument,
    SkippedFile,
    TreeEntry,
    read_research_tree,
    suggested_study,
    summarise,
)

SHARED = Path(__file__).parents[4].parent / "shared" / "data"
SETS = ("nhs-design-history", "onrr-research", "tanf-research", "simpler-grants-research")
needs_shared_data = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data sets are not beside the checkout")


def kinds(entries: list[TreeEntry]) -> Counter[str]:
    return Counter(type(entry).__name__ for entry in entries)


def reasons(entries: list[TreeEntry]) -> dict[str, str]:
    return {entry.name: entry.reason for entry in entries if not isinstance(entry, ResearchDocument)}


@needs_shared_data
@pytest.mark.parametrize(
    ("name", "documents", "not_research", "skipped"),
    [
        ("nhs-design-history", 196, 33, 0),
        ("onrr-research", 67, 5, 1),
        ("tanf-research", 25, 2, 0),
        ("simpler-grants-research", 21, 2, 0),
    ],
)
def test_every_file_of_a_set_is_a_document_or_left_out_for_a_reason(
    name: str, documents: int, not_research: int, skipped: int
) -> None:
    entries = list(read_research_tree(SHARED / name))

    files = sum(path.is_file() for path in (SHARED / name).rglob("*"))
    assert len(entries) == files == documents + not_research + skipped
    assert kinds(entries) == Counter(ResearchDocument=documents, NotResearch=not_research, SkippedFile=skipped)
    assert all(reasons(entries).values())


@needs_shared_data
@pytest.mark.parametrize("name", SETS)
def test_no_word_of_a_body_is_lost(name: str) -> None:
    for entry in read_research_tree(SHARED / name):
        if not isinstance(entry, ResearchDocument):
            continue
        source = (SHARED / name / entry.name).read_bytes().decode("utf-8-sig")
        body = re.sub(r"\A---\r?\n.*?\n---[ ]*(?:\r?\n|\Z)", "", source, flags=re.DOTALL)
        assert entry.text.split() == unicodedata.normalize("NFC", body).split()
        assert canonical_text(entry.text) == entry.text


@needs_shared_data
def test_templates_landing_pages_and_placeholders_are_told_apart() -> None:
    nhs = reasons(list(read_research_tree(SHARED / "nhs-design-history")))
    onrr = reasons(list(read_research_tree(SHARED / "onrr-research")))

    assert nhs["LICENSE.txt"] == "a licence, not research"
    assert nhs["README.md"] == "the README of the folder as a whole"
    assert nhs["app/guide/a-sample-template.md"] == "a template to be filled in"
    assert nhs["app/hpv-self-testing.md"].startswith("a landing page")
    assert nhs["app/guide/how-to-publish.md"].startswith("a page of guidance")
    assert onrr["research/onrr.gov/FY19_analytics.md"] == "it has headings only, and no text under them"
    assert "placeholder: “Coming soon!”" in "".join(onrr.values())
    assert onrr["research/training-study/Consolidated Findings-Template.xlsx"].startswith("not Markdown")


@needs_shared_data
def test_a_study_is_called_what_the_page_beside_its_folder_is_called() -> None:
    entries = read_research_tree(SHARED / "nhs-design-history")
    studies = {suggested_study(entry) for entry in entries if isinstance(entry, ResearchDocument)}

    assert {"HPV self-testing", "NHS Health Check Online", "Book a vaccination"} <= studies
    services = {path.name for path in (SHARED / "nhs-design-history" / "app").iterdir() if path.is_dir()} - {"guide"}
    assert len(studies) == len(services) == 15


@needs_shared_data
def test_the_summary_tells_each_file_and_each_guess() -> None:
    summary = summarise(read_research_tree(SHARED / "tanf-research"))

    assert (summary.documents, summary.not_research, summary.total, summary.dated) == (25, 2, 27, 18)
    assert summary.headline.startswith("27 files: 25 read (18 dated), 2 not research")
    assert sum(line.startswith("read ") for line in summary.lines) == 25
    assert any("guessed: date 2024-06-01 (season) from the file name" in line for line in summary.lines)
    assert any("the title names another date: Winter 2021" in line for line in summary.lines)


def test_files_come_in_the_order_of_their_paths_and_others_are_reported(tmp_path: Path) -> None:
    for name in ("b.md", "a.txt", "z/one.md", "c/two.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("# Round one\n\nShe rings.\n", "utf-8")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("x", "utf-8")

    entries = list(read_research_tree(tmp_path))

    assert [entry.name for entry in entries] == [".git", "a.txt", "b.md", "photo.png", "c/two.md", "z/one.md"]
    assert reasons(entries) == {".git": "a hidden folder", "photo.png": "not Markdown or plain text (.png)"}


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("# Secret\n\nwords", "utf-8")
    root = tmp_path / "root"
    root.mkdir()
    (root / "note.md").write_text("# Note\n\nwords", "utf-8")
    (root / "leak.md").symlink_to(outside / "secret.md")
    (root / "folder").symlink_to(outside)
    (root / "same.md").symlink_to(root / "note.md")
    (root / "broken.md").symlink_to(root / "gone.md")

    entries = {entry.name: entry for entry in read_research_tree(root)}

    assert [name for name, entry in entries.items() if isinstance(entry, ResearchDocument)] == ["note.md", "same.md"]
    assert reasons(list(entries.values())) == {
        "folder": "a link to a folder is not followed",
        "leak.md": "a link that leads out of the folder",
        "broken.md": "a link that leads nowhere",
    }


def test_a_file_over_2_mb_is_left_out_and_one_under_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "large.md").write_bytes(b"word " * 400_001)
    (tmp_path / "just.md").write_bytes(b"word " * 400_000)

    entries = {entry.name: entry for entry in read_research_tree(tmp_path)}

    assert isinstance(entries["large.md"], SkippedFile)
    assert entries["large.md"].reason == "larger than 2 MB"
    assert isinstance(entries["just.md"], ResearchDocument)


def test_one_file_is_a_tree_of_one(tmp_path: Path) -> None:
    (tmp_path / "interview.txt").write_text("P1: We ring them.\n", "utf-8")

    (entry,) = read_research_tree(tmp_path / "interview.txt")

    assert isinstance(entry, ResearchDocument)
    assert (entry.name, entry.title) == ("interview.txt", "Interview")


def test_a_readme_beside_a_licence_describes_its_folder_but_another_is_a_text(tmp_path: Path) -> None:
    for folder in ("set", "set/round"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "README.md").write_text("# Read\n\nWe talked to them.\n", "utf-8")
    (tmp_path / "set" / "LICENSE").write_text("MIT", "utf-8")

    entries = {entry.name: type(entry) for entry in read_research_tree(tmp_path)}

    assert entries["set/README.md"] is NotResearch
    assert entries["set/round/README.md"] is ResearchDocument


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        list(read_research_tree(tmp_path / "nowhere"))
