"""Pretend research notes for benchmarks: the same notes every time, and note i is the same however many are made.

Words are those of the real research beside this checkout where it is present (by how often they occur there, with
Zipf's law over their ranks), else of Python's own documentation strings. 100 to 600 words a note; 40 studies, 12
services, 8 methods, 200 tags; one note in ten belongs to a restricted study.
"""

from __future__ import annotations

import itertools
import pydoc_data.topics
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from search_index.documents import SearchDocument

RESEARCH = Path(__file__).parents[1].parent / "shared" / "data"
RESEARCH_SETS = ("nhs-design-history", "onrr-research", "tanf-research", "simpler-grants-research")
PSEUDO_WORDS = 40_000
SYLLABLES = [a + b for a in "bcdfglmnprstv" for b in "aeiou"]
FIRST_DAY = date(2020, 1, 1)
DAYS = 2_300


def notes(count: int) -> Iterator[SearchDocument]:
    """The first `count` notes."""
    return (note(number) for number in range(count))


def note(number: int) -> SearchDocument:
    chance = random.Random(f"note {number}")
    vocabulary = _vocabulary()
    length = min(600, max(100, int(chance.lognormvariate(5.56, 0.45))))
    words = vocabulary.draw(chance, length)
    study = _zipf(chance, 40)
    restricted = study % 10 == 9
    return SearchDocument(
        key=f"SES-{number + 1}",
        kind="session",
        title=" ".join(vocabulary.draw(chance, chance.randint(4, 9))).capitalize(),
        body=_as_sentences(chance, words),
        date=FIRST_DAY + timedelta(days=chance.randrange(DAYS)),
        audience=frozenset({f"study-{study}"}) if restricted else frozenset(),
        facets={
            "study": (f"Study {study}",),
            "service": (f"Service {chance.randrange(12)}",),
            "method": (f"Method {chance.randrange(8)}",),
            "tag": tuple({f"tag {_zipf(chance, 200)}" for _ in range(chance.randint(1, 5))}),
        },
    )


@dataclass(frozen=True)
class Queries:
    """Query texts by class, chosen by how many of the first 1,000 notes hold their words."""

    rare: list[str]
    common: list[str]
    two_words: list[str]
    three_or: list[str]
    phrase: list[str]
    prefix: list[str]


@cache
def queries(each: int = 40) -> Queries:
    chance = random.Random("queries")
    bodies = [re.findall(r"[a-z]{4,}", note(number).body.lower()) for number in range(1_000)]
    spread = Counter(word for body in bodies for word in set(body))
    rare = sorted(word for word, count in spread.items() if count == 1)
    middle = sorted(word for word, count in spread.items() if 20 <= count <= 100)
    common = sorted((word for word, count in spread.items() if count >= 100), key=lambda word: -spread[word])[20:120]
    pairs = [
        f'"{one} {two}"' for body in bodies for one, two in itertools.pairwise(body) if one in common or two in common
    ]
    return Queries(
        rare=chance.sample(rare, each),
        common=chance.sample(common, min(each, len(common))),
        two_words=[" ".join(chance.sample(middle, 2)) for _ in range(each)],
        three_or=[" OR ".join(random.Random(f"or {number}").sample(common + middle, 3)) for number in range(each)],
        phrase=chance.sample(sorted(pairs), each),
        prefix=[f"{word[:length]}*" for word, length in zip(chance.sample(middle, each), itertools.cycle([3, 4, 5]))],
    )


class _Vocabulary:
    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._weights = list(itertools.accumulate(1 / (rank + 2.7) ** 1.07 for rank in range(len(words))))

    def draw(self, chance: random.Random, count: int) -> list[str]:
        return chance.choices(self._words, cum_weights=self._weights, k=count)


@cache
def _vocabulary() -> _Vocabulary:
    real = Counter(re.findall(r"[a-z]+(?:['’][a-z]+)?", _real_text().lower()))
    words = [word for word, _ in real.most_common(30_000)]
    chance = random.Random("pseudo-words")
    invented = ("".join(chance.choices(SYLLABLES, k=chance.randint(2, 5))) for _ in range(PSEUDO_WORDS))
    return _Vocabulary(list(dict.fromkeys([*words, *invented])))


def _real_text() -> str:
    files = [path for name in RESEARCH_SETS for path in sorted((RESEARCH / name).rglob("*.md"))]
    if not files:
        return " ".join(pydoc_data.topics.topics.values())
    return " ".join(path.read_text("utf-8", errors="ignore") for path in files)


def _zipf(chance: random.Random, size: int) -> int:
    return min(size - 1, int(size ** chance.random()) - 1)


def _as_sentences(chance: random.Random, words: list[str]) -> str:
    sentences = []
    rest = iter(words)
    while sentence := list(itertools.islice(rest, chance.randint(8, 24))):
        sentences.append(" ".join(sentence).capitalize() + ".")
    return " ".join(sentences)
