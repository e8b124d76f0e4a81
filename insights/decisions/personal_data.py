"""Looking a decision through for personal data before it is proposed to everybody, and before it stands (L3)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.coding.personal_data.fields import require_looked_through
from insights.decisions.models import Decision, DecisionLink
from insights.people.models import Member
from insights.synthesis.personal_data import studies_behind

_TEXTS = (
    *("title", "context", "drivers", "outcome", "consequences", "confirmation", "more_information"),
    *("basis_reason", "beyond_evidence_reason"),
)


def look_through_decision(session: Session, *, actor: Member, decision: Decision, may_stand: str = "") -> None:
    """Raises InvalidInput where its texts may give somebody away and no reason is given.

    Who decided and who was asked are named on purpose, and are not looked through.
    """
    session.flush()
    rests_on = session.scalars(select(DecisionLink.insight_id).where(DecisionLink.decision_id == decision.id)).all()
    fields = {name: getattr(decision, name) or "" for name in _TEXTS}
    # Between two of them stands what is no space, so that no rule reads on from one into the next.
    options = ";\n".join(f"{each.get('title', '')};\n{each.get('body', '')}" for each in decision.options or ())
    others = ";\n".join(f"{heading};\n{body}" for heading, body in decision.other_sections or ())
    require_looked_through(
        session,
        actor=actor,
        subject=decision,
        fields=fields | {"options": options, "other_sections": others},
        study_ids=studies_behind(session, rests_on),
        may_stand=may_stand,
    )
