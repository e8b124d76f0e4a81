"""Who speaks in transcripts that are plain text: the ways in which people really write it down."""

from __future__ import annotations

from pathlib import Path

import pytest

from insights.exchange.documents import ReadDocument, read_document

TRANSCRIPTS = Path(__file__).parents[4].parent / "shared" / "data" / "transcripts"
needs_given = pytest.mark.skipif(not TRANSCRIPTS.is_dir(), reason="the given transcripts lie beside the checkout")


def turns(text: str, name: str = "talk.txt") -> list[tuple[str, int | None, str]]:
    document = read_document(name, text.encode())
    return [(each.speaker, each.start_ms, document.text[each.start : each.end]) for each in document.utterances]


def speakers(document: ReadDocument) -> dict[str, int]:
    return {speaker.label: speaker.turns for speaker in document.speakers}


def given(name: str) -> ReadDocument:
    path = next(TRANSCRIPTS.rglob(name))
    return read_document(path.name, path.read_bytes())


def test_names_before_a_colon_are_turns_and_the_text_stays_word_for_word() -> None:
    text = "Moderator: Did you read it?\n\nP-03: I did.\nAll of it.\n\nModerator: And then?\n\nP-03: Nothing."

    document = read_document("talk.txt", text.encode())

    assert document.text == text
    assert turns(text)[1] == ("P-03", None, "P-03: I did.\nAll of it.")
    assert [(s.label, s.turns, s.guess, s.code) for s in document.speakers] == [
        ("Moderator", 2, "moderator", ""),
        ("P-03", 2, "participant", "P3"),
    ]


@pytest.mark.parametrize(
    ("form", "time"),
    [
        ("{name}: {words}", None),
        ("**{name}**: {words}", None),
        ("**{name}:** {words}", None),
        ("{name}: 00:01:02\n\n{words}", 62_000),
        ("{name} (00:01:02): {words}", 62_000),
        ("[00:01:02] {name}: {words}", 62_000),
        ("{name}   1:02\n{words}", 62_000),
        (">> {name}: {words}", None),
        ("17    {name}: {words}", None),
        ("{name}：{words}", None),
    ],
)
def test_a_label_is_known_in_every_way_it_is_written(form: str, time: int | None) -> None:
    said = [("Anna Berg", "Who told you?"), ("Ben", "My neighbour did."), ("Anna Berg", "When?"), ("Ben", "In May.")]

    found = turns("\n\n".join(form.format(name=name, words=words) for name, words in said))

    assert [(speaker, start) for speaker, start, _ in found] == [(name, time) for name, _ in said]
    assert all(words in turn for (_, words), (_, _, turn) in zip(said, found, strict=True))


def test_initials_belong_to_the_full_name_they_were_introduced_with() -> None:
    found = turns(
        "Adam Jonas (AJ): Hello\n\nMatt Corallo (MC): Hi\n\nAJ: Shall we?\n\nMC: Yes.\n\nAJ: Good.\n\nMC: Go."
    )

    assert [speaker for speaker, _, _ in found] == ["AJ", "MC", "AJ", "MC", "AJ", "MC"]


@pytest.mark.parametrize(
    "report",
    [
        "# Slicing\n\nUser impact: High\n\nRecommendation: Do.\n\n# Dicing\n\nUser impact: Low\n\nRecommendation: No",
        "P1: A, B, C\nP2: B, A, C\nP3: C, B, A\nP4: A, C, B",
        "```yaml\napiVersion: v1\nkind: Pod\n```\n\n```yaml\napiVersion: v1\nkind: Pod\n```",
        "Option 1: Keep it\n\nWe liked this.\n\nOption 2: Drop it\n\nWe did not like this.",
    ],
    ids=["findings", "list of participants", "code", "options"],
)
def test_words_before_a_colon_in_a_report_are_no_speakers(report: str) -> None:
    assert turns(report) == []


def test_who_asks_more_than_the_others_is_guessed_to_moderate() -> None:
    text = "\n\n".join(["Dan: What did you do?", "Eve: I rang them.", "Dan: Did they help?", "Eve: They did not."] * 2)

    document = read_document("talk.txt", text.encode())

    assert [(s.label, s.guess, s.example) for s in document.speakers] == [
        ("Dan", "moderator", "What did you do?"),
        ("Eve", "participant", "I rang them."),
    ]


@needs_given
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("miniscript.md", {"Speaker 0": 8, "Speaker 1": 58, "Speaker 2": 52}),
        ("2020-01-28-pieter-wuille-part1.md", {"Jonas": 9, "John": 53, "Pieter": 56}),
        ("2020-03-12-matt-corallo-compact-blocks-fibre.md", {"AJ": 12, "MC": 23, "JN": 16}),
        ("lightning-privacy.md", {"Sergei Tikhomirov": 37, "Caralie": 6, "Jonas": 36, "Mark Erhardt": 32}),
        ("2019-11-27-jan-capek–stratum-v2.md", {"Stephan Livera": 35, "Jan Čapek": 93}),
        ("2021-11-16-gloria-zhao-transaction-relay-policy.zh.md", {"问": 16, "答": 16, "darosior": 2}),
        ("20241220T070314Z-otel-me-an-end-user-conversation-with-ariel-valentin.md", {"Ariel": 29, "Reys": 25}),
        ("P1.txt", {"Dan": 47, "Participant": 47}),
        ("P1.pdf", {"Dan": 47, "Participant": 47}),
    ],
)
def test_the_speakers_of_given_transcripts_are_found_with_their_turns(name: str, expected: dict[str, int]) -> None:
    assert speakers(given(name)) == expected


@needs_given
def test_times_behind_a_label_are_those_of_the_turn() -> None:
    document = given("miniscript.md")

    assert [each.start_ms for each in document.utterances[:4]] == [15_000, 17_000, 18_000, 26_000]
    assert document.text[document.utterances[2].start : document.utterances[2].end].endswith("So why is it different?")


@needs_given
@pytest.mark.parametrize("name", sorted(path.name for path in TRANSCRIPTS.glob("otel/**/2*.md")))
def test_a_transcript_that_holds_its_words_twice_says_where(name: str) -> None:
    document = given(name)

    line = next(number for number, text in enumerate(document.text.split("\n"), 1) if text.startswith("## Raw"))
    assert any(note.startswith("The same words stand twice") and f"(line {line})" in note for note in document.notes)
    raw = document.text.index("## Raw YouTube Transcript")
    assert all(each.end <= raw for each in document.utterances)


@needs_given
def test_a_talk_without_labels_has_no_made_up_speakers() -> None:
    document = given("2019-06-06-maintainers.md")

    assert (document.speakers, document.utterances) == ((), ())
