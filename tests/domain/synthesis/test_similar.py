"""Near-duplicates on the claims of the demonstration: a small table, labelled by hand, of what should be offered."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from insights.synthesis.models import Insight
from insights.synthesis.similar import ALIKE, Candidate, likeness, rank_similar

# What somebody might type who does not know that we know it already, with some of its words.
PARAPHRASES = {
    "People doubt that an invitation is meant for them when it carries no name": "An invitation with no name",
    "Most people would search by their full postcode": "Most people prefer to search with their full postcode",
    "Parents will not look up the NHS number of their child for us": "Parents do not look up their child's NHS number",
    "A text message about screening that comes alone is not trusted": "People do not trust a text message",
    "Callers who have been given a time hang up and have no appointment": "Callers hang up once they have a time",
    "People ask what the kit costs although the page says it is free": "People ask whether the kit costs money",
    "Error codes without words cost analysts hours and make them anxious": "An error code without words",
    "Somebody with a cancelled booking is told it cannot be found": "Somebody whose booking was cancelled",
    "To brief a board, people need a page they can print": "People who brief a board need a page that prints",
    "People forget the kit if the reminder comes only after four weeks": "People expect a reminder within a week",
    "A sexual health clinic is not seen as the place for a next test": "People do not see a sexual health clinic",
    "The banner is not seen by nurses who come back online": "Nurses who come back online do not see a banner",
}
# Claims of the same world, with words in common, that say something else.
UNRELATED = (
    "Parents want school menus by e-mail",
    "People trust their bank more than the tax office",
    "Nurses want to print the list of children before they leave",
    "People read a letter before they read a text message",
    "Analysts want to keep a filter between two sessions",
    "A screening appointment is hard to change by phone",
    "People search for a clinic by the name of its street",
    "Landlords do not know which certificate a tenant asks for",
)


@pytest.fixture(scope="module")
def claims(told: Path) -> list[Candidate]:
    engine = create_engine(f"sqlite:///{told / 'research-hub.sqlite3'}")
    with Session(engine) as session:
        found = [Candidate(insight.ref, insight.claim) for insight in session.scalars(select(Insight))]
    engine.dispose()
    return found


@pytest.mark.parametrize(("typed", "known"), PARAPHRASES.items())
def test_a_paraphrase_finds_the_insight_first(typed: str, known: str, claims: list[Candidate]) -> None:
    wanted = next(each.ref for each in claims if each.claim.startswith(known))

    assert rank_similar(typed, claims)[0].ref == wanted


@pytest.mark.parametrize("typed", UNRELATED)
def test_what_says_something_else_offers_nothing(typed: str, claims: list[Candidate]) -> None:
    assert rank_similar(typed, claims) == []


def test_no_two_claims_of_the_demonstration_count_as_alike(claims: list[Candidate]) -> None:
    alike = [
        (one.claim, other.claim)
        for place, one in enumerate(claims)
        for other in claims[:place]
        if likeness(one.claim, other.claim) >= ALIKE
    ]

    assert alike == []


def test_a_single_word_in_common_is_not_enough() -> None:
    assert likeness("Postcode", "Most people prefer to search with their full postcode.") == 0


def test_shared_tags_put_one_of_two_like_claims_first() -> None:
    same = "People stop reading at the result."
    candidates = [Candidate("INS-1", same), Candidate("INS-2", same, frozenset({"letters"}))]

    found = rank_similar("People stop reading when they see the result", candidates, tags=["letters"])

    assert [each.ref for each in found] == ["INS-2", "INS-1"]


def test_shared_tags_make_nothing_alike_that_is_not() -> None:
    candidate = Candidate("INS-1", "Callers hang up once they have a time.", frozenset({"letters", "calls", "fear"}))

    assert rank_similar("Parents choose the spray at the start", [candidate], tags=candidate.tags) == []
