"""Facts about this installation that must travel with its database."""

from __future__ import annotations

import uuid

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from insights.core.base import Base

_DATABASE_ID = "database_id"


class Installation(Base):
    __tablename__ = "installation"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str]


def ensure_database_id(session: Session) -> str:
    """Gives the database its identity once; the search index remembers which database it belongs to."""
    row = session.get(Installation, _DATABASE_ID)
    if row is None:
        row = Installation(key=_DATABASE_ID, value=str(uuid.uuid4()))
        session.add(row)
        session.flush()
    return row.value


def database_id(session: Session) -> str:
    """The database's identity, or '' before it is set up."""
    row = session.get(Installation, _DATABASE_ID)
    return "" if row is None else row.value
