"""The mapped base and the columns that every record carries."""

from __future__ import annotations

import enum
import uuid
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Date, DateTime, Dialect, Enum, ForeignKey, MetaData, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

# Alembic needs names for every constraint, from the first migration on.
NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# What an integer column of PostgreSQL holds; a larger one may not even be asked for.
_LARGEST_ID = 2_147_483_647


class UtcDateTime(TypeDecorator[datetime]):
    """Stores an aware moment as UTC; refuses a naive one, whose meaning would depend on the machine."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the interface
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A stored moment needs a time zone.")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the interface
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        date: Date,
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        enum.Enum: Enum(
            enum.Enum, native_enum=False, length=40, values_callable=lambda kind: [term.value for term in kind]
        ),
    }


class Record:
    """Columns of every record that people work with.

    `ref` is the permanent, human-readable id ('INS-42'); `uuid` is for exchange formats; `row_version` is what
    optimistic locking compares (features.md K2). Ids are never used twice, also after a deletion.
    """

    PREFIX: ClassVar[str]
    KIND: ClassVar[str]
    __table_args__: Any = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True, default=lambda: str(uuid.uuid4()))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    row_version: Mapped[int] = mapped_column(default=1)

    @declared_attr
    def created_by_id(cls) -> Mapped[int | None]:  # noqa: N805 - SQLAlchemy calls it with the class
        return mapped_column(ForeignKey("members.id"))

    @declared_attr
    def updated_by_id(cls) -> Mapped[int | None]:  # noqa: N805 - SQLAlchemy calls it with the class
        return mapped_column(ForeignKey("members.id"))

    @property
    def ref(self) -> str:
        return f"{self.PREFIX}-{self.id}"


def number_of(ref: str, prefix: str) -> int | None:
    """The number in a ref of the given prefix, or None where the ref is not one ('INS-42' -> 42)."""
    head, dash, tail = ref.strip().upper().rpartition("-")
    if head != prefix or not dash or not tail.isascii() or not tail.isdigit() or len(tail) > len(str(_LARGEST_ID)):
        return None
    number = int(tail)
    return number if number <= _LARGEST_ID else None
