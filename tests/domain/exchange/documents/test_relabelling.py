"""Speakers' labels put right: in text, utterances and pages alike."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from insights.exchange.documents import ReadDocument, read_document, relabelled

TALK = "Anna Berg: Did Ben write?\n\nBen: He did. Anna Berg: that is you.\n\nAnna Berg: And?\n\nBen: No."
CAPTIONS = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Anna: lead>Yes?\n\n00:02.000 --> 00:03.000\n<v Ben>No."


def said(document: ReadDocument) -> list[tuple[str, str]]:
    return [(each.speaker, document.text[each.start : each.end]) for each in document.utterances]


def test_a_new_label_stands_before_every_turn_and_nowhere_else() -> None:
    document = relabelled(read_document("talk.txt", TALK.encode()), {"Ben": "P3", "Anna Berg": "Moderator"})

    assert document.text == (
        "Moderator: Did Ben write?\n\nP3: He did. Anna Berg: that is you.\n\nModerator: And?\n\nP3: No."
    )
    assert said(document)[3] == ("P3", "P3: No.")
    assert [(s.label, s.turns, s.code) for s in document.speakers] == [("Moderator", 2, ""), ("P3", 2, "P3")]
    assert document.participants == ("P3",)


def test_a_label_with_marks_times_and_full_name_is_replaced_whole() -> None:
    text = "**Adam Jonas (AJ)**: Hi?\n\n**Eve**: Hi.\n\n**AJ**: Go on?\n\n**Eve**: Yes."

    document = relabelled(read_document("talk.md", text.encode()), {"AJ": "P1"})

    assert document.text == "**P1**: Hi?\n\n**Eve**: Hi.\n\n**P1**: Go on?\n\n**Eve**: Yes."


def test_captions_take_new_labels_too() -> None:
    document = relabelled(read_document("a.vtt", CAPTIONS.encode()), {"Anna: lead": "Moderator", "Ben": "P1"})

    assert said(document) == [("Moderator", "Moderator: Yes?"), ("P1", "P1: No.")]


def test_two_labels_made_one_are_one_speaker() -> None:
    document = relabelled(read_document("talk.txt", TALK.encode()), {"Ben": "Anna Berg"})

    assert [(s.label, s.turns) for s in document.speakers] == [("Anna Berg", 4)]


def test_an_empty_label_changes_nothing() -> None:
    document = read_document("talk.txt", TALK.encode())

    assert relabelled(document, {"Ben": " ", "Nobody": "P1"}) == document


@given(st.dictionaries(st.sampled_from(["Anna Berg", "Ben"]), st.text(max_size=30)))
def test_whatever_the_labels_every_turn_keeps_its_own_words(labels: dict[str, str]) -> None:
    document = read_document("talk.txt", TALK.encode())

    changed = relabelled(document, labels)

    assert [turn.split(":", 1)[1] for _, turn in said(document)] == [
        turn.removeprefix(f"{speaker}:") for speaker, turn in said(changed)
    ]
