"""From text to the words that are looked up: cut, folded, freed of the commonest words, stemmed.

Documents and queries go through the same functions, so that what is written one way is found when typed another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from search_index.engines.whoosh_library import stem
from search_index.query import fold

WORD_LENGTH_LIMIT: Final = 64
WORDS_PER_PHRASE: Final = 6
"""Words that an expression in the list of synonyms may have."""

PART_GAP: Final = 100
"""Positions left free between title, quote and body, so that no phrase reaches from one into the next."""

# The English stop list of the Snowball project's early papers, as most research on ranking uses it (127 words).
_STOP_LIST: Final = """
    i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers
    herself it its itself they them their theirs themselves what which who whom this that these those am is are
    was were be been being have has had having do does did doing a an the and but if or because as until while
    of at by for with about against between into through during before after above below to from up down in out
    on off over under again further then once here there when where why how all any both each few more most
    other some such no nor not only own same so than too very s t can will just don should now
"""
STOP_WORDS: Final = frozenset(_STOP_LIST.split())

PARTICLES: Final = frozenset({"in", "out", "up", "off", "on", "down", "over", "through"})
"""Words too common to look for that still change what the word before them says: “sign in” is no “sign of”."""

JOIN: Final = "+"
"""Stands in a stem made of a word and its particle (“sign+in”), and in no other."""

# A word takes its ’s along. Numbers keep their points ("3.5"). Scripts written without spaces are cut into single
# signs. Marks and invisible joiners belong to the letter before them and are dropped by folding.
_UNSPACED: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\u0e00-\u0e7f"
_MARKS: Final = "\u0300-\u036f\u00ad\u200b-\u200d\u2060"
_WORD: Final = re.compile(
    rf"\d+(?:[.,]\d+)+(?![^\W_])|[{_UNSPACED}]|"
    rf"[^\W_{_UNSPACED}](?:[^\W_{_UNSPACED}]|[{_MARKS}])*(?:['’][sS](?![^\W_]))?"
)
_ASCII_NUMBER: Final = r"\d+(?:[.,]\d+)+(?![A-Za-z0-9])|"
_ASCII_TAIL: Final = r"[A-Za-z0-9]*(?:'[sS](?![A-Za-z0-9]))?"
_ASCII_WORD: Final = re.compile(rf"{_ASCII_NUMBER}[A-Za-z0-9]{_ASCII_TAIL}")
_PLAIN_SIGNS: Final = tuple(zip("‘’“”–—‑…•·→←£€×\u00a0\u202f\u2009", "''\"\"---.**><$$*   ", strict=True))
_ASCII: Final = {chr(code) for code in range(128)}


class AnalysedText(NamedTuple):
    """A document's words. `positions`: stem to its places, ascending; `surfaces`: words that differ from their stem."""

    positions: dict[str, list[int]]
    surfaces: set[str]
    length: int


class SurfaceWord(NamedTuple):
    """One word in a text: its folded form, its stem (empty for stop words) and where it stands."""

    folded: str
    stem: str
    start: int
    end: int


def analyse(parts: Sequence[str]) -> AnalysedText:
    """All words of a document's texts, one after the other. `length` counts the words that are not stop words.

    A word with a particle behind it also stands as one stem, so that a phrase can ask for just that.
    """
    positions: dict[str, list[int]] = {}
    surfaces: set[str] = set()
    length = place = 0
    for part in parts:
        plain = plain_signs(part)
        before = ""
        for word in _word_pattern(plain).findall(plain):
            folded, root = word_forms(word)
            if root:
                if folded != root:
                    surfaces.add(folded)
                positions.setdefault(root, []).append(place)
                length += 1
            elif before and folded in PARTICLES:
                positions.setdefault(f"{before}{JOIN}{folded}", []).append(place - 1)
            before = root
            place += 1
        place += PART_GAP
    return AnalysedText(positions, surfaces, length)


def stems(text: str) -> list[str]:
    """The stems a query's word or phrase is looked up by, in order; empty when it holds only stop words."""
    return [root for _, root in placed_stems(text)]


def placed_stems(text: str) -> list[tuple[int, str]]:
    """The same, each with its distance in words from the first of them, stop words counted."""
    plain = plain_signs(text)
    forms = [word_forms(word) for word in _word_pattern(plain).findall(plain)]
    placed: list[tuple[int, str]] = []
    for place, (folded, root) in enumerate(forms):
        if root:
            placed.append((place, root))
        elif folded in PARTICLES and placed and placed[-1][0] == place - 1:
            placed[-1] = (place - 1, f"{placed[-1][1]}{JOIN}{folded}")
    return [(place - placed[0][0], root) for place, root in placed]


def surface_words(text: str) -> Iterator[SurfaceWord]:
    """Every word of a text with its place in it, in code points."""
    plain = plain_signs(text)
    for match in _word_pattern(plain).finditer(plain):
        folded, root = word_forms(match.group())
        yield SurfaceWord(folded, root, match.start(), match.end())


def _word_pattern(text: str) -> re.Pattern[str]:
    return _ASCII_WORD if text.isascii() else _WORD


def candidates(text: str, beginnings: frozenset[str]) -> Iterator[re.Match[str]]:
    """The words of a text that a query may have meant whose stems begin with these letters.

    Stemming and folding keep a word's first letter in ASCII, so a text in ASCII is passed over at the speed
    of a pattern; of another text every word is a candidate.
    """
    text = plain_signs(text)
    if not text.isascii():
        return _WORD.finditer(text)
    return _ascii_candidates(frozenset({*beginnings} & _ASCII)).finditer(text)


def plain_signs(text: str) -> str:
    """Typographic signs replaced by ASCII ones, sign for sign: places stay the same, and most texts become ASCII."""
    if text.isascii():
        return text
    # Looking for each sign in turn is over ten times faster than translating letter by letter.
    for sign, plain in _PLAIN_SIGNS:
        text = text.replace(sign, plain)
    return text


@lru_cache(maxsize=256)
def _ascii_candidates(beginnings: frozenset[str]) -> re.Pattern[str]:
    heads = re.escape("".join(sorted(letter for each in beginnings for letter in {each.lower(), each.upper()})))
    if not heads:
        return re.compile(r"(?!)")
    # Beginning with a plain set of letters lets the search run from one to the next; only then does it look back.
    number = rf"(?<![A-Za-z0-9]){_ASCII_NUMBER}" if re.search(r"\d", heads) else ""
    return re.compile(rf"{number}[{heads}](?<![A-Za-z0-9][{heads}]){_ASCII_TAIL}")


@lru_cache(maxsize=131_072)
def word_forms(word: str) -> tuple[str, str]:
    """Folded form and stem; the stem is empty for stop words and for what folds to nothing."""
    folded = fold(word).replace(" ", "")[:WORD_LENGTH_LIMIT]
    if not folded or folded in STOP_WORDS:
        return folded, ""
    return folded, stem(folded) or folded
