"""What came of a decision: measures, readings, checks that fall due, verdicts that feed back, the impact ledger."""

from insights.decisions.outcomes.checking import REFUTING, record_verdict, take_back_verdict
from insights.decisions.outcomes.ledger import attest_impact
from insights.decisions.outcomes.measuring import add_measure, add_reading, add_readings, declare_not_measurable
from insights.decisions.outcomes.planning import (
    FIRST_CHECK_AFTER,
    reschedule_check,
    schedule_check,
    schedule_first_check,
)
from insights.decisions.outcomes.reading_table import ReadingTable, RowError, TypedReading, read_table

__all__ = [
    "FIRST_CHECK_AFTER",
    "REFUTING",
    "ReadingTable",
    "RowError",
    "TypedReading",
    "add_measure",
    "add_reading",
    "add_readings",
    "attest_impact",
    "declare_not_measurable",
    "read_table",
    "record_verdict",
    "reschedule_check",
    "schedule_check",
    "schedule_first_check",
    "take_back_verdict",
]
