"""Captions as meeting tools and people write them: one cue is one paragraph and one utterance, with its times."""

from __future__ import annotations

from pathlib import Path

import pytest

from insights.core.errors import InvalidInput
from insights.exchange.documents import ReadDocument, read_document

GIVEN = Path(__file__).parents[4].parent / "shared" / "data" / "hostile-text" / "captions"
needs_given = pytest.mark.skipif(not GIVEN.is_dir(), reason="the given captions lie beside the checkout, not in it")

TEAMS = """WEBVTT

3f2e/12-0
0:0:0.0 --> 0:0:3.540
<v Jane Doe>Good morning everyone.</v>

3f2e/17-0
0:0:3.540 --> 0:0:7.23
<v P3>Morning. The letter says
&pound;3, doesn't it?</v>
"""


def vtt(*cues: str) -> ReadDocument:
    return read_document("call.vtt", "\n\n".join(("WEBVTT", *cues)).encode())


def said(document: ReadDocument) -> list[tuple[int | None, int | None, str, str]]:
    return [
        (each.start_ms, each.end_ms, each.speaker, document.text[each.start : each.end]) for each in document.utterances
    ]


def test_a_cue_is_a_paragraph_with_its_speaker_and_times() -> None:
    document = read_document("standup.vtt", TEAMS.encode())

    assert document.text == "Jane Doe: Good morning everyone.\n\nP3: Morning. The letter says £3, doesn't it?"
    assert said(document) == [
        (0, 3540, "Jane Doe", "Jane Doe: Good morning everyone."),
        (3540, 7230, "P3", "P3: Morning. The letter says £3, doesn't it?"),
    ]
    assert document.kind == "transcript"
    assert [(speaker.label, speaker.code) for speaker in document.speakers] == [("Jane Doe", ""), ("P3", "P3")]


def test_the_tools_own_names_of_cues_are_named_as_left_out() -> None:
    document = read_document("standup.vtt", TEAMS.encode())

    assert document.lost == ("Lines 3 and 7: names of cues, which nobody says: “3f2e/12-0”; “3f2e/17-0”.",)


def test_names_before_a_colon_are_speakers_where_they_come_again() -> None:
    document = read_document(
        "zoom.srt",
        b"1\n00:00:01,000 --> 00:00:02,000\nAnna Berg: Did you get it?\n\n"
        b"2\n00:00:02,000 --> 00:00:04,000\nP03: Note: it came late.\n\n"
        b"3\n00:00:04,000 --> 00:00:05,500\nAnna Berg: I see.\n",
    )

    assert [row[2] for row in said(document)] == ["Anna Berg", "P03", "Anna Berg"]
    assert document.text.startswith("Anna Berg: Did you get it?\n\nP03: Note: it came late.")


def test_two_voices_in_one_cue_are_two_utterances_with_its_times() -> None:
    document = vtt("00:01.000 --> 00:02.000\n<v Anna>Yes?\n<v Ben>No.")

    assert [(row[0], row[2], row[3]) for row in said(document)] == [
        (1000, "Anna", "Anna: Yes?"),
        (1000, "Ben", "Ben: No."),
    ]
    assert document.notes[0] == "Line 3: two people speak in one cue; each got a paragraph with the cue's times."


def test_tags_of_look_and_time_go_and_words_in_angle_brackets_stay() -> None:
    document = vtt(
        "00:01.000 --> 00:02.000\n<c.yellow>The <00:01.500><i>letter</i></c> said <db_user> &lt;b&gt; {\\an8}now"
    )

    assert document.text == "The letter said <db_user> <b> now"


def test_lines_of_one_cue_are_joined_except_where_a_dash_begins_another_voice() -> None:
    document = vtt("00:01.000 --> 00:02.000\nThe letter\nwas late.\n- Was it?")

    assert document.text == "The letter was late.\n- Was it?"


