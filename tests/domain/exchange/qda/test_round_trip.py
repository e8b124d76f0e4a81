"""A study that goes out, comes into an empty installation and goes out again is the same."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import pytest
import xmlschema
from factories import make_member, make_session, make_study, source_of, text_of
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from qda_projects import QDA, Files, a_recorded_source, bring_in, entries_of, export
from sqlalchemy import create_engine, insert, select
from sqlalchemy.orm import Session

from insights.capture.models import SessionStatus, SourceText, Study, Utterance
from insights.coding.memos import write_memo
from insights.coding.models import Highlight, Tag
from insights.coding.operations import highlight_passage
from insights.core.base import Base
from insights.core.errors import InvalidInput
from insights.core.keys import Keys, set_keys
from insights.exchange.qda.xml_reading import read_project_xml
from insights.people.models import Member, Participant
from insights.synthesis.models import Insight, InsightStatus, Theme, theme_highlights, theme_tags
from insights.synthesis.operations import attach_external_source, attach_highlight, write_insight
from research_hub.db import prepare_engine

WORDS = st.text(alphabet="ab é👩🏽\u200d💻中\n.,\"'<&>\u0301", min_size=1, max_size=60)
NAMES = st.text(alphabet='abcéX:.,/ 👍<&"', min_size=1, max_size=12).filter(lambda name: name.strip(" /,"))


@contextmanager
def _installation() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    prepare_engine(engine)
    Base.metadata.create_all(engine)
    with Session(engine) as made:
        set_keys(made, Keys.made())
        yield made
    engine.dispose()


@given(st.data())
# Shrinking a study takes minutes, and the drawn values tell enough.
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],
)
def test_a_small_study_comes_back_byte_for_byte(data: st.DataObject) -> None:
    with TemporaryDirectory() as folder, _installation() as here, _installation() as there:
        files = Files(Path(folder))
        owner = make_member(here)
        first = export(here, owner, _study(here, owner, data), files)
        other = make_member(there)
        study, project, _ = bring_in(there, other, files, first)
        second = export(there, other, study, files)

        lost = [each for each in project.report["problems"] if each["is_lost"]]
        assert lost == []
        assert entries_of(second) == entries_of(first)


def _study(session: Session, owner: Member, data: st.DataObject) -> Study:
    """One or two sessions with overlapping quotes, nested tags, memos, a theme and an insight."""
    study = make_study(session, actor=owner, question=data.draw(WORDS))
    quotes: list[Highlight] = []
    for number in range(data.draw(st.integers(1, 2))):
        notes = "Begin. " + data.draw(WORDS) + " End."
        held = make_session(session, actor=owner, study=study, notes=notes, participants=[f"P{number}", "P7"])
        source = source_of(session, held)
        length = len(text_of(session, source))
        for _ in range(data.draw(st.integers(0, 4))):
            start, end = sorted(data.draw(st.lists(st.integers(0, length), min_size=2, max_size=2, unique=True)))
            tags = data.draw(
                st.lists(st.sampled_from(["trust", "trust/links", "trust/links/old", "Care", "👍"]), max_size=3)
            )
            try:
                quote = highlight_passage(
                    session,
                    actor=owner,
                    source=source,
                    start=start,
                    end=end,
                    tags=tags,
                    polarity=data.draw(st.sampled_from([None, -1, 0, 1])),
                    participant=data.draw(st.sampled_from([None, *_people(session, study)])),
                    observation=data.draw(st.sampled_from(["", "She laughed 😀", "two\nlines & <more>"])),
                )
            except InvalidInput:
                continue
            quotes.append(quote)
    session.add_all(_own_tags(study, data.draw(st.lists(NAMES, max_size=3, unique_by=str.casefold))))
    session.flush()
    for about in [study.ref, *(quote.ref for quote in quotes[:2])]:
        write_memo(
            session, actor=owner, about=about, text="Look 👀 at\n\nthis.", title=data.draw(st.sampled_from(["", "Why"]))
        )
    _themes_and_insights(session, owner, study, quotes)
    session.flush()
    return study


def _people(session: Session, study: Study) -> list[Participant]:
    return list(session.scalars(select(Participant).where(Participant.study_id == study.id)))


def _own_tags(study: Study, names: list[str]) -> list[Tag]:
    tags = []
    for position, typed in enumerate(names):
        name = " ".join(typed.replace("/", " ").replace(",", " ").split()) or "x"
        if name.casefold() in {tag.folded_path for tag in tags}:
            continue
        moment = study.created_at
        tags.append(Tag(name=name, path=name, folded_path=name.casefold(), study_id=study.id, position=position))
        tags[-1].created_at = tags[-1].updated_at = moment
    return tags


def _themes_and_insights(session: Session, owner: Member, study: Study, quotes: list[Highlight]) -> None:
    theme = Theme(title="Trust & <links>", memo="Why?", study_id=study.id, team_id=study.team_id)
    theme.created_at = theme.updated_at = study.created_at
    session.add(theme)
    session.flush()
    for tag_id in session.scalars(select(Tag.id).where(Tag.name == "trust")):
        session.execute(insert(theme_tags).values(theme_id=theme.id, tag_id=tag_id))
    for quote in quotes[:1]:
        session.execute(insert(theme_highlights).values(theme_id=theme.id, highlight_id=quote.id))
        insight = write_insight(session, actor=owner, claim="People stop reading 😀.", body="They\n\ndo.")
        attach_highlight(session, actor=owner, insight=insight, highlight=quote, note="clear")
        attach_external_source(session, actor=owner, insight=insight, title="A report", url="https://example.org/a")


def test_recordings_utterances_and_originals_go_with_the_study(session: Session, tmp_path: Path) -> None:
    files = Files(tmp_path)
    owner = make_member(session)
    study = make_study(session, actor=owner)
    a_recorded_source(session, owner, study, files)
    first = export(session, owner, study, files)
    with _installation() as there:
        other = make_member(there)
        again, _, _ = bring_in(there, other, files, first)
        second = export(there, other, again, files)
        spoken = there.scalars(select(Utterance).order_by(Utterance.number)).all()

        assert [(each.start_ms, each.speaker) for each in spoken] == [(0, "Ann"), (1500, "Bo")]
    held = entries_of(first)
    assert entries_of(second) == held
    assert any(name.endswith(".mp3") and content == b"sound" for name, content in held.items())


def test_what_goes_out_is_valid_by_the_schema(session: Session, tmp_path: Path) -> None:
    files = Files(tmp_path)
    owner = make_member(session)
    study = make_study(session, actor=owner, question="Why? \x85 \ufffe <&>")
    held = make_session(session, actor=owner, study=study, participants=["P1", "P2"])
    quote = highlight_passage(
        session, actor=owner, source=source_of(session, held), start=0, end=20, tags=["a/b", "c"], observation="x"
    )
    for person in _people(session, study):
        person.attributes = {"age": "67", "uses a screen reader": "true", "joined": "2026-01-02"}
    write_memo(session, actor=owner, about=quote.ref, text="memo")
    _themes_and_insights(session, owner, study, [quote])
    a_recorded_source(session, owner, study, files)

    assert _errors(export(session, owner, study, files)) == []


@pytest.mark.skipif(not QDA.exists(), reason="needs the sample projects")
def test_a_project_of_a_vendor_comes_back_with_what_had_no_place_here(session: Session, tmp_path: Path) -> None:
    files = Files(tmp_path)
    owner = make_member(session)
    sample = (QDA / "refi-qda-typescript" / "TestProject.qdpx").read_bytes()
    study, _, _ = bring_in(session, owner, files, sample)
    out = export(session, owner, study, files)
    with ZipFile(io.BytesIO(sample)) as packed:
        before = read_project_xml(packed.read("Project.qde"), lambda _path: False)
    after = read_project_xml(entries_of(out)["project.qde"], lambda _path: False)

    changed = {"User", "NoteRef"}
    assert {k: v for k, v in after.held.items() if k not in changed} == {
        k: v for k, v in before.held.items() if k not in changed
    }
    assert _errors(out) == []
    assert {code.guid: code.name for code in after.walk_codes()} == {
        code.guid: code.name for code in before.walk_codes()
    }
    # Whoever made it is no member, and is not named unless somebody asks for names.
    assert "Friedrich" not in entries_of(out)["project.qde"].decode()
    assert "/Users/sebpe" not in entries_of(out)["project.qde"].decode()


def _errors(package: bytes) -> list[str]:
    if not QDA.exists():
        pytest.skip("needs the schema")
    schema = xmlschema.XMLSchema(str(QDA / "refi-qda-typescript" / "src" / "Project.xsd"))
    xml = entries_of(package)["project.qde"].decode()
    return [str(error.reason) for error in schema.iter_errors(xml)]


def test_insights_come_in_as_drafts_and_tell_what_they_were(session: Session, tmp_path: Path) -> None:
    files = Files(tmp_path)
    owner = make_member(session)
    study = make_study(session, actor=owner)
    quote = highlight_passage(
        session,
        actor=owner,
        source=source_of(session, make_session(session, actor=owner, study=study)),
        start=0,
        end=20,
    )
    _themes_and_insights(session, owner, study, [quote])
    session.scalars(select(Insight)).one().status = InsightStatus.PUBLISHED
    session.flush()
    package = export(session, owner, study, files)
    with _installation() as there:
        other = make_member(there)
        again, _, _ = bring_in(there, other, files, package)
        insight = there.scalars(select(Insight)).one()
        lines = [
            json.loads(line)
            for line in entries_of(export(there, other, again, files))["research-hub/objects.jsonl"].splitlines()
        ]

        assert insight.status is InsightStatus.DRAFT
        assert [line["status"] for line in lines if line["type"] == "insight"] == ["published"]


def test_withdrawn_sessions_and_people_stay_behind(session: Session, tmp_path: Path) -> None:
    files = Files(tmp_path)
    owner = make_member(session)
    study = make_study(session, actor=owner)
    held = make_session(session, actor=owner, study=study, notes="Said by someone who left.", participants=["LEFT1"])
    held.status = SessionStatus.WITHDRAWN
    person = _people(session, study)[0]
    person.withdrawn_at = study.created_at
    session.flush()
    everything = b"".join(entries_of(export(session, owner, study, files)).values())

    assert b"someone who left" not in everything
    assert b"LEFT1" not in everything
    assert session.scalars(select(SourceText)).all() != []
