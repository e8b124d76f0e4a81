"""One small file of each form, and what a person would say is in it."""

import datetime as dt
import textwrap

import pytest

from insights.exchange.decision_files import DecisionDocument, NotADecision, OptionText, TextSection, read_decision_file


def read(text: str, name: str = "adr/0007-choice.md") -> DecisionDocument:
    document = read_decision_file(name, textwrap.dedent(text).encode())
    assert isinstance(document, DecisionDocument)
    return document


def notes_of(document: DecisionDocument) -> list[tuple[str, str]]:
    return [(note.level, note.what) for note in document.notes]


def test_a_nygard_record_gives_its_number_status_and_sections() -> None:
    document = read(
        """
        # 22. Submit a request

        Date: 2023-07-18

        ## Status

        Accepted

        ## Context

        People apply twice.

        ## Decision

        We check for a domain first.

        ## Consequences

        Fewer double requests.
        """
    )

    assert (document.format, document.number, document.title) == ("nygard", "22", "Submit a request")
    assert (document.status, document.decided_on) == ("accepted", dt.date(2023, 7, 18))
    assert document.context == "People apply twice."
    assert document.outcome == "We check for a domain first."
    assert document.consequences == "Fewer double requests."
    assert document.notes == ()


def test_a_madr_4_file_fills_every_field() -> None:
    document = read(
        """\
        ---
        status: superseded by [ADR-0009](0009-other.md)
        date: 2024-05-01
        decision-makers: [Ann, Bo]
        consulted: Cy and Di
        informed:
          - everyone
        nav_order: 3
        ---
        # Use plain words

        ## Context and Problem Statement

        Readers give up.

        ## Decision Drivers

        * INS-4

        ## Considered Options

        * Plain words
        * Legal words
          as they are

        ## Decision Outcome

        Chosen option: "Plain words".

        ### Consequences

        * Good, because read

        ### Confirmation

        A test.

        ## Pros and Cons of the Options

        ### Plain words

        * Good, because short

        ## More Information

        * Supersedes [ADR-0001](0001-words.md)

        ## Cost

        None.
        """
    )

    assert (document.format, document.status, document.decided_on) == ("madr", "superseded", dt.date(2024, 5, 1))
    assert document.decision_makers == ("Ann", "Bo")
    assert document.consulted == ("Cy", "Di")
    assert document.informed == ("everyone",)
    assert document.drivers == "* INS-4"
    assert document.options == (
        OptionText("Plain words", "* Good, because short"),
        OptionText("Legal words", "as they are"),
    )
    assert document.outcome == 'Chosen option: "Plain words".'
    assert (document.consequences, document.confirmation) == ("* Good, because read", "A test.")
    assert document.superseded_by == ("[ADR-0009](0009-other.md)",)
    assert document.supersedes == ("[ADR-0001](0001-words.md)",)
    assert document.front_matter == {"nav_order": 3}
    assert document.other_sections == (TextSection("Cost", "None."),)
    assert ("not understood", "the section “Cost” is kept under its own heading") in notes_of(document)


def test_bullets_under_the_title_are_read_and_unknown_ones_kept() -> None:
    document = read(
        """
        # Wiki

        * **Status:** Active
        * **Last Modified:** July 25, 2025
        * **Related Issue:** [#30](https://example.org/30)
        * **Deciders:**
          * Lucas&#x20;
          * Sarah (w/ Ann, Bo)

        ### Context and problem statement

        We need one.
        """
    )

    assert (document.status, document.status_text) == ("accepted", "Active")
    assert (document.decided_on, document.date_text) == (dt.date(2025, 7, 25), "July 25, 2025")
    assert document.decision_makers == ("Lucas", "Sarah (w/ Ann, Bo)")
    assert document.front_matter == {"Related Issue": "[#30](https://example.org/30)"}
    assert document.context == "We need one."
    assert ("guessed", "the status “Active” is read as accepted") in notes_of(document)


def test_a_table_under_the_title_is_read_whether_its_header_is_empty_or_not() -> None:
    rows = "| Date | 22-10-2024 |\n{rule}| **Status** | Draft |\n| Authors | [Ann](@a), [Bo](@b) |\n| Scope | All |\n"
    with_header = read("# Auth\n\n" + rows.format(rule="|---|---|\n") + "\n## What\n\nThis.\n\n## How\n\nSo.\n")
    without = read("# Auth\n\n| | |\n|---|---|\n" + rows.format(rule="") + "\n## What\n\nThis.\n\n## How\n\nSo.\n")

    for document in (with_header, without):
        assert (document.format, document.status, document.decided_on) == ("rfc-table", "draft", dt.date(2024, 10, 22))
        assert document.decision_makers == ("Ann (@a)", "Bo (@b)")
        assert document.front_matter == {"Scope": "All"}
        assert (document.context, document.outcome) == ("### What\n\nThis.", "### How\n\nSo.")


