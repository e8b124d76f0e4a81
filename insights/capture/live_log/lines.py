"""What observers type is stored here, sent once or ten times, in order or late, by one of them or by many."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.capture.live_log.marks import clean_line
from insights.capture.live_log.times import wall_ms, without_pauses
from insights.capture.models import LiveLog, LogLine, ResearchSession, Study
from insights.core.activity import record, touch
from insights.core.checks import required_line
from insights.core.clock import now
from insights.core.errors import InvalidInput, NotFound
from insights.people.models import Member
from insights.people.operations import require_same_area

LONGEST_LINE = 2_000
MOST_LINES = 5_000
MOST_IN_A_BATCH = 200
MOST_REVISIONS = 1_000_000

_KEY = re.compile(r"[A-Za-z0-9-]{8,64}")
_NOT_YOURS = "Only the person who typed a line may change it."
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A line as a browser sends it. `typed_at` is the moment of typing, in milliseconds since 1970 by our clock."""

    key: str
    revision: int
    typed_at: int
    text: str
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a sent line: 'stored', 'known' (sent before), 'older' (changed since; `text` is what stands), or
    'refused' with the reason. Only a refused line is still the browser's alone.
    """

    key: str
    state: str
    revision: int
    text: str = ""
    reason: str = ""


def store_lines(
    session: Session,
    *,
    actor: Member,
    log: LiveLog,
    research_session: ResearchSession,
    study: Study,
    lines: Sequence[TypedLine],
) -> list[Outcome]:
    """Stores each line once by its key; the outcomes stand in the order of the lines.

    A line is a draft until the log ends, so it leaves no activity entry; the row itself says who typed it and when.
    Lines are taken after the end too: they wait beside the notes (`late_lines`). Raises InvalidInput for a batch that
    is too large, with nothing stored; a line that cannot be taken holds no other line up.
    """
    require_same_area(session, actor, study.team_id)
    if len(lines) > MOST_IN_A_BATCH:
        raise InvalidInput(f"Send at most {MOST_IN_A_BATCH} lines at once; these are {len(lines)}.")
    keys = {line.key for line in lines if _KEY.fullmatch(line.key)}
    found = session.scalars(select(LogLine).where(LogLine.live_log_id == log.id, LogLine.key.in_(keys)))
    known = {row.key: row for row in found}
    count = session.scalar(select(func.count(LogLine.id)).where(LogLine.live_log_id == log.id)) or 0
    batch = _Batch(session, actor, log, known, count)
    outcomes = [batch.take(line) for line in lines]
    session.flush()
    if batch.stored and research_session.deleted_at is not None and log.ended_at is None:
        # Somebody threw the empty log away while these lines were on their way.
        research_session.deleted_at = None
        touch(session, actor, research_session)
        record(session, actor, "restored", research_session, touches=[study.ref])
    return outcomes


def set_line_deleted(
    session: Session, *, actor: Member, log: LiveLog, study: Study, key: str, deleted: bool
) -> LogLine:
    """Takes one's own line away, or brings it back; its words are kept either way."""
    require_same_area(session, actor, study.team_id)
    line = session.scalar(select(LogLine).where(LogLine.live_log_id == log.id, LogLine.key == key))
    if line is None:
        raise NotFound("line")
    if line.observer_id != actor.id:
        raise InvalidInput(_NOT_YOURS)
    if (line.deleted_at is not None) is not deleted:
        line.revision += 1
        line.deleted_at = now(session) if deleted else None
        _count_change(log, line)
        session.flush()
    return line


@dataclass(slots=True)
class _Batch:
    session: Session
    actor: Member
    log: LiveLog
    known: dict[str, LogLine]
    count: int
    stored: int = 0

    def take(self, line: TypedLine) -> Outcome:
        text = clean_line(line.text)
        existing = self.known.get(line.key)
        reason = _refusal(line, text, deleted=line.deleted) or self._refusal_here(existing)
        if reason:
            return Outcome(line.key, "refused", line.revision, reason=reason)
        if existing is None:
            self._add(line, text)
            return Outcome(line.key, "stored", line.revision, text)
        if line.revision <= existing.revision:
            same = existing.text == text and (existing.deleted_at is not None) is line.deleted
            return Outcome(line.key, "known" if same else "older", existing.revision, existing.text)
        self._change(existing, line, text)
        return Outcome(line.key, "stored", line.revision, text)

    def _refusal_here(self, existing: LogLine | None) -> str:
        if existing is not None:
            return _NOT_YOURS if existing.observer_id != self.actor.id else ""
        if self.count >= MOST_LINES:
            return f"The log has {MOST_LINES:,} lines, which is the most it takes. End it and start another."
        return ""

    def _add(self, line: TypedLine, text: str) -> None:
        """A browser's clock may run ahead of ours: no line is of the future, and none from before the start."""
        moment = now(self.session)
        typed_ms = min(max(0, line.typed_at - _since_1970(self.log.started_at)), wall_ms(self.log, moment))
        row = LogLine(
            live_log_id=self.log.id,
            key=line.key,
            revision=line.revision,
            observer_id=self.actor.id,
            typed_ms=typed_ms,
            at_ms=without_pauses(typed_ms, self.log.pauses),
            text=text,
            recorded_at=moment,
            deleted_at=moment if line.deleted else None,
        )
        _count_change(self.log, row)
        self.session.add(row)
        self.known[line.key] = row
        self.count += 1
        self.stored += 1

    def _change(self, row: LogLine, line: TypedLine, text: str) -> None:
        """An edit keeps the line's time."""
        row.revision = line.revision
        row.text = text
        row.deleted_at = (row.deleted_at or now(self.session)) if line.deleted else None
        _count_change(self.log, row)
        self.stored += 1


def _refusal(line: TypedLine, text: str, *, deleted: bool) -> str:
    if not _KEY.fullmatch(line.key):
        return "A line’s key has 8 to 64 letters, digits and hyphens."
    if not 1 <= line.revision <= MOST_REVISIONS:
        return f"A line’s revision is a number from 1 to {MOST_REVISIONS:,}."
    if len(text) > LONGEST_LINE:
        return f"A line takes {LONGEST_LINE:,} characters; this one has {len(text):,}. Split it in two."
    return "" if deleted else _emptiness(text)


def _emptiness(text: str) -> str:
    try:
        required_line("text", text, label="something to read", longest=LONGEST_LINE)
    except InvalidInput as error:
        return error.message
    return ""


def _count_change(log: LiveLog, line: LogLine) -> None:
    log.sequence += 1
    line.sequence = log.sequence


def _since_1970(moment: datetime) -> int:
    return round((moment - _EPOCH).total_seconds() * 1000)
