"""Changes to decisions, the insights they rest on, and what they changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from insights.core.activity import ActivityEntry, add, record, touch
from insights.core.base import number_of
from insights.core.checks import clean, required_line, required_text, term_of, text_of
from insights.core.clock import now, today
from insights.core.concurrency import refuse_stale
from insights.core.errors import InvalidInput, NotFound, RuleBroken
from insights.decisions.models import (
    EVIDENCE_TYPES,
    Basis,
    Change,
    Decision,
    DecisionLink,
    DecisionStatus,
    DeliveryState,
    LinkType,
)
from insights.decisions.outcomes import schedule_first_check
from insights.people.models import Component, Member, Phase, Service
from insights.people.operations import require_same_area, web_address
from insights.synthesis.models import CITABLE, Contradiction, ContradictionStatus, Insight, InsightStatus

OPEN_STATUSES = (DecisionStatus.DRAFT, DecisionStatus.PROPOSED)
LONGEST_SECTION = 200_000
UNLINKED = "unlinked"


@dataclass(frozen=True, slots=True)
class DecisionText:
    """MADR 4's fields. `options` are {title, body}; `other_sections` [heading, body]; lists of people are names."""

    title: str
    context: str = ""
    drivers: str = ""
    options: Sequence[Mapping[str, str]] = ()
    outcome: str = ""
    consequences: str = ""
    confirmation: str = ""
    more_information: str = ""
    decision_makers: Sequence[str] = ()
    consulted: Sequence[str] = ()
    informed: Sequence[str] = ()
    other_sections: Sequence[Sequence[str]] = ()
    front_matter: Mapping[str, Any] = field(default_factory=dict)


def draft_decision(
    session: Session,
    *,
    actor: Member,
    text: DecisionText,
    status: str | DecisionStatus = DecisionStatus.PROPOSED,
    service: Service | None = None,
    component: Component | None = None,
    phase: str | Phase | None = None,
    owner: Member | None = None,
) -> Decision:
    """A new decision, draft or proposed; its owner is told when its checks fall due."""
    chosen = term_of("status", DecisionStatus, status, label="a status")
    if chosen not in OPEN_STATUSES:
        raise InvalidInput.of("status", "A new decision is a draft or proposed; accept it once its evidence is linked.")
    decision = Decision(
        **_checked(text),
        status=chosen,
        delivery_state=DeliveryState.NOT_STARTED,
        phase=None if not phase else term_of("phase", Phase, phase, label="a phase"),
        team_id=actor.team_id,
        service_id=None if service is None else service.id,
        component_id=None if component is None else component.id,
        owner_id=(owner or actor).id,
    )
    add(session, actor, decision)
    record(session, actor, "drafted", decision)
    return decision


def edit_decision(
    session: Session,
    *,
    actor: Member,
    decision: Decision,
    text: DecisionText,
    status: str | DecisionStatus | None = None,
    service: Service | None = None,
    component: Component | None = None,
    phase: str | Phase | None = None,
    row_version: int | None = None,
) -> None:
    """The text of an accepted decision is immutable: a change of substance is a new decision (model.md)."""
    require_same_area(session, actor, decision.team_id)
    if decision.status not in OPEN_STATUSES:
        raise RuleBroken(
            f"{decision.ref} is {decision.status.value}, so its text stands. Write a new decision that supersedes it."
        )
    values = _checked(text)
    texts = ("title", "context", "drivers", "outcome", "consequences", "confirmation", "more_information")
    refuse_stale(decision, row_version, {name: values[name] for name in texts})
    for name, value in values.items():
        setattr(decision, name, value)
    if status is not None:
        chosen = term_of("status", DecisionStatus, status, label="a status")
        decision.status = chosen if chosen in OPEN_STATUSES else decision.status
    decision.service_id = None if service is None else service.id
    decision.component_id = None if component is None else component.id
    decision.phase = None if not phase else term_of("phase", Phase, phase, label="a phase")
    touch(session, actor, decision)
    record(session, actor, "edited", decision)