def test_a_y_statement_is_cut_at_its_joints() -> None:
    document = read(
        """
        # Y-Statement

        In the context of the smart factory,
        facing complexity,
        we decided to use services,
        and neglected the monolith,
        to achieve: fault tolerance, accepting that: code is repeated.
        """
    )

    assert (document.format, document.title) == ("y-statement", "Use services")
    assert document.context == "In the context of the smart factory,"
    assert document.drivers == "facing complexity,"
    assert document.outcome == "we decided to use services,"
    assert document.options == (OptionText("the monolith"),)
    assert document.consequences == "to achieve: fault tolerance, accepting that: code is repeated."


def test_restructured_text_keeps_its_code_and_levels() -> None:
    document = read(
        """
        =======
        4. Code
        =======

        :Date: 2023-09-07

        Status
        ------

        Pending

        Context
        -------

        Look::

          # not a heading

        .. code-block:: python

           # neither
           x = 1

        Detail
        ^^^^^^

        More.

        Decision
        --------

        Yes.
        """,
        "adr/0004-code.rst",
    )

    assert (document.format, document.number, document.title) == ("rst", "4", "Code")
    assert (document.status, document.decided_on) == ("proposed", dt.date(2023, 9, 7))
    assert "```python\n# neither\nx = 1\n```" in document.context
    assert document.context.endswith("### Detail\n\nMore.")
    assert document.outcome == "Yes."


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("Accepted", "accepted"),
        ("Accepted.", "accepted"),
        ("{Active}", "accepted"),
        ("**Approved**", "accepted"),
        ("In Review", "proposed"),
        ("Pending", "proposed"),
        ("on hold", "proposed"),
        ("WIP", "draft"),
        ("Rejected (too dear)", "rejected"),
        ("~~Proposed~~ Deprecated", "deprecated"),
        ("Accepted\n\nSuperseded by [9](0009-x.md)", "superseded"),
        ("Superceded By 0009", "superseded"),
        ("TBD", None),
        ("not accepted", None),
    ],
)
def test_the_words_of_a_status_are_understood(words: str, status: str | None) -> None:
    document = read(f"# Choice\n\n## Status\n\n{words}\n\n## Decision\n\nYes.\n")

    assert document.status == status
    assert document.status_text == words


@pytest.mark.parametrize(
    ("words", "date", "guess"),
    [
        ("2022-08-01", dt.date(2022, 8, 1), False),
        ("2022-08-01T10:00:00Z", dt.date(2022, 8, 1), False),
        ("2020-08-04 (_Updated 2021-12-20_)", dt.date(2020, 8, 4), True),
        ("2023-13-10", dt.date(2023, 10, 13), True),
        ("22-10-2024", dt.date(2024, 10, 22), False),
        ("11/14/2024", dt.date(2024, 11, 14), False),
        ("&#x31;2/16/2024", dt.date(2024, 12, 16), False),
        ("01/10/24", dt.date(2024, 10, 1), True),
        ("Sep 5th, 2023", dt.date(2023, 9, 5), False),
        ("5 September 2023", dt.date(2023, 9, 5), False),
        ("January , 2026", dt.date(2026, 1, 1), True),
        ("2022-09", dt.date(2022, 9, 1), True),
        ("2023-02-30", None, False),
        ("2023-07-2i", None, False),
        ("soon", None, False),
    ],
)
def test_dates_are_read_as_people_write_them(words: str, date: dt.date | None, guess: bool) -> None:
    document = read(f"# Choice\n\nDate: {words}\n\n## Decision\n\nYes.\n", "adr/choice.md")

    guesses = [note for note in document.notes if note.level == "guessed"]
    assert document.decided_on == date
    assert bool(guesses) == guess
    assert document.date_text == ("" if words == "2022-08-01" else words)


def test_a_date_only_in_the_status_or_the_name_is_found_and_said_to_be_a_guess() -> None:
    in_status = read("# Choice\n\n* Status: Accepted (2022-01-03)\n", "adr/choice.md")
    in_name = read("# Choice\n\n* Status: Accepted\n", "adr/2022-02-04-choice.md")

    assert (in_status.decided_on, in_name.decided_on) == (dt.date(2022, 1, 3), dt.date(2022, 2, 4))
    assert ("guessed", "the date is taken from the status: 2022-01-03") in notes_of(in_status)
    assert ("guessed", "the date is taken from the file's name: 2022-02-04") in notes_of(in_name)


