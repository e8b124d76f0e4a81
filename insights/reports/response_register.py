"""The leadership response register: what was recommended to whom, and the answer (features.md I5).

    response_register(base, on=None) -> ResponseRegister

Everybody in the organisation may read what is overdue, as far as they may see every insight that it rests on. No answer
is late before thirty days are over, or before the day that was asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from insights.reports.days import age_in_days, shifted
from insights.reports.facts import EvidenceBase, RecommendationFact
from insights.reports.metrics.responses import NOBODY, first_answer_of, reason_of, role_of
from insights.reports.surroundings import AskedFact
from insights.reports.table import Table
from insights.synthesis.models import RecommendationStatus

ANSWER_WITHIN = 30
"""Days after which an answer is overdue where no day was named."""


class ResponseState(StrEnum):
    """Where a recommendation stands with the one it is addressed to."""

    OVERDUE = "overdue"
    WAITING = "waiting"
    DEFERRED = "deferred"
    DECLINED = "declined"
    ACCEPTED = "accepted"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """`days` since it was issued, for one that waits; from issue to the first answer, for one that is answered.

    `answer_by` is the day that was asked for, or thirty days after the issue.
    """

    ref: str
    text: str
    addressee_id: int | None
    addressee: str
    role: str
    service: str
    insights: tuple[str, ...]
    issued_on: date
    answer_by: date
    state: ResponseState
    days: int
    answered_on: date | None
    reason: str
    deferred_to: date | None


@dataclass(frozen=True, slots=True)
class ResponseRegister:
    """`rows` are overdue ones first, then those that wait, each longest waiting first; then answers, newest first."""

    on: date
    rows: tuple[ResponseRow, ...]

    @property
    def overdue(self) -> tuple[ResponseRow, ...]:
        return tuple(row for row in self.rows if row.state is ResponseState.OVERDUE)

    @property
    def waiting(self) -> tuple[ResponseRow, ...]:
        """All without an answer that holds, overdue ones first."""
        return tuple(row for row in self.rows if row.state in {ResponseState.OVERDUE, ResponseState.WAITING})

    @property
    def states(self) -> dict[ResponseState, int]:
        counts = Counter(row.state for row in self.rows)
        return {state: counts[state] for state in ResponseState}

    def of(self, *, state: str = "", addressee_id: int | None = None) -> ResponseRegister:
        """Narrowed down; '' and None leave all."""
        rows = (row for row in self.rows if not state or row.state == state)
        return ResponseRegister(
            self.on, tuple(row for row in rows if addressee_id is None or row.addressee_id == addressee_id)
        )

    def as_table(self) -> list[Table]:
        columns = (
            *("Reference", "Recommendation", "Addressed to", "Role", "Service", "Rests on", "Issued", "Answer by"),
            *("State", "Days", "Answered", "Deferred to", "Reason"),
        )
        rows = tuple(
            (
                *(row.ref, row.text, row.addressee, row.role, row.service, ", ".join(row.insights), row.issued_on),
                *(row.answer_by, row.state.value, row.days, row.answered_on, row.deferred_to, row.reason),
            )
            for row in self.rows
        )
        states = tuple((state.value, number) for state, number in self.states.items())
        return [Table("Response register", columns, rows), Table("States", ("State", "Recommendations"), states)]


def response_register(base: EvidenceBase, on: date | None = None) -> ResponseRegister:
    """As it stands on a day, today by default. What was withdrawn asks for no answer and is left out."""
    day = base.today if on is None else on
    rows = [
        _row(item, day)
        for item in base.recommendations
        if item.in_scope and item.issued_on <= day and item.status is not RecommendationStatus.WITHDRAWN
    ]
    return ResponseRegister(day, tuple(sorted(rows, key=_order)))


_ANSWERS = {
    RecommendationStatus.ACCEPTED: ResponseState.ACCEPTED,
    RecommendationStatus.IN_PROGRESS: ResponseState.ACCEPTED,
    RecommendationStatus.DECLINED: ResponseState.DECLINED,
    RecommendationStatus.DEFERRED: ResponseState.DEFERRED,
    RecommendationStatus.DONE: ResponseState.DONE,
    RecommendationStatus.ABANDONED: ResponseState.DECLINED,
}
_FIRST: Sequence[ResponseState] = (ResponseState.OVERDUE, ResponseState.WAITING)


def _row(item: RecommendationFact, on: date) -> ResponseRow:
    deferred_to = item.deferred_to if isinstance(item, AskedFact) else None
    answer_by = item.due_on or shifted(item.issued_on, ANSWER_WITHIN)
    state = _state(item, deferred_to, answer_by, on)
    answered_on = None if state in _FIRST else first_answer_of(item)
    return ResponseRow(
        ref=item.ref,
        text=item.text,
        addressee_id=item.addressee_id,
        addressee=item.addressee or NOBODY,
        role=role_of(item),
        service=item.service,
        insights=tuple(f"INS-{number}" for number in item.insight_ids),
        issued_on=item.issued_on,
        answer_by=answer_by,
        state=state,
        days=age_in_days(item.issued_on, answered_on or on),
        answered_on=answered_on,
        reason=reason_of(item),
        deferred_to=deferred_to,
    )


def _state(item: RecommendationFact, deferred_to: date | None, answer_by: date, on: date) -> ResponseState:
    """One deferred to a day that has come is overdue: the answer was that one would be given then."""
    if item.status is RecommendationStatus.DEFERRED and deferred_to is not None and deferred_to <= on:
        return ResponseState.OVERDUE
    if item.status is RecommendationStatus.ISSUED:
        return ResponseState.OVERDUE if answer_by < on else ResponseState.WAITING
    return _ANSWERS[item.status]


def _order(row: ResponseRow) -> tuple[int, int]:
    if row.state in _FIRST:
        return _FIRST.index(row.state), -row.days
    return len(_FIRST), -(row.answered_on or row.issued_on).toordinal()
