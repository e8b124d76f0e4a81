"""What can be commented on, and who may see it: the record's own rule, asked anew each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from insights.capture.queries import get_research_session, get_source, get_study
from insights.coding.queries import get_highlight, get_tag
from insights.core.base import number_of
from insights.core.errors import NotFound
from insights.core.text import plain_words
from insights.decisions.queries import get_decision
from insights.people.models import Member
from insights.synthesis.queries import get_insight, get_recommendation

_LONGEST_TITLE = 160


@dataclass(frozen=True, slots=True)
class Subject:
    """A record with its name for people; `study_id` is the study it lies in, None where it lies in none."""

    ref: str
    title: str
    study_id: int | None = None

    @property
    def id(self) -> int:
        return int(self.ref.rpartition("-")[2])


def subject_of(session: Session, member: Member, ref: str) -> Subject:
    """Raises NotFound for what is not there, what the member may not see, and kinds that take no comments."""
    prefix, _, number = ref.upper().partition("-")
    loader = _LOADERS.get(prefix)
    if loader is None or number_of(ref, prefix) is None:
        raise NotFound(ref)
    subject = loader(session, member, f"{prefix}-{int(number)}")
    title = subject.title if len(subject.title) <= _LONGEST_TITLE else subject.title[:_LONGEST_TITLE].rstrip() + "…"
    return Subject(subject.ref, title or subject.ref, subject.study_id)


def _study(session: Session, member: Member, ref: str) -> Subject:
    study = get_study(session, member, ref)
    return Subject(study.ref, study.title, study.id)


def _session(session: Session, member: Member, ref: str) -> Subject:
    held, study = get_research_session(session, member, ref)
    return Subject(held.ref, held.title or f"A session of “{study.title}”", study.id)


def _source(session: Session, member: Member, ref: str) -> Subject:
    source, study = get_source(session, member, ref)
    return Subject(source.ref, source.title or f"A text of “{study.title}”", study.id)


def _highlight(session: Session, member: Member, ref: str) -> Subject:
    highlight, source = get_highlight(session, member, ref)
    get_source(session, member, source.ref)
    return Subject(highlight.ref, plain_words(highlight.exact), highlight.study_id)


def _tag(session: Session, member: Member, ref: str) -> Subject:
    tag = get_tag(session, member, ref)
    return Subject(tag.ref, tag.path)


def _insight(session: Session, member: Member, ref: str) -> Subject:
    insight = get_insight(session, member, ref)
    return Subject(insight.ref, insight.claim)


def _recommendation(session: Session, member: Member, ref: str) -> Subject:
    recommendation, _row = get_recommendation(session, member, ref)
    return Subject(recommendation.ref, recommendation.text)


def _decision(session: Session, member: Member, ref: str) -> Subject:
    decision = get_decision(session, member, ref)
    return Subject(decision.ref, decision.title)


_LOADERS: dict[str, Callable[[Session, Member, str], Subject]] = {
    "STU": _study,
    "SES": _session,
    "SRC": _source,
    "HL": _highlight,
    "TAG": _tag,
    "INS": _insight,
    "REC": _recommendation,
    "DEC": _decision,
}
