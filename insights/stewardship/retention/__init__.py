"""How long what is kept: rules, what falls due, what is held back, and what went."""

from insights.stewardship.retention.deleting import DeletionRow, delete_what_is_due, deletion_log
from insights.stewardship.retention.due import Due, list_due
from insights.stewardship.retention.rules import (
    PROPOSED_MONTHS,
    WARNED_FOR,
    end_hold,
    hold,
    holds_on,
    rules_of,
    set_rules,
)
from insights.stewardship.retention.warnings import make_warnings, warnings_for, warnings_in_mail

__all__ = [
    "PROPOSED_MONTHS",
    "WARNED_FOR",
    "DeletionRow",
    "Due",
    "delete_what_is_due",
    "deletion_log",
    "end_hold",
    "hold",
    "holds_on",
    "list_due",
    "make_warnings",
    "rules_of",
    "set_rules",
    "warnings_for",
    "warnings_in_mail",
]
