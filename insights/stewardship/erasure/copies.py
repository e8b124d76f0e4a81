"""Copies of somebody's words in what members write: found by digests, taken out, and anything else named.

What other people said is never rewritten by likeness. Where a long stretch of it says the same, a person looks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Table, select, update
from sqlalchemy.orm import Session

from insights.core.base import Base
from insights.stewardship.erasure.cutting import Cutting
from insights.stewardship.erasure.shingles import WORDS, Finder
from insights.stewardship.erasure.tables import columns_with_words

# What participants said, in whose words nothing is changed by likeness.
SAID = frozenset({"text_versions", "highlights", "utterances", "layer_codings", "offers"})

# What is vouched for entry by entry, or has no words of people: changed by its own means alone.
_LEFT_ALONE = frozenset({"withdrawals", "activity"})

_ALIKE = 24
"""Windows in a row, so 29 words: a passage of that length is a copy, and no turn of speech."""


@dataclass(slots=True)
class Copies:
    """`removed` counts passages by table, `refs` what they stood in, `remains` where people's own words say the same.

    `seen` are digests that stand where they may: what a look into raw files must not take for theirs.
    """

    removed: dict[str, int] = field(default_factory=dict)
    refs: set[str] = field(default_factory=set)
    remains: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    columns: int = 0
    cells: int = 0


def without(text: str, finder: Finder, digests: Collection[str]) -> str | None:
    """The text with marks in the place of the words, None where it has none of them."""
    spans = finder.spans(text, digests)
    return Cutting.of(text, spans).left if spans else None


def remove_copies(
    session: Session, finder: Finder, digests: Collection[str], tables: Collection[str] | None = None
) -> Copies:
    """Looks into every text and JSON column there is, or those of some tables. Flushes and never commits."""
    found = Copies()
    wanted = set(digests)
    for column in columns_with_words():
        if tables is not None and column.table.name not in tables:
            continue
        found.columns += 1
        _look_at(session, column, finder, wanted, found)
    session.expire_all()
    _vouch_anew(session, found.refs)
    return found


def _look_at(session: Session, column: Column[Any], finder: Finder, wanted: set[str], found: Copies) -> None:
    table = column.table
    assert isinstance(table, Table)  # noqa: S101 - narrows the type
    keys = list(table.primary_key.columns)
    for row in session.execute(select(*keys, column.label("content_looked_at")).order_by(*keys)):
        found.cells += 1
        content = row.content_looked_at
        if not content or not (there := digests_in(content, finder) & wanted):
            continue
        if table.name in SAID or table.name in _LEFT_ALONE:
            if _longest(content, finder, wanted) >= _ALIKE:
                found.remains.append(_place(session, table, row[0]))
            # A text that is named is looked at by a person; its bytes need not be named once more.
            found.seen |= there
            continue
        where = [key == value for key, value in zip(keys, row[: len(keys)], strict=True)]
        session.execute(update(table).where(*where).values({column.name: _rewritten(content, finder, wanted)}))
        found.removed[table.name] = found.removed.get(table.name, 0) + 1
        if ref := _ref(table, row[0]):
            found.refs.add(ref)


def _vouch_anew(session: Session, changed: Collection[str]) -> None:
    """Figures that were frozen with their words: what is left of these is vouched for again, and of no other."""
    frozen = Base.metadata.tables["frozen_reports"]
    for row in session.execute(select(frozen.c.id, frozen.c.data).order_by(frozen.c.id)).all() if changed else ():
        if f"FRZ-{row.id}" in changed:
            digest = hashlib.sha256(row.data.encode()).hexdigest()
            session.execute(update(frozen).where(frozen.c.id == row.id).values(sha256=digest))


def _longest(content: object, finder: Finder, wanted: set[str]) -> int:
    """The longest stretch that says the same, in windows: other people's words that are alike in short stay."""
    texts = list(strings_of(content))
    return max(
        (len(finder.digests(text[start:end])) for text in texts for start, end in finder.spans(text, wanted)), default=0
    )


def digests_in(content: object, finder: Finder) -> set[str]:
    return finder.digests_of(strings_of(content))


def strings_of(content: object) -> Iterator[str]:
    """Every text within a value as JSON has it; names of a mapping are texts too."""
    return (text for text in strings_in(content) if len(text) > WORDS)


def strings_in(content: object) -> Iterator[str]:
    """However short."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for name, value in content.items():
            yield from strings_in(name)
            yield from strings_in(value)
    elif isinstance(content, list):
        for value in content:
            yield from strings_in(value)


def _rewritten(content: object, finder: Finder, wanted: set[str]) -> object:
    if isinstance(content, str):
        text = without(content, finder, wanted)
        return content if text is None else text
    if isinstance(content, dict):
        return {
            str(_rewritten(name, finder, wanted)): _rewritten(value, finder, wanted) for name, value in content.items()
        }
    if isinstance(content, list):
        return [_rewritten(value, finder, wanted) for value in content]
    return content


def _place(session: Session, table: Table, number: int) -> str:
    """What somebody can open: the text that a version or a passage belongs to."""
    if "source_text_id" in table.columns:
        return f"SRC-{session.scalar(select(table.c.source_text_id).where(table.c.id == number))}"
    return _ref(table, number) or f"{table.name} {number}"


def _ref(table: Table, number: int) -> str:
    for mapper in Base.registry.mappers:
        if mapper.local_table is table and hasattr(mapper.class_, "PREFIX"):
            return f"{mapper.class_.PREFIX}-{number}"
    return ""
