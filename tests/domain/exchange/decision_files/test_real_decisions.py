"""Every file of the real sets, against a table a person filled in and against the files' own words."""

import csv
import dataclasses
import re
from collections import Counter
from pathlib import Path

import pytest

from insights.exchange.decision_files import (
    DecisionDocument,
    NotADecision,
    ReadingSummary,
    read_decision_file,
    read_decision_tree,
    write_madr,
)

EXPECTED = Path(__file__).parents[1] / "data" / "decisions_expected.csv"
WORD = re.compile(r"\w+")
# Words that name a part and so become a field, not text.
PART_NAMES = re.compile(
    r"(?im)^[\s*#|_-]*(?:status|date|last modified|deciders|authors|superseded by|supersedes|title|links|"
    r"context and problem statement|problem statement|context|decision drivers|considered options|options considered|"
    r"alternatives considered|solution options|options|alternatives|decision outcomes?|decision|consequences|"
    r"confirmation|more information|pros and cons(?: of (?:the|each) options?)?)\b"
)
HARD_BREAK = re.compile(r"&#x20;")


@pytest.fixture(scope="module")
def decisions(real_decisions: Path) -> dict[str, DecisionDocument]:
    readings = read_decision_tree(real_decisions)
    return {reading.name: reading for reading in readings if isinstance(reading, DecisionDocument)}


def expected_rows() -> list[dict[str, str]]:
    with EXPECTED.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def row_of(reading: object) -> tuple[str, str, str, str]:
    if not isinstance(reading, DecisionDocument):
        return ("no", "", "", "")
    date = reading.decided_on.isoformat() if reading.decided_on else ""
    return ("yes", reading.title, reading.status or "", date)


def test_every_file_comes_in_as_a_person_reads_it(real_decisions: Path) -> None:
    read = {reading.name: row_of(reading) for reading in read_decision_tree(real_decisions)}

    expected = {row["path"]: (row["is_decision"], row["title"], row["status"], row["date"]) for row in expected_rows()}

    assert read == expected


def test_templates_indexes_and_guides_are_told_apart(real_decisions: Path) -> None:
    others = [other for other in read_decision_tree(real_decisions) if isinstance(other, NotADecision)]

    told = Counter(other.reason for other in others)

    assert told == {"licence": 11, "readme": 10, "template": 8, "index": 2, "other text": 1}


def test_no_word_of_a_decision_is_lost(real_decisions: Path, decisions: dict[str, DecisionDocument]) -> None:
    lost = {}
    for name, document in decisions.items():
        source = (real_decisions / name).read_text(encoding="utf-8")
        missing = Counter(words_that_must_stay(source)) - words_of(document) - repeated_option_titles(document)
        missing -= Counter(word for _ in range(9) for word in ("n", "a", "by", "and", "neglected", "adr"))
        missing -= Counter(WORD.findall(document.title.casefold()))
        if missing:
            lost[name] = dict(missing)

    assert lost == {}


def test_no_word_of_a_decision_is_taken_twice(real_decisions: Path, decisions: dict[str, DecisionDocument]) -> None:
    doubled = {}
    for name, document in decisions.items():
        source = Counter(WORD.findall((real_decisions / name).read_text(encoding="utf-8").casefold()))
        titles = Counter(WORD.findall(f"{document.title} {document.number} heading in the file".casefold()))
        extra = words_of(document) - source - titles
        if extra and document.decided_on and not any("date" in note.what for note in document.notes):
            doubled[name] = dict(extra)

    assert doubled == {}


def test_every_decision_survives_the_way_out_and_back(decisions: dict[str, DecisionDocument]) -> None:
    changed = []
    for name, document in decisions.items():
        again = read_decision_file(name.replace(".rst", ".md"), write_madr(document).encode())
        assert isinstance(again, DecisionDocument)
        if what_must_survive(again) != what_must_survive(document):
            changed.append(name)

    assert len(decisions) == 183
    assert changed == []