@pytest.mark.parametrize(
    ("heading", "number", "title"),
    [
        ("# 22. Submit", "22", "Submit"),
        ("# ADR-0022: Submit", "22", "Submit"),
        ("# ADR 22 - Submit", "22", "Submit"),
        ("# n. Submit", "7", "Submit"),
        ("# **Submit**", "7", "Submit"),
        ("#  Submit `x` ##", "7", "Submit `x`"),
        ("# 30k ft strategy", "7", "30k ft strategy"),
        ("# 2025-06-30 ADR 1: Submit", "1", "Submit"),
        ("Submit\n======", "7", "Submit"),
        ("# Open Data Hub - Architecture Decision Record template", "7", "Choice of API"),
    ],
)
def test_titles_come_without_their_numbers(heading: str, number: str, title: str) -> None:
    document = read(f"{heading}\n\n## Decision\n\nYes.\n", "adr/0007-choice-of-api.md")

    assert (document.number, document.title) == (number, title)


def test_options_marked_in_bold_are_told_apart_and_none_is_no_option() -> None:
    bold = read("# A\n\n## Considered Options\n\n**Option 1:** Wait\nIt costs.\n\n**Option 2:** Act\n\n- Good\n")
    none = read("# A\n\n## Alternatives\n\n- N/A\n")

    assert bold.options == (OptionText("**Option 1:** Wait", "It costs."), OptionText("**Option 2:** Act", "- Good"))
    assert none.options == (OptionText("", "N/A"),)


def test_a_listed_link_and_a_heading_of_the_same_words_are_one_option() -> None:
    document = read(
        "# A\n\n## Options Considered\n\n1. [Use Figma](#use-figma)\n2. Wait\n\n"
        "## Pros and Cons of the Options\n\n### Use Figma\n\n#### Pros\n\nFast.\n\n### Draw\n\nSlow.\n"
    )

    assert document.options == (
        OptionText("[Use Figma](#use-figma)", "#### Pros\n\nFast."),
        OptionText("Wait"),
        OptionText("Draw", "Slow."),
    )


def test_a_second_word_on_the_same_fact_stays_in_the_text() -> None:
    document = read("# Choice\n\nDate: 2022-01-03\n\nDate: 2023-01-03\n\n## Status\n\nDraft\n\n## Status\n\nAccepted\n")

    assert (document.status, document.decided_on) == ("draft", dt.date(2022, 1, 3))
    assert document.other_sections == (TextSection("", "Date: 2023-01-03"), TextSection("Status", "Accepted"))


def test_a_heading_within_code_or_a_comment_opens_no_section() -> None:
    document = read("# Choice\n\n## Context\n\n```\n## Decision\n```\n\n<!--\n## Status\n-->\n\n## Decision\n\nYes.\n")

    assert "## Decision" in document.context
    assert "## Status" in document.context
    assert (document.outcome, document.status) == ("Yes.", None)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("adr/README.md", "# Decisions\n\n## Status\n\nAccepted", "readme"),
        ("adr/index.md", "# Decisions", "index"),
        ("adr/all.md", "# All\n\n- [1](0001-a.md)\n- [2](0002-b.md)\n- [3](0003-c.md)\n", "index"),
        ("adr/adr-template-bare.md", "# Title\n\n## Status\n\nAccepted", "template"),
        ("adr/0000.md", "# {short title}\n\n## Decision\n\nX", "template"),
        ("LICENSE.md", "# License", "licence"),
        ("notes/guide.md", "# Guide\n\n## How to begin\n\nSo.", "other text"),
        ("adr/0001-x.md", " \n\n", "empty"),
    ],
)
def test_what_is_no_decision_is_not_taken_for_one(name: str, text: str, reason: str) -> None:
    reading = read_decision_file(name, text.encode())

    assert isinstance(reading, NotADecision)
    assert reading.reason == reason


@pytest.mark.parametrize(
    "name",
    ["adr/0002-switched-to-python-copier-template.md", "adr/0012-use-django-template.md", "decisions/only-a-title.md"],
)
def test_a_decision_about_templates_or_with_only_a_title_is_one(name: str) -> None:
    reading = read_decision_file(name, b"# Adopt a template")

    assert isinstance(reading, DecisionDocument)
    assert reading.title == "Adopt a template"
