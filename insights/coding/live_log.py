"""A live log ends: its lines become the session's notes, and its marked lines highlights (features.md A9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from insights.capture.live_log import NotedLine, is_paused, late_lines, notes_of, wall_ms, without_pauses
from insights.capture.models import (
    LiveLog,
    LogLine,
    ResearchSession,
    SessionStatus,
    SourceKind,
    SourceText,
    Study,
    Utterance,
    session_participants,
)
from insights.capture.operations import NewUtterance, add_text_version
from insights.coding.carrying import current_version_of, edit_source_text, place_highlight
from insights.coding.models import Highlight, HighlightStatus
from insights.coding.operations import find_or_add_tag, highlight_passage, set_highlight_dropped, set_tags
from insights.core.activity import add, record, touch
from insights.core.clock import now
from insights.core.errors import InvalidInput, RuleBroken
from insights.core.text import make_anchor
from insights.people.models import Member, Participant
from insights.people.operations import find_or_add_participant, require_same_area

_NOTHING_TYPED = "Nothing was typed yet, so there are no notes to make. Type a line, or throw the empty log away."
_WORKED_ON = (
    "Somebody worked on the notes or highlights after the log had ended, so it stays ended. Edit the notes instead."
)


@dataclass(frozen=True, slots=True)
class EndedLog:
    """`was_running` is False for whoever ended it second: then nothing was done again."""

    source: SourceText
    lines: int
    highlights: int
    was_running: bool


def end_live_log(
    session: Session, *, actor: Member, log: LiveLog, research_session: ResearchSession, study: Study
) -> EndedLog:
    """Gives the session its notes, with each line's time and participant, and a highlight for each marked line.

    Ending twice is ending once. Raises RuleBroken where nobody has typed a line.
    """
    require_same_area(session, actor, study.team_id)
    if log.ended_at is not None and log.source_text_id is not None:
        return EndedLog(session.get_one(SourceText, log.source_text_id), 0, 0, was_running=False)
    lines = _typed_lines(session, log)
    if not lines:
        raise RuleBroken(_NOTHING_TYPED)
    notes = notes_of(lines)
    source = _source_of(session, actor, log, research_session)
    version = add_text_version(session, actor=actor, source=source, text=notes.text)
    writing = _Writing(session, actor, log, source, version.id, _people(session, actor, research_session, notes.lines))
    writing.add_utterances(notes.lines, first=1)
    made = writing.add_highlights(notes.lines)
    writing.mark_noted(lines)
    _close(session, actor, log, research_session)
    touches = [study.ref, source.ref, *(each.ref for each in made)]
    record(session, actor, "ended live log of", research_session, touches=touches)
    return EndedLog(source, len(lines), len(made), was_running=True)


def reopen_live_log(
    session: Session, *, actor: Member, log: LiveLog, research_session: ResearchSession, study: Study
) -> None:
    """Takes the ending back: the log runs on, its notes and highlights wait until it ends again.

    Raises RuleBroken when somebody has worked on them since.
    """
    require_same_area(session, actor, study.team_id)
    if log.ended_at is None or log.source_text_id is None:
        return
    source = session.get_one(SourceText, log.source_text_id)
    if not can_reopen(session, log):
        raise RuleBroken(_WORKED_ON)
    for highlight in _highlights_of(session, source, HighlightStatus.ACTIVE):
        set_highlight_dropped(session, actor=actor, highlight=highlight, dropped=True)
    source.deleted_at = now(session)
    touch(session, actor, source)
    for line in _typed_lines(session, log):
        line.noted_revision = None
    # The time between ending and reopening was no part of the session.
    log.pauses = [*log.pauses, [wall_ms(log, log.ended_at), wall_ms(log, now(session))]]
    log.ended_at = log.ended_by_id = None
    research_session.status, research_session.minutes = SessionStatus.HELD, None
    touch(session, actor, research_session)
    record(session, actor, "reopened live log of", research_session, touches=[study.ref, source.ref])


def can_reopen(session: Session, log: LiveLog) -> bool:
    """Whether the log has ended and its notes and highlights are still as the ending made them."""
    source = None if log.source_text_id is None else session.get(SourceText, log.source_text_id)
    if log.ended_at is None or source is None or source.current_version_id != log.text_version_id:
        return False
    changed = select(func.count(Highlight.id)).where(
        Highlight.source_text_id == source.id, Highlight.updated_at > log.ended_at
    )
    return source.deleted_at is None and not session.scalar(changed)


def add_late_lines(
    session: Session, *, actor: Member, log: LiveLog, research_session: ResearchSession, study: Study
) -> int:
    """Puts the lines that came in after the end below the notes, with their highlights; says how many there were."""
    require_same_area(session, actor, study.team_id)
    lines = late_lines(session, log)
    if not lines or log.source_text_id is None:
        return 0
    source = session.get_one(SourceText, log.source_text_id)
    before = current_version_of(session, source)
    notes = notes_of(lines, after=before.text)
    edit_source_text(session, actor=actor, source=source, study=study, text=notes.text, version_number=before.number)
    version = current_version_of(session, source)
    people = _people(session, actor, research_session, notes.lines)
    writing = _Writing(session, actor, log, source, version.id, people)
    writing.add_utterances(notes.lines, first=writing.carry_utterances(before.id) + 1)
    made = writing.add_highlights(notes.lines)
    writing.mark_noted(lines)
    touches = [study.ref, source.ref, *(each.ref for each in made)]
    record(session, actor, "added late lines to", research_session, touches=touches, detail={"lines": len(lines)})
    return len(lines)


@dataclass(frozen=True, slots=True)
class _Writing:
    """Writes what belongs to one version of the notes. `people` are the participants by their codes as typed."""

    session: Session
    actor: Member
    log: LiveLog
    source: SourceText
    version_id: int
    people: dict[str, Participant]

    def add_utterances(self, lines: Sequence[NotedLine], *, first: int) -> None:
        rows = [
            {"text_version_id": self.version_id, "number": number, **asdict(self._utterance(each))}
            for number, each in enumerate(lines, start=first)
        ]
        self.session.execute(insert(Utterance), rows)

    def carry_utterances(self, before_id: int) -> int:
        """Gives the version those of the one before it, unless it has some; the text was only added to. Their count."""
        query = select(Utterance).where(Utterance.text_version_id == self.version_id).order_by(Utterance.number)
        here = self.session.scalars(query).all()
        if here:
            return here[-1].number
        before = self.session.scalars(
            select(Utterance).where(Utterance.text_version_id == before_id).order_by(Utterance.number)
        ).all()
        for each in before:
            copy = NewUtterance(each.start, each.end, each.start_ms, each.end_ms, each.speaker, each.participant_id)
            self.session.add(Utterance(text_version_id=self.version_id, number=each.number, **asdict(copy)))
        self.session.flush()
        return before[-1].number if before else 0

    def add_highlights(self, lines: Sequence[NotedLine]) -> list[Highlight]:
        """One for each marked line; those that a reopening took away come back under their own refs."""
        waiting: defaultdict[str, list[Highlight]] = defaultdict(list)
        for highlight in reversed(_highlights_of(self.session, self.source, HighlightStatus.DROPPED)):
            waiting[highlight.exact].append(highlight)
        return [self._highlight(each, waiting) for each in lines if each.marked.is_coded]

    def mark_noted(self, lines: Sequence[LogLine]) -> None:
        for line in lines:
            line.noted_revision = line.revision
        self.log.source_text_id, self.log.text_version_id = self.source.id, self.version_id
        self.session.flush()

    def _highlight(self, noted: NotedLine, waiting: dict[str, list[Highlight]]) -> Highlight:
        marked, person = noted.marked, self.people.get(noted.marked.participant or "")
        version = current_version_of(self.session, self.source)
        anchor = make_anchor(version.text, noted.start, noted.end)
        earlier = waiting.get(anchor.exact)
        tags, refused = self._tags(marked.tags)
        if not earlier:
            highlight = highlight_passage(
                self.session,
                actor=self.actor,
                source=self.source,
                start=noted.start,
                end=noted.end,
                tags=tags,
                polarity=marked.polarity,
                severity=marked.severity,
                participant=person,
            )
        else:
            highlight = earlier.pop()
            place_highlight(highlight, self.version_id, anchor)
            highlight.polarity, highlight.severity = marked.polarity, marked.severity
            highlight.participant_id = None if person is None else person.id
            set_tags(self.session, actor=self.actor, highlight=highlight, tags=tags)
            set_highlight_dropped(self.session, actor=self.actor, highlight=highlight, dropped=False)
        if refused:
            highlight.observation = f"Tags that could not be added: {', '.join(refused)}"
        return highlight

    def _tags(self, typed: Sequence[str]) -> tuple[list[str], list[str]]:
        """Those that the codebook takes, and those that it does not: one bad tag must not keep a log from ending."""
        taken, refused = [], []
        for path in typed:
            try:
                find_or_add_tag(self.session, actor=self.actor, path=path, study_id=self.source.study_id)
            except (InvalidInput, RuleBroken):
                refused.append(path)
            else:
                taken.append(path)
        return taken, refused

    def _utterance(self, noted: NotedLine) -> NewUtterance:
        person = self.people.get(noted.marked.participant or "")
        return NewUtterance(
            noted.start,
            noted.end,
            start_ms=noted.line.at_ms,
            speaker="" if person is None else person.code,
            participant_id=None if person is None else person.id,
        )


def _typed_lines(session: Session, log: LiveLog) -> list[LogLine]:
    query = select(LogLine).where(LogLine.live_log_id == log.id, LogLine.deleted_at.is_(None))
    return list(session.scalars(query.order_by(LogLine.typed_ms, LogLine.id)))


def _source_of(session: Session, actor: Member, log: LiveLog, research_session: ResearchSession) -> SourceText:
    """The source that an earlier ending made, or a new one."""
    if log.source_text_id is not None:
        source = session.get_one(SourceText, log.source_text_id)
        source.deleted_at = None
        touch(session, actor, source)
        return source
    source = SourceText(
        study_id=research_session.study_id,
        research_session_id=research_session.id,
        kind=SourceKind.NOTE,
        title=research_session.title,
        dated_on=research_session.held_on,
    )
    add(session, actor, source)
    return source


def _people(
    session: Session, actor: Member, research_session: ResearchSession, lines: Sequence[NotedLine]
) -> dict[str, Participant]:
    """The participants that the lines name; whoever was not in the session yet is added to it."""
    codes = {each.marked.participant for each in lines if each.marked.participant}
    study_id = research_session.study_id
    people = {
        code: find_or_add_participant(session, actor=actor, study_id=study_id, code=code) for code in sorted(codes)
    }
    there = set(
        session.scalars(
            select(session_participants.c.participant_id).where(
                session_participants.c.research_session_id == research_session.id
            )
        )
    )
    missing = sorted({person.id for person in people.values()} - there)
    if missing:
        rows = [{"research_session_id": research_session.id, "participant_id": person} for person in missing]
        session.execute(insert(session_participants), rows)
    return people


def _highlights_of(session: Session, source: SourceText, status: HighlightStatus) -> list[Highlight]:
    query = select(Highlight).where(Highlight.source_text_id == source.id, Highlight.status == status)
    return list(session.scalars(query.order_by(Highlight.start, Highlight.id)))


def _close(session: Session, actor: Member, log: LiveLog, research_session: ResearchSession) -> None:
    """Stops the time, and fills in who watched and how long it took where nobody has said so."""
    moment = now(session)
    log.ended_at, log.ended_by_id = moment, actor.id
    wall = wall_ms(log, moment)
    if is_paused(log):
        log.pauses = [*log.pauses[:-1], [log.pauses[-1][0], wall]]
    research_session.status = SessionStatus.WRITTEN_UP
    research_session.minutes = research_session.minutes or round(without_pauses(wall, log.pauses) / 60_000)
    research_session.observers = research_session.observers or _observers(session, log)
    touch(session, actor, research_session)


def _observers(session: Session, log: LiveLog) -> str:
    names = session.scalars(
        select(Member.name).join(LogLine, LogLine.observer_id == Member.id).where(LogLine.live_log_id == log.id)
    )
    return ", ".join(sorted(set(names)))[:500]
