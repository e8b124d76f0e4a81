"""The impact ledger: what came of a decision, and how much research had to do with it (H4, beyond.md 13)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.activity import record
from insights.core.checks import required_text, term_of
from insights.core.clock import now, today
from insights.core.errors import RuleBroken
from insights.decisions.days import day_past
from insights.decisions.models import Contribution, Decision, DecisionStatus, ImpactEntry, ImpactKind, Measure
from insights.decisions.roles import require_decision_maker
from insights.people.models import Member
from insights.people.operations import require_same_area

_UNDECIDED = (DecisionStatus.DRAFT, DecisionStatus.PROPOSED)


def attest_impact(
    session: Session,
    *,
    actor: Member,
    decision: Decision,
    what: str,
    contribution: str | Contribution,
    kind: str | ImpactKind = ImpactKind.OTHER,
    on: date | None = None,
    measure: Measure | None = None,
    corrects: ImpactEntry | None = None,
) -> ImpactEntry:
    """Append-only; a correction is a new entry that names the old one.

    By the decision-maker, not the researcher. A decision not to do something has impact too: work that was avoided.
    """
    require_same_area(session, actor, decision.team_id)
    if decision.status in _UNDECIDED:
        raise RuleBroken(f"{decision.ref} is not decided yet, so nothing can have come of it.")
    require_decision_maker(session, actor, decision)
    if corrects is not None:
        _require_uncorrected(session, corrects)
    entry = ImpactEntry(
        decision_id=decision.id,
        on=day_past(session, "on", on) or today(session),
        what=required_text("what", what, label="what happened", longest=5_000),
        measure_id=None if measure is None else measure.id,
        kind=term_of("kind", ImpactKind, kind, label="what kind of thing happened"),
        contribution=term_of("contribution", Contribution, contribution, label="how much research contributed"),
        attested_by_id=actor.id,
        corrects_id=None if corrects is None else corrects.id,
        recorded_at=now(session),
    )
    session.add(entry)
    session.flush()
    record(session, actor, "attested the impact of", decision, detail={"entry": entry.id})
    return entry


def _require_uncorrected(session: Session, entry: ImpactEntry) -> None:
    later = session.scalar(select(ImpactEntry.id).where(ImpactEntry.corrects_id == entry.id).limit(1))
    if later is not None:
        raise RuleBroken("This entry was corrected already. Correct the later one, which stands.")
