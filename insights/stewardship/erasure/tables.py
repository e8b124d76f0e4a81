"""What the tables say of themselves: who points at a row, where places of a text are kept, which files are in use.

Read from the mapped tables, so that a table that comes later is taken in without a change here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import JSON, Column, ColumnElement, Enum, String, Table, delete, func, select, update
from sqlalchemy.orm import Session

from insights.core.base import Base


def columns_to(table: str, key: str = "id") -> Iterator[Column[object]]:
    """Every column that points at a table's rows."""
    for each in sorted(Base.metadata.tables.values(), key=lambda one: one.name):
        for column in each.columns:
            if any(foreign.target_fullname == f"{table}.{key}" for foreign in column.foreign_keys):
                yield column


def placed_tables() -> list[Table]:
    """Tables whose rows are a passage of a text version."""
    wanted = {"text_version_id", "start", "end"}
    tables = sorted(Base.metadata.tables.values(), key=lambda one: one.name)
    return [each for each in tables if wanted <= set(each.columns.keys())]


def columns_with_words() -> Iterator[Column[object]]:
    """Every column that can hold what somebody wrote: text and JSON, terms of a list left out."""
    for each in sorted(Base.metadata.tables.values(), key=lambda one: one.name):
        for column in each.columns:
            if isinstance(column.type, String | JSON) and not isinstance(column.type, Enum):
                yield column


def delete_rows(session: Session, table: Table, where: ColumnElement[bool]) -> dict[str, int]:
    """Deletes rows and whatever cannot be without them; what merely names them forgets them. Counts by table."""
    counts: dict[str, int] = {}
    if "id" in table.columns:
        ids = list(session.scalars(select(table.c.id).where(where)))
        if not ids:
            return counts
        where = table.c.id.in_(ids)
        for column in columns_to(table.name):
            if column.table is table:
                continue
            if column.nullable:
                session.execute(update(column.table).where(column.in_(ids)).values({column.name: None}))
            else:
                _add(counts, delete_rows(session, column.table, column.in_(ids)))
    number = session.scalar(select(func.count()).select_from(table).where(where)) or 0
    session.execute(delete(table).where(where))
    if number:
        _add(counts, {table.name: number})
    return counts


def unused_files(session: Session, digests: Collection[str]) -> list[str]:
    """Of stored files those that no record names any longer, by SHA-256."""
    used: set[str] = set()
    for column in columns_to("attachments", "sha256"):
        used.update(session.scalars(select(column).where(column.in_(sorted(digests)))))
    return sorted(set(digests) - used)


def _add(counts: dict[str, int], more: dict[str, int]) -> None:
    for name, number in more.items():
        counts[name] = counts.get(name, 0) + number
