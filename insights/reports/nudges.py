"""Reminders that an insight waits (beyond.md 1): who is reminded after how many days, each once.

    make_nudges(session, by_mail=True) -> how many       the nightly work; twice in a night makes nothing twice
    open_nudges(session, member) -> [NudgeRow, ...]      whom it waits for, as far as the member may see the insights
    nudges_for(session, member) -> [NudgeRow, ...]       the member's own, and those that wait for an approver
    nudges_in_mail(session, member, mail_id)

Seven days after its study was completed without a recommendation the author is reminded; after thirty days on the shelf
the owner; after ninety it waits for leadership; after a hundred and eighty it must be acted on, parked or closed. Of
several rules that hold the one with the most days speaks. A reminder ends by an answer, never by a view.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session, aliased

from insights.capture.models import Study, StudyStatus
from insights.coding.models import Highlight
from insights.core.access import Permission, may
from insights.core.activity import ActivityEntry
from insights.core.clock import local_day, today
from insights.decisions.disposition import DispositionState
from insights.decisions.dispositions import dispositions
from insights.people.mail import queue_mail
from insights.people.models import Member, Team
from insights.reports.days import age_in_days
from insights.reports.models import NoteChoice, Nudge, NudgeRule
from insights.reports.table import Table
from insights.synthesis.access import visible_insights
from insights.synthesis.models import (
    CITABLE,
    DispositionEvent,
    DispositionKind,
    EvidenceLink,
    Insight,
    InsightType,
    recommendation_insights,
)

NUDGES: Final = "nudges"
"""The kind of these mails in the outbox."""

DAYS: Final[Mapping[NudgeRule, int]] = {
    NudgeRule.NO_RECOMMENDATION: 7,
    NudgeRule.OWNER: 30,
    NudgeRule.LEADERSHIP: 90,
    NudgeRule.MUST_ANSWER: 180,
}
WORDS: Final[Mapping[NudgeRule, str]] = {
    NudgeRule.NO_RECOMMENDATION: "its study is completed: recommend something, or say why not",
    NudgeRule.OWNER: "answer it: link it to a decision, park it to a day, or close it with a reason",
    NudgeRule.LEADERSHIP: "nobody answered for ninety days: it waits for leadership",
    NudgeRule.MUST_ANSWER: "must be acted on, parked to a day, or closed with a reason",
}
_AT_ONCE: Final = 2_000
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class NudgeRow:
    """`turn` is whose it is, '' for leadership; `days` since the insight was first published."""

    insight_ref: str
    claim: str
    rule: NudgeRule
    made_on: date
    member_id: int | None
    turn: str
    days: int

    @property
    def words(self) -> str:
        return WORDS[self.rule]


@dataclass(frozen=True, slots=True)
class _OnShelf:
    """An insight without an answer. `since` is when it came onto the shelf, first or again."""

    insight_id: int
    owner_id: int | None
    author_id: int | None
    published_on: date
    since: date


def make_nudges(session: Session, *, by_mail: bool) -> int:
    """Ends the reminders that are answered and makes those that are due; `by_mail` queues one mail a person and day."""
    on_shelf = {each.insight_id: each for each in _on_shelf(session)}
    _end_answered(session, on_shelf.keys())
    known = {
        (row.insight_id, row.rule, row.since)
        for row in session.execute(select(Nudge.insight_id, Nudge.rule, Nudge.since))
    }
    completed = _completed_without_recommendation(session, on_shelf.keys())
    active = frozenset(session.scalars(select(Member.id).where(Member.is_active)))
    made = [nudge for each in on_shelf.values() if (nudge := _due(session, each, completed, active, known))]
    session.add_all(made)
    session.flush()
    if by_mail:
        _queue(session, made)
    return len(made)


def open_nudges(session: Session, member: Member) -> list[NudgeRow]:
    """All that wait, longest first."""
    return _rows(session, member, Nudge.done_on.is_(None))


def nudges_for(session: Session, member: Member) -> list[NudgeRow]:
    """The member's own; of those that wait for leadership, an approver has their team's, or all in a central team."""
    mine: ColumnElement[bool] = Nudge.member_id == member.id
    if may(member, Permission.RESPOND):
        works_for_all = select(Team.id).where(Team.id == member.team_id, Team.is_central).exists()
        mine = or_(mine, and_(Nudge.member_id.is_(None), or_(Insight.team_id == member.team_id, works_for_all)))
    return _rows(session, member, Nudge.done_on.is_(None) & mine)


def nudges_in_mail(session: Session, member: Member, mail_id: int) -> list[NudgeRow]:
    """What of a mail is still to be said: what was answered meanwhile, or is out of sight, is not."""
    return _rows(session, member, Nudge.done_on.is_(None) & (Nudge.mail_id == mail_id))


def without_reminders(session: Session) -> set[int]:
    """Ids of members who ended the mail of reminders."""
    return set(session.scalars(select(NoteChoice.member_id).where(NoteChoice.no_nudges_since.is_not(None))))


def nudges_table(rows: Iterable[NudgeRow]) -> Table:
    columns = ("Insight", "Claim", "Whose turn", "What is due", "Days since publication", "Reminded on")
    return Table(
        "Reminders",
        columns,
        tuple((row.insight_ref, row.claim, row.turn or "leadership", row.words, row.days, row.made_on) for row in rows),
    )


def _rows(session: Session, member: Member, chosen: ColumnElement[bool]) -> list[NudgeRow]:
    turn = aliased(Member)
    on = today(session)
    rows = session.execute(
        select(Nudge, Insight.id, Insight.claim, Insight.published_at, turn.name)
        .join(Insight, Insight.id == Nudge.insight_id)
        .outerjoin(turn, turn.id == Nudge.member_id)
        .where(chosen, visible_insights(member))
        .order_by(Insight.published_at, Nudge.id)
    )
    return [
        NudgeRow(
            insight_ref=f"{Insight.PREFIX}-{number}",
            claim=claim,
            rule=nudge.rule,
            made_on=nudge.made_on,
            member_id=nudge.member_id,
            turn=name or "",
            days=0 if published_at is None else age_in_days(local_day(published_at), on),
        )
        for nudge, number, claim, published_at, name in rows
    ]


def _on_shelf(session: Session) -> Iterator[_OnShelf]:
    """Published actionable insights that nobody answered, whoever may see them; the back catalogue is left alone."""
    query = select(Insight.id, Insight.owner_id, Insight.author_id, Insight.published_at).where(
        Insight.type == InsightType.ACTIONABLE,
        Insight.status.in_(CITABLE),
        Insight.published_at.is_not(None),
        ~Insight.legacy,
    )
    for rows in _portions(session.execute(query).all()):
        ids = [row.id for row in rows]
        became, back = dispositions(session, ids), _came_back(session, ids)
        for row in rows:
            if became[row.id].state is DispositionState.OPEN and row.published_at is not None:
                published_on = local_day(row.published_at)
                since = max(published_on, back.get(row.id, published_on))
                yield _OnShelf(row.id, row.owner_id, row.author_id, published_on, since)


def _came_back(session: Session, ids: Collection[int]) -> dict[int, date]:
    """The day on which a parked insight was due again, or one was reopened; by the last thing said of it."""
    rows = session.execute(
        select(DispositionEvent.insight_id, DispositionEvent.kind, DispositionEvent.at, DispositionEvent.until)
        .where(DispositionEvent.insight_id.in_(ids))
        .order_by(DispositionEvent.at, DispositionEvent.id)
    )
    return {
        row.insight_id: row.until if row.kind is DispositionKind.PARKED and row.until else local_day(row.at)
        for row in rows
    }


def _end_answered(session: Session, waiting: Collection[int]) -> None:
    still_open = session.execute(select(Nudge.id, Nudge.insight_id).where(Nudge.done_on.is_(None)))
    done = [row.id for row in still_open if row.insight_id not in waiting]
    for ids in _portions(done):
        session.execute(update(Nudge).where(Nudge.id.in_(ids)).values(done_on=today(session)))


def _due(
    session: Session,
    waiting: _OnShelf,
    completed: Mapping[int, date],
    active: Collection[int],
    known: Collection[tuple[int, NudgeRule, date]],
) -> Nudge | None:
    on = today(session)
    rule = _rule(waiting, completed, on)
    if rule is None or (waiting.insight_id, rule, waiting.since) in known:
        return None
    people = {
        NudgeRule.NO_RECOMMENDATION: (waiting.author_id, waiting.owner_id),
        NudgeRule.LEADERSHIP: (),
    }.get(rule, (waiting.owner_id, waiting.author_id))
    turn = next((each for each in people if each in active), None)
    return Nudge(insight_id=waiting.insight_id, rule=rule, since=waiting.since, made_on=on, member_id=turn)


def _rule(waiting: _OnShelf, completed: Mapping[int, date], on: date) -> NudgeRule | None:
    """The rule with the most days that holds; an insight that came back has the age it had."""
    age = age_in_days(waiting.published_on, on)
    for rule in (NudgeRule.MUST_ANSWER, NudgeRule.LEADERSHIP, NudgeRule.OWNER):
        if age >= DAYS[rule]:
            return rule
    done_on = completed.get(waiting.insight_id)
    late = done_on is not None and age_in_days(done_on, on) >= DAYS[NudgeRule.NO_RECOMMENDATION]
    return NudgeRule.NO_RECOMMENDATION if late else None


def _completed_without_recommendation(session: Session, ids: Collection[int]) -> dict[int, date]:
    """Insights that nothing was recommended from, with the day on which the last of their studies was completed."""
    recommended = set(session.scalars(select(recommendation_insights.c.insight_id)))
    days = _days_of_completion(session)
    found: defaultdict[int, list[date | None]] = defaultdict(list)
    rows = session.execute(
        select(EvidenceLink.insight_id, Study.id, Study.status, Study.ends_on)
        .join(Highlight, Highlight.id == EvidenceLink.highlight_id)
        .join(Study, Study.id == Highlight.study_id)
        .distinct()
    )
    for row in rows:
        over = row.status in {StudyStatus.COMPLETED, StudyStatus.ARCHIVED}
        found[row.insight_id].append(days.get(f"STU-{row.id}", row.ends_on) if over else None)
    return {
        insight_id: max(known)
        for insight_id, completed in found.items()
        if insight_id in ids
        and insight_id not in recommended
        and len(known := [day for day in completed if day is not None]) == len(completed)
    }


def _days_of_completion(session: Session) -> dict[str, date]:
    rows = session.execute(
        select(ActivityEntry.subject_ref, ActivityEntry.at, ActivityEntry.detail)
        .where(ActivityEntry.verb == "moved", ActivityEntry.subject_kind == Study.KIND)
        .order_by(ActivityEntry.id)
    )
    return {row.subject_ref: local_day(row.at) for row in rows if row.detail.get("after") == StudyStatus.COMPLETED}


def _queue(session: Session, made: Iterable[Nudge]) -> None:
    """One mail a person and day, for those who did not end this mail."""
    unwanted = without_reminders(session)
    turns: defaultdict[int, list[Nudge]] = defaultdict(list)
    for nudge in made:
        if nudge.member_id is not None and nudge.member_id not in unwanted:
            turns[nudge.member_id].append(nudge)
    for member_id, nudges in turns.items():
        key = f"{NUDGES} {today(session).isoformat()} MEM-{member_id}"
        mail: Any = queue_mail(session, member_id=member_id, kind=NUDGES, key=key)
        for nudge in nudges if mail is not None else ():
            nudge.mail_id = mail.id
    session.flush()


def _portions(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """So many at once as a statement may name."""
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]
