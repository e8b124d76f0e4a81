"""Files brought in through the pages: shown first, put right, stored one by one, each refusal with its reason."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from factories import make_member, make_session, make_study
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from insights.capture.models import ResearchSession, SourceText, Study, TextVersion
from insights.capture.operations import set_study_access
from insights.core.access import Role
from insights.exchange.models import FileStatus, ImportFile, MappingProfile
from insights.people.models import Member, Participant
from research_hub import sandbox
from research_hub.config import Settings
from research_hub.db import db, reading, transaction
from research_hub.files import FileStore

TALK = (
    b"Moderator: What did you do then?\n\nP3: I rang my sister.\n\nModerator: And after that?\n\nP3: I read it again.\n"
)
TABLE = b"Participant,Date,What stopped you?\nP1,2026-03-04,The word positive.\nP2,soon,Nothing.\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(300)


@dataclass(frozen=True)
class Desk:
    """A researcher at their browser, with a study."""

    client: FlaskClient
    member: Member
    study: Study

    def bring(self, *files: tuple[str, bytes]) -> str:
        """The address of the import that the plain form begins."""
        answer = self.client.post(
            f"/studies/{self.study.ref}/import",
            data={"files": [(BytesIO(content), name) for name, content in files]},
            content_type="multipart/form-data",
        )
        assert answer.status_code == 303, text_of(answer)
        return str(answer.location)

    def page(self, address: str) -> str:
        answer = self.client.get(address, follow_redirects=True)
        assert answer.status_code == 200, text_of(answer)
        return text_of(answer)

    def post(self, address: str, **data: Any) -> TestResponse:
        return self.client.post(address, data=data)


@pytest.fixture
def desk(app: Flask, client_for: Callable[[Member], FlaskClient]) -> Desk:
    with transaction() as unit:
        member = make_member(unit)
        study = make_study(unit, actor=member)
    return Desk(client_for(member), member, study)


def text_of(answer: TestResponse) -> str:
    page = re.sub(r"<(script|style).*?</\1>", " ", answer.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def files() -> list[ImportFile]:
    db.session.rollback()
    return list(reading().scalars(select(ImportFile).order_by(ImportFile.id)))


def texts() -> list[str]:
    db.session.rollback()
    return list(reading().scalars(select(TextVersion.text).order_by(TextVersion.id)))


def address_of(file: ImportFile, act: str = "") -> str:
    return f"/imports/IMB-{file.import_batch_id}/files/{file.id}{f'/{act}' if act else ''}"


def form_of(file: ImportFile, **changed: str) -> dict[str, str]:
    """What the page of a file would send if nothing but `changed` was touched."""
    chosen = file.choices
    values = {
        "title": chosen["title"],
        "kind": chosen["kind"],
        "becomes": chosen["becomes"],
        "session_ref": "",
        "dated_on": chosen["dated_on"] or "",
        "method": chosen["method"],
        "moderator": chosen["moderator"],
        "participants": ", ".join(chosen["participants"]),
        "participant_count": "",
    }
    for number, speaker in enumerate(chosen["speakers"]):
        values |= {f"role_{number}": speaker["role"], f"code_{number}": speaker["code"]}
    return values | changed


def test_a_file_is_shown_with_what_was_understood_and_nothing_is_stored(desk: Desk) -> None:
    page = desk.page(desk.bring(("2026-03-04 interview.txt", TALK)))

    assert "2026-03-04 interview.txt" in page
    assert "A transcript: 4 turns by Moderator and P3" in page
    assert "A session on 4 March 2026, with P3, moderated by Moderator" in page
    assert "What did you do then?" in page
    assert texts() == []


def test_what_was_put_right_is_what_is_stored(desk: Desk, app: Flask) -> None:
    desk.bring(("interview.txt", TALK))
    file = files()[0]

    answer = desk.post(
        address_of(file), **form_of(file, dated_on="2026-03-05", title="A talk", code_1="p7", then="store")
    )

    held = reading().scalars(select(ResearchSession)).one()
    assert answer.status_code == 303
    assert (held.title, held.held_on.isoformat()) == ("A talk", "2026-03-05")
    assert "P7: I rang my sister." in texts()[0]
    assert "P3" not in texts()[0]
    store: FileStore = app.extensions["files"]
    assert store.read(hashlib.sha256(TALK).hexdigest()) == TALK


def test_a_session_without_a_day_waits_for_one(desk: Desk) -> None:
    address = desk.bring(("interview.txt", TALK))

    assert "Say on which day the session was held." in desk.page(address)
    answer = desk.post(address_of(files()[0], "store"))
    assert answer.status_code == 409
    assert "Say on which day" in text_of(answer)
    assert texts() == []


def test_a_bad_file_is_named_with_the_reason_and_the_rest_comes_in(desk: Desk) -> None:
    address = desk.bring(("photo.png", PNG), ("2026-03-04.txt", TALK))

    page = desk.page(address)
    desk.post(f"{address}/store")

    assert "“photo.png”: This is a PNG picture" in page
    assert [file.status for file in files()] == [FileStatus.REFUSED, FileStatus.STORED]
    assert len(texts()) == 1


def test_everything_that_is_ready_comes_in_at_once_and_can_be_undone(desk: Desk) -> None:
    address = desk.bring(("2026-03-04.txt", TALK), ("2026-03-05.txt", TALK + b"\n"), ("other.txt", TALK + b" "))

    page = desk.page(address)
    desk.post(f"{address}/store")
    stored = [file.status for file in files()]
    desk.post(f"{address}/undo")

    assert "Bring in the 2 that are ready" in page
    assert stored == [FileStatus.STORED, FileStatus.STORED, FileStatus.UNDERSTOOD]
    assert all(held.deleted_at for held in reading().scalars(select(ResearchSession)))
    assert {file.status for file in files()} == {FileStatus.UNDERSTOOD}


def test_content_that_the_study_holds_is_said_and_not_stored_twice(desk: Desk) -> None:
    address = desk.bring(("2026-03-04.txt", TALK))
    desk.post(f"{address}/store")

    again = desk.bring(("a copy, 2026-03-04.txt", TALK))

    assert "The same content is here as SES-1" in desk.page(again)
    answer = desk.post(address_of(files()[1], "store"))
    assert answer.status_code == 409
    assert "in this study already, as SES-1" in text_of(answer)
    assert len(texts()) == 1


def test_a_file_can_be_read_again_in_another_encoding(desk: Desk) -> None:
    words = "Ведущий: Что вы сделали?\n\nP3: Я позвонила сестре.\n"
    desk.bring(("2026-03-04.txt", words.encode("cp1251")))

    desk.post(address_of(files()[0], "read"), encoding="cp1251")
    desk.post(address_of(files()[0], "store"))

    source = reading().scalars(select(SourceText)).one()
    assert "Я позвонила сестре." in texts()[0]
    assert source.encoding == "cp1251"


def test_an_encoding_that_cannot_be_is_refused_with_the_byte(desk: Desk) -> None:
    desk.bring(("2026-03-04.txt", "Où est la lettre ?".encode("cp1252")))

    answer = desk.post(address_of(files()[0], "read"), encoding="utf-8")

    assert answer.status_code == 422
    assert "byte 2 does not fit" in text_of(answer)


def test_a_byte_order_mark_is_no_word_of_the_text(desk: Desk) -> None:
    desk.bring(("2026-03-04.txt", codecs.BOM_UTF8 + TALK))

    desk.post(address_of(files()[0], "read"), encoding="utf-8")

    assert files()[0].summary["opening"].startswith("Moderator")


def test_a_code_that_looks_like_a_name_is_refused_at_its_field(desk: Desk) -> None:
    desk.bring(("2026-03-04.txt", TALK))
    file = files()[0]

    answer = desk.post(address_of(file), **form_of(file, code_1="Mr Jones", then="back"))

    assert answer.status_code == 422
    assert "A code never tells who somebody is" in text_of(answer)
    assert 'value="Mr Jones"' in answer.get_data(as_text=True)


def test_a_text_can_be_added_to_a_session_that_is_there(desk: Desk) -> None:
    with transaction() as unit:
        held = make_session(unit, actor=desk.member, study=desk.study)
    desk.bring(("captions.txt", TALK))
    file = files()[0]

    desk.post(address_of(file), **form_of(file, becomes="existing", session_ref=held.ref, then="store"))

    first, added = reading().scalars(select(SourceText).order_by(SourceText.id))
    assert added.research_session_id == held.id
    assert "Also heard in this session: captions.txt" in desk.page(f"/sessions/{held.ref}")
    assert "I rang my sister." in desk.page(f"/sources/{added.ref}")
    assert desk.client.get(f"/sources/{first.ref}").location.endswith(f"/sessions/{held.ref}")


def test_who_somebody_is_in_another_file_is_offered_and_taken_over_on_request(desk: Desk) -> None:
    talk = TALK.replace(b"P3:", b"Ana:")
    desk.bring(("2026-03-04.txt", talk), ("2026-03-05.txt", talk.replace(b"sister", b"brother")))
    first, second = files()
    desk.post(address_of(first), **form_of(first, role_1="participant", code_1="P9", then="back"))

    page, before = desk.page(address_of(second)), files()[1].choices
    desk.post(address_of(second, "speakers"))

    assert "In 2026-03-04.txt: participant P9" in page
    assert before["speakers"][1]["code"] == ""
    assert files()[1].choices["speakers"][1]["code"] == "P9"


def test_one_day_can_be_given_to_all_sessions_that_lack_one(desk: Desk) -> None:
    address = desk.bring(("2026-03-04.txt", TALK), ("one.txt", TALK + b" "), ("two.txt", TALK + b"  "))

    page = desk.page(address)
    desk.post(f"{address}/day", day="2026-03-09")

    assert "One day for the 2 sessions that lack one" in page
    assert [file.choices["dated_on"] for file in files()] == ["2026-03-04", "2026-03-09", "2026-03-09"]
    assert "Bring in the 3 that are ready" in desk.page(address)


def test_leaving_a_file_out_can_be_undone(desk: Desk) -> None:
    address = desk.bring(("2026-03-04.txt", TALK))

    desk.post(address_of(files()[0], "leave-out"))
    assert files()[0].status is FileStatus.LEFT_OUT
    desk.post(address_of(files()[0], "take-back"))

    assert "Bring in the file that is ready" in desk.page(address)


def test_finishing_lets_go_of_what_was_not_brought_in(desk: Desk, settings: Settings) -> None:
    address = desk.bring(("2026-03-04.txt", TALK))
    waiting = settings.staged_path / hashlib.sha256(TALK).hexdigest()[:2] / hashlib.sha256(TALK).hexdigest()
    assert waiting.exists()

    desk.post(f"{address}/end")

    assert not waiting.exists()
    assert "I rang my sister" not in desk.page(address)


def test_choosing_no_file_is_said_at_the_field(desk: Desk) -> None:
    answer = desk.post(f"/studies/{desk.study.ref}/import")

    assert answer.status_code == 422
    assert "Choose at least one file." in text_of(answer)


def test_a_file_that_is_too_large_is_refused_by_itself(desk: Desk, settings: Settings) -> None:
    settings.max_upload = 100 * 1024

    page = desk.page(desk.bring(("long.txt", b"words " * 20_000), ("2026-03-04.txt", TALK)))

    assert "“long.txt” is larger than 100 kB" in page
    assert "Bring in the file that is ready" in page


def test_a_script_sends_one_file_and_is_told_what_was_understood(desk: Desk) -> None:
    begun = desk.client.post(f"/studies/{desk.study.ref}/imports", headers={"Accept": "application/json"}).get_json()

    answer = desk.client.post(
        begun["files"], data={"file": (BytesIO(TALK), "2026-03-04.txt")}, headers={"Accept": "application/json"}
    )

    assert answer.status_code == 201
    assert answer.get_json()["state"] == "ready"
    assert answer.get_json()["said"].startswith("A transcript: 4 turns")
    assert "2026-03-04.txt" in desk.page(begun["page"])


def test_a_file_that_a_script_sends_twice_waits_once(desk: Desk) -> None:
    begun = desk.client.post(f"/studies/{desk.study.ref}/imports", headers={"Accept": "application/json"}).get_json()

    for _ in range(2):
        desk.client.post(begun["files"], data={"file": (BytesIO(TALK), "talk.txt")})

    assert len(files()) == 1


def test_while_two_files_are_read_a_third_is_asked_to_wait(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = desk.client.post(f"/studies/{desk.study.ref}/imports", headers={"Accept": "application/json"}).get_json()

    def busy(_name: str, _content: bytes) -> None:
        raise sandbox.TooManyReadings

    monkeypatch.setattr("research_hub.web.exchange.imports.beginning.take_in_one", busy)
    answer = desk.client.post(
        begun["files"], data={"file": (BytesIO(TALK), "talk.txt")}, headers={"Accept": "application/json"}
    )

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert files() == []


def test_the_import_of_somebody_else_is_not_there(desk: Desk, client_for: Callable[[Member], FlaskClient]) -> None:
    address = desk.bring(("2026-03-04.txt", TALK))
    with transaction() as unit:
        colleague = make_member(unit)
    other = client_for(colleague)

    answers = [
        other.get(address).status_code,
        other.get(address_of(files()[0])).status_code,
        other.post(f"{address}/store").status_code,
        other.post(address_of(files()[0], "store")).status_code,
        other.post(f"{address}/file", data={"file": (BytesIO(TALK), "x.txt")}).status_code,
    ]

    assert answers == [404] * 5
    assert texts() == []


def test_an_import_whose_study_was_restricted_since_is_not_there(desk: Desk) -> None:
    address = desk.bring(("2026-03-04.txt", TALK))
    with transaction() as unit:
        lead = make_member(unit)
        study = unit.get_one(Study, desk.study.id)
        set_study_access(unit, actor=lead, study=study, restricted=True, named=[])

    assert desk.client.get(address).status_code == 404
    assert desk.post(f"{address}/store").status_code == 404
    assert texts() == []


def test_a_reader_may_not_bring_files_in(desk: Desk, client_for: Callable[[Role], FlaskClient]) -> None:
    assert client_for(Role.READER).get(f"/studies/{desk.study.ref}/import").status_code == 403


def test_a_table_asks_what_its_columns_are_and_names_bad_rows(desk: Desk) -> None:
    desk.bring(("survey.csv", TABLE))

    page = desk.page(address_of(files()[0]))

    assert "What each column is" in page
    assert "1 good row" in page
    assert "“soon” is no date that we can read" in page
    assert texts() == []


def table_form(**changed: str) -> dict[str, str]:
    values = {"column_0": "code", "column_1": "date", "column_2": "answer", "shape": "sessions", "title": "Survey"}
    return values | {"held_on": "", "date_order": "told", "method": "survey", "profile": ""} | changed


def test_the_good_rows_of_a_table_come_in_on_request(desk: Desk) -> None:
    desk.bring(("survey.csv", TABLE))
    file = files()[0]
    desk.post(address_of(file, "columns"), **table_form())

    refused = desk.post(address_of(file, "store"))
    answer = desk.post(address_of(file, "store"), skip_errors="yes")

    assert refused.status_code == 409
    assert "1 row has errors" in text_of(refused)
    assert answer.status_code == 303
    assert texts() == ["## What stopped you?\n\nThe word positive."]
    assert [person.code for person in reading().scalars(select(Participant))] == ["P1"]


def test_row_errors_can_be_taken_away_as_a_table(desk: Desk) -> None:
    desk.bring(("survey.csv", TABLE))

    answer = desk.client.get(address_of(files()[0], "errors.csv"))

    assert answer.mimetype == "text/csv"
    assert '3,"Date","“soon” is no date' in answer.get_data(as_text=True)


def test_a_mapping_that_was_kept_is_offered_for_the_next_table(desk: Desk) -> None:
    desk.bring(("survey.csv", TABLE))
    desk.post(address_of(files()[0], "columns"), **table_form(profile="Letters"))
    desk.bring(("next.csv", b"What stopped you?,Participant\nThe words.,P4\n"))
    file = files()[1]

    page = desk.page(address_of(file))
    desk.post(address_of(file, "profile"), profile="Letters")

    assert reading().scalars(select(MappingProfile.name)).all() == ["Letters"]
    assert "Use “Letters” Missing here: Date." in page
    assert files()[1].choices["columns"] == ["answer", "code"]


def test_two_columns_with_one_meaning_are_refused_at_their_field(desk: Desk) -> None:
    desk.bring(("survey.csv", TABLE))

    answer = desk.post(address_of(files()[0], "columns"), **table_form(column_1="code"))

    assert answer.status_code == 422
    assert "“Participant” is it already" in text_of(answer)


@contextmanager
def _statements(app: Flask) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH", "UPDATE", "INSERT")):
            seen.append(statement)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_the_pages_ask_as_many_questions_for_thirty_files_as_for_one(desk: Desk, app: Flask) -> None:
    address = desk.bring(("2026-03-04.txt", TALK))
    file = files()[0]
    pages = (f"/studies/{desk.study.ref}/import", address, address_of(file))
    counts = []
    for _ in range(2):
        asked = []
        for page in pages:
            desk.client.get(page)
            with _statements(app) as seen:
                desk.client.get(page)
            asked.append(len(seen))
        counts.append(asked)
        if len(counts) == 1:
            with transaction() as unit:
                _copies_of(unit, file, 30)

    assert counts[0] == counts[1]
    assert max(counts[1]) <= 12


def _copies_of(session: Any, file: ImportFile, number: int) -> None:
    values = {
        name: getattr(file, name) for name in ("import_batch_id", "size", "status", "summary", "choices", "reading")
    }
    for each in range(number):
        digest = hashlib.sha256(str(each).encode()).hexdigest()
        session.add(ImportFile(**values, position=each + 10, name=f"{each}.txt", sha256=digest))
