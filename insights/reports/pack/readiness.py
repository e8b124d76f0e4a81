"""Which points of a standard have something under them, before a pack is made; built from few questions."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from insights.openness.models import StandardLink
from insights.people.models import Member
from insights.people.queries import Choice
from insights.reports.pack.gathering import ServiceFacts, gather_service
from insights.reports.pack.pack import ref_of
from insights.reports.pack.standards import Point, Standard
from insights.reports.pack.suggesting import Suggestion, suggest
from insights.reports.table import Table


@dataclass(frozen=True, slots=True)
class LinkedRecord:
    link_id: int
    ref: str
    title: str
    note: str


@dataclass(frozen=True, slots=True)
class PointReadiness:
    point: Point
    prompts: tuple[str, ...]
    linked: tuple[LinkedRecord, ...]
    suggested: tuple[Suggestion, ...]

    @property
    def state(self) -> str:
        if self.linked:
            return "linked"
        return "only suggested" if self.suggested else "nothing linked"


@dataclass(frozen=True, slots=True)
class Readiness:
    standard: Standard
    phase: str
    points: tuple[PointReadiness, ...]

    @property
    def ready(self) -> int:
        return sum(bool(each.linked) for each in self.points)

    def as_table(self) -> Table:
        columns = ("Point", "Title", "State", "Linked", "Suggested")
        rows = tuple(
            (
                each.point.number,
                each.point.title,
                each.state,
                ", ".join(linked.ref for linked in each.linked),
                ", ".join(found.ref for found in each.suggested),
            )
            for each in self.points
        )
        return Table("Readiness", columns, rows)


def readiness(session: Session, member: Member, *, standard: Standard, service: Choice, phase: str) -> Readiness:
    facts = gather_service(session, member, int(service.value), standard.code)
    titles = {each.ref: each.title for each in facts.decisions}
    titles |= {each.ref: each.claim for each in facts.insights.values()}
    return Readiness(standard, phase, tuple(_point(point, facts, titles, phase) for point in standard.points))


def _point(point: Point, facts: ServiceFacts, titles: dict[str, str], phase: str) -> PointReadiness:
    linked = tuple(_linked(each, titles) for each in facts.links if each.point == point.number)
    found = tuple(suggest(point, facts, [each.ref for each in linked]))
    return PointReadiness(point, point.prompts_in(phase), linked, found)


def _linked(link: StandardLink, titles: dict[str, str]) -> LinkedRecord:
    ref = ref_of(link.decision_id, link.insight_id)
    return LinkedRecord(link.id, ref, titles[ref], link.note)
