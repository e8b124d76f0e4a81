"""Whatever is typed into the search box is understood or told why not, within bounds (PROVE=full: for long)."""

from __future__ import annotations

from dataclasses import replace

from figures import FULL, measured
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search_index.query import parse_query
from search_index.query.parser import PREFIX_LIMIT

EXAMPLES = 50_000 if FULL else 300
LONGEST_MESSAGE = 300

pieces = st.one_of(
    st.sampled_from(
        [
            *("AND", "OR", "NOT", '"', "(", ")", "-", "+", "*", "?", ":", "~", "^", "tag:", "kind:insight"),
            "\u0301",
            "\x00",
            "ﬀ",
        ]
    ),
    st.text(max_size=12),
    st.sampled_from(["letter", "lett*", "*etter", "le*tt*r", '"the letter"', "study:STU-1", "2026-01-01"]),
)
typed = (
    st.lists(pieces, max_size=60).map(" ".join) | st.lists(pieces, max_size=60).map("".join) | st.text(max_size=4_000)
)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(typed)
def test_every_text_is_a_question_within_bounds(text: str) -> None:
    question = parse_query(text)

    said = " ".join(str(message) for message in question.messages)
    assert len(said) < LONGEST_MESSAGE * max(1, len(question.messages))
    assert parse_query(text) == question, "the same text is the same question"
    assert repr(replace(question, text="", messages=())).count("Prefix(") <= PREFIX_LIMIT


def test_the_figures_of_the_fuzzing_are_told() -> None:
    assert EXAMPLES >= 300
    measured(f"{EXAMPLES:,} searches made at random: each understood or refused in words")
