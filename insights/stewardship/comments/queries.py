"""Reads of comments and mentions, scoped to the member, as frozen rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from insights.capture.access import visible_studies
from insights.capture.models import Study
from insights.core.base import number_of
from insights.core.errors import NotFound
from insights.core.text import plain_words
from insights.decisions.access import visible_decisions
from insights.decisions.models import Decision
from insights.people.models import Member
from insights.stewardship.comments.subjects import Subject, subject_of
from insights.stewardship.models import Comment, Mention
from insights.synthesis.access import visible_insights, visible_recommendations
from insights.synthesis.models import Insight, Recommendation

SHOWN = 5
_EXCERPT = 140


@dataclass(frozen=True, slots=True)
class CommentRow:
    """`text` is empty where the comment was deleted; its place stays, for its answers. `writer_id` is None likewise."""

    id: int
    ref: str
    text: str
    writer: str
    writer_id: int | None
    at: datetime
    was_edited: bool
    is_deleted: bool
    row_version: int


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment with its answers, oldest first; `resolved_by` is '' while it is open."""

    comment: CommentRow
    answers: tuple[CommentRow, ...]
    resolved_at: datetime | None
    resolved_by: str

    @property
    def is_resolved(self) -> bool:
        return self.resolved_at is not None


@dataclass(frozen=True, slots=True)
class MentionRow:
    """A comment that names the member and waits for them."""

    ref: str
    subject_ref: str
    writer: str
    excerpt: str
    at: datetime


def threads_on(session: Session, subject: Subject) -> list[Thread]:
    """All threads on a record, open ones first, oldest first. Scope was checked when the subject was loaded."""
    writer, resolver = aliased(Member), aliased(Member)
    found = session.execute(
        select(Comment, writer.name, resolver.name)
        .outerjoin(writer, writer.id == Comment.created_by_id)
        .outerjoin(resolver, resolver.id == Comment.resolved_by_id)
        .where(Comment.subject_ref == subject.ref)
        .order_by(Comment.id)
    ).all()
    answers: dict[int, list[CommentRow]] = {}
    for comment, name, _ in found:
        if comment.parent_id is not None:
            answers.setdefault(comment.parent_id, []).append(_row(comment, name))
    threads = [
        Thread(_row(comment, name), tuple(answers.get(comment.id, ())), comment.resolved_at, by or "")
        for comment, name, by in found
        if comment.parent_id is None
    ]
    shown = [thread for thread in threads if _says_something(thread)]
    return sorted(shown, key=lambda thread: thread.is_resolved)


def get_comment(session: Session, member: Member, ref: str) -> tuple[Comment, Subject]:
    """Raises NotFound for a comment that is not there, or on a record that the member may not see."""
    comment = session.get(Comment, number_of(ref, Comment.PREFIX) or 0)
    if comment is None:
        raise NotFound(ref)
    try:
        return comment, subject_of(session, member, comment.subject_ref)
    except NotFound as error:
        raise NotFound(ref) from error


def list_mentions(session: Session, member: Member, *, limit: int = SHOWN) -> list[MentionRow]:
    """Comments that name the member and were not marked as seen, newest first, on records they may still see."""
    rows = session.execute(
        select(Comment, Member.name)
        .join(Mention, Mention.comment_id == Comment.id)
        .outerjoin(Member, Member.id == Comment.created_by_id)
        .where(
            Mention.member_id == member.id,
            Mention.seen_at.is_(None),
            Comment.deleted_at.is_(None),
            _on_what_is_seen(member),
        )
        .order_by(Comment.id.desc())
        .limit(limit)
    )
    return [
        MentionRow(comment.ref, comment.subject_ref, name or "", _excerpt(comment.text), comment.created_at)
        for comment, name in rows
    ]


def _on_what_is_seen(member: Member) -> ColumnElement[bool]:
    """The rule of each kind of record, in one clause. A tag lies in no study; its codebook is everybody's."""
    in_study = Comment.study_id.in_(select(Study.id).where(visible_studies(member)))
    number = Comment.subject_id
    insights = select(Insight.id).where(visible_insights(member))
    on_insight = and_(_is("INS"), number.in_(insights))
    on_decision = and_(_is("DEC"), number.in_(select(Decision.id).where(visible_decisions(member))))
    recommendations = select(Recommendation.id).where(visible_recommendations(member))
    on_recommendation = and_(_is("REC"), number.in_(recommendations))
    return or_(in_study, and_(Comment.study_id.is_(None), or_(on_insight, on_decision, on_recommendation, _is("TAG"))))


def _is(prefix: str) -> ColumnElement[bool]:
    return Comment.subject_ref.startswith(f"{prefix}-")


def _says_something(thread: Thread) -> bool:
    return not thread.comment.is_deleted or any(not answer.is_deleted for answer in thread.answers)


def _row(comment: Comment, writer: str | None) -> CommentRow:
    deleted = comment.deleted_at is not None
    return CommentRow(
        id=comment.id,
        ref=comment.ref,
        text="" if deleted else comment.text,
        writer="" if deleted else writer or "",
        writer_id=None if deleted else comment.created_by_id,
        at=comment.created_at,
        was_edited=comment.edited_at is not None,
        is_deleted=deleted,
        row_version=comment.row_version,
    )


def _excerpt(text: str) -> str:
    words = " ".join(plain_words(text).split())
    return words if len(words) <= _EXCERPT else words[:_EXCERPT].rstrip() + "…"
