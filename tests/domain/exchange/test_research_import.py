"""Research files in the database: every real set, the same file twice, and what is wrong with one file."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from factories import make_member, make_team
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from insights.capture.models import Attachment, Method, SourceText, Study, TextVersion
from insights.capture.operations import create_study
from insights.core.activity import ActivityEntry
from insights.core.base import Base
from insights.core.errors import InvalidInput, NotAllowed
from insights.core.keys import Keys, set_keys
from insights.exchange.research_files.describing import METHODS as METHODS_READ
from insights.exchange.research_import import METHODS, ResearchImport, import_research
from insights.people.models import Member
from research_hub.db import prepare_engine

SHARED = Path(__file__).parents[3].parent / "shared" / "data"
SETS = {
    "nhs-design-history": (196, 33, 0),
    "onrr-research": (67, 5, 1),
    "tanf-research": (25, 2, 0),
    "simpler-grants-research": (21, 2, 0),
}
needs_shared_data = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data sets are not beside the checkout")

REPORT = """---
title: People and their kits
date: 2025-03-14
tags: [kits]
screenshots: two
---

We interviewed five people. Each had an interview of an hour, and each interview began with the kit.
"""


class Shelf:
    """Keeps files in memory; `full` makes it refuse, as a disk does."""

    def __init__(self, *, full: bool = False) -> None:
        self.full = full
        self.contents: dict[str, bytes] = {}

    def keep(self, content: bytes) -> str:
        if self.full:
            raise OSError(28, "No space left on device")
        digest = hashlib.sha256(content).hexdigest()
        self.contents[digest] = content
        return digest


@pytest.fixture
def researcher(session: Session) -> Member:
    return make_member(session)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in" / "kits").mkdir(parents=True)
    (tmp_path / "in" / "kits" / "people.md").write_text(REPORT, encoding="utf-8")
    return tmp_path / "in"


def count(session: Session, kind: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(kind)) or 0


# The real sets


@dataclass(frozen=True)
class SetImport:
    name: str
    session: Session
    shelf: Shelf
    told: ResearchImport


@pytest.fixture(scope="module", params=SETS)
def imported_set(request: pytest.FixtureRequest) -> Iterator[SetImport]:
    """One set imported once; the tests only read."""
    if not SHARED.is_dir():
        pytest.skip("the shared data sets are not beside the checkout")
    engine, shelf = create_engine("sqlite://"), Shelf()
    prepare_engine(engine)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        set_keys(session, Keys.made())
        actor = make_member(session)
        told = import_research(session, actor=actor, files=shelf, root=SHARED / request.param)
        yield SetImport(request.param, session, shelf, told)
    engine.dispose()


def test_every_file_of_a_set_is_stored_or_accounted_for(imported_set: SetImport) -> None:
    documents, not_research, skipped = SETS[imported_set.name]
    told = imported_set.told

    assert len(told.imported) == count(imported_set.session, SourceText) == documents
    assert (len(told.not_research), len(told.skipped), told.unreadable) == (not_research, skipped, ())
    assert len(told.lines) == sum(path.is_file() for path in (SHARED / imported_set.name).rglob("*"))


def test_every_word_of_a_body_is_in_the_stored_text_and_every_byte_is_kept(imported_set: SetImport) -> None:
    current = TextVersion.id == SourceText.current_version_id
    rows = imported_set.session.execute(
        select(SourceText.original_name, SourceText.sha256, TextVersion.text).join(TextVersion, current)
    ).all()

    assert rows
    for original_name, digest, text in rows:
        content = (SHARED / imported_set.name / original_name).read_bytes()
        body = re.sub(r"\A---\r?\n.*?\n---[ ]*(?:\r?\n|\Z)", "", content.decode("utf-8-sig"), flags=re.DOTALL)
        assert text.split() == unicodedata.normalize("NFC", body).split(), original_name
        assert imported_set.shelf.contents[digest or ""] == content, original_name


@needs_shared_data
@pytest.mark.parametrize("study_name", [None, "The whole set"])
def test_a_second_import_of_a_set_stores_nothing(session: Session, researcher: Member, study_name: str | None) -> None:
    root = SHARED / "tanf-research"
    first = import_research(session, actor=researcher, files=Shelf(), root=root, study_name=study_name)
    entries = count(session, ActivityEntry)

    second = import_research(session, actor=researcher, files=Shelf(), root=root, study_name=study_name)

    assert second.imported == ()
    assert [known.ref for known in second.known] == [stored.ref for stored in first.imported]
    assert count(session, ActivityEntry) == entries


@needs_shared_data
def test_without_a_name_each_folder_is_a_study_of_the_back_catalogue(session: Session, researcher: Member) -> None:
    told = import_research(session, actor=researcher, files=Shelf(), root=SHARED / "simpler-grants-research")

    studies = {study.title: study for study in session.scalars(select(Study))}
    assert set(studies) == {"Brand guidelines", "Deliverables", "Content guidelines", "User research"}
    assert all(study.legacy for study in studies.values())
    assert told.headline.startswith("21 imported into 4 studies (0 dated)")


# One file


def test_what_a_file_says_of_itself_is_kept(session: Session, researcher: Member, folder: Path) -> None:
    told = import_research(session, actor=researcher, files=Shelf(), root=folder, study_name="Kits")

    source = session.scalars(select(SourceText)).one()
    assert (source.title, source.original_name) == ("People and their kits", "kits/people.md")
    assert str(source.dated_on) == "2025-03-14"
    assert source.method is Method.INTERVIEW
    assert source.participant_count == 5
    assert source.front_matter["screenshots"] == "two"
    assert told.lines[0].split(" | ") == [
        "kits/people.md: read as SRC-1 “People and their kits” in STU-1",
        "guessed: method: interview; participants: 5",
        "not understood: front matter kept but not used: screenshots (line 1)",
    ]


def test_one_file_is_imported_by_itself(session: Session, researcher: Member, folder: Path) -> None:
    told = import_research(session, actor=researcher, files=Shelf(), root=folder / "kits" / "people.md")

    assert [stored.name for stored in told.imported] == ["people.md"]
    assert session.scalars(select(Study.title)).all() == ["kits"]


def test_the_same_file_under_another_name_comes_in_once(session: Session, researcher: Member, folder: Path) -> None:
    (folder / "kits" / "zweitschrift.md").write_text(REPORT, encoding="utf-8")

    told = import_research(session, actor=researcher, files=Shelf(), root=folder)

    assert [known.name for known in told.known] == ["kits/zweitschrift.md"]
    assert told.lines[1] == "kits/zweitschrift.md: known already as SRC-1"


def test_a_named_study_that_is_there_is_added_to(session: Session, researcher: Member, folder: Path) -> None:
    study = create_study(session, actor=researcher, title="Kits at home")

    told = import_research(session, actor=researcher, files=Shelf(), root=folder, study_name="  Kits at  home ")

    assert [stored.study for stored in told.imported] == [study.ref]
    assert not study.legacy


def test_progress_counts_the_files(session: Session, researcher: Member, folder: Path) -> None:
    (folder / "picture.png").write_bytes(b"\x89PNG")
    seen: list[tuple[int, int]] = []

    import_research(
        session,
        actor=researcher,
        files=Shelf(),
        root=folder,
        progress=lambda done, total: seen.append((done, total)),
    )

    assert seen == [(1, 2), (2, 2)]


@pytest.mark.parametrize("word", [name for name, _ in METHODS_READ])
def test_every_method_the_reader_knows_has_a_term_of_ours(word: str) -> None:
    assert word in METHODS


# What goes wrong


def test_a_bad_file_is_named_and_the_others_come_in(session: Session, researcher: Member, folder: Path) -> None:
    (folder / "a.md").write_bytes(b"%PDF-1.7 not text")
    (folder / "z.md").write_bytes(b"")

    told = import_research(session, actor=researcher, files=Shelf(), root=folder)

    assert [one.name for one in told.unreadable] == ["a.md"]
    assert [one.name for one in told.not_research] == ["z.md"]
    assert [one.name for one in told.imported] == ["kits/people.md"]


def test_a_file_that_cannot_be_kept_leaves_nothing_behind(session: Session, researcher: Member, folder: Path) -> None:
    before = count(session, ActivityEntry)

    told = import_research(session, actor=researcher, files=Shelf(full=True), root=folder, study_name="Kits")

    assert "No space left" in told.unreadable[0].reason
    assert [count(session, kind) for kind in (Study, SourceText, TextVersion, Attachment)] == [0, 0, 0, 0]
    assert count(session, ActivityEntry) == before


def test_a_file_that_fails_does_not_take_the_one_before_it_along(
    session: Session, researcher: Member, folder: Path
) -> None:
    """The second one's title says nothing, so no study can list it."""
    nameless = REPORT.replace("People and their kits", '"\\u200b"')
    (folder / "kits" / "second.md").write_text(nameless, encoding="utf-8")

    told = import_research(session, actor=researcher, files=Shelf(), root=folder)

    assert [one.name for one in told.imported] == ["kits/people.md"]
    assert told.lines[1] == "kits/second.md: not read: nothing of it was stored. Enter a title."
    assert session.scalars(select(SourceText.title)).all() == ["People and their kits"]


