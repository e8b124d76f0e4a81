import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.core.text import NotTextError, canonical_text, decode_text, fingerprint, split_front_matter

any_text = st.text(alphabet=st.characters(), max_size=300) | st.text(
    "a\r\n\t\x00\x1b\ufeffé\u0301\ud800😀", max_size=60
)


@given(any_text)
@settings(deadline=None)
def test_a_canonical_text_is_its_own_canonical_text(raw: str) -> None:
    once = canonical_text(raw)

    assert canonical_text(once) == once


@given(any_text)
@settings(deadline=None)
def test_a_canonical_text_can_be_stored_and_is_normalised(raw: str) -> None:
    text = canonical_text(raw)

    assert text.encode("utf-8").decode("utf-8") == text
    assert unicodedata.is_normalized("NFC", text)
    assert "\r" not in text
    assert not any(character < " " and character not in "\t\n" for character in text)


def test_line_ends_marks_and_control_characters_are_settled_and_nothing_else() -> None:
    raw = "\ufeff# Cafe\u0301\r\nA\rB\tC\x00\x0bD\u200b\u00a0E\u2028F"

    text = canonical_text(raw)

    assert text == "# Café\nA\nB\tC\ufffd\ufffdD\u200b\u00a0E\u2028F"


def test_a_megabyte_of_combining_marks_is_put_in_order() -> None:
    raw = "a" + "\u0301\u0323" * 250_000

    text = canonical_text(raw)

    assert text.startswith("ạ")
    assert text.count("\u0323") == 249_999
    assert unicodedata.is_normalized("NFC", text)


def test_long_runs_of_marks_give_what_the_library_gives() -> None:
    raw = "é" + "\u0323\u0301\u0344\u0345" * 30 + "한국어" * 40 + "\u0301\u0323" * 40

    assert canonical_text(raw) == unicodedata.normalize("NFC", raw)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_text_in_any_unicode_encoding_is_read(encoding: str) -> None:
    written = "# Notes\n“We always ring the café,” said P4 – it’s £5.\n"

    decoded = decode_text(written.encode(encoding))

    assert canonical_text(decoded.text) == written


@pytest.mark.parametrize(
    "written", ["“We always ring,” said P4 – it’s £5.", "Café naïve", "Überprüfung der Größe", "¿Qué pasó, señor?"]
)
def test_western_windows_text_is_read_and_called_a_guess(written: str) -> None:
    decoded = decode_text(written.encode("cp1252"))

    assert (decoded.text, decoded.guessed) == (written, True)


def test_another_code_page_is_guessed() -> None:
    written = "Участник сказал, что он никогда не получает письма вовремя, и поэтому звонит сам. " * 4

    decoded = decode_text(written.encode("cp1251"))

    assert (decoded.text, decoded.guessed) == (written, True)


def test_no_bytes_are_an_empty_text() -> None:
    assert decode_text(b"").text == ""


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04 ...", "Office document"),
        (b"\x89PNG\r\n\x1a\n", "PNG picture"),
        (b"{\\rtf1 hello}", "RTF"),
        (b"abc\x00def\x00ghi\x00\x00", "NUL bytes"),
        (b"\xff\xfea\x00b", "damaged at byte"),
        (bytes(range(1, 256)) * 4, "control characters"),
    ],
)
def test_what_is_no_text_is_refused_with_the_reason_and_a_way_out(data: bytes, said: str) -> None:
    with pytest.raises(NotTextError, match=said) as refusal:
        decode_text(data)

    assert any(advice in str(refusal.value) for advice in ("Save it", "transcript"))


@given(st.binary(max_size=400))
@settings(deadline=None)
def test_any_bytes_give_a_text_or_a_reason(data: bytes) -> None:
    try:
        text = canonical_text(decode_text(data).text)
    except NotTextError as refusal:
        text = canonical_text(str(refusal))

    assert text or not data.strip(b"\xef\xbb\xbf\xff\xfe\x00")


def test_a_fingerprint_depends_on_the_values_not_on_their_order() -> None:
    left = fingerprint({"claim": "Café", "quotes": [1, 2]})
    right = fingerprint({"quotes": [1, 2], "claim": "Café"})

    assert left == right
    assert left != fingerprint({"claim": "Café", "quotes": [2, 1]})
    # The digest is pinned because stored links compare with it: it may never change between versions.
    assert fingerprint({"b": "é", "a": 1}) == "09ad9fd2fb648cb2f62141215828ea00a62c299db05d20aa9ade2f527a301cc6"


@pytest.mark.parametrize(
    ("text", "front_matter", "body", "line"),
    [
        ("---\ntitle: A\n---\n\nBody\n", "title: A\n", "\nBody\n", 4),
        ("---\ntitle: A\n---", "title: A\n", "", 4),
        ("No fence\n---\n", None, "No fence\n---\n", 1),
        ("---\nnever closed\n", None, "---\nnever closed\n", 1),
        ("----\nfour\n---\n", None, "----\nfour\n---\n", 1),
        ("", None, "", 1),
    ],
)
def test_front_matter_is_split_off_at_its_fences(text: str, front_matter: str | None, body: str, line: int) -> None:
    split = split_front_matter(text)

    assert (split.front_matter, split.body, split.body_line) == (front_matter, body, line)


@pytest.mark.parametrize("marks", ["\u0301" * 5, "\u0323\u0301" * 5])
def test_accents_and_their_letters_become_one_code_point(marks: str) -> None:
    assert len(canonical_text("e" + marks)) < len("e" + marks)
