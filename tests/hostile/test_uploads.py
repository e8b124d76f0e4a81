"""Files that are not what they say: each is stored whole, or refused with a reason, and nothing is left half-done."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from io import BytesIO

import pytest
from factories import make_member, make_session, make_study, source_of
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from insights.capture.models import Attachment, ResearchSession, SourceText, Study, TextVersion
from insights.people.models import Member
from research_hub.db import db, reading, transaction
from research_hub.files import FileStore

WORDS = "“Où est la lettre ?” she asked. It cost £3 – café."
NOTES = "She opened the letter and asked what it meant."
PLAIN = b"She stopped reading at the second line.\n"
LONG_LINE = ("one two three " * 4_000).encode()
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff".encode() * 20


@dataclass(frozen=True)
class Upload:
    """A file as it is sent; `shown` is what its page must say, `refused` what the form must say instead."""

    content: bytes
    shown: str = ""
    refused: str = ""
    name: str = "notes.txt"
    media_type: str = "text/plain"


READ = {
    "UTF-16 with a mark": Upload(codecs.BOM_UTF16_LE + WORDS.encode("utf-16-le"), shown=WORDS),
    "UTF-16, the other way round": Upload(codecs.BOM_UTF16_BE + WORDS.encode("utf-16-be"), shown=WORDS),
    "UTF-8 with a mark": Upload(codecs.BOM_UTF8 + WORDS.encode(), shown=WORDS),
    "Windows-1252": Upload(WORDS.encode("cp1252"), shown=WORDS),
    "text declared as a picture": Upload(PLAIN, shown="second line", name="photo.png", media_type="image/png"),
    "text declared as UTF-7": Upload(PLAIN * 2, shown="second line", media_type="text/plain; charset=utf-7"),
    "a page of HTML": Upload(b"<p>She stopped.<script>alert(1)</script></p>", shown="She stopped.", name="a.html"),
    "one line of 56,000 characters": Upload(LONG_LINE, shown="one two three"),
    "old Mac line ends": Upload(b"She stopped.\rShe rang.\r", shown="She rang."),
}
REFUSED = {
    "a picture": Upload(b"\x89PNG\r\n\x1a\n" + bytes(300), refused="This is a PNG picture, not text.", name="a.md"),
    "bytes full of NUL": Upload(b"abc\x00\x00\x00\x01" * 50, refused="This is not text"),
    "UTF-16 cut off in a letter": Upload(codecs.BOM_UTF16_LE + b"a\x00b\x00c", refused="is damaged at byte"),
    "a UTF-8 mark before other bytes": Upload(codecs.BOM_UTF8 + b"caf\xe9 au lait", refused="is damaged at byte"),
}
NAMES = {
    "../../etc/passwd": "passwd",
    "C:/Users/maya/Desktop/notes.md": "notes.md",
    "/notes\x07\x1b[2J.md": "notes[2J.md",
    "n" * 497 + ".md": "n" * 497 + ".md",
    "a%22;b=c\u202etxt.exe": 'a";b=c\u202etxt.exe',
}


@pytest.fixture
def member(app: Flask) -> Member:
    with transaction() as unit:
        return make_member(unit)


@pytest.fixture
def browser(member: Member, client_for: Callable[[Member], FlaskClient]) -> FlaskClient:
    return client_for(member)


@pytest.fixture
def study(member: Member) -> Study:
    with transaction() as unit:
        return make_study(unit, actor=member)


class Send:
    """Sends an upload to one of the two forms that take files."""

    def __init__(self, app: Flask, browser: FlaskClient, study: Study) -> None:
        self.app, self.browser, self.study = app, browser, study

    def __call__(self, address: str, upload: Upload, **fields: str) -> TestResponse:
        file = FileStorage(BytesIO(upload.content), upload.name, "original", upload.media_type)
        needed = {"held_on": "2026-10-14"} if address == "/sessions" else {"title": "A report"}
        data: dict[str, object] = {"study": self.study.ref, **needed, **fields, "original": file}
        answer = self.browser.post(address, data=data, content_type="multipart/form-data")
        # The test browser spools what is large to a file of its own, and leaves it open.
        answer.request.environ["wsgi.input"].close()
        db.session.expire_all()
        return answer


@pytest.fixture
def send(app: Flask, browser: FlaskClient, study: Study) -> Send:
    return Send(app, browser, study)


@pytest.mark.parametrize("address", ["/sessions", "/sources"])
def test_a_text_in_any_encoding_is_shown_in_its_words_and_comes_back_byte_for_byte(
    address: str, send: Send, browser: FlaskClient
) -> None:
    for number, (kind, upload) in enumerate(READ.items(), start=1):
        answer = send(address, upload)

        assert answer.status_code == 303, kind
        source = _last_source()
        assert upload.shown in _text_of(source), kind
        assert upload.shown[:20] in _page(browser.get(answer.location)), kind
        _assert_comes_back(browser, source, upload.content)
        _assert_nothing_half_stored(send.app, sources=number)


@pytest.mark.parametrize("address", ["/sessions", "/sources"])
def test_what_is_no_text_is_refused_beside_the_file_and_not_stored(address: str, send: Send) -> None:
    for kind, upload in REFUSED.items():
        answer = send(address, upload)

        assert answer.status_code == 422, kind
        assert upload.refused in _said_on("original", answer), kind
        _assert_nothing_half_stored(send.app, sources=0)


@pytest.mark.parametrize(
    ("address", "upload", "field", "said"),
    [
        ("/sessions", Upload(b""), "original", "The file is empty."),
        ("/sources", Upload(b""), "original", "There is nothing in it."),
        ("/sessions", Upload(b" \n\t\n"), "original", "There is nothing in it."),
        ("/sources", Upload(b" \n\t\n"), "original", "There is nothing in it."),
        ("/sessions", Upload(ZERO_WIDTH), "original", "There are no words in it"),
        ("/sources", Upload(ZERO_WIDTH), "original", "There are no words in it"),
        ("/sessions", Upload(b"She paused. " * 170_000), "notes", "Split them into several sessions."),
        ("/sources", Upload(b"She paused. " * 170_000), "original", "Split the report"),
    ],
)
def test_a_file_with_nothing_or_too_much_in_it_is_refused_with_what_to_do(
    address: str, upload: Upload, field: str, said: str, send: Send
) -> None:
    answer = send(address, upload)

    assert answer.status_code == 422
    assert said in _said_on(field, answer)
    _assert_nothing_half_stored(send.app, sources=0)


@pytest.mark.parametrize("address", ["/sessions", "/sources"])
def test_more_than_a_request_may_hold_is_refused_in_words(address: str, send: Send) -> None:
    send.app.extensions["settings"].max_upload = 0

    answer = send(address, Upload(b"x" * (send.app.config["MAX_CONTENT_LENGTH"] + 1)))

    assert answer.status_code == 413
    assert "That is too large" in _page(answer)
    assert "Nothing was stored." in _page(answer)
    _assert_nothing_half_stored(send.app, sources=0)


def test_typed_notes_are_the_text_and_the_file_is_kept_beside_them(send: Send, browser: FlaskClient) -> None:
    upload = Upload(WORDS.encode("cp1252"))

    answer = send("/sessions", upload, notes=NOTES)

    assert answer.status_code == 303
    source = _last_source()
    assert _text_of(source) == NOTES
    _assert_comes_back(browser, source, upload.content)
    _assert_nothing_half_stored(send.app, sources=1)


def test_an_empty_file_beside_typed_notes_is_told_and_the_notes_stay_in_the_form(send: Send) -> None:
    answer = send("/sessions", Upload(b""), notes=NOTES)

    assert answer.status_code == 422
    assert "The file is empty." in _said_on("original", answer)
    assert NOTES in _page(answer)
    _assert_nothing_half_stored(send.app, sources=0)


def test_a_session_refused_for_its_day_leaves_no_file_behind(send: Send) -> None:
    answer = send("/sessions", Upload(PLAIN), held_on="1066-10-14")

    assert answer.status_code == 422
    _assert_nothing_half_stored(send.app, sources=0)


def test_the_same_file_for_two_sessions_is_kept_once(send: Send, browser: FlaskClient) -> None:
    for _ in range(2):
        assert send("/sessions", Upload(PLAIN)).status_code == 303

    _assert_comes_back(browser, _last_source(), PLAIN)
    assert len(_kept_files(send.app)) == 1
    _assert_nothing_half_stored(send.app, sources=2)


@pytest.mark.parametrize("address", ["/sessions", "/sources"])
def test_the_name_of_a_file_is_kept_without_its_path_and_names_nothing_on_disk(
    address: str, send: Send, browser: FlaskClient
) -> None:
    for number, (name, kept) in enumerate(NAMES.items(), start=1):
        content = PLAIN + name.encode()

        answer = send(address, Upload(content, name=name))

        assert answer.status_code == 303, name
        source = _last_source()
        assert source.original_name == kept
        _assert_comes_back(browser, source, content)
        _assert_nothing_half_stored(send.app, sources=number)


def test_edited_notes_are_taken_in_any_letters_or_refused_with_a_reason(
    app: Flask, member: Member, browser: FlaskClient
) -> None:
    with transaction() as unit:
        source = source_of(unit, make_session(unit, actor=member))
    taken = [LONG_LINE.decode(), f"\ufeff{WORDS}", "She stopped.\x00\x1b[2J And rang.", "a\u0301" * 5_000]

    for number, text in enumerate(taken, start=1):
        answer = browser.post(f"/sources/{source.ref}", data={"notes": text, "row_version": str(number)})
        assert answer.status_code == 303, text[:20]
        assert browser.get(f"/sources/{source.ref}", follow_redirects=True).status_code == 200
    refused = browser.post(f"/sources/{source.ref}", data={"notes": " \r\n\t", "row_version": str(len(taken) + 1)})

    assert refused.status_code == 422
    assert "Enter the notes" in _said_on("notes", refused)
    assert reading().scalar(select(func.count(TextVersion.id))) == len(taken) + 1
    assert _kept_files(app) == set()


def test_edited_notes_beyond_what_a_request_may_hold_change_nothing(
    app: Flask, member: Member, browser: FlaskClient
) -> None:
    with transaction() as unit:
        source = source_of(unit, make_session(unit, actor=member))
    body = {"notes": "x" * (app.config["MAX_CONTENT_LENGTH"] + 1), "row_version": "1"}

    answer = browser.post(f"/sources/{source.ref}", data=body)
    answer.request.environ["wsgi.input"].close()

    assert answer.status_code == 413
    assert "Nothing was stored." in _page(answer)
    assert reading().scalar(select(func.count(TextVersion.id))) == 1


def _assert_comes_back(browser: FlaskClient, source: SourceText, content: bytes) -> None:
    answer = browser.get(f"/sources/{source.ref}/original")
    assert answer.status_code == 200
    assert answer.data == content
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{source.ref}.txt"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.content_type == "application/octet-stream"


def _assert_nothing_half_stored(app: Flask, *, sources: int) -> None:
    """As many sources as were told stored, each with its text and its session; the store holds what rows name."""
    session = reading()
    held = session.scalars(select(SourceText)).all()
    assert len(held) == sources
    assert session.scalar(select(func.count(TextVersion.id))) == sources
    belonging = {each.research_session_id for each in held} - {None}
    assert set(session.scalars(select(ResearchSession.id))) == belonging
    named = {each.sha256 for each in held}
    assert set(session.scalars(select(Attachment.sha256))) == named
    assert _kept_files(app) == named


def _kept_files(app: Flask) -> set[str | None]:
    store: FileStore = app.extensions["files"]
    kept = [path for path in store.root.rglob("*") if path.is_file()]
    for path in kept:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name
    return {path.name for path in kept}


def _last_source() -> SourceText:
    found = reading().scalars(select(SourceText).order_by(SourceText.id.desc())).first()
    assert found is not None
    return found


def _text_of(source: SourceText) -> str:
    version = reading().get(TextVersion, source.current_version_id)
    assert version is not None
    return version.text


def _said_on(field: str, answer: TestResponse) -> str:
    return _page(answer).partition(f'id="{field}-error"')[2].partition("</p>")[0]


def _page(answer: TestResponse) -> str:
    return unescape(answer.get_data(as_text=True))
