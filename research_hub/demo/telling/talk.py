"""Comments on insights and decisions: said, answered, resolved."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from insights.stewardship.comments import add_comment, mark_mention_seen, set_comment_resolved, subject_of
from research_hub.demo.records import Answer, Comment
from research_hub.demo.telling.stage import Act, Part, Stage


def acts_of_talk(stage: Stage) -> Iterator[Act]:
    for comment in stage.story.comments:
        yield Act(comment.day, Part.TALK, partial(_say, stage, comment))
        for answer in comment.answers:
            yield Act(answer.day, Part.TALK, partial(_answer, stage, comment, answer))
        if comment.resolved_day is not None:
            yield Act(comment.resolved_day, Part.TALK, partial(_resolve, stage, comment))


def _say(stage: Stage, comment: Comment) -> None:
    told, writer = stage.told, stage.told.members[comment.by]
    about = told.insights[comment.about] if comment.kind == "insight" else told.decisions[comment.about]
    subject = subject_of(stage.session, writer, about.ref)
    told.comments[comment.key] = add_comment(stage.session, actor=writer, subject=subject, text=comment.text).comment


def _answer(stage: Stage, comment: Comment, answer: Answer) -> None:
    """Whoever answers has seen that they were named."""
    writer, asked = stage.told.members[answer.by], stage.told.comments[comment.key]
    mark_mention_seen(stage.session, member=writer, comment=asked)
    subject = subject_of(stage.session, writer, asked.subject_ref)
    add_comment(stage.session, actor=writer, subject=subject, text=answer.text, parent=asked)


def _resolve(stage: Stage, comment: Comment) -> None:
    actor = stage.told.members[comment.resolved_by or comment.by]
    set_comment_resolved(stage.session, actor=actor, comment=stage.told.comments[comment.key], resolved=True)
