"""Documents made to do harm, or merely broken: each is read or refused with a reason, within its child's limits."""

from __future__ import annotations

import io
import os
import random
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep
from typing import Any

import odfdo
import pytest
from domain.exchange.documents.making import (
    open_document_with,
    pdf_of_lines,
    with_part,
    word_with,
    workbook_with,
    zip_with,
)
from domain.exchange.documents.outcomes import read_or_refused
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.core.errors import InvalidInput
from insights.exchange.documents import read_document
from research_hub import sandbox
from research_hub.sandbox import TooManyReadings, read_apart, run_apart

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "hostile-text"
needs_given = pytest.mark.skipif(not DATA.is_dir(), reason="the given hostile texts lie beside the checkout")
GIVEN = sorted(path for path in DATA.rglob("*") if path.is_file())
WORDS = "The letter came late and nobody knew whom to ask about it."
LINES = [f"{WORDS} ({number})" for number in range(200)]
WHOLE = {
    "notes.docx": word_with(*LINES),
    "notes.odt": open_document_with(*(odfdo.Paragraph(line) for line in LINES)),
    "notes.pdf": pdf_of_lines(*(LINES[start : start + 40] for start in range(0, 200, 40))),
    "notes.xlsx": workbook_with({"A": [["Said"], *([line] for line in LINES)]}),
    "notes.zip": zip_with({f"{number}.txt": line.encode() for number, line in enumerate(LINES)}),
    "notes.rtf": rb"{\rtf1 " + rb"\par ".join(line.encode() for line in LINES) + b"}",
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha">%s]><a>&z;</a>""" % b"".join(
    b'<!ENTITY %c "%s">' % (name, b"&%c;" % (name - 1) * 10) for name in range(ord("b"), ord("z") + 1)
)


def refusal_of(name: str, content: bytes) -> str:
    """The message where it is refused; empty where it is read, with something in it."""
    read, refusal = read_or_refused(name, content)
    assert (read is None) == (refusal != "")
    assert read is None or read.text or read.tables
    assert not refusal or (refusal.startswith(f"“{name}”: ") and refusal.endswith("."))
    return refusal


@needs_given
@pytest.mark.parametrize("path", GIVEN, ids=lambda path: f"{path.parent.name}/{path.name}")
@pytest.mark.parametrize("ending", ["", ".html", ".md", ".vtt", ".csv"])
def test_every_given_hostile_text_has_a_clear_outcome(path: Path, ending: str) -> None:
    refusal = refusal_of(f"{path.name}{ending}", path.read_bytes())

    assert "do not understand" not in refusal


@pytest.mark.parametrize("tenths", range(1, 10))
@pytest.mark.parametrize("name", WHOLE)
def test_a_file_that_is_cut_off_is_refused_or_says_that_it_may_be(name: str, tenths: int) -> None:
    read, refusal = read_or_refused(name, WHOLE[name][: len(WHOLE[name]) * tenths // 10])

    if read is None:
        assert refusal.startswith(f"“{name}”: ")
        assert any(advice in refusal for advice in ("Bring it again", "Save it anew"))
    else:
        assert any("may be cut off" in note for note in read.notes)


@pytest.mark.parametrize("name", ["notes.docx", "notes.odt", "notes.pdf", "notes.xlsx", "notes.rtf"])
def test_the_whole_file_is_read(name: str) -> None:
    read = read_document(name, WHOLE[name])

    assert LINES[199] in read.text or read.tables[0].rows[199] == (LINES[199],)


def test_a_small_word_document_that_unpacks_to_400_megabytes_is_refused_unread() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w") as part:
            for _ in range(400):
                part.write(b" " * 1_000_000)
    assert len(file.getvalue()) < 800_000

    with pytest.raises(InvalidInput, match=r"“bomb.docx”: .*word/document.xml.* would unpack to 400.0 MB"):
        read_document("bomb.docx", file.getvalue())


@pytest.mark.parametrize(
    ("part", "content", "reason"),
    [
        ("word/document.xml", LAUGHS, "declares a document type"),
        ("word/styles.xml", b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "declares a document type"),
        ("../../etc/cron.d/x", b"x", "leads out of the archive"),
        ("/etc/passwd", b"x", "leads out of the archive"),
        ("word/document.xml", b"<w:document>", "no well-formed XML"),
        ("word/document.xml", b"", "do not fit together"),
    ],
)
def test_a_word_document_with_a_hostile_part_is_refused_by_the_name_of_the_part(
    part: str, content: bytes, reason: str
) -> None:
    with pytest.raises(InvalidInput, match=reason):
        read_document("letter.docx", with_part(WHOLE["notes.docx"], part, content))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("deep.html", b"<div>" * 60_000 + b"words"),
        ("deep.rtf", b"{\\rtf1 " + b"{" * 50_000 + b"words"),
        ("deep.md", b"> " * 50_000 + b"words"),
        ("wide.csv", b'"a",' * 100_000),
        ("tags.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<c." * 100_000),
        ("labels.txt", b"A: b\n" * 100_000),
        ("colons.txt", b"a" * 50 + b":" * 200_000),
        ("marks.txt", b"e" + "\u0301\u0323".encode() * 100_000),
        ("line.txt", b"word " * 12_000),
        ("arrows.srt", b"1\n0:0:0 --> 0:0:1\nx\n" + b" -->" * 50_000),
        ("digits.sbv", b"0:00:01.000,0:00:02.000\nx\n\n" + b"1" * 300_000),
        ("blanks.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\nx\n\n00:03.000" + b" " * 300_000 + b"-->"),
        ("blanks.html", b"<pre>a" + b" " * 300_000 + b"b</pre>"),
        ("blanks.txt", b"Anna: a\n\n00:01:02" + b" " * 300_000 + b"Ben: b\n\nAnna: c\n\nBen: d"),
        ("heading.md", b"# a\n\nAnna: a\n\n#" + b" " * 300_000 + b"x"),
        ("figures.csv", b"1" * 300_000 + b"x,b\n1,2\n"),
        ("dates.txt", b"1 January " * 20_000),
        ("page.pdf", b"%PDF-1.4\n" + b"1 0 obj<</Kids[1 0 R]/Type/Pages>>endobj\n" * 2_000),
    ],
)
def test_a_file_that_would_take_for_ever_has_an_outcome_within_the_childs_limits(name: str, content: bytes) -> None:
    read, refusal = read_or_refused(name, content, read_apart)

    assert read is not None or refusal.startswith(f"“{name}”: ")
    assert "longer than is allowed" not in refusal


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=600),
    st.sampled_from(
        [b"", b"%PDF-1.4\n", b"{\\rtf1 ", b"PK\x03\x04", b"WEBVTT\n\n", b"<html>", b"\xff\xfe", b"\xd0\xcf\x11\xe0"]
    ),
    st.sampled_from(["a.docx", "a.pdf", "a.txt", "a.csv", "a.xlsx", "a.vtt", "a.odt", "a.xls", "a.html", "a.rtf"]),
)
def test_random_bytes_are_read_or_refused(content: bytes, beginning: bytes, name: str) -> None:
    refusal_of(name, beginning + content)


