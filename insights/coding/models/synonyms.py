"""Words and short phrases that mean the same to whoever searches."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record


class SynonymGroup(Record, Base):
    """`expressions` are texts as people wrote them, the one that others are explained by first.

    Rows are never taken out, so that the sum of their versions tells every process whether the list has changed.
    """

    __tablename__ = "synonym_groups"
    PREFIX, KIND = "SYN", "synonym group"

    expressions: Mapped[list[Any]] = mapped_column(default=list)
    deleted_at: Mapped[datetime | None]
