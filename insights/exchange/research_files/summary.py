from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from insights.exchange.research_files.documents import (
    NotResearch,
    ResearchDocument,
    SkippedFile,
    TreeEntry,
    UnreadableFile,
)


@dataclass(frozen=True, slots=True)
class ResearchSummary:
    """What an import read, guessed and did not understand. Counts are files, except the two of notes."""

    documents: int
    not_research: int
    unreadable: int
    skipped: int
    dated: int
    guesses: int
    not_understood: int
    lines: tuple[str, ...]

    @property
    def total(self) -> int:
        return self.documents + self.not_research + self.unreadable + self.skipped

    @property
    def headline(self) -> str:
        """One line for the end of the import."""
        return (
            f"{self.total} files: {self.documents} read ({self.dated} dated), {self.not_research} not research,"
            f" {self.unreadable} unreadable, {self.skipped} skipped;"
            f" {self.guesses} guesses, {self.not_understood} things not understood"
        )


def summarise(entries: Iterable[TreeEntry]) -> ResearchSummary:
    """Count the entries and write a line for each file, with its notes indented under it."""
    kept = list(entries)
    kinds = Counter(type(entry) for entry in kept)
    documents = [entry for entry in kept if isinstance(entry, ResearchDocument)]
    levels = Counter(note.level for document in documents for note in document.notes)
    return ResearchSummary(
        documents=len(documents),
        not_research=kinds[NotResearch],
        unreadable=kinds[UnreadableFile],
        skipped=kinds[SkippedFile],
        dated=sum(document.dated_on is not None for document in documents),
        guesses=levels["guessed"],
        not_understood=levels["not understood"],
        lines=tuple(line for entry in kept for line in summary_lines(entry)),
    )


def summary_lines(entry: TreeEntry) -> tuple[str, ...]:
    """The lines for one file: what became of it, then each guess and each thing not understood."""
    if isinstance(entry, ResearchDocument):
        read = f"read            {entry.name}: {entry.title}"
        return (read, *(f"  {note.level}: {note.what}{_at(note.line)}" for note in entry.notes))
    return (f"{_WORDS[type(entry)]:<15} {entry.name}: {entry.reason}",)


_WORDS: dict[type[TreeEntry], str] = {
    NotResearch: "not research",
    UnreadableFile: "unreadable",
    SkippedFile: "skipped",
}


def _at(line: int | None) -> str:
    return f" (line {line})" if line else ""
