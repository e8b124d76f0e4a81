"""Status, date, people and references of a decision, from front matter, from lines under the title, from sections.

The first place that says something counts, in that order; what a later place says stays in the text.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from insights.exchange.decision_files.documents import FrontMatterValue, TextSection
from insights.exchange.decision_files.front_matter import flow_text
from insights.exchange.decision_files.label_lines import LabelledValue
from insights.exchange.decision_files.labels import FactField, fact_label, is_free_label, plain_label
from insights.exchange.decision_files.markdown_blocks import fenced, settled
from insights.exchange.decision_files.references import split_list, split_people
from insights.exchange.decision_files.source import OWN_KEYS

_PEOPLE: frozenset[FactField] = frozenset({"decision_makers", "consulted", "informed"})
_REFERENCES: frozenset[FactField] = frozenset({"supersedes", "superseded_by"})


@dataclass(slots=True)
class Facts:
    """What has been found so far: words for status and date, lists for people and references; and what is left over."""

    words: dict[FactField, str] = field(default_factory=dict)
    lists: dict[FactField, tuple[str, ...]] = field(default_factory=dict)
    lines: dict[FactField, int] = field(default_factory=dict)
    labels: dict[FactField, str] = field(default_factory=dict)
    front_matter: dict[str, FrontMatterValue] = field(default_factory=dict)
    leftover_sections: list[TextSection] = field(default_factory=list)
    leftover_lines: list[str] = field(default_factory=list)

    @property
    def found(self) -> bool:
        return bool(self.words or self.lists)

    def take_front_matter(self, values: Mapping[str, FrontMatterValue], taken: Iterable[str]) -> None:
        """`taken` are keys somebody else has read."""
        skipped = set(taken)
        for key, value in values.items():
            fact = fact_label(key)
            if key in skipped:
                continue
            if key in OWN_KEYS or (fact and self._has(fact)):
                self.leftover_sections.append(TextSection(f"Front matter: {_one_line(key)}", fenced(flow_text(value))))
            elif fact is None:
                self.front_matter[key] = value
            elif isinstance(value, list):
                self._set_list(fact, [flow_text(item) for item in value])
            else:
                self.take_words(fact, flow_text(value), key)

    def take_label_lines(self, values: Iterable[LabelledValue]) -> None:
        left: list[tuple[int, str]] = []
        for value in values:
            fact = fact_label(value.label)
            if fact and not self._has(fact):
                self.take_words(fact, value.value, value.label, value.line)
            elif not fact and value.label not in self.front_matter:
                self.front_matter[value.label] = value.value
            else:
                rank = 2 if fact else int(is_free_label(value.label))
                words = ", ".join(value.value.split("\n"))
                left.append((rank, settled(f"{value.label}: {words}")))
        self.leftover_lines = [text for _, text in sorted(left, key=lambda found: found[0])]

    def take_words(self, fact: FactField, words: str, label: str, line: int | None = None) -> bool:
        """Takes the words for a fact unless it is already known; False where it is and the words are not needed."""
        words = words.strip()
        if self._has(fact) and words:
            return False
        if fact in _PEOPLE | _REFERENCES:
            self._set_list(fact, split_people(words) if fact in _PEOPLE else split_list(_plain_list(words)))
        elif words:
            self.words[fact] = words
        if self._has(fact):
            self.labels[fact] = plain_label(label)
            if line:
                self.lines[fact] = line
        return True

    def _set_list(self, fact: FactField, items: list[str]) -> None:
        kept = tuple(item for item in items if item)
        if not kept:
            return
        if fact in _PEOPLE | _REFERENCES:
            self.lists[fact] = kept
        else:
            self.words[fact] = ", ".join(kept)

    def _has(self, fact: FactField) -> bool:
        return fact in self.words or fact in self.lists


def _plain_list(words: str) -> str:
    return re.sub(r"(?m)^[ \t]*[*+-][ \t]+", "", words)


def _one_line(key: str) -> str:
    return " ".join(re.sub(r"#+", " ", key).split())
