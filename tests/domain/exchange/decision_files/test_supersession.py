import dataclasses

import pytest

from insights.exchange.decision_files import (
    DecisionDocument,
    SupersessionReading,
    read_decision_file,
    resolve_supersession,
)


def decision(name: str, title: str, *lines: str) -> DecisionDocument:
    text = "\n".join([f"# {title}", "", *(f"* {line}" for line in lines), "", "## Decision", "", "Yes."])
    document = read_decision_file(name, text.encode())
    assert isinstance(document, DecisionDocument)
    return document


def pairs_of(reading: SupersessionReading) -> set[tuple[str, str]]:
    return {(one.newer, one.older) for one in reading.supersessions}


def kinds_of(reading: SupersessionReading) -> set[tuple[str, str]]:
    return {(problem.name, problem.kind) for problem in reading.problems}


@pytest.mark.parametrize(
    "reference",
    ["[newer](0002-new.md)", "[newer](./0002-new.md#why)", "[x](../adr/0002-new.md)", "0002-new.md", "0002-new",
     "ADR-0002", "ADR 2", "2", "New way", "[2. New way](https://example.org/blob/main/adr/0002-new.md)"],
)  # fmt: skip
def test_a_newer_decision_is_found_by_file_number_or_title(reference: str) -> None:
    older = decision("adr/0001-old.md", "Old way", f"Status: Superseded by {reference}")
    newer = decision("adr/0002-new.md", "New way", "Status: Accepted")

    reading = resolve_supersession([older, newer])

    assert pairs_of(reading) == {("adr/0002-new.md", "adr/0001-old.md")}
    assert reading.problems == ()


def test_both_ends_saying_so_make_one_supersession() -> None:
    older = decision("adr/0001-old.md", "Old way", "Status: Accepted", "Superseded by: [2](0002-new.md)")
    newer = decision("adr/0002-new.md", "New way", "Status: Accepted", "Supersedes: [1](0001-old.md)")

    reading = resolve_supersession([newer, older])

    assert len(reading.supersessions) == 1
    assert reading.supersessions[0].stated_in == "adr/0002-new.md"


def test_a_decision_that_takes_its_own_place_is_reported() -> None:
    reading = resolve_supersession([decision("adr/0001-old.md", "Old way", "Status: Superseded by ADR-0001")])

    assert (pairs_of(reading), kinds_of(reading)) == (set(), {("adr/0001-old.md", "itself")})
    assert "adr/0001-old.md" in reading.problems[0].what


def test_a_ring_is_reported_and_what_leads_into_it_is_not_lost() -> None:
    ring = [
        decision(f"adr/000{one}-x.md", f"Way {one}", f"Status: Superseded by ADR-000{other}")
        for one, other in ((1, 2), (2, 3), (3, 1), (4, 1))
    ]

    reading = resolve_supersession(ring)

    assert pairs_of(reading) == {("adr/0001-x.md", "adr/0004-x.md")}
    assert kinds_of(reading) == {(f"adr/000{number}-x.md", "ring") for number in (1, 2, 3)}


def test_a_target_that_is_missing_or_not_clear_is_reported() -> None:
    documents = [
        decision("adr/0001-a.md", "A", "Status: Superseded by ADR-0009"),
        decision("adr/0002-b.md", "B", "Status: Superseded by ADR-0003"),
        decision("adr/0003-c.md", "C", "Status: Accepted"),
        decision("adr/0003-d.md", "D", "Status: Accepted"),
    ]

    reading = resolve_supersession(documents)

    assert reading.supersessions == ()
    assert kinds_of(reading) == {("adr/0001-a.md", "missing"), ("adr/0002-b.md", "ambiguous")}
    assert "adr/0003-c.md, adr/0003-d.md" in reading.problems[1].what


def test_numbers_count_within_a_folder_only() -> None:
    here = decision("one/0001-a.md", "A", "Status: Superseded by ADR-0002")
    elsewhere = decision("two/0002-b.md", "B", "Status: Accepted")

    reading = resolve_supersession([here, elsewhere])

    assert kinds_of(reading) == {("one/0001-a.md", "missing")}


def test_a_long_chain_is_followed_without_trouble() -> None:
    first = decision("adr/0001-x.md", "Way", "Status: Accepted")
    chain = [
        dataclasses.replace(first, name=f"adr/{number}-x.md", number=str(number), superseded_by=(f"{number + 1}-x.md",))
        for number in range(2000)
    ]

    reading = resolve_supersession(chain)

    assert len(reading.supersessions) == 1999
    assert kinds_of(reading) == {("adr/1999-x.md", "missing")}
