"""What is said about decisions, in the same words everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from insights.decisions.models import (
    Contribution,
    DecisionStatus,
    DeliveryState,
    ImpactKind,
    LinkStatus,
    LinkType,
    ReviewResult,
    Tracker,
    Verdict,
    WorkState,
)
from insights.decisions.queries import CheckRow, DecisionRow, UnmetWay
from research_hub.web.words import count, short_day, words

Said: TypeAlias = tuple[str, str]

LINK_WORDS: dict[str, str] = {
    LinkType.CHANGED.value: "changed this decision",
    LinkType.INFORMED.value: "informed this decision",
    LinkType.CONFIRMED.value: "confirmed this decision",
    LinkType.CONSIDERED_NOT_FOLLOWED.value: "was considered, and not followed",
    LinkType.CONTRADICTS.value: "speaks against this decision",
}
VERDICT_WORDS: dict[str, str] = {
    Verdict.IMPROVED.value: "It improved",
    Verdict.NO_CHANGE.value: "No change",
    Verdict.WORSENED.value: "It got worse",
    Verdict.INCONCLUSIVE.value: "No clear answer",
    Verdict.NOT_MEASURED.value: "It was not measured",
}
CONTRIBUTION_WORDS: dict[str, str] = {
    Contribution.SOLE_REASON.value: "the sole reason",
    Contribution.MAIN_REASON.value: "the main reason",
    Contribution.ONE_OF_SEVERAL.value: "one of several reasons",
    Contribution.CONFIRMED.value: "a confirmation of what we would have done",
    Contribution.UNKNOWN.value: "of unknown weight",
}
KIND_WORDS: dict[str, str] = {
    ImpactKind.BETTER_FOR_USERS.value: "better for users",
    ImpactKind.TIME_OR_COST.value: "time or cost saved",
    ImpactKind.AVOIDED_WORK.value: "work avoided",
    ImpactKind.LESS_RISK.value: "less risk",
    ImpactKind.POLICY.value: "policy changed",
    ImpactKind.OTHER.value: "something else",
}
TRACKER_WORDS: dict[str, str] = {
    Tracker.JIRA.value: "Jira",
    Tracker.GITHUB.value: "GitHub",
    Tracker.GITLAB.value: "GitLab",
    Tracker.AZURE.value: "Azure DevOps",
    Tracker.OTHER.value: "Link",
}
WORK_WORDS: dict[str, str] = {
    WorkState.UNKNOWN.value: "not said",
    WorkState.TO_DO.value: "to do",
    WorkState.IN_PROGRESS.value: "in progress",
    WorkState.DONE.value: "done",
    WorkState.DROPPED.value: "dropped",
}
REVIEW_WORDS: dict[str, str] = {
    ReviewResult.STANDS.value: "it stands",
    ReviewResult.REPLACED.value: "it was replaced",
    ReviewResult.OUT_OF_FORCE.value: "it was taken out of force",
    ReviewResult.WITHDRAWN.value: "the question was taken back",
}
UNMET_WORDS: dict[str, str] = {
    UnmetWay.NOT_FOLLOWED.value: "considered, not followed",
    UnmetWay.REJECTED.value: "decision rejected",
    UnmetWay.PUT_OFF.value: "decision put off",
    UnmetWay.DECLINED.value: "recommendation declined",
}
VERDICT_TONES: Mapping[str, str] = {"improved": "ok", "no_change": "warn", "worsened": "bad"}
LINK_TONES: Mapping[str, str] = {
    LinkStatus.CURRENT.value: "ok",
    LinkStatus.OUTDATED.value: "warn",
    LinkStatus.UNSUPPORTED.value: "bad",
    LinkStatus.CHALLENGED.value: "bad",
    LinkStatus.ORPHANED.value: "bad",
    LinkStatus.UNWANTED.value: "plain",
}
_STATUS_TONES = {"accepted": "ok", "deprecated": "warn", "superseded": "warn"}
_SUSPECT = (
    (LinkStatus.CHALLENGED, "contradicted"),
    (LinkStatus.UNSUPPORTED, "evidence withdrawn"),
    (LinkStatus.ORPHANED, "evidence gone"),
    (LinkStatus.OUTDATED, "evidence changed since"),
)


def states_of(row: DecisionRow) -> list[Said]:
    """Pairs (words, tone): where it stands, what its evidence is worth now, what waits."""
    said = [(_standing(row), _STATUS_TONES.get(row.status, "plain"))]
    said += evidence_states(row)
    if row.is_overdue and row.next_check is not None:
        said.append((f"check overdue since {short_day(row.next_check)}", "warn"))
    return said


def evidence_states(row: DecisionRow) -> list[Said]:
    """What became of the evidence after it was linked; nothing where all of it stands."""
    found = [(row.link_states.get(state, 0), state, text) for state, text in _SUSPECT]
    return [(f"{count(number, 'link')}: {text}", LINK_TONES[state]) for number, state, text in found if number]


def outcome_words(row: DecisionRow) -> Said:
    """What came of it, or when somebody looks."""
    if row.verdict:
        return words(row.verdict), VERDICT_TONES.get(row.verdict, "plain")
    if row.next_check is None:
        return "no check planned", "plain"
    if row.is_overdue:
        return f"check overdue since {short_day(row.next_check)}", "warn"
    return f"check due {short_day(row.next_check)}", "plain"


def check_words(row: CheckRow) -> Said:
    if row.verdict:
        return VERDICT_WORDS[row.verdict], VERDICT_TONES.get(row.verdict, "plain")
    if row.days_overdue:
        return f"overdue for {count(row.days_overdue, 'day')}", "warn"
    return f"due {short_day(row.due_on)}", "plain"


def _standing(row: DecisionRow) -> str:
    """'accepted 2 Nov 2026, live', 'superseded by DEC-21'."""
    if row.superseded_by:
        return f"superseded by {row.superseded_by}"
    day = row.ended_on if row.status in {DecisionStatus.REJECTED, DecisionStatus.DEPRECATED} else row.decided_on
    standing = f"{words(row.status)} {short_day(day)}" if day is not None else words(row.status)
    if row.status == DecisionStatus.ACCEPTED and row.delivery_state != DeliveryState.NOT_STARTED:
        return f"{standing}, {words(row.delivery_state)}"
    return standing