def link_insight(
    session: Session,
    *,
    actor: Member,
    decision: Decision,
    insight: Insight,
    type_: str | LinkType,
    rationale: str,
) -> DecisionLink:
    """Links with one sentence, pinned to the insight's version and fingerprint of this moment (features.md G2)."""
    require_same_area(session, actor, decision.team_id)
    if insight.status not in CITABLE:
        raise RuleBroken(
            f"{insight.ref} is {insight.status.value.replace('_', ' ')}; only a published insight can carry a decision."
        )
    chosen = term_of("type", LinkType, type_, label="what the insight did")
    sentence = required_line("rationale", rationale, label="why, in one sentence")
    known = select(DecisionLink.id).where(
        DecisionLink.decision_id == decision.id, DecisionLink.insight_id == insight.id, DecisionLink.type == chosen
    )
    if session.scalar(known):
        raise InvalidInput.of("insight", f"{insight.ref} is linked as “{chosen.value.replace('_', ' ')}” already.")
    link = DecisionLink(
        decision_id=decision.id,
        insight_id=insight.id,
        type=chosen,
        rationale=sentence,
        insight_version=insight.version,
        fingerprint=insight.fingerprint,
        affirmed_at=now(session),
        affirmed_by_id=actor.id,
    )
    add(session, actor, link)
    touch(session, actor, decision)
    record(session, actor, "linked", decision, touches=[insight.ref], detail={"insight": insight.ref, "type": chosen})
    return link


def unlink_insight(session: Session, *, actor: Member, decision: Decision, link: DecisionLink) -> ActivityEntry:
    """Takes a link away; an accepted decision keeps evidence or a declared basis.

    The entry in the record of changes holds the link as it was, so that `restore_link` can bring it back.
    """
    require_same_area(session, actor, decision.team_id)
    others = session.scalars(
        select(DecisionLink.type).where(DecisionLink.decision_id == decision.id, DecisionLink.id != link.id)
    )
    rests_on_others = any(each in EVIDENCE_TYPES for each in others)
    is_evidence = link.type in EVIDENCE_TYPES
    if decision.status is DecisionStatus.ACCEPTED and decision.basis is None and is_evidence and not rests_on_others:
        raise RuleBroken("This is the evidence that the decision was accepted on. Link other evidence first.")
    ref = f"INS-{link.insight_id}"
    detail = {
        "insight": ref,
        "type": link.type.value,
        "rationale": link.rationale,
        "version": link.insight_version,
        "fingerprint": link.fingerprint,
        "affirmation": link.affirmation,
        "affirmed_at": link.affirmed_at.isoformat(),
        "affirmed_by_id": link.affirmed_by_id,
    }
    session.delete(link)
    touch(session, actor, decision)
    return record(session, actor, UNLINKED, decision, touches=[ref], detail=detail)


def restore_link(session: Session, *, actor: Member, decision: Decision, entry_id: int) -> DecisionLink:
    """Undoes `unlink_insight`: the link is back with the version, fingerprint and words it had."""
    require_same_area(session, actor, decision.team_id)
    entry = session.get(ActivityEntry, entry_id)
    if entry is None or entry.verb != UNLINKED or entry.subject_ref != decision.ref:
        raise NotFound(f"link that was taken from {decision.ref}")
    was = entry.detail
    insight_id = number_of(was["insight"], Insight.PREFIX) or 0
    known = select(DecisionLink.id).where(
        DecisionLink.decision_id == decision.id,
        DecisionLink.insight_id == insight_id,
        DecisionLink.type == LinkType(was["type"]),
    )
    if session.scalar(known) or session.get(Insight, insight_id) is None:
        raise RuleBroken(f"The link to {was['insight']} cannot be brought back: it is linked again, or gone.")
    link = DecisionLink(
        decision_id=decision.id,
        insight_id=insight_id,
        type=LinkType(was["type"]),
        rationale=was["rationale"],
        insight_version=was["version"],
        fingerprint=was["fingerprint"],
        affirmation=was["affirmation"],
        affirmed_at=datetime.fromisoformat(was["affirmed_at"]),
        affirmed_by_id=was["affirmed_by_id"],
    )
    add(session, actor, link)
    touch(session, actor, decision)
    record(session, actor, "linked", decision, touches=[was["insight"]], detail=dict(was))
    return link


def reaffirm_link(
    session: Session, *, actor: Member, decision: Decision, link: DecisionLink, insight: Insight, sentence: str
) -> None:
    """Pins the link to what the insight says now: somebody read it again and the decision stands (G5)."""
    require_same_area(session, actor, decision.team_id)
    if insight.status not in CITABLE:
        raise RuleBroken(f"{insight.ref} is no longer held, so the link cannot be re-affirmed. Review the decision.")
    link.affirmation = required_line("sentence", sentence, label="why the decision still stands, in one sentence")
    link.insight_version, link.fingerprint = insight.version, insight.fingerprint
    link.affirmed_at, link.affirmed_by_id = now(session), actor.id
    touch(session, actor, link)
    record(session, actor, "re-affirmed", decision, touches=[insight.ref], detail={"insight": insight.ref})


