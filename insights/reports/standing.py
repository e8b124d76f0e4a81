"""Where an insight, a decision or a link stood on a day: the rules that all reports share (metrics.md, model.md)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from insights.decisions import disposition as answers
from insights.decisions.disposition import Disposition, disposition_of
from insights.decisions.link_status import link_status
from insights.decisions.models import EVIDENCE_TYPES, DecisionStatus, DeliveryState, LinkStatus, Verdict
from insights.reports.days import shifted
from insights.reports.facts import EVER_ACCEPTED, DecisionFact, EvidenceBase, InsightFact, LinkFact
from insights.synthesis.models import InsightStatus, InsightType

ENDED = frozenset({InsightStatus.SUPERSEDED, InsightStatus.RETIRED})
LINK_GRACE_DAYS = 14
_SOUND = frozenset({LinkStatus.CURRENT, LinkStatus.UNWANTED})


class InsightCoverage(StrEnum):
    """How far an insight got (beyond.md 3)."""

    UNCOVERED = "uncovered"
    SHALLOW = "shallow"
    DEEP = "deep"


class DecisionEvidence(StrEnum):
    """What a decision rests on (beyond.md 3)."""

    UNEVIDENCED = "unevidenced"
    DECLARED_BASIS = "declared_basis"
    EVIDENCED = "evidenced"
    EVIDENCED_AND_CURRENT = "evidenced_and_current"


COVERAGE_MEANINGS: dict[InsightCoverage, str] = {
    InsightCoverage.UNCOVERED: "no decision in force rests on it",
    InsightCoverage.SHALLOW: "evidence for a decision in force",
    InsightCoverage.DEEP: "and one of those is live, with an outcome that was measured",
}
EVIDENCE_MEANINGS: dict[DecisionEvidence, str] = {
    DecisionEvidence.UNEVIDENCED: "no insight linked as evidence, and no basis declared",
    DecisionEvidence.DECLARED_BASIS: "rests on law, security, cost or judgement, as declared",
    DecisionEvidence.EVIDENCED: "rests on insights, of which at least one changed, ended or is contradicted",
    DecisionEvidence.EVIDENCED_AND_CURRENT: "rests on insights that all still hold",
}


def is_actionable(insight: InsightFact, on: date) -> bool:
    return _type_on(insight, on) is InsightType.ACTIONABLE


def is_published(insight: InsightFact, on: date) -> bool:
    """Published on or before the day, and neither superseded nor retired by then."""
    if insight.published_on is None or insight.published_on > on:
        return False
    return not has_ended(insight, on)


def has_ended(insight: InsightFact, on: date) -> bool:
    """Superseded or retired by that day; one that ended on a day nobody noted counts as ended throughout."""
    if insight.status not in ENDED:
        return False
    return insight.ended_on is None or insight.ended_on <= on


def was_accepted(decision: DecisionFact, on: date) -> bool:
    """Accepted by that day, whatever became of it; one without a date counts as accepted throughout."""
    return decision.status in EVER_ACCEPTED and (decision.decided_on is None or decision.decided_on <= on)


def is_in_force(decision: DecisionFact, on: date) -> bool:
    """Accepted, and not deprecated or superseded by that day."""
    if not was_accepted(decision, on):
        return False
    if decision.status is DecisionStatus.ACCEPTED:
        return True
    return decision.ended_on is not None and decision.ended_on > on


def is_live(decision: DecisionFact, on: date) -> bool:
    if decision.delivery_state is not DeliveryState.LIVE:
        return False
    return decision.live_on is None or decision.live_on <= on


def is_timely_evidence(
    link: LinkFact, insight: InsightFact, decision: DecisionFact, *, grace_days: int = LINK_GRACE_DAYS
) -> bool:
    """The set EL of metrics.md: a link of type changed, informed or confirmed that nobody made to decorate.

    The insight was published on or before the acceptance, and the link made no later than `grace_days` after it.
    """
    if link.type not in EVIDENCE_TYPES or decision.decided_on is None or insight.published_on is None:
        return False
    return insight.published_on <= decision.decided_on and link.linked_on <= shifted(decision.decided_on, grace_days)


def is_retrospective(
    link: LinkFact, insight: InsightFact, decision: DecisionFact, *, grace_days: int = LINK_GRACE_DAYS
) -> bool:
    """Evidence added too late to have been known: kept, badged and counted apart."""
    if link.type not in EVIDENCE_TYPES or decision.status not in EVER_ACCEPTED:
        return False
    return not is_timely_evidence(link, insight, decision, grace_days=grace_days)


def disposition(base: EvidenceBase, insight: InsightFact, on: date) -> Disposition:
    return disposition_of(
        on,
        links=base.answers_of_insight.get(insight.id, ()),
        declined_on=base.declines_of_insight.get(insight.id, ()),
        events=base.events_of_insight.get(insight.id, ()),
    )


def first_answer_on(base: EvidenceBase, insight: InsightFact, on: date) -> date | None:
    """The earliest day of an answer that still holds on `on` (acted on, declined, no action); None while unanswered."""
    links = base.answers_of_insight.get(insight.id, ())
    given = (
        disposition_of(on, links=links),
        # A refusal that was overtaken by a decision still was an answer, and the first one counts.
        disposition_of(on, links=[link for link in links if _refuses(link)]),
        disposition_of(on, links=(), declined_on=base.declines_of_insight.get(insight.id, ())),
        disposition_of(on, links=(), events=base.events_of_insight.get(insight.id, ())),
    )
    return min((answer.since for answer in given if answer.is_answered and answer.since is not None), default=None)


def status_of_link(base: EvidenceBase, link: LinkFact, on: date) -> LinkStatus:
    """The link's state on that day.

    Of a link affirmed again later, the pin is taken to be the one it was made with: only the last affirmation is kept.
    """
    insight = base.insights[link.insight_id]
    affirmed_later = link.affirmed_on is not None and link.affirmed_on > on
    return link_status(
        insight_status=_status_on(base, insight, on),
        insight_fingerprint=_fingerprint_on(insight, on),
        pinned_fingerprint=link.first_fingerprint if affirmed_later else link.fingerprint,
        contradicted=_is_contradicted(base, insight, on),
        declared_basis=base.decisions[link.decision_id].basis is not None,
    )


def statuses_of_links(base: EvidenceBase, on: date) -> dict[int, LinkStatus]:
    """The state of every link on that day, by its id: what `status_of_link` says of each, asked once an insight."""
    found: dict[int, LinkStatus] = {}
    for insight_id, links in base.links_of_insight.items():
        insight = base.insights[insight_id]
        status, fingerprint = _status_on(base, insight, on), _fingerprint_on(insight, on)
        contradicted = _is_contradicted(base, insight, on)
        for link in links:
            affirmed_later = link.affirmed_on is not None and link.affirmed_on > on
            found[link.id] = link_status(
                insight_status=status,
                insight_fingerprint=fingerprint,
                pinned_fingerprint=link.first_fingerprint if affirmed_later else link.fingerprint,
                contradicted=contradicted,
                declared_basis=base.decisions[link.decision_id].basis is not None,
            )
    return found


def evidence_links(base: EvidenceBase, decision: DecisionFact, on: date) -> list[LinkFact]:
    """Links of type changed, informed or confirmed that had been made by that day, retrospective ones too."""
    links = base.links_of_decision.get(decision.id, ())
    return [link for link in links if link.type in EVIDENCE_TYPES and link.linked_on <= on]


def coverage_of(base: EvidenceBase, insight: InsightFact, on: date) -> InsightCoverage:
    """Shallow: evidence for a decision in force. Deep: one of those is live and its outcome has been measured."""
    links = base.links_of_insight.get(insight.id, ())
    decisions = [
        base.decisions[link.decision_id] for link in links if link.type in EVIDENCE_TYPES and link.linked_on <= on
    ]
    in_force = [decision for decision in decisions if is_in_force(decision, on)]
    if any(is_live(decision, on) and has_measured_outcome(base, decision, on) for decision in in_force):
        return InsightCoverage.DEEP
    return InsightCoverage.SHALLOW if in_force else InsightCoverage.UNCOVERED


def has_measured_outcome(base: EvidenceBase, decision: DecisionFact, on: date) -> bool:
    """Whether a check was recorded with any verdict but 'not measured'."""
    return any(
        check.verdict not in {None, Verdict.NOT_MEASURED} and (check.recorded_on is None or check.recorded_on <= on)
        for check in base.checks_of_decision.get(decision.id, ())
    )


def evidence_of(
    base: EvidenceBase, decision: DecisionFact, on: date, statuses: Mapping[int, LinkStatus] | None = None
) -> DecisionEvidence:
    """Current only when every piece of evidence is: one outdated link is enough to look again.

    Whoever asks of many decisions gives the `statuses_of_links` of that day, so that each link is judged once.
    """
    links = evidence_links(base, decision, on)
    if not links:
        return DecisionEvidence.UNEVIDENCED if decision.basis is None else DecisionEvidence.DECLARED_BASIS
    known = statuses if statuses is not None else {link.id: status_of_link(base, link, on) for link in links}
    if all(known[link.id] in _SOUND for link in links):
        return DecisionEvidence.EVIDENCED_AND_CURRENT
    return DecisionEvidence.EVIDENCED


def _refuses(link: answers.LinkFact) -> bool:
    return link.type not in EVIDENCE_TYPES


def _type_on(insight: InsightFact, on: date) -> InsightType:
    if not insight.versions:
        return insight.type
    known = [version.type for version in insight.versions if version.on <= on]
    return known[-1] if known else insight.versions[0].type


def _fingerprint_on(insight: InsightFact, on: date) -> str:
    if not insight.versions or insight.versions[-1].on <= on:
        return insight.fingerprint
    known = [version.fingerprint for version in insight.versions if version.on <= on]
    return known[-1] if known else insight.versions[0].fingerprint


def _status_on(base: EvidenceBase, insight: InsightFact, on: date) -> InsightStatus:
    if insight.status in ENDED:
        return insight.status if has_ended(insight, on) else InsightStatus.PUBLISHED
    # On a past day a challenge is judged by the date of the contradiction behind it, where there is one.
    dated = insight.id in base.contradictions_of_insight and on < base.today
    return InsightStatus.PUBLISHED if insight.status is InsightStatus.CHALLENGED and dated else insight.status


def _is_contradicted(base: EvidenceBase, insight: InsightFact, on: date) -> bool:
    return any(
        cause.opened_on <= on and (cause.settled_on is None or cause.settled_on > on)
        for cause in base.contradictions_of_insight.get(insight.id, ())
    )