@pytest.mark.parametrize("name", ["notes.docx", "notes.odt", "notes.pdf", "notes.xlsx", "notes.rtf"])
def test_a_file_with_flipped_bytes_is_read_or_refused(name: str) -> None:
    chance = random.Random(7)
    for _ in range(25):
        content = bytearray(WHOLE[name])
        for place in chance.sample(range(len(content)), 20):
            content[place] ^= 1 << chance.randrange(8)
        refusal_of(name, bytes(content))


CHILD = """
import json, os, sys, time
from insights.exchange.documents.child import answer

def read(content):
    {body}

answer(read)
"""


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module of this test's own that runs where the reader runs: `child_of(tmp_path, body)` writes it."""
    monkeypatch.setattr(sandbox, "_command", lambda module, _: [sys.executable, "-B", str(tmp_path / f"{module}.py")])
    return str(tmp_path)


def run_child(folder: str, body: str, wall_seconds: float = 20.0) -> Any:
    header = f"import sys\nsys.path.insert(0, {str(Path(__file__).parents[2])!r})\n"
    (Path(folder) / "odd.py").write_text(header + CHILD.format(body=body), encoding="utf-8")
    return run_apart("odd", [], b"words", name="odd.docx", wall_seconds=wall_seconds)


def test_the_child_has_an_empty_environment_and_none_of_our_files(child: str, tmp_path: Path) -> None:
    with (tmp_path / "open.txt").open("w") as ours:
        os.set_inheritable(ours.fileno(), True)
        environment, files = run_child(
            child, "return [sorted(os.environ), [os.readlink(f'/proc/self/fd/{n}') for n in (0, 1, 2, 3)]]"
        )

    assert set(environment) <= {"LC_CTYPE"}
    assert not any("open.txt" in name for name in files)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("return bytearray(2_000_000_000)[:1] and 1", "more memory than is allowed"),
        ("os.kill(os.getpid(), 11)", "damaged, or made in a way that we do not understand"),
        ("os._exit(3)", "damaged, or made in a way that we do not understand"),
        ("raise KeyError('word/document.xml')", "damaged, or made in a way that we do not understand"),
        ("time.sleep(60)", "longer than is allowed"),
        ("return read(content)", "too deeply"),
    ],
    ids=["memory", "crash", "exit", "error", "time", "depth"],
)
def test_a_child_that_dies_or_runs_out_gives_a_message_with_what_to_do(child: str, body: str, reason: str) -> None:
    with pytest.raises(InvalidInput, match=f"^“odd.docx”: .*{reason}") as caught:
        run_child(child, body, wall_seconds=1.0 if "sleep" in body else 40.0)

    assert "bring that" in caught.value.message