def accept_decision(
    session: Session,
    *,
    actor: Member,
    decision: Decision,
    basis: str | Basis | None = None,
    basis_reason: str = "",
    beyond_evidence_reason: str = "",
    decided_on: date | None = None,
) -> None:
    """Needs evidence or a declared basis (G8); against open contradictions it needs the decision-maker's sentence.

    Where the decision has a measure and no check yet, the first check is scheduled 90 days on (beyond.md 8).
    """
    require_same_area(session, actor, decision.team_id)
    if decision.status not in OPEN_STATUSES:
        raise RuleBroken(f"{decision.ref} is {decision.status.value} already.")
    _require_grounds(session, decision, basis, basis_reason)
    decision.beyond_evidence_reason = text_of(
        "beyond_evidence_reason", beyond_evidence_reason, label="the reason", longest=2_000
    )
    if not decision.beyond_evidence_reason and _is_contradicted(session, decision):
        raise InvalidInput.of(
            "beyond_evidence_reason",
            "Evidence under this decision is contradicted. Say in a sentence why you decide all the same.",
        )
    decision.status = DecisionStatus.ACCEPTED
    decision.decided_on = decided_on or today(session)
    schedule_first_check(session, actor=actor, decision=decision)
    touch(session, actor, decision)
    record(session, actor, "accepted", decision, touches=_insight_refs(session, decision))


def reject_decision(session: Session, *, actor: Member, decision: Decision) -> None:
    _close(session, actor, decision, DecisionStatus.REJECTED, OPEN_STATUSES)


def deprecate_decision(session: Session, *, actor: Member, decision: Decision) -> None:
    _close(session, actor, decision, DecisionStatus.DEPRECATED, (DecisionStatus.ACCEPTED,))


def supersede_decision(session: Session, *, actor: Member, old: Decision, new: Decision) -> None:
    """Writes both sides: the old one is no longer in force and names its successor (G7). Rings are refused."""
    require_same_area(session, actor, old.team_id)
    if old.id == new.id:
        raise InvalidInput.of("supersedes", "A decision cannot supersede itself.")
    if old.superseded_by_id is not None:
        raise RuleBroken(f"{old.ref} is superseded already, by DEC-{old.superseded_by_id}.")
    if new.status in {DecisionStatus.REJECTED, DecisionStatus.DEPRECATED}:
        raise InvalidInput.of("supersedes", f"{new.ref} is {new.status.value}, so it cannot replace another decision.")
    seen, following = {old.id}, new
    while following.superseded_by_id is not None:
        if following.superseded_by_id in seen:
            raise InvalidInput.of("supersedes", f"{new.ref} is itself superseded by {old.ref}; that would be a ring.")
        seen.add(following.id)
        successor = session.get(Decision, following.superseded_by_id)
        if successor is None:
            break
        following = successor
    old.superseded_by_id = new.id
    if old.status is not DecisionStatus.REJECTED:
        old.status = DecisionStatus.SUPERSEDED
    old.ended_on = new.decided_on or (None if new.legacy else today(session))
    touch(session, actor, old)
    record(session, actor, "superseded", old, touches=[new.ref, *_insight_refs(session, old)])


def record_change(
    session: Session, *, actor: Member, decision: Decision, before: str, after: str, url: str = ""
) -> Change:
    """What was before and after (G3); at least one of the three must say something."""
    require_same_area(session, actor, decision.team_id)
    change = Change(
        decision_id=decision.id,
        before=text_of("before", before, label="what was before", longest=20_000),
        after=text_of("after", after, label="what is after", longest=20_000),
        url=web_address("url", url),
    )
    if not (change.before or change.after or change.url):
        raise InvalidInput.of("after", "Enter what was before, what is after, or an address that shows it.")
    add(session, actor, change)
    touch(session, actor, decision)
    record(session, actor, "recorded a change of", decision)
    return change


