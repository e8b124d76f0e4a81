"""What was searched for, without who asked (features.md E5)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base


class QuestionTrace(Base):
    """Words that were searched for on one day only: not the words, but a keyed digest of them, and how the search went.

    It becomes an AskedQuestion when the same is asked on another day, and is forgotten when it is not.
    """

    __tablename__ = "question_traces"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    asked_on: Mapped[date] = mapped_column(index=True)
    searches: Mapped[int] = mapped_column(default=0)
    without_hits: Mapped[int] = mapped_column(default=0)
    opened: Mapped[int] = mapped_column(default=0)


class AskedQuestion(Base):
    """Words that people search for, grouped by their stems, with days and counts and no member.

    `searches` counts searches, `without_hits` those that found nothing, `opened` the hits that were opened from them,
    and `missed` how often somebody who wrote a decision said that no relevant evidence was found.
    """

    __tablename__ = "asked_questions"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(300), unique=True)
    words: Mapped[str] = mapped_column(String(500))
    first_on: Mapped[date]
    last_on: Mapped[date] = mapped_column(index=True)
    days: Mapped[int] = mapped_column(default=1)
    searches: Mapped[int] = mapped_column(default=0)
    without_hits: Mapped[int] = mapped_column(default=0)
    opened: Mapped[int] = mapped_column(default=0)
    missed: Mapped[int] = mapped_column(default=0)