def test_what_was_guessed_is_said(decisions: dict[str, DecisionDocument]) -> None:
    guesses = {
        name.rsplit("/", 1)[-1]: " ".join(note.what for note in document.notes if note.level == "guessed")
        for name, document in decisions.items()
    }

    assert "2023-13-10 has no month 13" in guesses["0023-use-geventconnpool.md"]
    assert "01/10/24 can be read two ways" in guesses["0009-procedural-vs-declarative-devices.md"]
    assert "names no day" in guesses["2023-07-20-fe-use-npm.md"]
    assert "from the file's name" in guesses["2023-07-26-backend-prod-server.md"]
    assert "made of the file's name: “FE server rendering”" in guesses["2023-07-20-fe-server-rendering.md"]
    assert "more than one date" in guesses["002-Application-architecture.md"]
    assert "made of what was decided" in guesses["architecture-style_y-adr.md"]


def test_decisions_that_took_the_place_of_others_are_found_across_files(decisions: dict[str, DecisionDocument]) -> None:
    summary = ReadingSummary.of(list(decisions.values()))

    pairs = {(one.newer.rsplit("/", 1)[-1], one.older.rsplit("/", 1)[-1]) for one in summary.supersession.supersessions}
    problems = {(problem.name.rsplit("/", 1)[-1], problem.kind) for problem in summary.supersession.problems}

    assert pairs == {
        ("0020-user-models-revisited-plus-whois.md", "0012-user-models.md"),
        ("2025-05-09-revisiting-soap-proxy.md", "2025-03-24-migrate-existing-api-consumers.md"),
    }
    assert problems == {
        ("ODH-ADR-Operator-0005-configure-resources.md", "missing"),
        ("ODH-ADR-Operator-0009-connection-api.md", "missing"),
    }


def test_the_summary_counts_what_was_read_and_names_every_file(real_decisions: Path) -> None:
    summary = ReadingSummary.of(list(read_decision_tree(real_decisions)))

    totals = "\n".join(summary.total_lines())
    files = "\n".join(summary.file_lines())

    assert "183 decisions read (91 madr, 68 nygard, 18 rfc-table, 4 rst" in totals
    assert "without a date: 28" in totals
    assert "not decisions: 32" in totals
    assert all(row["path"] in files for row in expected_rows())
    assert "guessed: the status “Pending” is read as proposed (line 12)" in files


def what_must_survive(document: DecisionDocument) -> DecisionDocument:
    return dataclasses.replace(document, name="", sha256="", notes=())


def words_that_must_stay(source: str) -> list[str]:
    text = PART_NAMES.sub(" ", HARD_BREAK.sub(" ", source))
    text = re.sub(
        r"<!--(?: optional| RECOMMENDED| REQUIRED)? -->|<!-- (?:OPTIONAL|REQUIRED|RECOMMENDED) -->", " ", text
    )
    text = re.sub(r"(?m)^\.\. code-block::|^[ ]{0,3}[0-9]+[.)] ", " ", text)
    return WORD.findall(text.casefold())


def words_of(document: DecisionDocument) -> Counter[str]:
    texts = [document.title, document.number or "", document.status_text]
    texts.append(document.date_text or str(document.decided_on or ""))
    texts += [*document.decision_makers, *document.consulted, *document.informed]
    texts += [document.context, document.drivers, document.outcome, document.consequences]
    texts += [document.confirmation, document.more_information]
    texts += [words for option in document.options for words in (option.title, option.body)]
    texts += [words for section in document.other_sections for words in section]
    texts += [f"{key} {value}" for key, value in document.front_matter.items()]
    told = document.status_text + document.more_information
    texts += [words for words in (*document.supersedes, *document.superseded_by) if words not in told]
    return Counter(WORD.findall("\n".join(texts).casefold()))


def repeated_option_titles(document: DecisionDocument) -> Counter[str]:
    """An option listed and then argued under a heading of the same words comes in once."""
    return Counter(word for option in document.options for word in WORD.findall(option.title.casefold()))
