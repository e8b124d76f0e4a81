"""A first text of a public entry from what the records say; a person writes it in plain words from there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.core.text import plain_words
from insights.decisions.models import (
    Change,
    Decision,
    DecisionStatus,
    DeliveryState,
    LinkType,
    Measure,
    OutcomeCheck,
    Verdict,
)
from insights.openness.entries.evidence import OpenInsight, may_be_told, open_insights, studies_under
from insights.openness.entries.texts import LONGEST_TITLE, EntryTexts
from insights.people.models import Member
from insights.synthesis.access import rests_only_on
from insights.synthesis.models import Recommendation, RecommendationStatus, recommendation_insights
from insights.synthesis.strength import Strength, strengths

ENOUGH_PEOPLE = 3
"""Fewer are not told of by number, so that nobody is singled out."""

_VERDICTS = {
    Verdict.IMPROVED: "it has got better",
    Verdict.NO_CHANGE: "nothing has changed",
    Verdict.WORSENED: "it has got worse",
    Verdict.INCONCLUSIVE: "we cannot tell yet whether it made a difference",
    Verdict.NOT_MEASURED: "it could not be measured",
}


def draft_texts(session: Session, member: Member, decision: Decision) -> EntryTexts:
    """From study goals, publishable insights, the decision and its outcome; what is restricted is left out."""
    insights = open_insights(session, member, decision)
    ids = sorted({each.id for each in insights})
    followed = [each for each in insights if each.type is not LinkType.CONSIDERED_NOT_FOLLOWED]
    declined = [each for each in insights if each.type is LinkType.CONSIDERED_NOT_FOLLOWED]
    return EntryTexts(
        title=decision.title[:LONGEST_TITLE],
        summary="",
        we_asked=_we_asked(studies_under(session, ids)),
        you_said=_you_said(followed, strengths(session, ids)),
        we_did=_we_did(session, decision),
        we_did_not=_we_did_not(session, member, decision, declined, ids),
        what_next=_what_next(session, decision),
    )


def _we_asked(studies: Sequence[Study]) -> str:
    questions = [question for study in studies for question in (study.question, *map(str, study.goals)) if question]
    return _paragraphs(dict.fromkeys(plain_words(each) for each in questions))


def _you_said(insights: Sequence[OpenInsight], strong: Mapping[int, Strength]) -> str:
    items = []
    for each in {each.id: each for each in insights}.values():
        people = strong[each.id].people
        heard = f" We heard this from {people} people." if people >= ENOUGH_PEOPLE else ""
        items.append(f"- {_sentence(each.claim)}{heard}")
    return "\n".join(items)


def _we_did(session: Session, decision: Decision) -> str:
    if decision.status is DecisionStatus.REJECTED:
        return ""
    parts = [_sentence(plain_words(decision.outcome) or decision.title)]
    for change in session.scalars(select(Change).where(Change.decision_id == decision.id).order_by(Change.id)):
        before, after = plain_words(change.before), plain_words(change.after)
        if after:
            parts.append(f"Before: {before}\n\nNow: {after}" if before else f"Now: {after}")
    if decision.delivery_state is DeliveryState.LIVE and decision.live_on is not None:
        parts.append(f"It has been in use since {_day(decision.live_on)}.")
    return _paragraphs(parts)


def _we_did_not(
    session: Session, member: Member, decision: Decision, declined: Sequence[OpenInsight], ids: Sequence[int]
) -> str:
    """A reasoned no is feedback acted upon too: evidence not followed, and recommendations declined with a reason.

    A recommendation that rests on anything not to be told as well is left out, for its words can tell of it.
    """
    items = [f"- You also said: {_sentence(each.claim)} We did not follow this: {each.rationale}" for each in declined]
    if decision.status is DecisionStatus.REJECTED:
        items.append(_sentence(plain_words(decision.outcome) or f"We decided against it: {decision.title}"))
    asked = (
        select(Recommendation)
        .join(recommendation_insights, recommendation_insights.c.recommendation_id == Recommendation.id)
        .where(
            recommendation_insights.c.insight_id.in_(ids),
            Recommendation.status == RecommendationStatus.DECLINED,
            Recommendation.response_reason != "",
            rests_only_on(may_be_told(member)),
        )
        .order_by(Recommendation.id)
    )
    items += [
        f"- It was recommended: {_sentence(plain_words(each.text))} We declined: {each.response_reason}"
        for each in session.scalars(asked).unique()
    ]
    return "\n".join(dict.fromkeys(items))


def _what_next(session: Session, decision: Decision) -> str:
    rows = session.execute(
        select(OutcomeCheck, Measure)
        .outerjoin(Measure, Measure.id == OutcomeCheck.measure_id)
        .where(OutcomeCheck.decision_id == decision.id)
        .order_by(OutcomeCheck.due_on, OutcomeCheck.id)
    ).all()
    found = [_verdict(check.verdict, check, measure) for check, measure in rows if check.verdict is not None]
    waiting = next((check.due_on for check, _ in rows if check.verdict is None), None)
    if waiting is not None:
        found.append(f"We will look {'again ' if found else ''}on {_day(waiting)}.")
    if not found and decision.not_measurable_reason:
        found.append(f"We cannot measure what came of it: {_sentence(decision.not_measurable_reason)}")
    return _paragraphs(found)


def _verdict(verdict: Verdict, check: OutcomeCheck, measure: Measure | None) -> str:
    figures = ""
    if measure is not None:
        unit = f" {measure.unit}" if measure.unit else ""
        values = [value for value in (measure.baseline, check.value) if value is not None]
        figures = f" {measure.name}: {' before, now '.join(f'{value:g}{unit}' for value in values)}." if values else ""
    return f"On {_day(check.recorded_on or check.due_on)} we looked: {_VERDICTS[verdict]}.{figures}"


def _sentence(text: str) -> str:
    line = text.strip()
    return line if not line or line[-1] in ".!?:" else f"{line}."


def _paragraphs(parts: Iterable[str]) -> str:
    return "\n\n".join(each for each in parts if each)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
