"""What must hold between the days and the states of a story: nothing is cited before it is known."""

from collections.abc import Iterator, Mapping

from insights.decisions.models import Direction
from research_hub.demo.records import (
    Contradiction,
    Decision,
    DecisionLink,
    Insight,
    Measure,
    OutcomeCheck,
    Recommendation,
    Story,
    Study,
)

FIRST_DAY = -545
"""Eighteen months before the day the story is loaded."""

_ENDED = {"superseded", "retired"}
_DECIDED = {"accepted", "rejected", "deprecated", "superseded"}


def problems_of_order(story: Story) -> Iterator[str]:
    insights = {insight.key: insight for insight in story.insights}
    decisions = {decision.key: decision for decision in story.decisions}
    yield from _studies(story)
    for insight in story.insights:
        yield from _named(f"insights.yaml: insights › {insight.key}", _insight(insight))
    yield from _evidence(story)
    yield from _contradictions(story, insights)
    for recommendation in story.recommendations:
        where = f"insights.yaml: recommendations › {recommendation.key}"
        yield from _named(where, _recommendation(recommendation, insights))
    measured = {check.decision for check in story.checks}
    for decision in story.decisions:
        where = f"decisions.yaml: decisions › {decision.key}"
        yield from _named(where, _decision(decision, decisions, measured))
        for link in decision.links:
            yield from _named(f"{where} › links › {link.insight}", _link(link, insights[link.insight]))
    yield from _outcomes(story, decisions)


def _named(where: str, problems: Iterator[str]) -> Iterator[str]:
    return (f"{where}: {problem}" for problem in problems)


def _studies(story: Story) -> Iterator[str]:
    studies = {study.key: study for study in story.studies}
    for study in story.studies:
        yield from _named(f"studies.yaml: studies › {study.key}", _study(study))
    for session in story.sessions:
        study = studies[session.study]
        if not study.start_day <= session.day <= (0 if study.end_day is None else study.end_day):
            yield f"studies.yaml: sessions › {session.key} › day: lies outside its study; move the day"


def _study(study: Study) -> Iterator[str]:
    if not FIRST_DAY <= study.start_day <= (0 if study.end_day is None else study.end_day) <= 0:
        yield f"the days must run from {FIRST_DAY} to 0, start before end; correct start_day or end_day"
    if (study.sensitivity == "restricted") != bool(study.named_members):
        yield "a restricted study names its members, any other names none; correct named_members"
    if study.named_members and study.lead not in study.named_members:
        yield "the lead is not among named_members; add them"


def _insight(insight: Insight) -> Iterator[str]:
    if insight.author == insight.reviewer:
        yield "the reviewer is the author; name somebody else"
    published = insight.published_day
    if published is None:
        if insight.status not in {"draft", "in_review"}:
            yield f"is {insight.status} and has no published_day; add it"
        return
    if insight.status in {"draft", "in_review"}:
        yield f"is {insight.status} and has a published_day; remove one of the two"
    if not FIRST_DAY <= insight.created_day <= published <= 0:
        yield f"the days must run from {FIRST_DAY} to 0, created before published; correct them"
    if not (insight.evidence and insight.confidence and insight.reviewer):
        yield "is published without evidence, confidence or reviewer; add what is missing"
    if (insight.status in _ENDED) != (insight.ended is not None):
        yield "`ended` belongs to a superseded or retired insight and to no other; correct the status or `ended`"
    yield from _acts(insight, published)


def _evidence(story: Story) -> Iterator[str]:
    sessions = {session.key: session.day for session in story.sessions}
    heard = {highlight.key: sessions[highlight.session] for highlight in story.highlights}
    for insight in story.insights:
        where = f"insights.yaml: insights › {insight.key} › evidence"
        first_written = [one for one in insight.evidence if one.day is None]
        if insight.published_day is not None and not first_written:
            yield f"{where}: all of it was added later; leave `day` out where it was there from the start"
        for one in insight.evidence:
            attached = insight.created_day if one.day is None else one.day
            if not max(heard[one.highlight], insight.created_day) <= attached <= 0:
                yield f"{where}: “{one.highlight}” was not heard yet; give the `day` on which it was added"


