"""What belongs to a followed record, and what happened to it.

A tag, a service and a study gather records: what is there now and was not there before is new. An insight, a decision
and a study also change: the activity since the last look says how.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Text, cast, func, or_, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import ResearchSession, SourceText, Study
from insights.coding.models import Highlight, highlight_tags
from insights.coding.queries import list_tags
from insights.core.activity import ActivityEntry
from insights.core.base import number_of
from insights.core.clock import local_day
from insights.core.errors import NotFound
from insights.decisions.access import visible_decisions
from insights.decisions.models import Decision
from insights.people.models import Member
from insights.people.queries import get_service
from insights.stewardship.comments import Subject, subject_of
from insights.stewardship.following.sight import GONE_SESSIONS, in_use
from insights.synthesis.access import visible_insights
from insights.synthesis.models import EvidenceLink, Insight

FOLLOWABLE: Final = ("TAG", "SVC", "STU", "INS", "DEC")

_INSIGHT_WORDS: Final[Mapping[str, str]] = {
    "published": "it was published",
    "edited": "its words were edited",
    "assessed": "its confidence was judged",
    "attached evidence to": "this was attached as evidence",
    "detached evidence from": "this was taken away as evidence",
    "challenged": "it was challenged",
    "opened": "a contradiction was recorded",
    "settled": "a contradiction was settled",
    "re-validated": "somebody looked at it again",
    "retired": "it was retired",
    "brought back": "it was brought back",
    "superseded": "it was superseded",
    "took over": "another insight was merged into it",
    "issued": "a recommendation was made from it",
    "linked": "this decision cites it",
}
_DECISION_WORDS: Final[Mapping[str, str]] = {
    "edited": "its words were edited",
    "accepted": "it was accepted",
    "rejected": "it was rejected",
    "deprecated": "it was deprecated",
    "superseded": "it was superseded",
    "recorded a change of": "a change was recorded",
    "delivered": "its change went live",
    "changed delivery of": "its delivery moved on",
    "added a measure to": "a measure was added",
    "scheduled a check of": "a check was scheduled",
    "recorded the outcome of": "an outcome was recorded",
    "attested the impact of": "its impact was attested",
    "read": "a figure was read for one of its measures",
    "linked": "this insight was linked to it",
    "unlinked": "this insight is no longer linked to it",
    "re-affirmed": "it was re-affirmed after this insight changed",
}
_STUDY_WORDS: Final[Mapping[str, str]] = {
    "moved": "it moved to its next state",
    "judged": "a hypothesis was judged",
}
_WORDS: Final = {"INS": _INSIGHT_WORDS, "DEC": _DECISION_WORDS, "STU": _STUDY_WORDS}
_ENTRIES_AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened: `ref` is the record to show, `key` the same for the same thing on one day."""

    key: str
    ref: str
    what: str


def followable(session: Session, member: Member, ref: str) -> Subject:
    """Raises NotFound for what is not there, what the member may not see, and kinds that cannot be followed."""
    prefix = ref.upper().partition("-")[0]
    if prefix not in FOLLOWABLE:
        raise NotFound(ref)
    if prefix == "SVC":
        service = get_service(session, ref)
        return Subject(service.ref, service.name)
    return subject_of(session, member, ref)


def members_of(session: Session, member: Member, ref: str) -> set[str]:
    """Refs of the records that belong to the followed one and that the member may see; empty where none can."""
    gather = _GATHERERS.get(ref.partition("-")[0])
    number = number_of(ref, ref.partition("-")[0])
    return set() if gather is None or number is None else gather(session, member, number)


def newest_entry(session: Session) -> int:
    return session.scalar(select(func.max(ActivityEntry.id))) or 0


def happenings_of(session: Session, member: Member, ref: str, *, after: int, until: int) -> list[Happening]:
    """What others did to the record, by activity entries after one id and up to another."""
    words = _WORDS.get(ref.partition("-")[0])
    if words is None:
        return []
    entries = session.scalars(
        select(ActivityEntry)
        .where(
            ActivityEntry.id > after,
            ActivityEntry.id <= until,
            ActivityEntry.verb.in_(words),
            or_(ActivityEntry.actor_id.is_(None), ActivityEntry.actor_id != member.id),
            or_(ActivityEntry.subject_ref == ref, cast(ActivityEntry.touches, Text).like(f'%"{ref}"%')),
        )
        .order_by(ActivityEntry.id)
        .limit(_ENTRIES_AT_ONCE)
    )
    return list(_happenings(entries, ref, words))


