from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.core.text import canonical_text
from insights.exchange.findings import MOST_OFFERS, find_offers
from insights.exchange.models import OfferKind

NAUGHTY = Path(__file__).parents[5] / "shared" / "data" / "hostile-text" / "naughty-strings" / "blns.json"
REPORT = """# Results of the second round

We met 6 parents in two schools.

## Who we interviewed

* Six parents who had used the form before

## What we learnt

### Parents do not look for the number

- 5 of 6 parents closed the page.
- “I have no idea where that number is, honestly.” – P3

### Letters

- Parents keep the letter on the fridge until the day.
- Nobody?

> It should say what happens now, first.
> -- P9

## Recommendations

- Ask for the number last.
- Say where it stands

Finding: the help text is read by nobody at all.
"""


def _kinds(text: str, title: str = "") -> list[tuple[str, str]]:
    return [(found.kind.value, found.claim or found.exact) for found in find_offers(text, title)]


def test_findings_quotes_and_recommendations_are_told_apart() -> None:
    assert _kinds(REPORT) == [
        ("insight", "Parents do not look for the number"),
        ("highlight", "5 of 6 parents closed the page."),
        ("highlight", "I have no idea where that number is, honestly."),
        ("insight", "Parents keep the letter on the fridge until the day."),
        ("highlight", "It should say what happens now, first.\n> -- P9"),
        ("recommendation", "Ask for the number last."),
        ("recommendation", "Say where it stands"),
        ("insight", "the help text is read by nobody at all."),
    ]


def test_a_quote_comes_with_who_said_it_and_a_fact_with_its_figure() -> None:
    found = find_offers(REPORT)

    assert found[2].speaker == "P3"
    assert found[1].counts == ("5 of 6",)
    assert found[1].section == "Parents do not look for the number"


@pytest.mark.parametrize(
    "title", ["Sprint 17 research-plan.md", "StudyGuide.md", "interview guide", "user types", "moderator script"]
)
def test_plans_and_guides_give_nothing(title: str) -> None:
    assert find_offers(REPORT, title) == []


@pytest.mark.parametrize(
    ("written", "counted"),
    [
        ("6/12 participants saw it", ("6/12",)),
        ("45 % of them did", ("45 %",)),
        ("5 out of the 6 stopped", ("5 out of the 6",)),
        ("all participants agreed", ("all participants",)),
        ("on 3/4/2020 we met", ()),
    ],
)
def test_counts_are_read_as_people_write_them(written: str, counted: tuple[str, ...]) -> None:
    found = find_offers(f"# Findings\n\n- {written} when parents came.")

    assert found[0].counts == counted


def test_whole_bullets_in_italics_are_what_somebody_said() -> None:
    text = (
        "# Feedback\n\n- _Um, I would expect to see a workflow, I guess?_\n"
        "- _bold_ and more is not a quote of anybody\n"
    )

    assert _kinds(text) == [
        ("highlight", "Um, I would expect to see a workflow, I guess?"),
        ("insight", "bold and more is not a quote of anybody"),
    ]


def test_a_summary_that_is_said_again_below_is_offered_once() -> None:
    said = "People trust the letter more than the text"
    text = f"# Key insights\n\n- {said}.\n\n# What we learned\n\n## {said}\n"

    assert len(find_offers(text)) == 1


@given(st.text(alphabet=st.sampled_from('#-*>_“”"5/6 of %users said:.\n\tP3—é💙ا'), max_size=400))
def test_a_passage_is_the_text_at_its_place_and_none_of_a_kind_overlap(raw: str) -> None:
    text = canonical_text("# Findings\n\n" + raw)

    found = find_offers(text)

    for each in found:
        assert text[each.start : each.end] == each.exact
        assert each.exact.strip() == each.exact != ""
    for kind in OfferKind:
        places = [(each.start, each.end) for each in found if each.kind is kind]
        assert all(before[1] <= after[0] for before, after in pairwise(places))


def test_ten_thousand_bullets_are_cut_at_the_limit() -> None:
    text = "# Findings\n\n" + "\n".join(f"- People did the thing number {number} today" for number in range(10_000))

    assert len(find_offers(text)) == MOST_OFFERS


def test_a_line_of_fifty_thousand_characters_offers_nothing_endless() -> None:
    found = find_offers("# Findings\n\n" + "users said so and so on " * 2_500)

    assert all(len(each.exact) <= 4_000 for each in found)


@pytest.mark.skipif(not NAUGHTY.exists(), reason="the given hostile texts are not beside this checkout")
def test_naughty_strings_are_text_like_any_other() -> None:
    for string in json.loads(NAUGHTY.read_text("utf-8")):
        text = canonical_text(f"# Findings\n\n- {string}\n\n> {string}\n\n“{string}” - P1")
        assert all(text[each.start : each.end] == each.exact for each in find_offers(text))
