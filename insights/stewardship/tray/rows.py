"""Gathered records as pages, files and citations show them: what is said, by whom, how strong, what became of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import Row, ScalarSelect, String, func, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import (
    Method,
    ResearchSession,
    SourceText,
    Study,
    TextVersion,
    session_participants,
)
from insights.coding.models import Highlight
from insights.core.base import number_of
from insights.core.clock import local_day
from insights.core.text import plain_words
from insights.decisions.access import visible_decisions
from insights.decisions.disposition import Disposition, DispositionState
from insights.decisions.dispositions import dispositions
from insights.decisions.models import Decision, DecisionStatus
from insights.decisions.queries.resting import insights_under
from insights.people.models import Member, Participant, Team
from insights.stewardship.tray.sight import seen_highlights, seen_recommendations, seen_sources
from insights.synthesis.access import visible_insights
from insights.synthesis.freshness import FreshnessState
from insights.synthesis.models import CITABLE, EvidenceLink, Insight, InsightType, Recommendation
from insights.synthesis.queries import InsightFilter, InsightRow, list_insights

Tone = Literal["ok", "warn", "bad", "plain"]
States = tuple[tuple[str, Tone], ...]

_MOST_CODES = 3


@dataclass(frozen=True, slots=True)
class GatheredRow:
    """One record. `text` is what it says; `is_voice` where these are somebody's own words, said by `by`.

    `version` is in words, `pin` the number that a permanent address carries, 0 where addresses carry none. `where` is
    the study, and how it was heard. `can_carry` says whether a decision may rest on it.
    """

    ref: str
    kind: str
    text: str
    by: str = ""
    dated_on: date | None = None
    where: str = ""
    strength: str = ""
    states: States = ()
    version: str = ""
    pin: int = 0
    is_voice: bool = False
    can_carry: bool = False

    @property
    def state_words(self) -> str:
        return "; ".join(words for words, _tone in self.states)


def gathered_rows(session: Session, member: Member, refs: Collection[str]) -> dict[str, GatheredRow]:
    """Records by ref, as far as the member may see them; at most eight statements however many."""
    loaders: dict[str, Callable[[Session, Member, list[int]], Iterable[GatheredRow]]] = {
        "INS": _insights,
        "HL": _highlights,
        "DEC": _decisions,
        "REC": _recommendations,
        "SES": _sessions,
        "SRC": _sources,
        "STU": _studies,
    }
    found: dict[str, GatheredRow] = {}
    for prefix, load in loaders.items():
        numbers = [number for ref in refs if (number := number_of(ref, prefix)) is not None]
        if numbers:
            found.update((row.ref, row) for row in load(session, member, numbers))
    return found


def _insights(session: Session, member: Member, ids: list[int]) -> Iterable[GatheredRow]:
    rows = list_insights(session, member, InsightFilter(ids=ids), limit=None)
    became = dispositions(session, [row.id for row in rows])
    return [_insight(row, became[row.id]) for row in rows]


def _insight(row: InsightRow, became: Disposition) -> GatheredRow:
    confidence = f", {_words(row.confidence)} confidence" if row.confidence else ""
    return GatheredRow(
        ref=row.ref,
        kind="insight",
        text=row.claim,
        by=row.team,
        dated_on=None if row.published_at is None else local_day(row.published_at),
        where=row.service,
        strength=row.strength.in_words + confidence,
        states=tuple(_insight_states(row, became)),
        version=f"version {row.version}",
        pin=row.version,
        can_carry=row.status in CITABLE,
    )


def _insight_states(row: InsightRow, became: Disposition) -> Iterable[tuple[str, Tone]]:
    if row.status not in CITABLE:
        yield _words(row.status), "warn"
        return
    yield _words(row.status), "ok" if row.status == "published" else "warn"
    if row.type == InsightType.INFORMATIVE:
        yield "informative", "plain"
    elif became.state is DispositionState.ACTED_ON:
        yield "acted on", "ok"
    else:
        yield (
            {"open": "no answer yet", "no_action": "closed without action"}.get(
                became.state.value, _words(became.state)
            ),
            "plain",
        )
    if row.contradicted:
        yield "contradicted", "bad"
    if row.freshness.state is not FreshnessState.FRESH:
        yield row.freshness.state.value, "warn" if row.freshness.state is FreshnessState.STALE else "plain"


def _highlights(session: Session, member: Member, ids: list[int]) -> Iterable[GatheredRow]:
    citing = (
        select(Insight.id)
        .join(EvidenceLink, EvidenceLink.insight_id == Insight.id)
        .where(EvidenceLink.highlight_id == Highlight.id, visible_insights(member))
        .correlate(Highlight)
    )
    rows = session.execute(
        seen_highlights(member)
        .with_only_columns(
            Highlight,
            SourceText,
            ResearchSession,
            Study.title.label("study"),
            func.coalesce(Participant.code, _codes()).label("speaker"),
            TextVersion.number.label("version"),
            citing.with_only_columns(func.min(Insight.id)).scalar_subquery().label("first"),
            citing.with_only_columns(func.count(Insight.id.distinct())).scalar_subquery().label("insights"),
        )
        .outerjoin(Participant, Participant.id == Highlight.participant_id)
        .outerjoin(TextVersion, TextVersion.id == Highlight.text_version_id)
        .where(Highlight.id.in_(ids))
    )
    return [_highlight(row) for row in rows]


def _highlight(row: Row[*tuple[Any, ...]]) -> GatheredRow:
    more = f" and {row.insights - 1} more" if row.insights > 1 else ""
    became: States = (("no insight yet", "plain"),) if row.first is None else ((f"became INS-{row.first}{more}", "ok"),)
    lost: States = () if row.Highlight.status == "active" else (("its words are no longer in the text", "warn"),)
    held: ResearchSession | None = row.ResearchSession
    method = row.SourceText.method if held is None else held.method
    return GatheredRow(
        ref=row.Highlight.ref,
        kind="highlight",
        text=plain_words(row.Highlight.exact),
        by=_people(row.speaker) or row.SourceText.title,
        dated_on=row.SourceText.dated_on if held is None else held.held_on,
        where=_joined(_method(method), row.study),
        states=became + lost,
        version=f"text version {row.version}" if row.version else "",
        is_voice=True,
    )


def _sessions(session: Session, member: Member, ids: list[int]) -> Iterable[GatheredRow]:
    found: dict[str, GatheredRow] = {}
    for row in _texts(session, member, ResearchSession.id.in_(ids)):
        held: ResearchSession = row.ResearchSession
        # A session may have several texts; what it is called and who was heard is the same in each.
        found.setdefault(held.ref, _text(row, held, held.title, by=_people(row.codes), dated_on=held.held_on))
    return found.values()


def _sources(session: Session, member: Member, ids: list[int]) -> Iterable[GatheredRow]:
    return [
        _text(row, source, source.title or source.original_name, dated_on=source.dated_on)
        for row in _texts(session, member, SourceText.id.in_(ids))
        if (source := row.SourceText)
    ]


def _texts(session: Session, member: Member, which: Any) -> Iterable[Row[*tuple[Any, ...]]]:  # noqa: ANN401 - a clause
    quotes = (
        select(func.count(Highlight.id))
        .where(Highlight.source_text_id == SourceText.id, Highlight.status == "active")
        .correlate(SourceText)
        .scalar_subquery()
    )
    return session.execute(
        seen_sources(member)
        .with_only_columns(
            SourceText,
            ResearchSession,
            Study.title.label("study"),
            quotes.label("quotes"),
            _codes().label("codes"),
            TextVersion.number.label("version"),
        )
        .outerjoin(TextVersion, TextVersion.id == SourceText.current_version_id)
        .where(which)
        .order_by(SourceText.id.desc())
    )


def _text(
    row: Row[*tuple[Any, ...]],
    record: ResearchSession | SourceText,
    title: str,
    *,
    dated_on: date | None,
    by: str = "",
) -> GatheredRow:
    method = _method(record.method)
    return GatheredRow(
        ref=record.ref,
        kind=record.KIND if isinstance(record, SourceText) else "session",
        text=title or f"{method.capitalize() or 'Session'} {record.ref}",
        by=by,
        dated_on=dated_on,
        where=_joined(method, row.study),
        strength=_count(row.quotes, "quote") if row.quotes else "no quote yet",
        version=f"text version {row.version}" if row.version else "",
    )


def _decisions(session: Session, member: Member, ids: list[int]) -> Iterable[GatheredRow]:
    rows = session.execute(
        select(Decision, Team.name.label("team"), insights_under(member).label("insights"))
        .join(Team, Team.id == Decision.team_id)
        .where(Decision.id.in_(ids), visible_decisions(member))
    )
    return [_decision(*row) for row in rows]


def _decision(decision: Decision, team: str, insights: int) -> GatheredRow:
    return GatheredRow(
        ref=decision.ref,
        kind="decision",
        text=decision.title,
        by=team,
        dated_on=decision.decided_on,
        strength=f"rests on {_count(insights, 'insight')}" if insights else "rests on no insight",
        states=((_words(decision.status), "ok" if decision.status is DecisionStatus.ACCEPTED else "plain"),),
        version=f"revision {decision.row_version}",
    )


def _recommendations(session: Session, member: Member, ids: list[int]) -> Iterable[GatheredRow]:
    rows = session.execute(
        select(Recommendation, Team.name)
        .join(Team, Team.id == Recommendation.team_id)
        .where(Recommendation.id.in_(ids), Recommendation.id.in_(seen_recommendations(member)))
    )
    return [
        GatheredRow(
            ref=each.ref,
            kind="recommendation",
            text=plain_words(each.text),
            by=team,
            dated_on=each.issued_on,
            states=((_words(each.status), "plain"),),
            version=f"revision {each.row_version}",
        )
        for each, team in rows
    ]


def _studies(session: Session, member: Member, ids: list[int]) -> Iterable[GatheredRow]:
    rows = session.execute(
        select(Study, Team.name)
        .outerjoin(Team, Team.id == Study.team_id)
        .where(Study.id.in_(ids), visible_studies(member))
    )
    return [
        GatheredRow(
            ref=study.ref,
            kind="study",
            text=study.title,
            by=team or "",
            dated_on=study.starts_on,
            states=((_words(study.status), "plain"),),
            version=f"revision {study.row_version}",
        )
        for study, team in rows
    ]


def _codes() -> ScalarSelect[str]:
    """The codes of everyone in the session, in one text."""
    return (
        select(func.aggregate_strings(Participant.code.cast(String), ", "))
        .join(session_participants, session_participants.c.participant_id == Participant.id)
        .where(session_participants.c.research_session_id == ResearchSession.id)
        .correlate(ResearchSession)
        .scalar_subquery()
    )


def _people(codes: str | None) -> str:
    """Three codes at most; of a larger group how many they were."""
    listed = codes.split(", ") if codes else []
    return ", ".join(listed) if len(listed) <= _MOST_CODES else f"{len(listed)} people"


def _joined(*words: str) -> str:
    return ", ".join(word for word in words if word)


def _method(method: Method | None) -> str:
    return "" if method is None else _words(method)


def _words(term: str) -> str:
    return str(getattr(term, "value", term)).replace("_", " ")


def _count(number: int, singular: str) -> str:
    return f"{number:,} {singular}" if number == 1 else f"{number:,} {singular}s"
