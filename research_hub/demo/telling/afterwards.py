"""The work on decisions, pictures of what changed, second looks at evidence, and reviews."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sqlalchemy import select

from insights.decisions.images import check_image
from insights.decisions.models import Change, DeliveryLink, ImageSide, WorkState
from insights.decisions.operations import add_delivery_link, set_change_image, set_work_state
from insights.decisions.relooking import look_again
from insights.decisions.reviews import ask_for_review, close_reviews
from insights.synthesis.operations import ask_to_look_again
from research_hub.demo import records
from research_hub.demo.drawing import draw
from research_hub.demo.telling.stage import Act, Part, Stage


def acts_of_what_came_after(stage: Stage) -> Iterator[Act]:
    story = stage.story
    for work in story.works:
        stored: list[DeliveryLink] = []
        yield Act(work.day, Part.TALK, partial(_link_work, stage, work, stored))
        if work.done_day is not None:
            yield Act(work.done_day, Part.TALK, partial(_finish_work, stage, work, stored))
    for pair in story.pictures:
        yield Act(pair.day, Part.TALK, partial(_show, stage, pair))
    for look in story.second_looks:
        yield Act(look.day, Part.TALK, partial(_ask_to_look, stage, look))
        if look.looked_day is not None:
            yield Act(look.looked_day, Part.TALK, partial(_look, stage, look))
    for review in story.reviews:
        yield Act(review.day, Part.TALK, partial(_ask_for_review, stage, review))
        yield Act(review.answered_day, Part.TALK, partial(_answer_review, stage, review))


def _link_work(stage: Stage, work: records.Work, stored: list[DeliveryLink]) -> None:
    told = stage.told
    link = add_delivery_link(
        stage.session,
        actor=told.members[work.by],
        decision=told.decisions[work.decision],
        url=work.url,
        title=work.title,
        state=work.state,
    )
    stored.append(link)


def _finish_work(stage: Stage, work: records.Work, stored: list[DeliveryLink]) -> None:
    told = stage.told
    actor, decision = told.members[work.by], told.decisions[work.decision]
    set_work_state(stage.session, actor=actor, decision=decision, link=stored[0], state=WorkState.DONE)


def _show(stage: Stage, pair: records.PicturePair) -> None:
    decision = stage.told.decisions[pair.decision]
    change = stage.session.scalars(select(Change).where(Change.decision_id == decision.id)).one()
    for side, drawing in ((ImageSide.BEFORE, pair.before), (ImageSide.AFTER, pair.after)):
        image = check_image(draw(pair.width, pair.height, drawing.blocks), field=side.value)
        stage.files.keep(image.content)
        set_change_image(
            stage.session,
            actor=stage.told.members[pair.by],
            decision=decision,
            change=change,
            side=side,
            image=image,
            alt=drawing.alt,
        )


def _ask_to_look(stage: Stage, look: records.SecondLook) -> None:
    told = stage.told
    ask_to_look_again(
        stage.session,
        actor=told.members[look.by],
        insight=told.insights[look.insight],
        owner=told.members[look.owner],
        due_on=stage.on(look.due_day),
        why=look.why,
    )


def _look(stage: Stage, look: records.SecondLook) -> None:
    told = stage.told
    look_again(
        stage.session,
        actor=told.members[look.owner],
        insight=told.insights[look.insight],
        result=look.result or "",
        note=look.note,
    )


def _ask_for_review(stage: Stage, review: records.Review) -> None:
    told = stage.told
    actor, decision = told.members[review.by], told.decisions[review.decision]
    ask_for_review(stage.session, actor=actor, decision=decision, cause=review.cause)


def _answer_review(stage: Stage, review: records.Review) -> None:
    told = stage.told
    actor, decision = told.members[review.answered_by], told.decisions[review.decision]
    close_reviews(stage.session, actor=actor, decision=decision, result=review.result, note=review.note)
