"""Which insights say something like a claim: candidates come from search, this ranks them (features.md D6).

The measure is rapidfuzz's token ratio, from 0 to 100, over the claims' words without those that every claim has and
without endings. On the demonstration's fifty claims paraphrases reach 78 and more, and no two different claims 60.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

ALIKE = 68.0
"""From here on two claims are offered as saying something alike."""

LEAST_SHARED = 2
"""Words that two claims have in common, at the least; a single one would make a short claim part of any other."""

_FOR_A_SHARED_TAG, _MOST_FOR_TAGS = 3.0, 6.0
_MOST_WORDS = 40
_ENDINGS = ("ings", "ing", "ions", "ion", "ies", "ed", "es", "s", "e")
_SHORTEST_STEM = 3
_EVERYWHERE = frozenset(
    re.findall(
        r"\w+",
        "a about an and any are as at be because been but by can cannot could did do does for from had has have how "
        "if in into is it its may might more most must no not of often on one or our out over people person should so "
        "some somebody than that the their them then there they this to up us user users was we were what when where "
        "which who will with would you your ",
    )
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is held against the claim: an insight, its claim and the tags of its quotes."""

    ref: str
    claim: str
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Similar:
    ref: str
    likeness: float


def rank_similar(claim: str, candidates: Iterable[Candidate], *, tags: Collection[str] = ()) -> list[Similar]:
    """The candidates that say something like it, the likest first."""
    found = [
        Similar(each.ref, likeness(claim, each.claim, shared_tags=len(each.tags & set(tags)))) for each in candidates
    ]
    return sorted((each for each in found if each.likeness >= ALIKE), key=lambda each: (-each.likeness, each.ref))


def likeness(claim: str, other: str, *, shared_tags: int = 0) -> float:
    """From 0 to 100 for the words; shared tags add a little, never enough to make unlike claims alike."""
    mine, theirs = telling_words(claim), telling_words(other)
    if len(set(mine) & set(theirs)) < LEAST_SHARED:
        return 0.0
    ratio = fuzz.token_ratio(" ".join(mine), " ".join(theirs))
    return min(100.0, ratio + min(_MOST_FOR_TAGS, shared_tags * _FOR_A_SHARED_TAG))


def telling_words(claim: str) -> list[str]:
    """The words that tell claims apart, without their endings; at most forty."""
    words = re.findall(r"\w+", claim.casefold())
    return [_stem(word) for word in words if word not in _EVERYWHERE][:_MOST_WORDS]


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending)
    return word
