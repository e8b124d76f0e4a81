"""Acts of coding that can be undone (features.md C4).

    watch = Watch(session)
    watch.keep(highlight, links=True)
    ... the act ...
    remember_act(session, actor=actor, label="HL-5 edited", subject_ref=highlight.ref, inverse=watch.inverse())

What the act changed is told by comparing rows before and after, so that an operation need not write its own inverse.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, insert, or_, select
from sqlalchemy.orm import Session

from insights.coding.models import CodingAct, Highlight, HighlightStatus, Tag, highlight_tags
from insights.core.clock import now
from insights.people.models import Member

CodingRow: TypeAlias = Tag | Highlight
Values: TypeAlias = dict[str, Any]

# What an act may change of a row. Where a passage stands is carried over with its text, which has versions of its own.
COLUMNS: Mapping[type[CodingRow], tuple[str, ...]] = {
    Tag: (
        "parent_id",
        "study_id",
        "name",
        "path",
        "folded_path",
        "definition",
        "use_when",
        "do_not_use_when",
        "example",
        "synonyms",
        "colour",
        "position",
        "status",
        "redirect_to_id",
        "heard_in",
    ),
    Highlight: ("observation", "polarity", "severity", "participant_id", "status"),
}


@dataclass(slots=True)
class Watch:
    """Knows rows and links as they were before an act."""

    session: Session
    _rows: dict[str, tuple[CodingRow, Values | None]] = field(default_factory=dict)
    _links: set[tuple[int, int]] = field(default_factory=set)
    _watched: list[ColumnElement[bool]] = field(default_factory=list)

    def keep(self, *records: CodingRow, links: bool = False) -> None:
        """Keeps records that the act is about to change; with `links` also which quotes carry which of these tags."""
        for record in records:
            if record.ref not in self._rows:
                self._rows[record.ref] = (record, values_of(record))
        if links and records:
            self._watch_links(records)

    def keep_new(self, *records: CodingRow) -> None:
        """Keeps records that the act made: undoing removes a new tag again, and drops a new highlight."""
        for record in records:
            before = values_of(record) | {"status": HighlightStatus.DROPPED.value}
            self._rows.setdefault(record.ref, (record, before if isinstance(record, Highlight) else None))
        tag_ids = [each.id for each in records if isinstance(each, Tag)]
        if tag_ids:
            self._watched.append(highlight_tags.c.tag_id.in_(tag_ids))

    def inverse(self) -> dict[str, Any]:
        """What undoes the act: by ref the changed columns `before` (None: there was no row) and `after`, and links."""
        self.session.flush()
        rows = {ref: change for ref, kept in self._rows.items() if (change := _change(*kept))}
        current = self._links_now(self._watched)
        return {
            "rows": rows,
            "added": [list(pair) for pair in sorted(current - self._links)],
            "removed": [list(pair) for pair in sorted(self._links - current)],
        }

    def _watch_links(self, records: Iterable[CodingRow]) -> None:
        of_tags = [each.id for each in records if isinstance(each, Tag)]
        of_highlights = [each.id for each in records if isinstance(each, Highlight)]
        clauses: list[ColumnElement[bool]] = [
            column.in_(ids)
            for column, ids in (
                (highlight_tags.c.tag_id, of_tags),
                (highlight_tags.c.highlight_id, of_highlights),
            )
            if ids
        ]
        self._links |= self._links_now(clauses)
        self._watched += clauses

    def _links_now(self, clauses: list[ColumnElement[bool]]) -> set[tuple[int, int]]:
        if not clauses:
            return set()
        links = select(highlight_tags.c.highlight_id, highlight_tags.c.tag_id).where(or_(*clauses))
        return {(highlight_id, tag_id) for highlight_id, tag_id in self.session.execute(links)}


def remember_act(
    session: Session, *, actor: Member | None, label: str, subject_ref: str, inverse: dict[str, Any]
) -> CodingAct | None:
    """Notes an act and the way back, as `Watch.inverse` tells it; None where nothing changed or no member acted.

    `label` says what was done, in the past: 'HL-5 tagged', '“links” merged into “trust/links”'.
    """
    if actor is None or not any(inverse.values()):
        return None
    act = CodingAct(member_id=actor.id, at=now(session), label=label[:500], subject_ref=subject_ref, inverse=inverse)
    session.add(act)
    session.flush()
    return act


def values_of(record: CodingRow) -> Values:
    """The columns that an act may change, as JSON holds them."""
    columns = COLUMNS[type(record)]
    return {name: _plain(getattr(record, name)) for name in columns}


def add_links(session: Session, pairs: Iterable[tuple[int, int]]) -> None:
    """Gives quotes tags that they do not carry yet; pairs of highlight id and tag id."""
    rows = [{"highlight_id": highlight_id, "tag_id": tag_id} for highlight_id, tag_id in sorted(set(pairs))]
    if rows:
        session.execute(insert(highlight_tags), rows)


def _change(record: CodingRow, before: Values | None) -> dict[str, Values | None] | None:
    after = values_of(record)
    if before is None:
        return {"before": None, "after": after}
    changed = [name for name in after if before[name] != after[name]]
    if not changed:
        return None
    return {"before": {name: before[name] for name in changed}, "after": {name: after[name] for name in changed}}


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    return list(value) if isinstance(value, list) else value
