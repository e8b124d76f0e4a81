"""Sessions logged live: begun, typed into by several, paused, ended into notes and highlights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from sqlalchemy import select

from insights.capture.attendance import record_attendance
from insights.capture.live_log import TypedLine, set_log_paused, start_live_log, store_lines
from insights.capture.models import AttendanceRole, SourceText
from insights.capture.operations import edit_session_details
from insights.coding.live_log import end_live_log
from insights.core.clock import now
from research_hub.demo.records import LiveLog, LogLine
from research_hub.demo.telling.looking_through import look_through
from research_hub.demo.telling.stage import Act, Part, Stage


def acts_of_the_field(stage: Stage) -> Iterator[Act]:
    for log in stage.story.logs:
        yield from _acts_of(stage, log)


def _acts_of(stage: Stage, log: LiveLog) -> Iterator[Act]:
    """One after another on the day's clock: each act lasts until the next begins."""
    steps: list[tuple[int, Callable[[], object]]] = [(0, partial(_begin, stage, log))]
    steps += [(line.at, partial(_type, stage, log, number, line)) for number, line in enumerate(log.lines, start=1)]
    for pause in log.pauses:
        steps.append((pause.at, partial(_pause, stage, log, paused=True)))
        if pause.until is not None:
            steps.append((pause.until, partial(_pause, stage, log, paused=False)))
    if log.ended_at is not None:
        steps.append((log.ended_at, partial(_end, stage, log)))
    steps.sort(key=lambda step: step[0])
    until = [at for at, _ in steps[1:]] + [steps[-1][0] + 60]
    for (at, do), end in zip(steps, until, strict=True):
        yield Act(log.day, Part.LIVE_LOG, do, timedelta(seconds=end - at))


def _begin(stage: Stage, log: LiveLog) -> None:
    told, moderator, study = stage.told, stage.told.members[log.moderator], stage.told.studies[log.study]
    held, begun = start_live_log(stage.session, actor=moderator, study=study, participants=log.participants)
    edit_session_details(
        stage.session,
        actor=moderator,
        research_session=held,
        study=study,
        held_on=held.held_on,
        title=log.title,
        method=log.method,
        moderator=moderator.name,
        observers=", ".join(told.members[key].name for key in log.observers),
        participants=log.participants,
        channel=log.channel,
    )
    told.logs[log.key] = held, begun


def _type(stage: Stage, log: LiveLog, number: int, line: LogLine) -> None:
    held, begun = stage.told.logs[log.key]
    typed_at = round(now(stage.session).timestamp() * 1000)
    store_lines(
        stage.session,
        actor=stage.told.members[line.by],
        log=begun,
        research_session=held,
        study=stage.told.studies[log.study],
        lines=[TypedLine(f"{log.key}-{number:03}", 1, typed_at, line.text)],
    )


def _pause(stage: Stage, log: LiveLog, *, paused: bool) -> None:
    held, begun = stage.told.logs[log.key]
    study, moderator = stage.told.studies[log.study], stage.told.members[log.moderator]
    set_log_paused(stage.session, actor=moderator, log=begun, research_session=held, study=study, paused=paused)


def _end(stage: Stage, log: LiveLog) -> None:
    """The notes, and who was there for how long."""
    held, begun = stage.told.logs[log.key]
    study, moderator = stage.told.studies[log.study], stage.told.members[log.moderator]
    end_live_log(stage.session, actor=moderator, log=begun, research_session=held, study=study)
    for source in stage.session.scalars(select(SourceText).where(SourceText.research_session_id == held.id)).all():
        look_through(stage, actor=moderator, source=source, study=study)
    roles = dict.fromkeys(log.observers, AttendanceRole.OBSERVER) | {log.moderator: AttendanceRole.MODERATOR}
    for key, role in roles.items():
        record_attendance(
            stage.session,
            actor=moderator,
            research_session=held,
            study=study,
            member=stage.told.members[key],
            role=role,
        )