def test_what_a_library_prints_is_no_part_of_the_answer(child: str) -> None:
    assert run_child(child, "print('hello'); os.write(1, b'there'); return content.decode()") == "words"


def test_processor_time_runs_out_before_the_wall_does(child: str) -> None:
    body = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 2))\n    while True: pass"

    with pytest.raises(InvalidInput, match="longer than is allowed"):
        run_child(child, body)


def test_a_third_reading_at_once_is_told_to_wait(child: str, tmp_path: Path) -> None:
    body = f"open({str(tmp_path)!r} + f'/{{os.getpid()}}.here', 'w').close(); time.sleep(3); return 'read'"
    with ThreadPoolExecutor() as pool:
        begun = [pool.submit(run_child, child, body) for _ in range(sandbox.AT_ONCE)]
        while len([*tmp_path.glob("*.here")]) < sandbox.AT_ONCE:
            assert not all(each.done() for each in begun)
            sleep(0.02)

        with pytest.raises(TooManyReadings) as caught:
            read_apart("notes.txt", b"words")

        assert [each.result() for each in begun] == ["read", "read"]
    assert (caught.value.code, caught.value.retry_after) == (429, sandbox.RETRY_AFTER_SECONDS)
    assert run_child(child, "return 'there is room again'") == "there is room again"


def test_what_is_read_apart_is_what_is_read_here() -> None:
    for name, content in WHOLE.items():
        if name != "notes.zip":
            assert read_apart(name, content) == read_document(name, content)


def test_a_refusal_crosses_from_the_child_word_for_word() -> None:
    with pytest.raises(InvalidInput, match=r"^“notes.zip”: This is a ZIP archive of 200 files\."):
        read_apart("notes.zip", WHOLE["notes.zip"])


def test_whoever_must_wait_is_told_how_long(app: Flask) -> None:
    with app.test_request_context("/", headers={"Accept": "application/json"}):
        response = app.make_response(app.handle_user_exception(TooManyReadings()))

    assert (response.status_code, response.headers["Retry-After"]) == (429, str(sandbox.RETRY_AFTER_SECONDS))
