"""What a page shows of one hit, and the studies that the member may see at this moment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from sqlalchemy import case, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.inside import inside_studies
from insights.capture.models import Study, StudyStatus
from insights.core.base import number_of
from insights.core.clock import today
from insights.people.models import Member, Participant, Service
from search_index.projection import clearances_with, people_in_sight

Tone = Literal["ok", "warn", "bad", "plain"]
Parts = tuple[tuple[str, bool], ...]

PARTED = " · "
"""Stands in a snippet where one quote or section ends and the next begins."""


@dataclass(frozen=True, slots=True)
class State:
    """What has become of a record, in words."""

    words: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record as read from the database, within the member's scope.

    `text` is what a quote says or what is written under a claim; `meta` says who, when and where. `heard_in` is the ref
    of the session or report that the words come from, `heard_as` what that is called.
    """

    ref: str
    kind: str
    title: str
    meta: str
    states: tuple[State, ...] = ()
    text: str = ""
    study: str = ""
    dated_on: date | None = None
    heard_in: str = ""
    heard_as: str = ""


@dataclass(frozen=True, slots=True)
class HitRow:
    """A record as it was found: `title` and `snippet` in parts, each with whether it is a word searched for."""

    record: RecordRow
    title: Parts
    snippet: Parts
    score: float = 0.0

    @property
    def shows_passage(self) -> bool:
        """Whether the snippet tells more than the title does: it holds a word that was searched for."""
        return any(is_hit for _, is_hit in self.snippet)

    @property
    def shows_voice(self) -> bool:
        """Whether the snippet is what somebody said: an insight is also found by the quotes that it rests on."""
        if self.record.kind != "insight":
            return self.record.kind in {"highlight", "session"}
        shown = " ".join("".join(text for text, _ in self.snippet).replace(PARTED, " ").strip("… ").split())
        return self.shows_passage and shown not in " ".join(self.record.text.split())


@dataclass(frozen=True, slots=True)
class HitGroup:
    """Hits of one session or report, or a single hit of anything; `title` is empty for a single one."""

    hits: tuple[HitRow, ...]
    ref: str = ""
    title: str = ""


def grouped(hits: Sequence[HitRow]) -> tuple[HitGroup, ...]:
    """Hits of one session side by side, the group where its first hit stands, all else in its place."""
    together: dict[str, list[HitRow]] = {}
    for hit in hits:
        together.setdefault(hit.record.heard_in or hit.record.ref, []).append(hit)
    return tuple(
        HitGroup(tuple(held), ref, held[0].record.heard_as) if len(held) > 1 else HitGroup(tuple(held))
        for ref, held in together.items()
    )


@dataclass(frozen=True, slots=True)
class StudyLine:
    title: str
    status: StudyStatus
    starts_on: date | None
    service: str


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything that the member's sight depends on, read once for a page."""

    member: Member
    studies: Mapping[int, StudyLine] = field(default_factory=dict)
    inside: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()

    @property
    def clearances(self) -> frozenset[str]:
        return clearances_with(self.member, studies=self.studies, inside=self.inside, people=self.people)

    def study_title(self, study_id: int | None) -> str:
        line = self.studies.get(study_id or 0)
        return "" if line is None else line.title


def read_scope(session: Session, member: Member) -> Scope:
    """One statement; titles of studies are shown in hits and facets alike."""
    columns = (Study.title, Study.status, Study.starts_on, Service.name)
    studies = (
        select(
            literal(0).label("is_person"),
            Study.id.label("number"),
            case((inside_studies(member), 1), else_=0).label("is_inside"),
            *columns,
        )
        .outerjoin(Service, Service.id == Study.service_id)
        .where(visible_studies(member))
    )
    people = people_in_sight(member, today(session)).with_only_columns(
        literal(1), Participant.id, literal(0), *(cast(null(), column.type) for column in columns)
    )
    rows = session.execute(union_all(studies, people)).all()
    return Scope(
        member,
        {
            row.number: StudyLine(row.title, row.status, row.starts_on, row.name or "")
            for row in rows
            if not row.is_person
        },
        inside=frozenset(row.number for row in rows if row.is_inside),
        people=frozenset(row.number for row in rows if row.is_person),
    )


def numbers_of(refs: Iterable[str], prefix: str) -> list[int]:
    return [number for ref in refs if (number := number_of(ref, prefix)) is not None]


def joined(*words: str | None) -> str:
    """'P-7K2M, 14 October 2026, interview'."""
    return ", ".join(word for word in words if word)


def study_rows(scope: Scope, ids: Collection[int]) -> list[RecordRow]:
    return [_study_row(number, scope.studies[number]) for number in ids if number in scope.studies]


def _study_row(number: int, line: StudyLine) -> RecordRow:
    return RecordRow(
        ref=f"STU-{number}",
        kind="study",
        title=line.title,
        meta=joined(line.service),
        states=(State(line.status.value.replace("_", " ")),),
        study=line.title,
        dated_on=line.starts_on,
    )
