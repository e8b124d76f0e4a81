"""What an import read, guessed and did not understand, file by file."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from insights.exchange.decision_files.documents import DecisionDocument, NotADecision, Reading, UnreadableFile
from insights.exchange.decision_files.supersession import SupersessionReading, resolve_supersession


@dataclass(frozen=True, slots=True)
class ReadingSummary:
    """All readings of one import, in their order, and how their decisions take each other's place."""

    readings: tuple[Reading, ...]
    supersession: SupersessionReading

    @classmethod
    def of(cls, readings: Sequence[Reading]) -> "ReadingSummary":
        decisions = [reading for reading in readings if isinstance(reading, DecisionDocument)]
        return cls(tuple(readings), resolve_supersession(decisions))

    @property
    def decisions(self) -> tuple[DecisionDocument, ...]:
        return tuple(reading for reading in self.readings if isinstance(reading, DecisionDocument))

    @property
    def not_decisions(self) -> tuple[NotADecision, ...]:
        return tuple(reading for reading in self.readings if isinstance(reading, NotADecision))

    @property
    def unreadable(self) -> tuple[UnreadableFile, ...]:
        return tuple(reading for reading in self.readings if isinstance(reading, UnreadableFile))

    def note_count(self, level: Literal["guessed", "not understood"]) -> int:
        return sum(note.level == level for decision in self.decisions for note in decision.notes)

    def total_lines(self) -> tuple[str, ...]:
        """The counts, one line each, for the end of an import."""
        decisions = self.decisions
        return (
            f"{len(decisions)} decisions read ({_counts(decision.format for decision in decisions)})",
            f"status: {_counts(decision.status or 'none found' for decision in decisions)}",
            f"without a date: {sum(decision.decided_on is None for decision in decisions)}",
            f"not decisions: {len(self.not_decisions)} ({_counts(other.reason for other in self.not_decisions)})",
            f"unreadable: {len(self.unreadable)}",
            f"guessed: {self.note_count('guessed')}",
            f"kept without being understood: {self.note_count('not understood')}",
            f"superseded by another file: {len(self.supersession.supersessions)}",
            f"references not followed: {len(self.supersession.problems)}",
        )

    def file_lines(self) -> tuple[str, ...]:
        """One line a file, and under it one for each note; then the references that could not be followed."""
        lines = [line for reading in self.readings for line in _lines_of(reading)]
        return (*lines, *(f"reference not followed: {problem.what}" for problem in self.supersession.problems))


def _lines_of(reading: Reading) -> Iterator[str]:
    if isinstance(reading, NotADecision):
        yield f"{reading.name}: not a decision ({reading.reason}). {reading.why}"
        return
    if isinstance(reading, UnreadableFile):
        yield f"{reading.name}: not read ({reading.reason}). {reading.why}"
        return
    date = reading.decided_on.isoformat() if reading.decided_on else "no date"
    yield f"{reading.name}: “{reading.title}”, {reading.status or 'no status'}, {date}"
    for note in reading.notes:
        place = f" (line {note.line})" if note.line else ""
        yield f"    {note.level}: {note.what}{place}"


def _counts(words: Iterator[str]) -> str:
    return ", ".join(f"{count} {word}" for word, count in Counter(words).most_common()) or "none"
