"""Which tags are carried together, and by what kind of people they were said (features.md C7).

co_occurrence(passages, tags, overlapping=False) -> CoOccurrence
tags_by_attribute(passages, people, tags, attribute) -> TagsByAttribute
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from insights.coding.codebook.coded_passages import CodedPassage, Heard
from insights.coding.queries.tags import TagRow
from insights.reports.table import Table, Value

MOST_TAGS = 30
_CHUNK = 1_000
"""Passages compared with all others of their text at once."""


@dataclass(frozen=True, slots=True)
class CoOccurrence:
    """`counts[i][j]` passages carry both tag i and tag j; `counts[i][i]` carry tag i.

    With `overlapping`, passages that carry one of the two and reach into one that carries the other count as well.
    """

    tags: tuple[TagRow, ...]
    counts: tuple[tuple[int, ...], ...]
    overlapping: bool

    def largest(self) -> int:
        """The largest count of two different tags, 0 where none go together."""
        pairs = (count for i, row in enumerate(self.counts) for j, count in enumerate(row) if i != j)
        return max(pairs, default=0)

    def as_table(self) -> Table:
        rows: Iterable[tuple[Value, ...]] = (
            (tag.path, *counts) for tag, counts in zip(self.tags, self.counts, strict=True)
        )
        return Table("Tags together", ("Tag", *(tag.path for tag in self.tags)), tuple(rows))


@dataclass(frozen=True, slots=True)
class Cell:
    """Quotes, and how many different people said them."""

    quotes: int
    people: int


@dataclass(frozen=True, slots=True)
class TagsByAttribute:
    """`cells[i][j]` is tag i said by people with value j of the attribute; `unknown[i]` counts the quotes of tag i
    of which nobody noted who said them, or not with this attribute. `heard[j]` people have the value.
    """

    attribute: str
    tags: tuple[TagRow, ...]
    values: tuple[str, ...]
    heard: tuple[int, ...]
    cells: tuple[tuple[Cell, ...], ...]
    unknown: tuple[int, ...]

    def as_table(self) -> Table:
        columns = [f"{value}: {what}" for value in self.values for what in ("quotes", "people")]
        rows: Iterable[tuple[Value, ...]] = (
            (tag.path, *(number for cell in cells for number in (cell.quotes, cell.people)), unknown)
            for tag, cells, unknown in zip(self.tags, self.cells, self.unknown, strict=True)
        )
        return Table("Tags by attribute", ("Tag", *columns, "Not noted: quotes"), tuple(rows))


def most_used(passages: Sequence[CodedPassage], tags: Sequence[TagRow], *, most: int = MOST_TAGS) -> list[TagRow]:
    """Those that most of the passages carry, in the order of the codebook."""
    carried = pd.Series([tag_id for passage in passages for tag_id in passage.tag_ids], dtype="int64").value_counts()
    used = [tag for tag in tags if tag.id in carried.index]
    chosen = {tag.id for tag in sorted(used, key=lambda tag: (-int(carried[tag.id]), tag.path))[:most]}
    return [tag for tag in used if tag.id in chosen]


def attribute_names(people: Sequence[Heard]) -> list[str]:
    """The attributes that anybody has, those of most people first."""
    names = pd.Series([name for person in people for name in {name for name, _ in person.attributes}], dtype="object")
    counted = names.value_counts()
    return sorted(counted.index, key=lambda name: (-int(counted[name]), name))


def co_occurrence(
    passages: Sequence[CodedPassage], tags: Sequence[TagRow], *, overlapping: bool = False
) -> CoOccurrence:
    if not tags:
        return CoOccurrence((), (), overlapping)
    carried = _carried(passages, tags)
    itself = carried.T @ carried
    if not overlapping:
        return CoOccurrence(tuple(tags), _whole(itself), overlapping=False)
    met = _met(passages, carried)
    # A passage counts once where it carries i and meets j, or carries j and meets i; one that carries both does both.
    one_way = carried.T @ met
    return CoOccurrence(tuple(tags), _whole(one_way + one_way.T - itself), overlapping=True)


def tags_by_attribute(
    passages: Sequence[CodedPassage], people: Sequence[Heard], tags: Sequence[TagRow], attribute: str
) -> TagsByAttribute:
    """Values in the order of how many people have them."""
    known = pd.DataFrame(
        [(person.id, value) for person in people for name, value in person.attributes if name == attribute],
        columns=["participant", "value"],
    ).astype({"participant": "Int64"})
    said = pd.DataFrame(
        [(tag_id, passage.id, passage.participant_id) for passage in passages for tag_id in passage.tag_ids],
        columns=["tag", "passage", "participant"],
    ).astype({"participant": "Int64"})
    counted = known["value"].value_counts()
    values = sorted(counted.index, key=lambda value: (-int(counted[value]), value))
    joined = said.dropna(subset="participant").merge(known, on="participant", how="inner")
    grouped = joined.groupby(["tag", "value"]).agg(quotes=("passage", "nunique"), people=("participant", "nunique"))
    figures = {key: Cell(int(row.quotes), int(row.people)) for key, row in grouped.iterrows()}
    not_noted = said[~said["participant"].isin(known["participant"])].groupby("tag")["passage"].nunique()
    return TagsByAttribute(
        attribute=attribute,
        tags=tuple(tags),
        values=tuple(values),
        heard=tuple(int(counted[value]) for value in values),
        cells=tuple(tuple(figures.get((tag.id, value), Cell(0, 0)) for value in values) for tag in tags),
        unknown=tuple(int(not_noted.get(tag.id, 0)) for tag in tags),
    )


def _carried(passages: Sequence[CodedPassage], tags: Sequence[TagRow]) -> pd.DataFrame:
    """Passages by tags, 1 where carried; no other tag than the given ones."""
    ids = [tag.id for tag in tags]
    pairs = pd.DataFrame(
        [(passage.id, tag_id) for passage in passages for tag_id in passage.tag_ids],
        columns=["passage", "tag"],
        dtype="int64",
    )
    table = pd.crosstab(pairs["passage"], pairs["tag"])
    return table.reindex(index=[passage.id for passage in passages], columns=ids, fill_value=0).astype("int64")


def _met(passages: Sequence[CodedPassage], carried: pd.DataFrame) -> pd.DataFrame:
    """Passages by tags, 1 where the passage, or one of the same text that it reaches into, carries the tag."""
    places = pd.DataFrame(
        [(each.id, each.text_version_id, each.start, each.end) for each in passages],
        columns=["passage", "version", "start", "end"],
    ).set_index("passage")
    met = carried.copy()
    for _, text in places.groupby("version"):
        tagged = carried.loc[text.index].to_numpy()
        starts, ends = text["start"].to_numpy(), text["end"].to_numpy()
        for first in range(0, len(text), _CHUNK):
            chunk = slice(first, first + _CHUNK)
            meets = (starts[chunk, None] < ends[None, :]) & (ends[chunk, None] > starts[None, :])
            met.loc[text.index[chunk]] = np.maximum((meets.astype("int64") @ tagged > 0), tagged[chunk])
    return met


def _whole(frame: pd.DataFrame) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(int(value) for value in row) for row in frame.to_numpy())