def _acts(insight: Insight, published: int) -> Iterator[str]:
    acts = [act for act in (insight.parked, insight.no_action, insight.ended) if act]
    for day in [act.day for act in acts] + [edit.day for edit in insight.edits]:
        if not published <= day <= 0:
            yield f"day {day}: an act on an insight lies between its publication and today; correct the day"
    days = [edit.day for edit in insight.edits]
    if days != sorted(set(days)):
        yield "edits must stand in the order of their days; sort them"
    if insight.ended and (insight.status == "superseded") != (insight.ended.superseded_by is not None):
        yield "superseded_by is given for a superseded insight and for no other; correct `ended`"


def _contradictions(story: Story, insights: Mapping[str, Insight]) -> Iterator[str]:
    for contradiction in story.contradictions:
        where = f"insights.yaml: contradictions › {contradiction.key}"
        if len(set(contradiction.insights)) != 2:  # noqa: PLR2004 - a contradiction is between two
            yield f"{where}: needs two different insights; correct the list"
        if any(_published(insights[key]) > contradiction.opened_day for key in contradiction.insights):
            yield f"{where}: was opened before both insights were published; move opened_day"
        if _settled(contradiction) != (contradiction.status != "open"):
            yield f"{where}: reason, explanation, settled_day and settled_by come with a settled status; correct them"


def _settled(contradiction: Contradiction) -> bool:
    named = contradiction.reason is not None and contradiction.settled_by is not None
    return named and bool(contradiction.explanation) and contradiction.settled_day is not None


def _recommendation(recommendation: Recommendation, insights: Mapping[str, Insight]) -> Iterator[str]:
    if any(_published(insights[key]) > recommendation.issued_day for key in recommendation.insights):
        yield "was issued before its insights were published; move issued_day"
    if recommendation.due_day <= recommendation.issued_day:
        yield "is due before it was issued; move due_day"
    response = recommendation.response
    if response is None:
        return
    if not recommendation.issued_day <= response.day <= 0:
        yield "was answered before it was issued or in days to come; move the response"
    if response.kind == "declined" and not response.reason:
        yield "was declined without a reason; add it"
    if (response.kind == "deferred") != (response.until_day is not None):
        yield "until_day belongs to a deferred response and to no other; correct it"


def _decision(decision: Decision, decisions: Mapping[str, Decision], measured: set[str]) -> Iterator[str]:
    decided = decision.decided_day
    if (decided is not None) != (decision.status in _DECIDED):
        yield f"is {decision.status}: decided_day is given once a decision is taken, and not before; correct it"
    if not FIRST_DAY <= decision.proposed_day <= (0 if decided is None else decided) <= 0:
        yield f"the days must run from {FIRST_DAY} to 0, proposed before decided; correct them"
    if decision.status in {"accepted", "superseded"} and not (decision.links or decision.basis):
        yield "is accepted on nothing; add a link to an insight or a basis"
    if bool(decision.basis) != bool(decision.basis_reason):
        yield "a basis has its reason in one sentence; add what is missing"
    if (decision.origin == "adapted") != bool(decision.adapted_from):
        yield "an adapted decision names the record it is from, any other names none; correct adapted_from"
    yield from _delivery(decision, measured)
    yield from _succession(decision, decisions)


def _delivery(decision: Decision, measured: set[str]) -> Iterator[str]:
    went_live = decision.delivery_state in {"live", "rolled_back"}
    if went_live != (decision.live_day is not None):
        yield f"is {decision.delivery_state}: live_day is given for what has gone live and for nothing else; correct it"
    if decision.live_day is not None and not (decision.decided_day or FIRST_DAY) <= decision.live_day <= 0:
        yield "went live before it was decided or in days to come; move live_day"
    if went_live and (decision.key in measured) == bool(decision.not_measurable_because):
        yield "needs an outcome check or not_measurable_because, and not both; correct it"


