"""What can be wrong with the chain: how bad it is, what it is called, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Error: the chain is broken. Warning: it no longer holds as it stands. Note: good to know when reading figures."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class IssueKind(StrEnum):
    EVIDENCE_GONE = "evidence_gone"
    INSIGHT_ON_NOTHING = "insight_on_nothing"
    DECISION_ON_NOTHING = "decision_on_nothing"
    LINK_UNSUPPORTED = "link_unsupported"
    LINK_ORPHANED = "link_orphaned"
    SUPERSESSION_RING = "supersession_ring"
    EVIDENCE_RING = "evidence_ring"
    LINK_CHALLENGED = "link_challenged"
    LINK_OUTDATED = "link_outdated"
    STALE_EVIDENCE_ONLY = "stale_evidence_only"
    QUOTE_LOST_ITS_PLACE = "quote_lost_its_place"
    IMPORTED_WITHOUT_EVIDENCE = "imported_without_evidence"
    SUPERSEDED_BY_NOTHING = "superseded_by_nothing"
    OUTCOME_OVERDUE = "outcome_overdue"
    LIVE_WITHOUT_CHECK = "live_without_check"
    DATE_IN_FUTURE = "date_in_future"
    DATES_OUT_OF_ORDER = "dates_out_of_order"
    LINK_UNWANTED = "link_unwanted"
    LINK_RETROSPECTIVE = "link_retrospective"
    MEASURE_WITHOUT_READING = "measure_without_reading"
    ACCEPTED_WITHOUT_DATE = "accepted_without_date"
    DATE_LONG_PAST = "date_long_past"


@dataclass(frozen=True, slots=True)
class Meaning:
    severity: Severity
    name: str
    advice: str


_ERROR, _WARNING, _NOTE = Severity

MEANINGS: dict[IssueKind, Meaning] = {
    IssueKind.EVIDENCE_GONE: Meaning(
        _ERROR, "Evidence that is gone", "Take it off the insight, or attach another quote that says the same."
    ),
    IssueKind.INSIGHT_ON_NOTHING: Meaning(
        _ERROR, "Published insight that rests on nothing", "Attach the evidence, or retire the insight."
    ),
    IssueKind.DECISION_ON_NOTHING: Meaning(
        _ERROR,
        "Decision in force without evidence or declared basis",
        "Link the insights it rests on, or declare another basis: law, security, cost, judgement.",
    ),
    IssueKind.LINK_UNSUPPORTED: Meaning(
        _ERROR, "Decision that rests on a withdrawn insight", "Link what replaced the insight, or review the decision."
    ),
    IssueKind.LINK_ORPHANED: Meaning(
        _ERROR, "Link to an insight that is gone", "Take the link off, or link another insight."
    ),
    IssueKind.SUPERSESSION_RING: Meaning(
        _ERROR, "Records that supersede one another in a ring", "Say which of them holds now, and correct the others."
    ),
    IssueKind.EVIDENCE_RING: Meaning(
        _ERROR, "Insights that rest on one another", "Take off one link of the ring and attach what people said."
    ),
    IssueKind.LINK_CHALLENGED: Meaning(
        _WARNING, "Decision that rests on a contradicted insight", "Settle the contradiction, then read the link again."
    ),
    IssueKind.LINK_OUTDATED: Meaning(
        _WARNING,
        "Insight that changed after the decision linked it",
        "Read the insight again: affirm the link with a sentence, or review the decision.",
    ),
    IssueKind.STALE_EVIDENCE_ONLY: Meaning(
        _WARNING, "Decision with stale evidence only", "Look again: validate the insights anew, or review the decision."
    ),
    IssueKind.QUOTE_LOST_ITS_PLACE: Meaning(
        _WARNING, "Quote that lost its place in the text", "Put it back where it was said, or drop it."
    ),
    IssueKind.IMPORTED_WITHOUT_EVIDENCE: Meaning(
        _WARNING,
        "Imported decision in force without evidence or basis",
        "Declare its basis, or link the insights it rests on.",
    ),
    IssueKind.SUPERSEDED_BY_NOTHING: Meaning(
        _WARNING, "Superseded, but not said by what", "Name the record that took its place."
    ),
    IssueKind.OUTCOME_OVERDUE: Meaning(
        _WARNING, "Outcome without a verdict", "Record what was found, or plan another day."
    ),
    IssueKind.LIVE_WITHOUT_CHECK: Meaning(
        _WARNING, "Live with no check planned", "Plan a day to look, or say why it cannot be measured."
    ),
    IssueKind.DATE_IN_FUTURE: Meaning(
        _WARNING, "Day in the future", "Correct the day: figures leave it out until then."
    ),
    IssueKind.DATES_OUT_OF_ORDER: Meaning(
        _WARNING, "Ended before it began", "Correct the day it was decided or the day it ended."
    ),
    IssueKind.LINK_UNWANTED: Meaning(
        _NOTE, "Evidence beside a declared basis", "Nothing has to be done; drop the declared basis if evidence led."
    ),
    IssueKind.LINK_RETROSPECTIVE: Meaning(
        _NOTE,
        "Evidence published or linked after the decision",
        "Nothing has to be done: it is kept, and counted apart.",
    ),
    IssueKind.MEASURE_WITHOUT_READING: Meaning(
        _NOTE, "Measure without a reading since it went live", "Add a reading, or take the measure off."
    ),
    IssueKind.ACCEPTED_WITHOUT_DATE: Meaning(
        _NOTE, "Accepted on no known day", "Give the day: without it the decision is in no period's figures."
    ),
    IssueKind.DATE_LONG_PAST: Meaning(_NOTE, "Day before 1970", "Check the day; it may have been misread."),
}
