"""Two coders of a round side by side: agreement for each tag on each text, each tag on all, and all in all."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import TextVersion
from insights.coding.models import CodingRound, LayerCoding
from insights.coding.rounds.agreement import NOTHING, Agreement, Span, Unit, agreement_by_character, agreement_on
from insights.coding.rounds.queries import RoundPage
from insights.core.errors import RuleBroken
from insights.core.text import reading_blocks


@dataclass(frozen=True, slots=True)
class Comparison:
    """`text_ref` is '' for all texts together, `tag` for all tags together; `tag_id` is 0 then."""

    tag_id: int
    tag: str
    text_ref: str
    text: str
    agreement: Agreement


def compare(
    session: Session, coding_round: CodingRound, page: RoundPage, *, first_id: int, second_id: int, unit: Unit
) -> list[Comparison]:
    """For each tag its texts and then their sum, at last the sum of all; in two statements.

    Raises RuleBroken while a blind round runs: to compare is to look.
    """
    if coding_round.blind and coding_round.ended_at is None:
        raise RuleBroken("The round is blind and still running. End it to compare what was coded.")
    spans = _spans(session, coding_round)
    texts = _texts(session, page)
    units = {version: _units(text) for version, text in texts.items()} if unit is Unit.PARAGRAPH else {}
    rows: list[Comparison] = []
    total = NOTHING
    for tag_id, path, _definition in page.tags:
        together = NOTHING
        for each in page.texts:
            one = spans[first_id, tag_id, each.text_version_id]
            other = spans[second_id, tag_id, each.text_version_id]
            found = (
                agreement_on(units[each.text_version_id], one, other)
                if unit is Unit.PARAGRAPH
                else agreement_by_character(len(texts[each.text_version_id]), one, other)
            )
            rows.append(Comparison(tag_id, path, each.ref, each.title, found))
            together += found
        rows.append(Comparison(tag_id, path, "", "", together))
        total += together
    return [*rows, Comparison(0, "", "", "", total)]


def _spans(session: Session, coding_round: CodingRound) -> defaultdict[tuple[int, int, int], list[Span]]:
    """By coder, tag and text version."""
    found: defaultdict[tuple[int, int, int], list[Span]] = defaultdict(list)
    rows = session.execute(
        select(
            LayerCoding.coder_id, LayerCoding.tag_id, LayerCoding.text_version_id, LayerCoding.start, LayerCoding.end
        ).where(LayerCoding.coding_round_id == coding_round.id)
    )
    for coder_id, tag_id, version_id, start, end in rows:
        found[coder_id, tag_id, version_id].append((start, end))
    return found


def _texts(session: Session, page: RoundPage) -> dict[int, str]:
    versions = [each.text_version_id for each in page.texts]
    rows = session.execute(select(TextVersion.id, TextVersion.text).where(TextVersion.id.in_(versions)))
    return {number: text for number, text in rows}  # noqa: C416 - a row is no pair to the type checker


def _units(text: str) -> list[Span]:
    """The numbered paragraphs, as the reader shows them."""
    return [(block.start, block.end) for block in reading_blocks(text) if block.number]