def test_a_study_of_another_area_is_refused_before_anything_is_read(
    session: Session, researcher: Member, folder: Path
) -> None:
    other = make_member(session, team=make_team(session, name="Elsewhere"))
    create_study(session, actor=other, title="Theirs")

    with pytest.raises(NotAllowed, match="Elsewhere"):
        import_research(session, actor=researcher, files=Shelf(), root=folder, study_name="Theirs")

    assert count(session, SourceText) == 0


def test_a_restricted_study_of_that_name_is_not_given_away(session: Session, researcher: Member, folder: Path) -> None:
    other = make_member(session, team=make_team(session, is_central=True))
    hidden = create_study(session, actor=other, title="Kits", restricted=True)

    told = import_research(session, actor=researcher, files=Shelf(), root=folder, study_name="Kits")

    assert told.imported[0].study != hidden.ref


def test_a_name_that_says_nothing_and_a_folder_that_is_not_there_are_refused(
    session: Session, researcher: Member, folder: Path
) -> None:
    with pytest.raises(InvalidInput, match="name for the study"):
        import_research(session, actor=researcher, files=Shelf(), root=folder, study_name=" ")
    with pytest.raises(FileNotFoundError, match="nowhere"):
        import_research(session, actor=researcher, files=Shelf(), root=folder / "nowhere")
