"""Where the record stood at a moment, written down outside the database: a cut tail is found by nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sqlalchemy.orm import Session

from insights.core.activity import activity_head
from insights.core.chain import Head
from insights.core.clock import now
from insights.stewardship.audit.looks import looks_head

_LINE = re.compile(
    r"Research Hub record at (?P<at>\S+): activity (?P<activity>\d+) (?P<activity_chain>[0-9a-f]{64}), "
    r"looks (?P<looks>\d+) (?P<looks_chain>[0-9a-f]{64})"
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """`at` is ISO 8601 with its zone. It tells nothing of what is in the record and may be kept anywhere."""

    at: str
    activity: Head
    looks: Head

    @property
    def as_line(self) -> str:
        return (
            f"Research Hub record at {self.at}: activity {self.activity.position} {self.activity.chain}, "
            f"looks {self.looks.position} {self.looks.chain}"
        )

    @classmethod
    def from_line(cls, line: str) -> Self | None:
        """None for a line that holds no anchor."""
        found = _LINE.search(line)
        if found is None:
            return None
        return cls(
            found["at"],
            Head(int(found["activity"]), found["activity_chain"]),
            Head(int(found["looks"]), found["looks_chain"]),
        )

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)

    @property
    def day(self) -> str:
        return self.moment.date().isoformat()


def anchor_now(session: Session) -> Anchor:
    return Anchor(now(session).isoformat(timespec="microseconds"), activity_head(session), looks_head(session))


def anchors_in(lines: Iterable[str]) -> list[Anchor]:
    """The anchors among lines that may hold other things too."""
    return [anchor for anchor in map(Anchor.from_line, lines) if anchor is not None]
