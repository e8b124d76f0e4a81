"""Which searches ask the same, and which are never kept, for they may name somebody."""

from __future__ import annotations

import re
import unicodedata

from insights.synthesis.similar import telling_words

LONGEST_SEARCH = 120
"""Characters; what is longer is a passage pasted from somewhere, not a question."""

MOST_WORDS = 12
LONGEST_KEY = 300

# Signs of personal data: an address of mail or web, a name on a network, digits enough for a telephone, NHS, national
# insurance or case number or for a date of birth, a postcode, a title before a name.
_PERSONAL = re.compile(
    r"@|://|\bwww\.|(?:\d[\s./()+-]*){5,}"
    r"|\b[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}\b"
    r"|\b(?:mr|mrs|ms|miss|mx|dr|prof|sir|dame)\b\.?\s+\w",
    re.IGNORECASE,
)
# A search for one record, by one field or for one participant's code asks for something known already.
_FOR_SOMETHING_KNOWN = re.compile(r"\w:\S|\b[a-z]{1,3}-?\d+[a-z\d]*\b", re.IGNORECASE)


def group_of(words: str) -> str:
    """The key that searches for the same share: the stems of the telling words in alphabetical order, each once.

    '' where nothing is left to ask, and for what must not be kept.
    """
    tidy = tidy_words(words)
    if not tidy or len(tidy) > LONGEST_SEARCH or looks_personal(tidy) or _FOR_SOMETHING_KNOWN.search(tidy):
        return ""
    stems = sorted({stem for stem in telling_words(tidy) if not stem.isdigit()})
    key = " ".join(stems)
    return key if len(tidy.split()) <= MOST_WORDS and len(key) <= LONGEST_KEY else ""


def looks_personal(words: str) -> bool:
    """Whether the words may hold personal data; rather once too often than once too seldom."""
    return _PERSONAL.search(unicodedata.normalize("NFKC", words)) is not None


def tidy_words(words: str) -> str:
    """The words in lower case, without quotation marks and double spaces."""
    plain = unicodedata.normalize("NFKC", words).casefold()
    return " ".join(re.sub(r"[\"“”„*]", " ", plain).split())
