"""What became of an actionable insight, derived from dated facts so that any past day can be asked (model.md)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from insights.decisions.models import EVIDENCE_TYPES, LinkType
from insights.synthesis.models import DispositionKind, NoActionReason


class DispositionState(StrEnum):
    OPEN = "open"
    ACTED_ON = "acted_on"
    DECLINED = "declined"
    PARKED = "parked"
    NO_ACTION = "no_action"


@dataclass(frozen=True, slots=True)
class LinkFact:
    """A link to a decision that was accepted; `decided_on` is the day of acceptance, `linked_on` when it was made."""

    type: LinkType
    decided_on: date
    linked_on: date


@dataclass(frozen=True, slots=True)
class EventFact:
    kind: DispositionKind
    on: date
    until: date | None = None
    reason: NoActionReason | None = None


@dataclass(frozen=True, slots=True)
class Disposition:
    """`since` is the day the answer was given; None while open."""

    state: DispositionState
    since: date | None = None
    until: date | None = None
    reason: NoActionReason | None = None

    @property
    def is_answered(self) -> bool:
        return self.state in {DispositionState.ACTED_ON, DispositionState.DECLINED, DispositionState.NO_ACTION}


def disposition_of(
    on: date, *, links: Iterable[LinkFact], declined_on: Iterable[date] = (), events: Iterable[EventFact] = ()
) -> Disposition:
    """Precedence acted on, declined, parked, no action, open; facts after `on` are not known yet.

    `declined_on` are the days on which recommendations from the insight were declined with a reason.
    """
    known = list(links)
    acted = _first_day(known, EVIDENCE_TYPES, on)
    if acted is not None:
        return Disposition(DispositionState.ACTED_ON, acted)
    declines = [day for day in declined_on if day <= on]
    refused = _first_day(known, (LinkType.CONSIDERED_NOT_FOLLOWED,), on)
    if refused is not None:
        declines.append(refused)
    if declines:
        return Disposition(DispositionState.DECLINED, min(declines))
    return _from_events(on, events)


def _first_day(links: list[LinkFact], types: tuple[LinkType, ...], on: date) -> date | None:
    days = [max(link.decided_on, link.linked_on) for link in links if link.type in types]
    return min((day for day in days if day <= on), default=None)


def _from_events(on: date, events: Iterable[EventFact]) -> Disposition:
    latest: EventFact | None = None
    for event in events:
        if event.on <= on and (latest is None or event.on >= latest.on):
            latest = event
    if latest is None or latest.kind is DispositionKind.REOPENED:
        return Disposition(DispositionState.OPEN)
    if latest.kind is DispositionKind.NO_ACTION:
        return Disposition(DispositionState.NO_ACTION, latest.on, reason=latest.reason)
    if latest.until is not None and latest.until < on:
        return Disposition(DispositionState.OPEN)
    return Disposition(DispositionState.PARKED, latest.on, latest.until)
