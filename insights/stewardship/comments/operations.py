"""Changes to comments. A comment is its writer's own; settling a thread is anybody's who may comment."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from insights.core.access import Permission, may
from insights.core.activity import add, record, touch
from insights.core.checks import required_text
from insights.core.clock import now
from insights.core.concurrency import refuse_stale
from insights.core.errors import NotAllowed, NotFound, RuleBroken
from insights.people.models import Member
from insights.stewardship.comments.mentioning import mentioned
from insights.stewardship.comments.subjects import Subject, subject_of
from insights.stewardship.models import Comment, Mention

LONGEST_COMMENT = 5_000


@dataclass(frozen=True, slots=True)
class AddedComment:
    """The comment, the names of those who are told of it, and of those who are not, for they may not see the record."""

    comment: Comment
    told: tuple[str, ...]
    not_told: tuple[str, ...]


def add_comment(
    session: Session, *, actor: Member, subject: Subject, text: str, parent: Comment | None = None
) -> AddedComment:
    """Says something about a record, or answers; an answer to an answer belongs to the same thread."""
    if parent is not None and parent.subject_ref != subject.ref:
        raise RuleBroken(f"{parent.ref} is about another record. Open its thread and answer there.")
    comment = Comment(
        subject_ref=subject.ref,
        subject_id=subject.id,
        study_id=subject.study_id,
        parent_id=None if parent is None else parent.parent_id or parent.id,
        text=_text(text),
    )
    add(session, actor, comment)
    told, not_told = _name_members(session, actor, comment)
    record(session, actor, "commented", comment, detail={"on": subject.ref})
    return AddedComment(comment, told, not_told)


def edit_comment(
    session: Session, *, actor: Member, comment: Comment, text: str, row_version: int | None = None
) -> AddedComment:
    """New words for one's own comment; whoever is named in them for the first time is told."""
    _require_own(actor, comment)
    words = _text(text)
    refuse_stale(comment, row_version, {"text": words})
    if words != comment.text:
        comment.text, comment.edited_at = words, now(session)
    touch(session, actor, comment)
    told, not_told = _name_members(session, actor, comment)
    record(session, actor, "edited", comment, detail={"on": comment.subject_ref})
    return AddedComment(comment, told, not_told)


def set_comment_deleted(session: Session, *, actor: Member, comment: Comment, deleted: bool) -> None:
    """Takes the words away, or brings them back; answers stay either way. An administrator may take any away."""
    if not may(actor, Permission.ADMINISTER):
        _require_own(actor, comment)
    comment.deleted_at = now(session) if deleted else None
    touch(session, actor, comment)
    record(session, actor, "deleted" if deleted else "restored", comment, detail={"on": comment.subject_ref})


def set_comment_resolved(session: Session, *, actor: Member, comment: Comment, resolved: bool) -> None:
    """Settles a whole thread, or opens it again. Raises RuleBroken for an answer, which is settled with its thread."""
    if comment.parent_id is not None:
        raise RuleBroken("An answer is settled with its thread. Settle the comment that it answers.")
    comment.resolved_at = now(session) if resolved else None
    comment.resolved_by_id = actor.id if resolved else None
    touch(session, actor, comment)
    record(session, actor, "resolved" if resolved else "reopened", comment, detail={"on": comment.subject_ref})


def mark_mention_seen(session: Session, *, member: Member, comment: Comment) -> None:
    """It no longer waits on the member's home page. Nobody else's is touched, so nothing is recorded of it."""
    mention = session.get(Mention, (comment.id, member.id))
    if mention is not None and mention.seen_at is None:
        mention.seen_at = now(session)
        session.flush()


def _text(text: str) -> str:
    return required_text("text", text, label="what you want to say", longest=LONGEST_COMMENT)


def _require_own(actor: Member, comment: Comment) -> None:
    if comment.created_by_id != actor.id:
        raise NotAllowed("Only whoever wrote a comment may change it. You can answer it.")


def _name_members(session: Session, actor: Member, comment: Comment) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Stores the mentions that the text holds now, keeping when each was seen; names those told and not told."""
    members = {row.id: row for row in session.scalars(select(Member).where(Member.is_active, Member.id != actor.id))}
    named = [members[number] for number in mentioned(comment.text, {row.id: row.name for row in members.values()})]
    allowed = [member for member in named if _may_see(session, member, comment.subject_ref)]
    known = set(session.scalars(select(Mention.member_id).where(Mention.comment_id == comment.id)))
    gone = known - {member.id for member in allowed}
    session.execute(delete(Mention).where(Mention.comment_id == comment.id, Mention.member_id.in_(gone)))
    session.add_all(Mention(comment_id=comment.id, member_id=each.id) for each in allowed if each.id not in known)
    session.flush()
    return (
        tuple(each.name for each in allowed if each.id not in known),
        tuple(each.name for each in named if each not in allowed),
    )


def _may_see(session: Session, member: Member, ref: str) -> bool:
    try:
        subject_of(session, member, ref)
    except NotFound:
        return False
    return True
