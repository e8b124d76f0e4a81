"""A decision draft out of the tray: the insights in it linked, each with its sentence (features.md E8, G2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from insights.core.checks import required_line, term_of
from insights.core.errors import InvalidInput, NotFound
from insights.decisions.models import Decision, DecisionStatus, LinkType
from insights.decisions.operations import DecisionText, draft_decision, link_insight
from insights.people.models import Member
from insights.stewardship.tray.queries import tray_refs
from insights.synthesis.queries import get_insight


@dataclass(frozen=True, slots=True)
class Reason:
    """What an insight did for the decision, and why in one sentence."""

    ref: str
    type: str
    rationale: str


def draft_from_tray(
    session: Session, *, actor: Member, title: str, context: str, reasons: Sequence[Reason]
) -> Decision:
    """Drafts it and links the insights; the tray stays as it is, and no words of its records are copied.

    Raises InvalidInput naming `rationale-INS-n` or `type-INS-n` of every insight whose sentence is missing, so that
    all can be put right at once; NotFound for an insight that is not in the tray.
    """
    _check(title, reasons)
    known = tray_refs(session, actor)
    missing = next((reason.ref for reason in reasons if reason.ref not in known), None)
    if missing is not None:
        raise NotFound(missing)
    decision = draft_decision(
        session, actor=actor, text=DecisionText(title=title, context=context), status=DecisionStatus.DRAFT
    )
    for reason in reasons:
        insight = get_insight(session, actor, reason.ref)
        link_insight(
            session, actor=actor, decision=decision, insight=insight, type_=reason.type, rationale=reason.rationale
        )
    return decision


def _check(title: str, reasons: Sequence[Reason]) -> None:
    wrong: dict[str, str] = {}
    try:
        required_line("title", title, label="a title")
    except InvalidInput as error:
        wrong |= error.fields
    if not reasons:
        wrong["insights"] = "Tick at least one insight that the decision rests on."
    for reason in reasons:
        try:
            required_line(
                f"rationale-{reason.ref}", reason.rationale, label=f"why {reason.ref} counts, in one sentence"
            )
            term_of(f"type-{reason.ref}", LinkType, reason.type, label=f"what {reason.ref} did")
        except InvalidInput as error:
            wrong |= error.fields
    if wrong:
        raise InvalidInput("Something has to be put right before the decision can be drafted.", wrong)
