"""Who was heard, against whom one meant to hear, and who was not heard at all (features.md B6). Pure tables.

    coverage(people, targets) -> Coverage          one study, in full: its own page lists the people anyway
    coverage(people, (), careful=True) -> Coverage  anything wider: counts of one or two are not given away

Attributes that neither a target nor a person has have no table. A number below three could single somebody out, so it
is held back; where what is shown would still give it away, the next smallest number is held back with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from insights.capture.inclusion import Heard, TargetRow
from insights.people.participants import ATTRIBUTES, Attribute
from insights.reports.table import Table

FEW = 3
"""Smallest number of people that is given outside a study's own page."""

NOT_TOLD = "not recorded"


@dataclass(frozen=True, slots=True)
class Line:
    """How many people have a value. `heard` is None where it is held back, so that nobody is singled out."""

    value: str
    heard: int | None
    target: int | None = None
    target_id: int | None = None
    withheld: str = ""

    @property
    def is_unmet(self) -> bool:
        return self.target is not None and self.heard is not None and self.heard < self.target

    @property
    def heard_in_words(self) -> str:
        return self.withheld if self.heard is None else f"{self.heard:,}"

    @property
    def share(self) -> float:
        """Per cent of the target; 0 to 100."""
        return 0.0 if not self.target else min(100.0, (self.heard or 0) / self.target * 100)


@dataclass(frozen=True, slots=True)
class AttributeCoverage:
    """`total` counts all people, also those of whom this is not recorded (the last line)."""

    key: str
    label: str
    lines: tuple[Line, ...]
    total: int

    def share(self, line: Line) -> float:
        """Per cent of all people heard, for a bar; what is held back is drawn as nothing."""
        return 0.0 if not self.total or line.heard is None else line.heard / self.total * 100


@dataclass(frozen=True, slots=True)
class Unheard:
    """A group that was not heard as meant: nobody at all, or fewer than the target.

    An attribute that was recorded of nobody has one entry with an empty value: then nothing is known either way.
    """

    label: str
    value: str
    heard: int
    target: int | None

    @property
    def in_words(self) -> str:
        if not self.value:
            return "not recorded of anybody"
        return self.value if self.target is None else f"{self.value}: {self.heard} of {self.target}"


@dataclass(frozen=True, slots=True)
class Coverage:
    """`too_few` says that there are people, but so few that any attribute would tell of one of them."""

    total: int
    attributes: tuple[AttributeCoverage, ...]
    unheard: tuple[Unheard, ...]
    too_few: bool = False

    def as_table(self, name: str = "Inclusion") -> list[Table]:
        rows = tuple(
            (each.label, line.value, line.heard_in_words if line.heard is None else line.heard, line.target)
            for each in self.attributes
            for line in each.lines
        )
        missing = tuple((each.label, each.value, each.heard, each.target) for each in self.unheard)
        return [
            Table(name, ("Attribute", "Value", "Heard", "Target"), rows),
            Table("Not heard", ("Attribute", "Value", "Heard", "Target"), missing),
        ]


def coverage(people: Sequence[Heard], targets: Iterable[TargetRow] = (), *, careful: bool = False) -> Coverage:
    """`careful` holds back small numbers, and everything but the total where fewer than three people were heard."""
    if careful and 0 < len(people) < FEW:
        return Coverage(len(people), (), (), too_few=True)
    aimed: dict[str, dict[str, TargetRow]] = {}
    for row in targets:
        aimed.setdefault(row.attribute, {})[row.value] = row
    tables = [_attribute(each, people, aimed.get(each.key, {}), careful=careful) for each in ATTRIBUTES]
    shown = tuple(each for each in tables if each.lines)
    return Coverage(len(people), shown, tuple(_unheard(people, aimed)))


def never_heard(people: Sequence[Heard]) -> list[Unheard]:
    """Suggested values that nobody of these people has, for attributes whose values are known beforehand."""
    return list(_unheard(people, {}))


def _attribute(
    attribute: Attribute, people: Sequence[Heard], aimed: Mapping[str, TargetRow], *, careful: bool
) -> AttributeCoverage:
    counts = Counter(each.values.get(attribute.key, "") for each in people)
    unknown = counts.pop("", 0)
    values = list(dict.fromkeys([*aimed, *(value for value, _ in counts.most_common())]))
    if not values:
        return AttributeCoverage(attribute.key, attribute.label, (), len(people))
    lines = [_line(value, counts[value], aimed.get(value)) for value in values]
    if unknown:
        lines.append(Line(NOT_TOLD, unknown))
    if careful:
        lines = _held_back(lines)
    return AttributeCoverage(attribute.key, attribute.label, tuple(lines), len(people))


def _line(value: str, heard: int, target: TargetRow | None) -> Line:
    if target is None:
        return Line(value, heard)
    return Line(value, heard, target.target, target.id)


def _held_back(lines: Sequence[Line]) -> list[Line]:
    """Numbers of one and two become words, and larger ones with them for as long as the rest would give those away."""
    few = [line for line in lines if line.heard is not None and 0 < line.heard < FEW]
    held = {line.value: f"fewer than {FEW}" for line in few}
    larger = sorted((line for line in lines if (line.heard or 0) >= FEW), key=lambda line: line.heard or 0)
    if larger and _can_be_worked_out([line.heard or 0 for line in few]):
        held[larger[0].value] = "not shown"
    return [
        Line(line.value, None, line.target, line.target_id, held[line.value]) if line.value in held else line
        for line in lines
    ]


def _can_be_worked_out(hidden: Sequence[int]) -> bool:
    """Whether the sum, which is the total less what is shown, leaves only one way to be ones and twos."""
    return bool(hidden) and sum(hidden) in {len(hidden), (FEW - 1) * len(hidden)}


def _unheard(people: Sequence[Heard], aimed: Mapping[str, Mapping[str, TargetRow]]) -> Iterable[Unheard]:
    for attribute in ATTRIBUTES:
        counts = Counter(each.values.get(attribute.key, "") for each in people)
        targets = aimed.get(attribute.key, {})
        for value, row in targets.items():
            if counts[value] < row.target:
                yield Unheard(attribute.label, value, counts[value], row.target)
        if not attribute.expected:
            continue
        if people and not counts.keys() - {""}:
            yield Unheard(attribute.label, "", 0, None)
            continue
        for value in attribute.suggestions:
            if value != "none" and value not in targets and not counts[value]:
                yield Unheard(attribute.label, value, 0, None)