def _happenings(entries: Any, ref: str, words: Mapping[str, str]) -> Iterator[Happening]:  # noqa: ANN401 - a scalar result
    for entry in entries:
        shown = _shown(entry, ref)
        if shown is not None:
            yield Happening(f"{entry.verb} {shown} {local_day(entry.at)}", shown, words[entry.verb])


def _shown(entry: ActivityEntry, ref: str) -> str | None:
    """The record that the entry is told by: where two are concerned the other one, which must be seen for it too."""
    kind = ref.partition("-")[0]
    if entry.verb in {"linked", "unlinked", "re-affirmed"}:
        linked = entry.detail.get("insight")
        return entry.subject_ref if kind == "INS" and linked == ref else linked if kind == "DEC" else None
    own = entry.subject_ref == ref
    if kind == "INS" and not own and entry.subject_kind not in {"contradiction", "recommendation"}:
        return None
    if kind == "DEC" and not own and entry.subject_kind != "measure":
        return None
    if entry.subject_kind == "recommendation":
        return entry.subject_ref
    if entry.verb in {"attached evidence to", "detached evidence from", "opened", "settled"}:
        others = [each for each in entry.touches if each != ref and each.partition("-")[0] in {"HL", "INS"}]
        return others[0] if others else ref
    return ref


def _of_tag(session: Session, member: Member, number: int) -> set[str]:
    """Quotes with the tag or one within it, and insights that rest on them."""
    rows = {row.id: row for row in list_tags(session, member)}
    if number not in rows:
        return set()
    within = [row.id for row in rows.values() if _lies_in(rows, row.id, number)]
    carrying = select(highlight_tags.c.highlight_id).where(highlight_tags.c.tag_id.in_(within))
    quotes = (
        select(Highlight.id)
        .join(Study, Study.id == Highlight.study_id)
        .where(Highlight.id.in_(carrying), visible_studies(member), in_use())
    )
    resting = select(EvidenceLink.insight_id).where(EvidenceLink.highlight_id.in_(quotes))
    insights = select(Insight.id).where(Insight.id.in_(resting), _published(member))
    return _refs(session, {"HL": quotes, "INS": insights})


def _lies_in(rows: Mapping[int, Any], number: int | None, above: int) -> bool:
    while number is not None and number != above:
        number = rows[number].parent_id if number in rows else None
    return number == above


def _of_service(session: Session, member: Member, number: int) -> set[str]:
    studies = select(Study.id).where(Study.service_id == number, visible_studies(member))
    insights = select(Insight.id).where(Insight.service_id == number, _published(member))
    decisions = select(Decision.id).where(Decision.service_id == number, visible_decisions(member))
    return _refs(session, {"STU": studies, "INS": insights, "DEC": decisions})


def _of_study(session: Session, member: Member, number: int) -> set[str]:
    seen = select(Study.id).where(Study.id == number, visible_studies(member))
    sessions = select(ResearchSession.id).where(
        ResearchSession.study_id.in_(seen),
        ResearchSession.deleted_at.is_(None),
        ResearchSession.status.not_in(GONE_SESSIONS),
    )
    texts = select(SourceText.id).where(
        SourceText.study_id.in_(seen), SourceText.research_session_id.is_(None), SourceText.deleted_at.is_(None)
    )
    resting = (
        select(EvidenceLink.insight_id)
        .join(Highlight, Highlight.id == EvidenceLink.highlight_id)
        .where(Highlight.study_id.in_(seen))
    )
    insights = select(Insight.id).where(Insight.id.in_(resting), _published(member))
    return _refs(session, {"SES": sessions, "SRC": texts, "INS": insights})


def _published(member: Member) -> Any:  # noqa: ANN401 - a clause
    """What was published: nobody is told of a draft."""
    return visible_insights(member) & Insight.published_at.is_not(None)


def _refs(session: Session, queries: Mapping[str, Any]) -> set[str]:
    return {f"{prefix}-{number}" for prefix, query in queries.items() for number in session.scalars(query)}


_GATHERERS: Final[Mapping[str, Callable[[Session, Member, int], set[str]]]] = {
    "TAG": _of_tag,
    "SVC": _of_service,
    "STU": _of_study,
}
