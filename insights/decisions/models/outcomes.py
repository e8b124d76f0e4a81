"""What came of a decision: measures, readings, checks that fall due, and the impact ledger."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from insights.core.base import Base, Record


class Direction(StrEnum):
    UP_IS_BETTER = "up_is_better"
    DOWN_IS_BETTER = "down_is_better"


class Verdict(StrEnum):
    IMPROVED = "improved"
    NO_CHANGE = "no_change"
    WORSENED = "worsened"
    INCONCLUSIVE = "inconclusive"
    NOT_MEASURED = "not_measured"


class Contribution(StrEnum):
    SOLE_REASON = "sole_reason"
    MAIN_REASON = "main_reason"
    ONE_OF_SEVERAL = "one_of_several"
    CONFIRMED = "confirmed"
    UNKNOWN = "unknown"


class ImpactKind(StrEnum):
    """What kind of thing happened; avoided work counts as much as work done (beyond.md 13)."""

    BETTER_FOR_USERS = "better_for_users"
    TIME_OR_COST = "time_or_cost"
    AVOIDED_WORK = "avoided_work"
    LESS_RISK = "less_risk"
    POLICY = "policy"
    OTHER = "other"


class Measure(Record, Base):
    __tablename__ = "measures"
    PREFIX, KIND = "MEA", "measure"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), index=True)
    name: Mapped[str] = mapped_column(String(300))
    unit: Mapped[str] = mapped_column(String(60), default="")
    direction: Mapped[Direction] = mapped_column(default=Direction.UP_IS_BETTER)
    baseline: Mapped[float | None]
    baseline_on: Mapped[date | None]
    target: Mapped[float | None]
    source: Mapped[str] = mapped_column(String(300), default="")


class Reading(Base):
    """One value of a measure on a day. Append-only."""

    __tablename__ = "readings"

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measures.id"), index=True)
    on: Mapped[date]
    value: Mapped[float]
    note: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))


class OutcomeCheck(Record, Base):
    """A day on which somebody looks whether the measure moved; recorded once, with a verdict.

    `times_moved` counts how often it was put off; `reading_id` is the reading that the verdict brought.
    """

    __tablename__ = "outcome_checks"
    PREFIX, KIND = "CHK", "check"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), index=True)
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measures.id"), index=True)
    due_on: Mapped[date] = mapped_column(index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    verdict: Mapped[Verdict | None]
    value: Mapped[float | None]
    note: Mapped[str] = mapped_column(default="")
    recorded_on: Mapped[date | None]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    times_moved: Mapped[int] = mapped_column(default=0)
    reading_id: Mapped[int | None] = mapped_column(ForeignKey("readings.id"))


class ImpactEntry(Base):
    """The impact ledger (H4): append-only; a correction is a new entry that names the one it corrects."""

    __tablename__ = "impact_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), index=True)
    on: Mapped[date]
    what: Mapped[str]
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measures.id"))
    kind: Mapped[ImpactKind] = mapped_column(default=ImpactKind.OTHER)
    contribution: Mapped[Contribution]
    attested_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("impact_entries.id"))
    recorded_at: Mapped[datetime]
