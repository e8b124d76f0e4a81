"""Which insights say something like a claim: candidates come from search, this ranks them (features.md D6).

The measure is rapidfuzz's token ratio, from 0 to 100, over the claims' words without those that every claim has and
without endings. On the demonstration’s fifty claims paraphrases reach 84 and more; what only
shares words stays below 70, and no two of the claims themselves reach 60 (tests/domain/synthesis/test_similar.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

ALIKE = 72.0
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
    """The candidates that say something like it, the likest first; among like ones those that share tags."""
    found = [(Similar(each.ref, likeness(claim, each.claim)), len(each.tags & set(tags))) for each in candidates]
    alike = [(similar, shared) for similar, shared in found if similar.likeness >= ALIKE]
    alike.sort(key=lambda each: (-each[0].likeness - min(_MOST_FOR_TAGS, each[1] * _FOR_A_SHARED_TAG), each[0].ref))
    return [similar for similar, _shared in alike]


def alike_pairs(candidates: Sequence[Candidate]) -> list[tuple[Candidate, Candidate, float]]:
    """Every two that say something like each other, the likest first; takes time with the square of their number."""
    words = [telling_words(each.claim) for each in candidates]
    joined = [" ".join(each) for each in words]
    found = process.cdist(joined, joined, scorer=fuzz.token_ratio, score_cutoff=ALIKE)
    pairs = [
        (candidates[one], candidates[other], float(found[one, other]))
        for one, other in zip(*found.nonzero(), strict=True)
        if one < other and len(set(words[one]) & set(words[other])) >= LEAST_SHARED
    ]
    return sorted(pairs, key=lambda pair: (-pair[2], pair[0].ref, pair[1].ref))


def likeness(claim: str, other: str) -> float:
    """From 0 to 100."""
    mine, theirs = telling_words(claim), telling_words(other)
    if len(set(mine) & set(theirs)) < LEAST_SHARED:
        return 0.0
    return fuzz.token_ratio(" ".join(mine), " ".join(theirs))


def telling_words(claim: str) -> list[str]:
    """The words that tell claims apart, without their endings; at most forty."""
    words = re.findall(r"\w+", claim.casefold())
    return [_stem(word) for word in words if word not in _EVERYWHERE][:_MOST_WORDS]


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending)
    return word