def test_the_head_of_a_file_is_kept_apart_from_what_is_said() -> None:
    document = read_document(
        "a.vtt", b"WEBVTT - Letters, round 2\nKind: captions\nLanguage: cy\n\n00:01.000 --> 00:02.000\nHelo."
    )

    assert (document.title, document.text) == ("Letters, round 2", "Helo.")
    assert document.front_matter == {"Kind": "captions", "Language": "cy"}


@pytest.mark.parametrize(
    ("cues", "note"),
    [
        (
            ("00:05.000 --> 00:09.000\nOne.", "00:07.000 --> 00:11.000\nTwo."),
            "Line 6: begins while the cue above it is still shown",
        ),
        (("00:05.000 --> 00:06.000\nOne.", "00:01.000 --> 00:02.000\nTwo."), "Line 6: begins before the cue above it"),
        (("00:05.000 --> 00:02.000\nOne.",), "Line 3: ends before it begins; the end was left out."),
        (("00:05.000 --> 00:0x.000\nOne.",), "Line 3: the second time cannot be read"),
        (("00:99.000 --> 00:02.000\nOne.",), "Line 3: the first time cannot be read"),
        (("00:01.000 --> 00:02.000\nOne.", "Two without a time."), "Line 6: words without a time"),
        (("00:01.000 --> 00:02.000\nOne.", "00:03.000 --> 00:04.000\n"), "Line 6: a cue without words; left out."),
        (("00:01.000 --> 00:02.000\nOne.\n00:03.000 --> 00:04.000\nTwo.",), "Line 5: no empty line before this cue."),
    ],
)
def test_what_is_odd_about_a_cue_is_said_with_its_line_and_no_word_is_dropped(cues: tuple[str, ...], note: str) -> None:
    document = vtt(*cues)

    assert document.notes[0].startswith(note)
    assert "One." in document.text
    assert ("Two" in document.text) == any("Two" in cue for cue in cues)


def test_cues_that_run_backwards_keep_the_order_of_the_file() -> None:
    document = vtt("00:05.000 --> 00:06.000\nFirst.", "00:01.000 --> 00:02.000\nSecond.")

    assert [row[:2] for row in said(document)] == [(5000, 6000), (1000, 2000)]


def test_rolling_captions_are_kept_and_said_to_repeat_themselves() -> None:
    words = ["one", "two", "three", "four", "five", "six"]
    cues = [f"00:0{n}.000 --> 00:0{n + 1}.000\n{' '.join(words[: n + 1])}" for n in range(6)]

    assert any("repeat the words of the cue above" in note for note in vtt(*cues).notes)


def test_a_file_without_times_is_refused_with_what_to_do() -> None:
    with pytest.raises(
        InvalidInput, match=r"^“talk.srt”: There are no captions in it: .* let its name end in .txt"
    ) as caught:
        read_document("talk.srt", b"Just some words.")

    assert list(caught.value.fields) == ["file"]


@needs_given
@pytest.mark.parametrize(
    "name", sorted(path.name for path in GIVEN.glob("*.[sv][rtb][tv]") if b"Caption text #" in path.read_bytes())
)
def test_every_word_between_the_times_of_a_given_file_is_in_the_text(name: str) -> None:
    content = (GIVEN / name).read_bytes()
    words = [f"Caption text #{number}" for number in range(1, 17) if f"Caption text #{number}".encode() in content]

    text = read_document(name, content).text

    assert all(line in text for line in words)
    assert "-->" not in text


@needs_given
def test_times_are_the_files_own_whatever_way_they_are_written() -> None:
    document = read_document("a.vtt", (GIVEN / "non_padded_timestamps.vtt").read_bytes())
    captions = read_document("a.sbv", (GIVEN / "invalid_timeframe.sbv").read_bytes())

    assert [row[:3] for row in said(document)] == [
        (0, 3540, "Jane Doe"),
        (3540, 7230, "John Smith"),
        (65200, 3727950, "Jane Doe"),
    ]
    assert [row[:2] for row in said(captions)][1:4] == [(11378, 12305), (None, 15489), (15489, 16234)]
