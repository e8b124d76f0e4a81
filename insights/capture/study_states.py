"""Where a study is, where it may go, and what each step needs first (model.md, states and guards).

proposed -> planned -> in_field -> synthesis -> completed -> archived; cancelled from any. A step back
is possible too, for research does not always go forward. That a completed study has an insight, or a reason why it has
none, is known above: insights.synthesis.study_completion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from insights.capture.models import Sensitivity, Study, StudyStatus
from insights.core.activity import record, touch
from insights.core.checks import optional_line, term_of
from insights.core.errors import InvalidInput, RuleBroken
from insights.people.models import Member
from insights.people.operations import require_same_area

ORDER = (
    StudyStatus.PROPOSED,
    StudyStatus.PLANNED,
    StudyStatus.IN_FIELD,
    StudyStatus.SYNTHESIS,
    StudyStatus.COMPLETED,
    StudyStatus.ARCHIVED,
)

MOVES: Mapping[StudyStatus, tuple[StudyStatus, ...]] = {
    StudyStatus.PROPOSED: (StudyStatus.PLANNED, StudyStatus.CANCELLED),
    StudyStatus.PLANNED: (StudyStatus.IN_FIELD, StudyStatus.PROPOSED, StudyStatus.CANCELLED),
    StudyStatus.IN_FIELD: (StudyStatus.SYNTHESIS, StudyStatus.PLANNED, StudyStatus.CANCELLED),
    StudyStatus.SYNTHESIS: (StudyStatus.COMPLETED, StudyStatus.IN_FIELD, StudyStatus.CANCELLED),
    StudyStatus.COMPLETED: (StudyStatus.ARCHIVED, StudyStatus.SYNTHESIS, StudyStatus.CANCELLED),
    StudyStatus.ARCHIVED: (StudyStatus.COMPLETED, StudyStatus.CANCELLED),
    StudyStatus.CANCELLED: (StudyStatus.PROPOSED,),
}
"""From each state where it may go; the way forward stands first."""

MEANINGS: Mapping[StudyStatus, str] = {
    StudyStatus.PROPOSED: "Somebody wants to know something. Nothing is agreed yet.",
    StudyStatus.PLANNED: "What is already known was looked at, and it will be done.",
    StudyStatus.IN_FIELD: "People are being heard.",
    StudyStatus.SYNTHESIS: "Hearing is over; what it means is being worked out.",
    StudyStatus.COMPLETED: "What was learned is published, or it is said why there is nothing.",
    StudyStatus.ARCHIVED: "Over, and kept for the record.",
    StudyStatus.CANCELLED: "It will not be done, or not be finished.",
}


@dataclass(frozen=True, slots=True)
class Need:
    """Something that a step asks for first, and whether it is there. `field` is the form's field that gives it."""

    words: str
    met: bool
    field: str = ""


def is_back(before: StudyStatus, after: StudyStatus) -> bool:
    return before in ORDER and after in ORDER and ORDER.index(after) < ORDER.index(before)


def needs_of(study: Study, after: StudyStatus) -> tuple[Need, ...]:
    """What has to be there before the study goes there, as far as capture knows; a step back needs nothing."""
    if is_back(study.status, after):
        return ()
    looked = Need("a look at what is already known", study.prior_work_checked_on is not None)
    if after is StudyStatus.PLANNED:
        return (looked,)
    if after is StudyStatus.IN_FIELD:
        # One that was planned from the start has not been asked for the look yet.
        return (looked, *protection_of(study))
    return ()


def move_study(session: Session, *, actor: Member, study: Study, to: str | StudyStatus) -> None:
    """Takes a study to another state. `insights.synthesis.study_completion.move_study_on` also guards completion.

    Raises InvalidInput for a state that cannot follow, RuleBroken where something it needs is missing.
    """
    require_same_area(session, actor, study.team_id)
    after = term_of("to", StudyStatus, to, label="where the study goes")
    before = study.status
    if after not in MOVES[before]:
        known = ", ".join(_said(state) for state in MOVES[before])
        raise InvalidInput.of("to", f"A study that is {_said(before)} can become {known}, but not {_said(after)}.")
    missing = [need for need in needs_of(study, after) if not need.met]
    if missing:
        raise RuleBroken(f"Before this study is {_said(after)} it needs {'; '.join(need.words for need in missing)}.")
    study.status = after
    touch(session, actor, study)
    record(session, actor, "moved", study, detail={"before": before.value, "after": after.value})


def tell_assessment(session: Session, *, actor: Member, study: Study, reference: str, no_reason: str) -> None:
    """The reference of the data protection impact assessment, or why none is needed; one of the two."""
    require_same_area(session, actor, study.team_id)
    label = "the reference of the assessment"
    new_reference = optional_line("dpia_reference", reference, label=label, longest=200)
    new_reason = optional_line("no_dpia_reason", no_reason, label="the reason", longest=500)
    if new_reference and new_reason:
        raise InvalidInput.of("no_dpia_reason", "Give the reference, or the reason why there is none, not both.")
    if (new_reference, new_reason) == (study.dpia_reference, study.no_dpia_reason):
        return
    study.dpia_reference, study.no_dpia_reason = new_reference, new_reason
    touch(session, actor, study)
    record(session, actor, "assessed", study, detail={"reference": new_reference, "reason": new_reason})


@dataclass(frozen=True, slots=True)
class Protection:
    """What is told of how people's data are protected; `sharing_agreement` says 'none' where nothing is shared."""

    lawful_basis: str = ""
    sensitivity: str = ""
    sharing_agreement: str = ""


LAWFUL_BASES = ("public task", "consent", "legal obligation", "legitimate interests", "vital interests", "contract")
"""UK GDPR, article 6, the one that public bodies mostly rest research on first."""


def tell_protection(session: Session, *, actor: Member, study: Study, told: Protection) -> None:
    """The lawful basis, how sensitive it is, and the agreement under which anything is shared (features.md L6)."""
    require_same_area(session, actor, study.team_id)
    basis = optional_line("lawful_basis", told.lawful_basis, label="the lawful basis", longest=200)
    agreement = optional_line("sharing_agreement", told.sharing_agreement, label="the agreement", longest=200)
    sensitivity = (
        term_of("sensitivity", Sensitivity, told.sensitivity, label="how sensitive it is") if told.sensitivity else None
    )
    if (basis, sensitivity, agreement) == (study.lawful_basis, study.sensitivity, study.sharing_agreement):
        return
    study.lawful_basis, study.sensitivity, study.sharing_agreement = basis, sensitivity, agreement
    touch(session, actor, study)
    detail = {"basis": basis, "sensitivity": told.sensitivity, "agreement": agreement}
    record(session, actor, "told the data protection of", study, detail=detail)


def protection_of(study: Study) -> tuple[Need, ...]:
    """What has to be told before people are heard (features.md L6)."""
    return (
        Need(
            "a data protection impact assessment, or the reason why none is needed",
            bool(study.dpia_reference or study.no_dpia_reason),
            "dpia_reference",
        ),
        Need("its lawful basis", bool(study.lawful_basis), "lawful_basis"),
        Need("how sensitive it is", study.sensitivity is not None, "sensitivity"),
        Need("the agreement for sharing data, or “none”", bool(study.sharing_agreement), "sharing_agreement"),
    )


def _said(state: StudyStatus) -> str:
    return state.value.replace("_", " ")
