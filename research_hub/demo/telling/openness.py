"""What everybody may read, what an assessor is shown, and the figures that were frozen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from insights.openness.entries import (
    EntryTexts,
    check_entry,
    choose_quotes,
    draft_entry,
    edit_entry,
    name_approver,
    publish_entry,
    sign_off_entry,
)
from insights.openness.models import PublicEntry
from insights.reports.days import Period
from insights.reports.freezing import freeze_report
from insights.reports.pack import link_to_point
from research_hub.demo import records
from research_hub.demo.telling.stage import Act, Part, Stage

_FROZEN_BY = "leader"


def acts_of_openness(stage: Stage) -> Iterator[Act]:
    for point in stage.story.points:
        yield Act(point.day, Part.TALK, partial(_link_to_point, stage, point))
    for text in stage.story.public_texts:
        stored: list[PublicEntry] = []
        yield Act(text.day, Part.TALK, partial(_write, stage, text, stored))
        if text.signed_off_day is not None:
            yield Act(text.signed_off_day, Part.TALK, partial(_sign_off, stage, text, stored))
        if text.published_day is not None:
            yield Act(text.published_day, Part.CLOSING, partial(_publish, stage, text, stored))
    quarter = last_quarter(stage.today)
    frozen_on = quarter.end + timedelta(days=1)
    yield Act((frozen_on - stage.today).days, Part.OPENING, partial(_freeze, stage, quarter))


def _link_to_point(stage: Stage, point: records.PointLink) -> None:
    told = stage.told
    link_to_point(
        stage.session,
        actor=told.members[point.by],
        standard=point.standard,
        point=point.point,
        subject=told.decisions[point.about] if point.kind == "decision" else told.insights[point.about],
        note=point.note,
    )


def _write(stage: Stage, text: records.PublicText, stored: list[PublicEntry]) -> None:
    """Drafted, put into plain words, and looked through for personal data."""
    session, told = stage.session, stage.told
    actor = told.members[text.by]
    entry = draft_entry(session, actor=actor, decision=told.decisions[text.decision])
    texts = EntryTexts(
        text.title, text.summary, text.we_asked, text.you_said, text.we_did, text.we_did_not, text.what_next
    )
    edit_entry(session, actor=actor, entry=entry, texts=texts)
    choose_quotes(session, actor=actor, entry=entry, highlight_ids=[told.highlights[key].id for key in text.quotes])
    name_approver(session, actor=actor, entry=entry, approver=told.members[text.approver])
    check_entry(session, actor=actor, entry=entry)
    stored.append(entry)


def _sign_off(stage: Stage, text: records.PublicText, stored: list[PublicEntry]) -> None:
    actor, decision = stage.told.members[text.approver], stage.told.decisions[text.decision]
    sign_off_entry(stage.session, actor=actor, entry=stored[0], decision=decision)


def _publish(stage: Stage, text: records.PublicText, stored: list[PublicEntry]) -> None:
    actor, decision = stage.told.members[text.by], stage.told.decisions[text.decision]
    publish_entry(stage.session, actor=actor, entry=stored[0], decision=decision)


def last_quarter(today: date) -> Period:
    """The quarter of the calendar that ended last."""
    this_one = date(today.year, today.month - (today.month - 1) % 3, 1)
    last_day = this_one - timedelta(days=1)
    return Period(date(last_day.year, last_day.month - 2, 1), last_day)


def _freeze(stage: Stage, quarter: Period) -> None:
    actor = stage.told.members[_FROZEN_BY]
    freeze_report(stage.session, actor=actor, period=quarter, note="For the board’s first meeting of the quarter.")
