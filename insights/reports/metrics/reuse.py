"""T12: is it a library or a filing cabinet (metrics.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from insights.reports.days import age_in_days
from insights.reports.facts import EvidenceBase, LinkFact
from insights.reports.metrics.metric import Metric, MetricSettings, Part, Window, share_metric
from insights.reports.standing import is_timely_evidence
from insights.reports.surroundings import Surroundings


def reuse_rate(base: EvidenceBase, window: Window, settings: MetricSettings, around: Surroundings) -> Metric:
    """T12: links made in the period to an insight of another team's study, or older than N days when it was linked."""
    made = [
        link
        for link in base.links
        if link.linked_on in window.period
        and link.linked_on <= window.known_on
        and base.decisions[link.decision_id].in_scope
        and is_timely_evidence(
            link,
            base.insights[link.insight_id],
            base.decisions[link.decision_id],
            grace_days=settings.link_grace_days,
        )
    ]
    teams = _teams_of_insights(base)
    foreign = [link for link in made if _is_from_another_team(base, link, teams)]
    old = [link for link in made if _age_when_linked(base, link) > settings.reuse_days]
    reused = {link.id for link in (*foreign, *old)}
    return share_metric(
        "T12",
        "Reuse rate",
        rows=tuple(link.ref for link in made if link.id in reused),
        base_rows=tuple(link.ref for link in made),
        cautions=("Much reuse may also mean that little is researched anew: read it with stale reliance (T7).",)
        if made
        else (),
        asides=(
            Part("from another team", len(foreign), len(made), tuple(link.ref for link in foreign)),
            Part(f"older than {settings.reuse_days} days", len(old), len(made), tuple(link.ref for link in old)),
            _searches_part(window, around),
            _readers_part(around),
        ),
    )


def _teams_of_insights(base: EvidenceBase) -> Mapping[int, set[int]]:
    """The teams of the studies that each insight rests on; its own team where it rests on none that is seen."""
    teams: defaultdict[int, set[int]] = defaultdict(set)
    for study in base.studies:
        for insight_id in study.insight_ids:
            teams[insight_id].add(study.team_id)
    return teams


def _is_from_another_team(base: EvidenceBase, link: LinkFact, teams: Mapping[int, set[int]]) -> bool:
    own = base.insights[link.insight_id].team_id
    return base.decisions[link.decision_id].team_id not in teams.get(link.insight_id, {own})


def _age_when_linked(base: EvidenceBase, link: LinkFact) -> int:
    published_on = base.insights[link.insight_id].published_on
    return 0 if published_on is None else age_in_days(published_on, link.linked_on)


def _searches_part(window: Window, around: Surroundings) -> Part:
    if around.searches is None:
        return Part("searches that found nothing (not recorded yet)", 0, 0)
    days = [day for day in around.searches if day.on in window.period and day.on <= window.known_on]
    return Part("searches that found nothing", sum(day.without_hits for day in days), sum(day.searches for day in days))


def _readers_part(around: Surroundings) -> Part:
    label = "accounts that are not researchers’ and were used"
    if around.readership is None:
        return Part(f"{label} (not read here)", 0, 0)
    return Part(label, around.readership.readers, around.readership.accounts)
