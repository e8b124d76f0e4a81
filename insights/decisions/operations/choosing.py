"""Evidence that is chosen while a decision is written, linked with it in one act (beyond.md 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from insights.core.errors import InvalidInput
from insights.decisions.models import Decision, DecisionLink, LinkType
from insights.decisions.operations.linking import link_insight
from insights.people.models import Member
from insights.synthesis.models import Insight

MOST_CHOSEN = 20


@dataclass(frozen=True, slots=True)
class ChosenEvidence:
    """What was ticked: the insight, what it did, and the sentence that says why."""

    insight: Insight
    relation: str
    because: str


def link_chosen(
    session: Session, *, actor: Member, decision: Decision, chosen: Sequence[ChosenEvidence]
) -> list[DecisionLink]:
    """Links all of them or none.

    Raises InvalidInput naming every field that lacks something, as 'because-INS-4' and 'relation-INS-4'.
    """
    if len(chosen) > MOST_CHOSEN:
        raise InvalidInput.of("evidence", f"Choose {MOST_CHOSEN} insights at most; {len(chosen)} are ticked.")
    wrong: dict[str, str] = {}
    for each in chosen:
        ref = each.insight.ref
        if not any(char.isalnum() for char in each.because):
            wrong[f"because-{ref}"] = f"Say in one sentence why {ref} matters here, or take its tick away."
        if each.relation not in [kind.value for kind in LinkType]:
            wrong[f"relation-{ref}"] = f"Choose what {ref} did."
    if wrong:
        raise InvalidInput("Some of the evidence lacks its sentence.", wrong)
    return [
        link_insight(
            session,
            actor=actor,
            decision=decision,
            insight=each.insight,
            type_=each.relation,
            rationale=each.because,
        )
        for each in chosen
    ]
