"""Files of every kind, damaged at random: each is read, or refused in words (PROVE=full: for long).

A page reads them in a child process with limits (research_hub/sandbox.py); these tests go without the child, so that
not even it has to catch anything.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from functools import cache

import pytest
from docx import Document
from figures import FULL, measured
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from insights.core.errors import DomainError
from insights.exchange.documents import ReadDocument, read_document
from insights.exchange.qda.reading import understand

EXAMPLES = 3_000 if FULL else 25
TALK = "Moderator: What did you do then?\n\nP3: I rang my sister.\n\nModerator: And after that?\n"


def _docx() -> bytes:
    document, held = Document(), io.BytesIO()
    for line in TALK.splitlines():
        document.add_paragraph(line)
    document.add_table(2, 3).cell(0, 0).text = "a cell"
    document.save(held)
    return held.getvalue()


def _xlsx() -> bytes:
    held = io.BytesIO()
    with Workbook(held, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for row in range(4):
            sheet.write_row(row, 0, ["P1", "2026-03-04", f"=1+{row}"])
    return held.getvalue()


def _project() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(
            "project.qde",
            '<?xml version="1.0"?><Project xmlns="urn:QDA-XML:project:1.0" name="Letters"><CodeBook><Codes>'
            '<Code guid="00000000-0000-4000-8000-000000000001" name="letters" isCodable="true"/>'
            "</Codes></CodeBook></Project>",
        )
    return held.getvalue()


SAMPLES: dict[str, Callable[[], bytes]] = {
    "talk.txt": TALK.encode,
    "talk.md": f"# A talk\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n{TALK}".encode,
    "talk.vtt": lambda: (
        b"WEBVTT\n\n00:01.000 --> 00:04.000\n<v Dan>What did you do?\n\n00:05.000 --> 00:09.500\nI rang.\n"
    ),
    "talk.srt": lambda: (
        b"1\n00:00:01,000 --> 00:00:04,000\nWhat did you do?\n\n2\n00:00:05,000 --> 00:00:09,000\nI rang.\n"
    ),
    "talk.sbv": lambda: b"0:00:01.000,0:00:04.000\nWhat did you do?\n\n0:00:05.000,0:00:09.000\nI rang.\n",
    "answers.csv": lambda: b'Participant,Date,Said\nP1,2026-03-04,"The word, positive."\nP2,soon,Nothing.\n',
    "page.html": lambda: (
        b"<!doctype html><html><body><h1>Talk</h1><p>P3: I rang.</p><table><tr><td>1</table></body></html>"
    ),
    "talk.rtf": lambda: (
        rb"{\rtf1\ansi\deff0{\fonttbl{\f0 Times;}}\f0 Moderator: What?\par P3: I rang \u8217? her.\par}"
    ),
    "talk.docx": _docx,
    "answers.xlsx": _xlsx,
    "letters.qdpx": _project,
}


@cache
def sample(name: str) -> bytes:
    return SAMPLES[name]()


def damaged(content: bytes, seed: int) -> bytes:
    """One to six of: bits flipped, a part cut out, doubled, moved, overwritten; the end lost; bytes put in."""
    chance, data = random.Random(seed), bytearray(content)
    for _ in range(chance.randint(1, 6)):
        if not data:
            break
        start = chance.randrange(len(data))
        end = min(len(data), start + chance.choice((1, 4, 60, 600)))
        kind = chance.randrange(6)
        if kind == 0:
            data[start] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del data[start:end]
        elif kind == 2:
            data[start:start] = data[start:end] * chance.choice((1, 3, 40))
        elif kind == 3:
            data[start:end] = chance.randbytes(end - start)
        elif kind == 4:
            del data[start:]
        else:
            data[start:start] = chance.choice(
                (b"\x00", b"\xff\xfe", b"<", b'"', b"\r", b"99999999999999", b"%n&#0;", b"\n" * 99)
            )
    return bytes(data)


@pytest.mark.slow
@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_a_damaged_file_is_read_or_refused_in_words(name: str, seed: int) -> None:
    content = damaged(sample(name), seed)
    try:
        read = understand(name, content) if name.endswith("qdpx") else read_document(name, content)
    except DomainError as refused:
        said = refused.message
    else:
        said = "read"
    assert said
    assert "Traceback" not in said
    if said == "read" and isinstance(read, ReadDocument):
        assert "\x00" not in read.text
        assert all(0 <= each.start <= each.end <= len(read.text) for each in read.utterances)


@pytest.mark.parametrize("name", SAMPLES)
def test_each_of_the_files_is_read_while_it_is_whole(name: str) -> None:
    """Otherwise the fuzzing would try refusals alone."""
    read = understand(name, sample(name)) if name.endswith("qdpx") else read_document(name, sample(name))

    assert read is not None
    measured(f"{EXAMPLES:,} damaged files of each of {len(SAMPLES)} kinds: each read or refused in words")
