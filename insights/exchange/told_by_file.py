"""What a decision's file said that our own columns say otherwise, kept so that an export can say it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, cast, get_args

from insights.decisions.models import DecisionStatus
from insights.exchange.decision_files import DecisionDocument, DecisionFormat
from insights.exchange.decision_files import DecisionStatus as FileStatus

_KEY = "file"


@dataclass(frozen=True, slots=True)
class ToldByFile:
    """`status` is None where the file names none we know; `taken_as` is the status the decision came in with.

    `supersedes` and `superseded_by` are references as written.
    """

    format: DecisionFormat
    number: str | None
    status: FileStatus | None
    status_text: str
    taken_as: str
    date_text: str
    supersedes: tuple[str, ...] = ()
    superseded_by: tuple[str, ...] = ()

    @classmethod
    def by(cls, document: DecisionDocument, taken_as: DecisionStatus) -> ToldByFile:
        return cls(
            format=document.format,
            number=document.number,
            status=document.status,
            status_text=document.status_text,
            taken_as=taken_as.value,
            date_text=document.date_text,
            supersedes=document.supersedes,
            superseded_by=document.superseded_by,
        )

    @classmethod
    def of(cls, custom: Mapping[str, Any]) -> ToldByFile | None:
        """From a decision's custom values; None for a decision that came from no file."""
        kept = custom.get(_KEY)
        if not isinstance(kept, dict) or kept.get("format") not in get_args(DecisionFormat):
            return None
        status = kept.get("status")
        return cls(
            format=cast("DecisionFormat", kept["format"]),
            number=kept.get("number"),
            status=cast("FileStatus | None", status if status in get_args(FileStatus) else None),
            status_text=kept.get("status_text", ""),
            taken_as=kept.get("taken_as", ""),
            date_text=kept.get("date_text", ""),
            supersedes=tuple(kept.get("supersedes", ())),
            superseded_by=tuple(kept.get("superseded_by", ())),
        )

    def as_custom(self) -> dict[str, Any]:
        """As JSON holds it, under one key of the decision's custom values."""
        values = asdict(self)
        return {_KEY: {**values, "supersedes": list(self.supersedes), "superseded_by": list(self.superseded_by)}}
