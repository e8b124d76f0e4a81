"""Decisions on insights, their way into the service, and what came of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from insights.core.access import Permission, may
from insights.decisions.models import DecisionStatus, DeliveryState
from insights.decisions.operations import (
    OPEN_STATUSES,
    DecisionText,
    accept_decision,
    draft_decision,
    link_insight,
    reaffirm_link,
    record_change,
    reject_decision,
    set_delivery,
    supersede_decision,
)
from insights.decisions.outcomes import declare_not_measurable
from insights.people.models import Member
from research_hub.demo.records import Decision, DecisionLink, Option
from research_hub.demo.story import origin_note
from research_hub.demo.telling.stage import Act, Part, Stage

_PROPOSER = "designer"
_ROLLED_BACK_AFTER = 14
"""Days live, where the story does not say when a change was taken back."""


def acts_of_decisions(stage: Stage) -> Iterator[Act]:
    for decision in stage.story.decisions:
        yield Act(decision.proposed_day, Part.PROPOSAL, partial(_propose, stage, decision))
        yield from _acts_of_links(stage, decision)
        if decision.decided_day is not None:
            yield Act(decision.decided_day, Part.ACCEPTANCE, partial(_decide, stage, decision))
        if decision.superseded_by is not None:
            successor = next(one for one in stage.story.decisions if one.key == decision.superseded_by)
            day = successor.proposed_day if successor.decided_day is None else successor.decided_day
            yield Act(day, Part.SUCCESSION, partial(_supersede, stage, decision, successor))
        yield from _acts_of_delivery(stage, decision)


def _acts_of_links(stage: Stage, decision: Decision) -> Iterator[Act]:
    for link in decision.links:
        yield Act(link.day, Part.LINK, partial(_link, stage, decision, link))
        if link.reaffirmed_day is not None:
            yield Act(link.reaffirmed_day, Part.REAFFIRMATION, partial(_reaffirm, stage, decision, link))


def _acts_of_delivery(stage: Stage, decision: Decision) -> Iterator[Act]:
    decided = decision.proposed_day if decision.decided_day is None else decision.decided_day
    live = decided if decision.live_day is None else decision.live_day
    if decision.change:
        yield Act(live, Part.DELIVERY, partial(_record_change, stage, decision))
    if decision.delivery_state is not DeliveryState.NOT_STARTED:
        yield Act(decided, Part.DELIVERY, partial(_deliver, stage, decision, DeliveryState.IN_PROGRESS))
    if decision.live_day is not None:
        yield Act(live, Part.DELIVERY, partial(_deliver, stage, decision, DeliveryState.LIVE))
    if decision.delivery_state is DeliveryState.ROLLED_BACK:
        taken_back = min(live + _ROLLED_BACK_AFTER, 0)
        yield Act(taken_back, Part.DELIVERY, partial(_deliver, stage, decision, DeliveryState.ROLLED_BACK))
    if decision.not_measurable_because:
        yield Act(decided, Part.MEASURE, partial(_declare_not_measurable, stage, decision))


def _propose(stage: Stage, decision: Decision) -> None:
    told = stage.told
    text = DecisionText(
        title=decision.title,
        context=decision.context,
        drivers=_bullets(decision.drivers),
        options=[{"title": option.title, "body": _arguments(option)} for option in decision.options],
        outcome=decision.outcome,
        consequences=_bullets(decision.consequences),
        more_information=origin_note(decision),
        decision_makers=decision.decision_makers,
    )
    told.decisions[decision.key] = draft_decision(
        stage.session,
        actor=_proposer(stage, decision),
        text=text,
        status=decision.status if decision.status in OPEN_STATUSES else DecisionStatus.PROPOSED,
        service=told.services[decision.service],
        component=told.components[decision.component] if decision.component else None,
        owner=_owner(stage, decision),
    )


def _proposer(stage: Stage, decision: Decision) -> Member:
    """Somebody of the area that owns the service, so that the area owns the decision; else the designer."""
    team = stage.told.services[decision.service].team_id
    members = stage.told.members.values()
    writers = [one for one in members if one.team_id == team and may(one, Permission.EDIT_DECISIONS)]
    return writers[0] if writers else stage.told.members[_PROPOSER]


def _owner(stage: Stage, decision: Decision) -> Member:
    """The first decision-maker who has an account, for the others cannot be told when a check falls due."""
    by_name = {member.name: member for member in stage.told.members.values()}
    known = [by_name[name] for name in decision.decision_makers if name in by_name]
    return known[0] if known else stage.told.members[_PROPOSER]


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"* {line}" for line in lines)


def _arguments(option: Option) -> str:
    return _bullets([*(f"Good: {pro}" for pro in option.pros), *(f"Bad: {con}" for con in option.cons)])


def _link(stage: Stage, decision: Decision, link: DecisionLink) -> None:
    stage.told.links[decision.key, link.insight] = link_insight(
        stage.session,
        actor=stage.told.members[link.by],
        decision=stage.told.decisions[decision.key],
        insight=stage.told.insights[link.insight],
        type_=link.type,
        rationale=link.rationale,
        revisit_on=stage.day_or_none(link.revisit_day),
    )


def _reaffirm(stage: Stage, decision: Decision, link: DecisionLink) -> None:
    reaffirm_link(
        stage.session,
        actor=stage.told.members[link.by],
        decision=stage.told.decisions[decision.key],
        link=stage.told.links[decision.key, link.insight],
        insight=stage.told.insights[link.insight],
        sentence="Read again after the insight had changed: the decision stands.",
    )


def _decide(stage: Stage, decision: Decision) -> None:
    stored, actor = stage.told.decisions[decision.key], _owner(stage, decision)
    if decision.status is DecisionStatus.REJECTED:
        reject_decision(stage.session, actor=actor, decision=stored, reason=decision.outcome)
        return
    accept_decision(
        stage.session,
        actor=actor,
        decision=stored,
        basis=decision.basis,
        basis_reason=decision.basis_reason,
        beyond_evidence_reason=_reason_to_go_on(stage, decision),
    )


def _reason_to_go_on(stage: Stage, decision: Decision) -> str:
    """Where findings under the decision disagreed on its day, what was decided says how both were heeded."""
    cited = {link.insight for link in decision.links}
    doubted = any(
        cited & set(one.insights)
        and one.opened_day <= (decision.decided_day or 0) <= (0 if one.settled_day is None else one.settled_day)
        for one in stage.story.contradictions
    )
    return f"The findings disagree, and this heeds both: {decision.outcome}" if doubted else ""


def _supersede(stage: Stage, decision: Decision, successor: Decision) -> None:
    supersede_decision(
        stage.session,
        actor=_owner(stage, successor),
        old=stage.told.decisions[decision.key],
        new=stage.told.decisions[successor.key],
    )


def _record_change(stage: Stage, decision: Decision) -> None:
    if decision.change is None:
        return
    record_change(
        stage.session,
        actor=_owner(stage, decision),
        decision=stage.told.decisions[decision.key],
        before=decision.change.before,
        after=decision.change.after,
        url=decision.url or "",
    )


def _deliver(stage: Stage, decision: Decision, state: DeliveryState) -> None:
    set_delivery(
        stage.session,
        actor=_owner(stage, decision),
        decision=stage.told.decisions[decision.key],
        state=state,
        live_on=stage.day_or_none(decision.live_day) if state is DeliveryState.LIVE else None,
        url=decision.url or "" if state is DeliveryState.LIVE else "",
    )


def _declare_not_measurable(stage: Stage, decision: Decision) -> None:
    declare_not_measurable(
        stage.session,
        actor=_owner(stage, decision),
        decision=stage.told.decisions[decision.key],
        reason=decision.not_measurable_because,
    )
