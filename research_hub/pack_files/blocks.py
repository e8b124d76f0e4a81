"""A pack as a list of blocks, so that every kind of file says the same words in the same order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from insights.exchange.tables import legal_text
from insights.reports.inclusion import AttributeCoverage
from insights.reports.pack.shapes import Pack, PackDecision, PackSection

SUGGESTED = "suggested by rule, nobody has confirmed it"


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph; `kind` is '', 'gap', 'quote' or 'quiet'."""

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block: TypeAlias = Heading | Words | Items | Grid


def blocks_of(pack: Pack) -> Iterator[Block]:
    yield Heading(1, _clean(pack.title))
    yield Words(_clean(f"Phase: {pack.phase}. Made on {pack.made_on.isoformat()}. {pack.standard.note}"), "quiet")
    yield Words(
        "Quotes stand here only where everybody who speaks in them agreed to share them. Nobody is named, numbers of "
        "people below three are not given, and nothing of a restricted study is in this pack.",
        "quiet",
    )
    yield Heading(2, "Where evidence stands, point by point")
    yield Grid("Points and what stands under them", _SUMMARY, tuple(_summary(each) for each in pack.sections))
    if not pack.sections:
        yield Words("This standard has no points yet.", "gap")
    for section in pack.sections:
        yield from _section(section)


_SUMMARY = ("Point", "Decisions", "Insights", "Quotes", "Gaps")


def _summary(section: PackSection) -> tuple[str, ...]:
    counts = (len(section.decisions), len(section.insights), len(section.quotes), len(section.gaps))
    return (_clean(f"{section.point.number}. {section.point.title}"), *(str(each) for each in counts))


def _section(section: PackSection) -> Iterator[Block]:
    yield Heading(2, _clean(f"{section.point.number}. {section.point.title}"))
    if section.point.about:
        yield Words(_clean(section.point.about))
    if section.gaps:
        yield Heading(3, "Gaps")
        yield from (Words(_clean(f"Gap: {gap}"), "gap") for gap in section.gaps)
    if section.prompts:
        yield Heading(3, "Questions to answer")
        yield Items(tuple(_clean(each) for each in section.prompts))
    if section.decisions:
        yield Heading(3, "Decisions")
        for decision in section.decisions:
            yield from _decision(decision)
    if section.insights:
        yield Heading(3, "What research says")
        rows = tuple(
            (each.ref, _clean(each.claim), each.confidence or "not judged", each.rests_on, _linked(each.by_hand))
            for each in section.insights
        )
        yield Grid(f"Insights under point {section.point.number}", _INSIGHTS, rows)
    if section.quotes:
        yield Heading(3, "In people’s own words")
        yield from (Words(_clean(f"“{words}” ({ref})"), "quote") for words, ref in section.quotes)
    yield Heading(3, "Who was heard")
    yield Words(section.heard)
    yield from (_people(each) for each in section.people)


_INSIGHTS = ("Ref", "Insight", "Confidence", "Rests on", "Linked")


def _decision(decision: PackDecision) -> Iterator[Block]:
    yield Heading(4, _clean(f"{decision.ref} {decision.title}"))
    day = "" if decision.decided_on is None else f" on {decision.decided_on.isoformat()}"
    on = ", ".join(decision.rests_on)
    ground = (
        f"Rests on {on}." if on else f"Basis: {decision.basis}." if decision.basis else "Rests on nothing shown here."
    )
    told = f"{decision.status.capitalize()}{day}. {ground}"
    yield Words(_clean(told if decision.by_hand else f"{told} ({SUGGESTED})"), "quiet")
    if decision.note:
        yield Words(_clean(decision.note))
    if decision.outcome:
        yield Words(_clean(decision.outcome))
    if decision.changes:
        rows = tuple((_clean(before) or "–", _clean(after) or "–") for before, after in decision.changes)
        yield Grid(f"What {decision.ref} changed", ("Before", "After"), rows)
    if decision.outcomes:
        yield Items(tuple(_clean(each) for each in decision.outcomes))


def _people(attribute: AttributeCoverage) -> Grid:
    rows = tuple((_clean(line.value), heard_in_cell(line.heard, line.withheld)) for line in attribute.lines)
    return Grid(f"People heard, by {attribute.label.lower()}", (attribute.label, "People"), rows)


def heard_in_cell(number: int | None, withheld: str) -> str:
    if number is not None:
        return str(number)
    return "<3" if withheld.startswith("fewer") else withheld


def _linked(by_hand: bool) -> str:  # noqa: FBT001 - one fact of a row
    return "by hand or through its decision" if by_hand else "through its decision, or suggested"


def _clean(text: str) -> str:
    """One paragraph without what XML cannot hold."""
    return " ".join(legal_text(text).split())
