"""T6: do those who are asked answer, and with what reasons do they decline (metrics.md)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from insights.core.access import ROLE_LABELS, Role
from insights.reports.days import age_in_days, shifted
from insights.reports.facts import EvidenceBase, RecommendationFact
from insights.reports.metrics.metric import Metric, MetricSettings, Part, Window, share_metric
from insights.reports.surroundings import AskedFact
from insights.reports.table import Table
from insights.synthesis.models import RecommendationStatus

NOBODY = "nobody named"
_CAUTIONS = (
    "A decline with a reason counts: the aim is an answer, not obedience.",
    "An answer is counted by the day of the first one; the reason shown is that of the answer that holds now.",
)


def leadership_response(base: EvidenceBase, window: Window, settings: MetricSettings) -> Metric:
    """T6: recommendations issued N days before the period, and accepted, declined or deferred within N days."""
    days = settings.response_days
    issued = window.period.earlier_by(days)
    cohort = [
        item
        for item in base.recommendations
        if item.in_scope
        and item.issued_on in issued
        and shifted(item.issued_on, days) <= window.known_on
        and not _was_withdrawn_unanswered(item, days)
    ]
    timely = [item for item in cohort if _is_in_time(item, days)]
    late = [item for item in cohort if not _is_in_time(item, days) and _is_answered(item, window.known_on)]
    silent = [item for item in cohort if not _is_answered(item, window.known_on)]
    return share_metric(
        "T6",
        f"Leadership response within {days} days",
        rows=_refs(timely),
        base_rows=_refs(cohort),
        note=f"Recommendations issued from {issued.start.isoformat()} to {issued.end.isoformat()}.",
        cautions=_CAUTIONS if cohort else (),
        parts=(
            Part(f"answered within {days} days", len(timely), len(cohort), _refs(timely)),
            Part("answered later", len(late), len(cohort), _refs(late)),
            Part("not answered", len(silent), len(cohort), _refs(silent)),
        ),
        asides=_by_role(cohort, timely),
        tables=(_declines(cohort, window.known_on),),
    )


def first_answer_of(item: RecommendationFact) -> date | None:
    """The day of the first answer, where it is known; else that of the answer that holds."""
    if isinstance(item, AskedFact) and item.first_answer_on is not None:
        return item.first_answer_on
    return item.responded_on


def role_of(item: RecommendationFact) -> str:
    """In words; 'nobody named' where it is addressed to nobody."""
    if item.addressee_id is None:
        return NOBODY
    role = item.role if isinstance(item, AskedFact) else ""
    return ROLE_LABELS[Role(role)] if role else "role not known"


def reason_of(item: RecommendationFact) -> str:
    return item.reason if isinstance(item, AskedFact) else ""


def _is_answered(item: RecommendationFact, known_on: date) -> bool:
    answered = first_answer_of(item)
    return answered is not None and answered <= known_on


def _is_in_time(item: RecommendationFact, days: int) -> bool:
    answered = first_answer_of(item)
    return answered is not None and answered <= shifted(item.issued_on, days)


def _was_withdrawn_unanswered(item: RecommendationFact, days: int) -> bool:
    """Taken back before an answer was due: nobody owes one. Taken back later it counts, for it was not answered."""
    if not isinstance(item, AskedFact) or item.withdrawn_on is None:
        return False
    return item.withdrawn_on <= shifted(item.issued_on, days) and not _is_answered(item, item.withdrawn_on)


def _by_role(cohort: list[RecommendationFact], timely: list[RecommendationFact]) -> tuple[Part, ...]:
    asked: defaultdict[str, list[RecommendationFact]] = defaultdict(list)
    for item in cohort:
        asked[role_of(item)].append(item)
    in_time = {item.id for item in timely}
    parts = []
    for role, items in sorted(asked.items()):
        answered = [item for item in items if item.id in in_time]
        parts.append(Part(f"addressed to: {role}", len(answered), len(items), _refs(answered)))
    return tuple(parts)


def _declines(cohort: list[RecommendationFact], known_on: date) -> Table:
    rows = tuple(
        (item.ref, item.text, role_of(item), age_in_days(item.issued_on, item.responded_on), reason_of(item))
        for item in cohort
        if item.status is RecommendationStatus.DECLINED
        and item.responded_on is not None
        and item.responded_on <= known_on
    )
    columns = ("Reference", "Recommendation", "Addressed to", "Days to the answer", "Reason")
    return Table("Declined with reasons", columns, rows)


def _refs(items: list[RecommendationFact]) -> tuple[str, ...]:
    return tuple(item.ref for item in items)
