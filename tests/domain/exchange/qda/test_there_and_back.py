"""What a package that goes out tells, and what comes of it in another installation."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from factories import make_member, make_session, make_study, source_of, text_of
from lxml import etree
from qda_projects import QDA, Files, bring_in, entries_of, export
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.coding.models import Highlight, Tag
from insights.coding.operations import find_or_add_tag, highlight_passage
from insights.core.base import Base
from insights.core.keys import Keys, set_keys
from insights.exchange.qda.packages import SIDE_FILE
from insights.people.models import Member
from research_hub.db import prepare_engine

NOTES = "She opened the 📨 letter at the table.\n\n“I saw *positive* and I stopped reading.”\n\nعنوان البريد غير واضح."


def _told(session: Session, notes: str = NOTES) -> tuple[Member, Study]:
    actor = make_member(session)
    study = make_study(session, actor=actor, title="Letters & results", question="What <stops> people?")
    held = make_session(session, actor=actor, study=study, notes=notes, title="In the kitchen", participants=["P-7K2Q"])
    source = source_of(session, held)
    text = text_of(session, source)
    for number, (start, end) in enumerate(((0, 20), (10, 30), (10, min(40, len(text)))), start=1):
        highlight_passage(
            session,
            actor=actor,
            source=source,
            start=start,
            end=end,
            tags=[f"letters/part {number}", "feelings"],
            observation="She sighed." if number == 1 else "",
            polarity=-1,
            severity=2,
        )
    return actor, study


def _elsewhere() -> Session:
    engine = create_engine("sqlite://")
    prepare_engine(engine)
    Base.metadata.create_all(engine)
    made = Session(engine)
    set_keys(made, Keys.made())
    return made


def test_polarity_severity_session_and_participant_travel_beside(session: Session, tmp_path: Path) -> None:
    actor, study = _told(session)
    files = Files(tmp_path)

    with _elsewhere() as other:
        bring_in(other, make_member(other), files, export(session, actor, study, files))
        quotes = other.scalars(select(Highlight).order_by(Highlight.id)).all()
        tags = set(other.scalars(select(Tag.path)))

    assert {(each.polarity, each.severity) for each in quotes} == {(-1, 2)}
    assert all(each.research_session_id is not None for each in quotes)
    assert {"letters", "letters/part 1", "letters/part 2", "letters/part 3", "feelings"} <= tags


def test_nobody_is_named_unless_it_is_wanted(session: Session, tmp_path: Path) -> None:
    actor, study = _told(session)
    files = Files(tmp_path)

    plain, named = (export(session, actor, study, files, with_names=wanted) for wanted in (False, True))

    assert actor.name.encode() not in b"".join(entries_of(plain).values())
    assert actor.email.encode() not in b"".join(entries_of(plain).values())
    assert b'name="Coder 1"' in entries_of(plain)["project.qde"]
    assert actor.name.encode() in entries_of(named)["project.qde"]


@pytest.mark.skipif(not QDA.is_dir(), reason="the schema is not beside this checkout")
def test_what_goes_out_is_valid_and_its_places_are_code_points(session: Session, tmp_path: Path) -> None:
    actor, study = _told(session)
    entries = entries_of(export(session, actor, study, Files(tmp_path)))
    root = etree.fromstring(entries["project.qde"])

    schema = etree.XMLSchema(etree.parse(str(QDA / "refi-qda-typescript" / "src" / "Project.xsd")))
    assert schema.validate(root), schema.error_log.last_error
    text = next(content for name, content in entries.items() if name.endswith(".txt")).decode("utf-8")
    for selection in root.findall(".//{*}PlainTextSelection"):
        start, end = int(selection.get("startPosition", "")), int(selection.get("endPosition", ""))
        assert " ".join(text[start:end].split()) == selection.get("name")


def test_the_side_file_is_one_object_a_line_and_holds_no_consent(session: Session, tmp_path: Path) -> None:
    actor, study = _told(session)

    with ZipFile(io.BytesIO(export(session, actor, study, Files(tmp_path)))) as packed:
        lines = [json.loads(line) for line in packed.read(SIDE_FILE).splitlines()]

    kinds = {line["type"] for line in lines}
    assert {"study", "session", "source", "highlight", "tag", "participant"} <= kinds
    assert "consent" not in str(lines)
    held = next(line for line in lines if line["type"] == "session")
    assert date.fromisoformat(held["held_on"])


def test_a_study_comes_into_another_installation_that_has_the_same_tags(session: Session, tmp_path: Path) -> None:
    actor, study = _told(session)
    files = Files(tmp_path)

    with _elsewhere() as other:
        colleague = make_member(other)
        known = find_or_add_tag(other, actor=colleague, path="Feelings")
        bring_in(other, colleague, files, export(session, actor, study, files))
        paths = [path for path in other.scalars(select(Tag.path)) if path.casefold() == "feelings"]

    assert paths == [known.path]