def _succession(decision: Decision, decisions: Mapping[str, Decision]) -> Iterator[str]:
    if (decision.status == "superseded") != (decision.superseded_by is not None):
        yield "superseded_by is given for a superseded decision and for no other; correct it"
    if decision.superseded_by is None:
        return
    successor = decisions[decision.superseded_by]
    if (successor.decided_day or FIRST_DAY) <= (decision.decided_day or 0):
        yield f"is superseded by “{successor.key}”, which is not decided after it; correct superseded_by"


def _link(link: DecisionLink, insight: Insight) -> Iterator[str]:
    if not _published(insight) <= link.day <= 0:
        yield "the insight was not published on the day of the link; move the day"
    if insight.ended and link.day > insight.ended.day:
        yield "the insight had ended by the day of the link; cite another"
    if link.reaffirmed_day is not None and not link.day < link.reaffirmed_day <= 0:
        yield "was re-affirmed before it was made or in days to come; move reaffirmed_day"
    if link.revisit_day is not None and not link.day < link.revisit_day:
        yield "is asked again before it was set aside; move revisit_day"


def _published(insight: Insight) -> int:
    """The day of publication; an insight that is not published counts as one of a day that never comes."""
    return 1 if insight.published_day is None else insight.published_day


def _outcomes(story: Story, decisions: Mapping[str, Decision]) -> Iterator[str]:
    measures = {measure.key: measure for measure in story.measures}
    for measure in story.measures:
        days = [measure.baseline_day, *(reading.day for reading in measure.readings)]
        if days != sorted(set(days)) or days[-1] > 0:
            where = f"outcomes.yaml: measures › {measure.key}"
            yield f"{where}: readings follow the baseline in the order of days; sort them"
    for check in story.checks:
        where = f"outcomes.yaml: checks › {check.key}"
        yield from _named(where, _check(check, measures[check.measure], decisions[check.decision]))
    for entry in story.impact:
        decided = decisions[entry.decision].decided_day
        if decided is None or not decided <= entry.day <= 0:
            yield f"outcomes.yaml: impact › {entry.key}: lies before its decision; move the day"
        corrected = next((one for one in story.impact if one.key == entry.corrects), None)
        if corrected is not None and not corrected.day < entry.day:
            yield f"outcomes.yaml: impact › {entry.key}: corrects a later entry; move the day"


def _check(check: OutcomeCheck, measure: Measure, decision: Decision) -> Iterator[str]:
    if measure.decision != check.decision:
        yield "the measure belongs to another decision; correct one of the two"
    if decision.decided_day is None or check.due_day <= decision.decided_day:
        yield "is due before its decision was taken; move due_day"
    recorded = check.recorded_day
    if len({check.verdict is None, recorded is None, check.by is None}) > 1:
        yield "verdict, recorded_day and by come together; add what is missing"
    if recorded is not None:
        yield from _verdict(check, measure, recorded)


def _verdict(check: OutcomeCheck, measure: Measure, recorded: int) -> Iterator[str]:
    if recorded > 0:
        yield "was recorded in days to come; move recorded_day"
    known = [reading.value for reading in measure.readings if reading.day <= recorded]
    if (check.verdict == "not_measured") != (not known):
        yield "a verdict rests on a reading, and “not_measured” on none; correct the verdict or add the reading"
    elif known and check.verdict in {"improved", "worsened"}:
        gain = (known[-1] - measure.baseline) * (1 if measure.direction is Direction.UP_IS_BETTER else -1)
        if (gain > 0) != (check.verdict == "improved"):
            yield f"says {check.verdict} and the last reading says otherwise; correct the verdict or the reading"
