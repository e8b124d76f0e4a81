"""What every step of storing a project needs to know."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy.orm import Session

from insights.capture.models import Study
from insights.exchange.qda.packages import Package
from insights.exchange.qda.rows import Identities
from insights.exchange.qda.side_file import Side
from insights.exchange.qda.understood import Problem, Understood
from insights.people.models import Member


class KeepsFiles(Protocol):
    """Where originals are kept, byte for byte."""

    def keep_stream(self, stream: IO[bytes]) -> tuple[str, int]:
        """Stores what the stream holds and answers its SHA-256 and its size."""
        ...

    def path_of(self, digest: str) -> Path:
        """Where the content of that SHA-256 lies."""
        ...


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person said beside 'bring in'.

    `separator` splits names of codes into a tree; empty keeps them as they are. `names_are_codes` says that the cases'
    names are pseudonyms and may be participants' codes. `to_organisation` is for a codebook alone.
    """

    separator: str = ""
    names_are_codes: bool = False
    to_organisation: bool = False


@dataclass(frozen=True, slots=True)
class Incoming:
    """One project on its way into one study. `problems` grows while it is stored."""

    session: Session
    actor: Member
    study: Study
    understood: Understood
    side: Side
    identities: Identities
    files: KeepsFiles
    package: Package | None
    choices: Choices
    problems: list[Problem] = field(default_factory=list)
