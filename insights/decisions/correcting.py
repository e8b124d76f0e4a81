"""Typing put right in a decision whose text stands: one person proposes the words, another confirms them.

The text of an accepted decision is immutable but for typing fixes; a change of substance is a new decision (model.md).
No rule tells the one from the other, so that a second person has to; and a text of which more than a tenth differs is
refused before anybody is asked.
"""

from __future__ import annotations

from collections.abc import Mapping

from rapidfuzz.distance import Levenshtein
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.activity import add, record, touch
from insights.core.checks import required_line, text_of
from insights.core.clock import now
from insights.core.errors import InvalidInput, NotAllowed, RuleBroken
from insights.decisions.models import CorrectionResult, Decision, DecisionCorrection
from insights.decisions.operations.writing import LONGEST_SECTION, OPEN_STATUSES
from insights.people.models import Member
from insights.people.operations import require_same_area

CORRECTABLE = ("title", "context", "drivers", "outcome", "consequences", "confirmation", "more_information")
LEAST_KEPT = 0.9
"""Share of a text's characters that a typing fix leaves as they are."""
FEW = 3
"""Characters that may change in any text, however short it is."""
_TOO_MUCH = "More than typing differs here. A change of substance is a new decision, which supersedes this one."


def propose_correction(
    session: Session, *, actor: Member, decision: Decision, texts: Mapping[str, str]
) -> DecisionCorrection:
    """`texts` maps names of CORRECTABLE to the whole new text; what is left out or the same stays.

    Raises RuleBroken for a decision that can still be edited, or that has a correction open; InvalidInput for a text of
    which too much differs, naming it.
    """
    require_same_area(session, actor, decision.team_id)
    if decision.status in OPEN_STATUSES:
        raise RuleBroken(f"{decision.ref} is {decision.status.value}: edit it, nobody has to confirm that.")
    if open_correction(session, decision) is not None:
        raise RuleBroken("A correction of this decision waits already. Confirm or decline it first.")
    after = {name: _checked(name, text) for name, text in texts.items() if name in CORRECTABLE}
    changed = {name: text for name, text in after.items() if text != getattr(decision, name)}
    if not changed:
        raise InvalidInput("No word differs from the text that stands. Put the typing right first.")
    before = {name: getattr(decision, name) for name in changed}
    problems = {name: _TOO_MUCH for name in changed if not is_typing_alone(before[name], changed[name])}
    if problems:
        raise InvalidInput(_TOO_MUCH, problems)
    correction = DecisionCorrection(decision_id=decision.id, before=before, after=changed)
    add(session, actor, correction)
    record(session, actor, "proposed a correction of", decision, detail={"correction": correction.ref})
    return correction


def confirm_correction(session: Session, *, actor: Member, decision: Decision, correction: DecisionCorrection) -> None:
    """Puts the words in their place. Raises NotAllowed for who proposed it: another has to read it."""
    require_same_area(session, actor, decision.team_id)
    _require_open(correction)
    if correction.created_by_id == actor.id:
        raise NotAllowed("Someone other than who proposed the correction has to say that it means the same.")
    for name, text in correction.after.items():
        setattr(decision, name, text)
    _close(session, actor, correction, CorrectionResult.CONFIRMED)
    touch(session, actor, decision)
    names = sorted(correction.after)
    record(session, actor, "put typing right in", decision, detail={"correction": correction.ref, "texts": names})


def decline_correction(
    session: Session, *, actor: Member, decision: Decision, correction: DecisionCorrection, reason: str
) -> None:
    """With a reason; who proposed it takes it back, and needs none."""
    require_same_area(session, actor, decision.team_id)
    _require_open(correction)
    own = correction.created_by_id == actor.id
    correction.reason = (
        "" if own else required_line("reason", reason, label="why it is more than typing", longest=2_000)
    )
    _close(session, actor, correction, CorrectionResult.WITHDRAWN if own else CorrectionResult.DECLINED)
    verb = "took back a correction of" if own else "declined a correction of"
    record(session, actor, verb, decision, detail={"correction": correction.ref})


def open_correction(session: Session, decision: Decision) -> DecisionCorrection | None:
    waits = DecisionCorrection.result.is_(None)
    return session.scalar(select(DecisionCorrection).where(DecisionCorrection.decision_id == decision.id, waits))


def is_typing_alone(before: str, after: str) -> bool:
    """Whether few enough characters differ for it to be a slip of the keys; what it means a person has to say."""
    allowed = max(FEW, int(len(before) * (1 - LEAST_KEPT)))
    return Levenshtein.distance(before, after, score_cutoff=allowed) <= allowed


def _checked(name: str, text: str) -> str:
    if name == "title":
        return required_line("title", text, label="a title")
    return text_of(name, text, label=name.replace("_", " "), longest=LONGEST_SECTION)


def _require_open(correction: DecisionCorrection) -> None:
    if correction.result is not None:
        raise RuleBroken(f"This correction was {correction.result.value} already.")


def _close(session: Session, actor: Member, correction: DecisionCorrection, result: CorrectionResult) -> None:
    correction.result, correction.closed_at, correction.closed_by_id = result, now(session), actor.id
    touch(session, actor, correction)