def edit_change(
    session: Session, *, actor: Member, decision: Decision, change: Change, before: str, after: str, url: str = ""
) -> None:
    require_same_area(session, actor, decision.team_id)
    change.before = text_of("before", before, label="what was before", longest=20_000)
    change.after = text_of("after", after, label="what is after", longest=20_000)
    change.url = web_address("url", url)
    touch(session, actor, change)
    record(session, actor, "edited a change of", decision)


def set_delivery(
    session: Session,
    *,
    actor: Member,
    decision: Decision,
    state: str | DeliveryState,
    live_on: date | None = None,
    url: str = "",
) -> None:
    """Delivery has a state of its own; going live schedules the first check where none is open."""
    require_same_area(session, actor, decision.team_id)
    chosen = term_of("state", DeliveryState, state, label="a delivery state")
    decision.delivery_state = chosen
    if chosen is DeliveryState.LIVE:
        decision.live_on = live_on or decision.live_on or today(session)
    decision.delivery_url = web_address("url", url) or decision.delivery_url
    if decision.status is DecisionStatus.ACCEPTED:
        schedule_first_check(session, actor=actor, decision=decision)
    touch(session, actor, decision)
    record(session, actor, "delivered" if chosen is DeliveryState.LIVE else "changed delivery of", decision)


def _checked(text: DecisionText) -> dict[str, Any]:
    def section(name: str, value: str) -> str:
        return text_of(name, value, label=name.replace("_", " "), longest=LONGEST_SECTION)

    return {
        "title": required_line("title", text.title, label="a title"),
        "context": section("context", text.context),
        "drivers": section("drivers", text.drivers),
        "options": [
            {
                "title": required_line(
                    "options", each.get("title", ""), label="a title for each option", longest=2_000
                ),
                "body": section("options", each.get("body", "")),
            }
            for each in text.options
        ],
        "outcome": section("outcome", text.outcome),
        "consequences": section("consequences", text.consequences),
        "confirmation": section("confirmation", text.confirmation),
        "more_information": section("more_information", text.more_information),
        "decision_makers": _people(text.decision_makers),
        "consulted": _people(text.consulted),
        "informed": _people(text.informed),
        "other_sections": [[clean(heading), clean(body)] for heading, body in text.other_sections],
        "front_matter": dict(text.front_matter),
    }


def _people(names: Sequence[str]) -> list[str]:
    return [name for name in (clean(each) for each in names) if name]


def _require_grounds(session: Session, decision: Decision, basis: str | Basis | None, reason: str) -> None:
    if basis:
        decision.basis = term_of("basis", Basis, basis, label="a basis")
        decision.basis_reason = required_text("basis_reason", reason, label="why this basis applies", longest=2_000)
    types = session.scalars(select(DecisionLink.type).where(DecisionLink.decision_id == decision.id))
    if decision.basis is None and not any(each in EVIDENCE_TYPES for each in types):
        raise RuleBroken(
            "A decision is accepted on evidence or on a declared basis. Link an insight that changed, informed or "
            "confirmed it, or declare another basis."
        )


def _is_contradicted(session: Session, decision: Decision) -> bool:
    doubted = (
        select(Insight.id)
        .join(DecisionLink, DecisionLink.insight_id == Insight.id)
        .outerjoin(
            Contradiction,
            or_(Contradiction.insight_id == Insight.id, Contradiction.other_insight_id == Insight.id)
            & (Contradiction.status == ContradictionStatus.OPEN),
        )
        .where(
            DecisionLink.decision_id == decision.id,
            DecisionLink.type.in_(EVIDENCE_TYPES),
            or_(Contradiction.id.is_not(None), Insight.status == InsightStatus.CHALLENGED),
        )
    )
    return session.scalar(doubted.limit(1)) is not None


def _insight_refs(session: Session, decision: Decision) -> list[str]:
    numbers = session.scalars(select(DecisionLink.insight_id).where(DecisionLink.decision_id == decision.id))
    return [f"INS-{number}" for number in numbers]


def _close(
    session: Session, actor: Member, decision: Decision, status: DecisionStatus, allowed: tuple[DecisionStatus, ...]
) -> None:
    require_same_area(session, actor, decision.team_id)
    if decision.status not in allowed:
        raise RuleBroken(f"{decision.ref} is {decision.status.value}, so it cannot become {status.value}.")
    decision.status = status
    decision.ended_on = today(session)
    decision.decided_on = decision.decided_on or decision.ended_on
    touch(session, actor, decision)
    record(session, actor, status.value, decision, touches=_insight_refs(session, decision))
